import { fieldTexts } from "./expression";
import type { Schedule } from "./schedule";

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
