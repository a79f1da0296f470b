import { expressionProblem, fieldTexts } from "./expression";
import { timezoneProblem } from "./timezone";

/** When a deployment runs: five cron fields, read on the wall clock of an IANA time zone. */
export interface Schedule {
  /** Five cron fields, such as `0 9 * * 1-5`. */
  readonly expression: string;
  /** An IANA name, such as `Asia/Shanghai`. */
  readonly timezone: string;
}

/** Why a schedule is none, with the member where that is; undefined when it is one. */
export function scheduleProblem({ expression, timezone }: Schedule): string | undefined {
  const wrong = expressionProblem(expression);
  if (wrong !== undefined) {
    return `schedule.expression: ${wrong}`;
  }
  const unknown = timezoneProblem(timezone);
  return unknown === undefined ? undefined : `schedule.timezone: ${unknown}`;
}

/** `At 09:00, Monday through Friday (Asia/Shanghai)` */
export function descriptionOf({ expression, timezone }: Schedule): string {
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fieldTexts(expression);
  // Here, as `nextRuns` needs it not.
  const { toString: inWords }: typeof import("cronstrue") = require("cronstrue");
  const words = (...fields: (string | undefined)[]) => inWords(fields.join(" "), { use24HourTimeFormat: true });
  if (dayOfMonth === "*" || dayOfWeek === "*") {
    return `${words(minute, hour, dayOfMonth, month, dayOfWeek)} (${timezone})`;
  }
  // cronstrue puts the two side by side, which reads as if both had to fit.
  const byMonth = words(minute, hour, dayOfMonth, month, "*");
  const byWeek = words(minute, hour, "*", month, dayOfWeek);
  return `${byMonth}, or ${byWeek.charAt(0).toLowerCase()}${byWeek.slice(1)} (${timezone})`;
}
