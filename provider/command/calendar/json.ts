import { jsonText } from "../terminal";
import type { Cost } from "./credits";
import type { Plan } from "./plan";

/** The members are a contract: the help names them. */
export function json({ from, to, timezone, runs, busiest, days }: Plan, { expected, ceiling }: Cost): string {
  const calendar = {
    from: momentOf(from),
    to: momentOf(to),
    timezone,
    runs: runs.map(({ deployment: { id, name }, at }) => ({ id: id ?? null, name, at: momentOf(at) })),
    busiest: busiest.map(({ at, names }) => ({ at: momentOf(at), names })),
    days: days.map((day) => ({ date: day.date, runs: day.runs })),
    credits: { expected: expected ?? null, ceiling: ceiling ?? null },
  };
  return `${jsonText(calendar, 2)}\n`;
}

/** The moment in RFC 3339, UTC, in whole seconds. */
function momentOf(moment: number): string {
  return new Date(moment).toISOString().replace(/\.\d+Z$/, "Z");
}
