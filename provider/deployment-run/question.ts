import { givenEntries, givenText, type Question } from "../program/question";
import type { ListDeploymentRunsArgs } from "./arguments";

const times = ["triggeredAfter", "triggeredBefore"] as const;

export function runsQuestion(called: string, args: unknown): Question<ListDeploymentRunsArgs> {
  const given = Object.fromEntries(givenEntries(called, args, ["deploymentId", "limit", ...times]));
  const { limit } = given;
  const deploymentId = givenText(called, "deploymentId", given["deploymentId"]);
  if (limit !== undefined && !(typeof limit === "number" && Number.isInteger(limit) && limit > 0)) {
    throw new Error(`${called}: limit is not a whole number from 1 on`);
  }
  const range = times
    .filter((name) => given[name] !== undefined)
    .map((name) => [name, givenTime(called, name, given[name])]);
  return {
    label: `${called}(${JSON.stringify(deploymentId)})`,
    args: { deploymentId, ...(limit === undefined ? {} : { limit }), ...Object.fromEntries(range) },
  };
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function givenTime(called: string, name: string, value: unknown): string {
  const text = givenText(called, name, value);
  if (!rfc3339.test(text) || Number.isNaN(Date.parse(text))) {
    throw new Error(`${called}: ${name} is not a time such as 2026-11-25T00:00:00Z`);
  }
  return text;
}
