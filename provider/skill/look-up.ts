import type * as pulumi from "@pulumi/pulumi";
import { LookUp } from "../program/look-up";
import { skillType } from "../program/source";
import { skillQuestion } from "./question";

/** Which skill is looked for: by one of its id and its name. */
export interface GetSkillArgs {
  /** Costs one GET. */
  readonly id?: string | undefined;
  /** The `name` in its SKILL.md. Costs a list, and a GET for each skill that it shows. */
  readonly name?: string | undefined;
  /** `qoder` looks into the catalogue of the service. Left out: `custom`, the skills of the account, or whatever has the id. */
  readonly source?: "custom" | "qoder" | undefined;
}

/** {@link GetSkillArgs} of which the values may come later. */
export interface GetSkillOutputArgs {
  /** Costs one GET. */
  readonly id?: pulumi.Input<string | undefined>;
  /** The `name` in its SKILL.md. */
  readonly name?: pulumi.Input<string | undefined>;
  /** See {@link GetSkillArgs.source}. */
  readonly source?: pulumi.Input<"custom" | "qoder" | undefined>;
}

/** A skill as the service holds it. An agent takes it as it is: `skills: [await getSkill({ name: "review" })]`. */
export interface GetSkillResult {
  /** `skill_...`. */
  readonly id: string;
  /** What an agent names it by: `qoder` for the catalogue. */
  readonly type: "custom" | "qoder";
  /** What people see. */
  readonly displayTitle: string;
  /** The `name` in its SKILL.md; undefined where it was looked up by its id. */
  readonly name?: string | undefined;
  /** What an agent decides by; undefined where the service does not show it. */
  readonly description?: string | undefined;
  /** The number of the newest version; undefined where there is none. */
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
 * Looks up a skill that is managed elsewhere, or one of the catalogue, by its id or by its name.
 *
 * ```typescript
 * const pdf = await getSkill({ name: "pdf", source: "qoder" });
 * new QoderAgent("reporter", { model: "ultimate", skills: [pdf] });
 * ```
 *
 * It asks in every preview and every `up`, in the account that a resource would use. None or several of the name are errors that say
 * what was found.
 */
export const getSkill = skills.find;

/** {@link getSkill} for values that come later. In a preview that does not know them, what is found is not known either. */
export const getSkillOutput = skills.output;
