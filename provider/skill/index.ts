import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { isOfType, type OutputNames, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import { skillSource, skillType } from "../program/source";
import type { QoderSkillArgs, SkillInputs, SkillOutputs } from "./arguments";
import { readFolder } from "./folder";

/**
 * A skill of Qoder Cloud Agents: a folder with a SKILL.md, from which an agent learns how something is done.
 *
 * ```typescript
 * const review = new QoderSkill("review", { source: "skills/review" });
 * const reviewer = new QoderAgent("reporter", { model: "ultimate", skills: [review] });
 * ```
 *
 * A change of a file is a new {@link latestVersion}, and an agent with `skills: [review]` moves to it in the same `pulumi up`, as do the
 * deployments of that agent. The preview names each file that is new, changed or gone. Older versions stay at Qoder. A version that
 * somebody else uploads is drift: the next `pulumi up` uploads the files of the program again.
 *
 * Taking the resource out of the program, replacing or destroying it deletes the skill with all versions: the options `protect` and
 * `retainOnDelete` keep it. A skill that live agents name is not deleted. A replacement is created before the old skill is deleted.
 *
 * If the answer to a create is lost and the command ends, the next `pulumi up` may create a second skill; a warning then names the
 * first one. `customTimeouts` bound each operation, 5 minutes where they say nothing. The option `import` cannot work: use `adopt`
 * or `npx pulumi-qoder import`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderSkill extends QoderResource {
  /** @internal The name by which policy packs find it. */
  static readonly __pulumiType = skillType;

  /** Whether it is one, also of another copy of this package. */
  static override isInstance(value: unknown): value is QoderSkill {
    return isOfType(value, skillType);
  }

  /**
   * Looks up a skill that something else manages; nothing of it is changed or taken over. Its `name` and `files` are not known.
   *
   * @param name The Pulumi name to show it under.
   * @param id The skill's id, `skill_...`. An error when the token cannot see it.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderSkill {
    return new QoderSkill(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderSkillArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderSkillArgs | undefined, options?: pulumi.CustomResourceOptions) {
    const { given, read } = args == null && options?.id !== undefined ? {} : readFolder({ ...args }, projectFolder());
    super(programKind, name, given, options, read);
  }
}

export interface QoderSkill extends ResourceOutputs<SkillInputs, SkillOutputs> {}

// A program of the Automation API is told "rootDirectory" in its place, and no other program anything but its folder.
function projectFolder(): string {
  const told = pulumi.runtime.getRootDirectory();
  return isAbsolute(told) && existsSync(told) ? told : process.cwd();
}

const outputs: OutputNames<SkillInputs, SkillOutputs> = {
  name: undefined,
  files: undefined,
  displayTitle: undefined,
  metadata: undefined,
  description: undefined,
  latestVersion: undefined,
  createdAt: undefined,
  updatedAt: undefined,
};

const programKind: ProgramKind = {
  label: "QoderSkill",
  noun: "skill",
  type: skillType,
  source: skillSource,
  outputs,
  secretMembers: {},
  namesSecrets: true,
  isNameless: true,
};
