import { givenEntries, givenText, type Question, questionOf } from "../program/question";
import type { GetSkillArgs } from "./arguments";

export function skillQuestion(called: string, args: unknown): Question<GetSkillArgs> {
  const given = givenEntries(called, args, ["name", "id", "source"]);
  const { source, ...by } = Object.fromEntries(given);
  const asked = questionOf(called, by);
  if (source === undefined) {
    return asked;
  }
  const text = givenText(called, "source", source);
  if (text !== "custom" && text !== "qoder") {
    throw new Error(`${called}: source is not one of custom, qoder`);
  }
  return { label: asked.label.replace(/ \}\)$/, `, source: "${text}" })`), args: { ...asked.args, source: text } };
}
