import { expressionProblem } from "./expression";
import type { Schedule } from "./schedule";
import { timezoneProblem } from "./timezone";

/** Why a schedule is none, with the member where that is; undefined when it is one. */
export function scheduleProblem({ expression, timezone }: Schedule): string | undefined {
  const wrong = expressionProblem(expression);
  if (wrong !== undefined) {
    return `schedule.expression: ${wrong}`;
  }
  const unknown = timezoneProblem(timezone);
  return unknown === undefined ? undefined : `schedule.timezone: ${unknown}`;
}
