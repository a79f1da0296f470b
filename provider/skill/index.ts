import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { skills } from "../kinds/table";
import { isOfType, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import * as pulumi from "../program/sdk";
import type { QoderSkillArgs, SkillInputs, SkillOutputs } from "./arguments";
import { readFolder } from "./folder";

/**
 * A skill of Qoder Cloud Agents: a folder with a SKILL.md that teaches agents how to do a task.
 *
 * ```typescript
 * const review = new QoderSkill("review", { source: "skills/review" });
 * const reviewer = new QoderAgent("reporter", { model: "ultimate", skills: [review] });
 * ```
 *
 * If a file changes, `pulumi up` uploads a new {@link latestVersion}. An agent that has the skill's id and version among its
 * `skills`, and the deployments of this agent, move to that version in the same `pulumi up`. The preview names each file that
 * is new, changed or gone. Older
 * versions stay at Qoder. A version that another person uploads is drift: the next `pulumi up` uploads the files of the
 * program, unless the files of that version are the same.
 *
 * The provider deletes the skill with all versions when the resource leaves the program, is destroyed or is replaced; the
 * options `protect` and `retainOnDelete` prevent it. If live agents use the skill, the provider does not delete it. A
 * replacement creates the new skill before it deletes the old one.
 *
 * If the response to a create is lost, `pulumi up` repeats the request if a list shows no new object, or the error names each skill
 * that the create may have made. Each operation may take 5 minutes, unless `customTimeouts` sets another limit.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderSkill extends QoderResource {
  /** True for a QoderSkill, also for one that another copy of this package made. */
  static override isInstance(value: unknown): value is QoderSkill {
    return isOfType(value, skills.type);
  }

  /**
   * Reads a skill that another program or a person manages. Pulumi never changes it. The outputs `name`
   * and `files` stay undefined.
   *
   * @param name The Pulumi name of the resource in this program.
   * @param id The skill's id, `skill_...`. The command fails if the token cannot see this skill.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderSkill {
    return new QoderSkill(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderSkillArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderSkillArgs | undefined, options?: pulumi.CustomResourceOptions) {
    super(programKind, name, args, options);
  }
}

export interface QoderSkill extends ResourceOutputs<SkillInputs, SkillOutputs> {}

// The Automation API passes the folder of the project as "rootDirectory"; any other program runs in this folder.
function projectFolder(): string {
  const shown = pulumi.getRootDirectory();
  return isAbsolute(shown) && existsSync(shown) ? shown : process.cwd();
}

const programKind: ProgramKind = {
  ...skills,
  reads: (args) => readFolder(args, projectFolder()),
};
