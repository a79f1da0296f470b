import type * as pulumi from "@pulumi/pulumi";
import { LookUp } from "../program/look-up";
import { skillType } from "../program/source";
import { skillQuestion } from "./question";

/** The skill to look up: by its id or by its name. */
export interface GetSkillArgs {
  /** The id of the skill, `skill_...`; the look-up takes one GET. */
  readonly id?: string | undefined;
  /** The `name` in its SKILL.md. The look-up lists the skills and takes one GET for each skill in the list. */
  readonly name?: string | undefined;
  /**
   * `qoder`: the catalogue of the service; `custom`: the skills of the account. Left out: `custom` for a name, either for an
   * id.
   */
  readonly source?: "custom" | "qoder" | undefined;
}

/** {@link GetSkillArgs} whose values may be Outputs. */
export interface GetSkillOutputArgs {
  /** The id of the skill, `skill_...`; the look-up takes one GET. */
  readonly id?: pulumi.Input<string | undefined>;
  /** The `name` in its SKILL.md. */
  readonly name?: pulumi.Input<string | undefined>;
  /** See {@link GetSkillArgs.source}. */
  readonly source?: pulumi.Input<"custom" | "qoder" | undefined>;
}

/** A skill as the service shows it. An agent takes the result unchanged: `skills: [await getSkill({ name: "review" })]`. */
export interface GetSkillResult {
  /** `skill_...`. */
  readonly id: string;
  /** `qoder` for a skill of the catalogue, `custom` for a skill of the account. */
  readonly type: "custom" | "qoder";
  /** The title that people see. */
  readonly displayTitle: string;
  /** The `name` in its SKILL.md; undefined if the look-up used the id. */
  readonly name?: string | undefined;
  /** The text by which an agent decides to use the skill; undefined if the service does not show it. */
  readonly description?: string | undefined;
  /** The number of the newest version; undefined if the skill has no version. */
  readonly latestVersion?: string | undefined;
  /** All labels. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** RFC 3339, UTC. */
  readonly createdAt?: string | undefined;
  /** RFC 3339, UTC. */
  readonly updatedAt?: string | undefined;
}

const skills = new LookUp<GetSkillResult, GetSkillArgs, GetSkillOutputArgs>({
  name: "getSkill",
  question: skillQuestion,
  type: skillType,
  secretOutputs: [],
  load() {
    const { findSkill }: typeof import("../look-ups") = require("../look-ups");
    return findSkill;
  },
});

/**
 * Looks up a skill of the catalogue, or one that another program or a person manages, by its id or by its name.
 *
 * ```typescript
 * const pdf = await getSkill({ name: "pdf", source: "qoder" });
 * new QoderAgent("reporter", { model: "ultimate", skills: [pdf] });
 * ```
 *
 * Every preview and every `up` asks the service, in the account that resources use. The look-up fails if no skill or more
 * than one has the name; the error says which skills the service showed.
 */
export const getSkill = skills.find;

/**
 * {@link getSkill} for arguments that are Outputs. While a preview does not know an argument, the result is unknown too.
 *
 * ```typescript
 * const found = getSkillOutput({ id: pulumi.output(config.require("skillId")) });
 * new QoderAgent("reporter", { model: "ultimate", skills: [found] });
 * ```
 */
export const getSkillOutput = skills.output;
