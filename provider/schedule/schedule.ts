import { expressionProblem, fieldTexts } from "./expression";
import { timezoneProblem } from "./timezone";

/** A schedule: five cron fields in the local time of an IANA time zone. */
export interface Schedule {
  /** The five cron fields, such as `0 9 * * 1-5`. */
  readonly expression: string;
  /** The IANA name of the time zone, such as `Asia/Shanghai`. */
  readonly timezone: string;
}

/** The error in a schedule and its member; undefined for a valid schedule. */
export function scheduleProblem({ expression, timezone }: Schedule): string | undefined {
  const wrong = expressionProblem(expression);
  if (wrong !== undefined) {
    return `schedule.expression: ${wrong}`;
  }
  const unknown = timezoneProblem(timezone);
  return unknown === undefined ? undefined : `schedule.timezone: ${unknown}`;
}

/** The schedule in words: `At 09:00, Monday through Friday (Asia/Shanghai)`. */
export function descriptionOf({ expression, timezone }: Schedule): string {
  // cronstrue takes 7 for Sunday, and not 07.
  const plain = expression.replace(/\b0+(?=\d)/g, "");
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fieldTexts(plain);
  // Loaded here, because `nextRuns` does not need cronstrue, of which the package has a copy in English alone.
  const { toString: inWords }: typeof import("cronstrue") = require("cronstrue");
  const words = (...fields: (string | undefined)[]) => inWords(fields.join(" "), { use24HourTimeFormat: true });
  if (dayOfMonth === "*" || dayOfWeek === "*") {
    return `${words(minute, hour, dayOfMonth, month, dayOfWeek)} (${timezone})`;
  }
  // cronstrue joins the two day fields as if a day had to match both.
  const byMonth = words(minute, hour, dayOfMonth, month, "*");
  const byWeek = words(minute, hour, "*", month, dayOfWeek);
  return `${byMonth}, or ${byWeek.charAt(0).toLowerCase()}${byWeek.slice(1)} (${timezone})`;
}
