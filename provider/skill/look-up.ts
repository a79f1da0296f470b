import { skills } from "../kinds/table";
import { lookUps } from "../loaded-look-ups";
import { LookUp } from "../program/look-up";
import { skillQuestion } from "../program/question";
import type { GetSkillArgs, GetSkillOutputArgs, GetSkillResult } from "./arguments";

const lookUp = new LookUp<GetSkillResult, GetSkillArgs, GetSkillOutputArgs>(
  skills,
  skillQuestion,
  () => lookUps().findSkill,
);

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
export const getSkill = lookUp.find;

/**
 * {@link getSkill} for arguments that are Outputs. While a preview does not know an argument, the result is unknown too.
 *
 * ```typescript
 * const found = getSkillOutput({ id: pulumi.output(config.require("skillId")) });
 * new QoderAgent("reporter", { model: "ultimate", skills: [found] });
 * ```
 */
export const getSkillOutput = lookUp.output;
