import { excerpt } from "../../api/foreign-text";
import { momentText } from "../../schedule/runs";
import { clockNotes, clockNoteText } from "./clock-notes";
import type { Cost } from "./credits";
import type { Fleet } from "./fleet";
import type { BusyMinute, Plan } from "./plan";

const longestName = 40;
const mostNames = 12;

function nameText(name: string): string {
  return excerpt(name, longestName);
}

/** Some of the names: `a, b, c and 4 more`. */
function namesText(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map(nameText).join(", ");
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown;
}

/** The title: `412 runs of 25 deployments from Thu 2026-11-26 09:30 to Thu 2026-12-03 00:00 in Asia/Shanghai`. */
export function headText({ from, to, timezone, deployments, runs }: Plan): string {
  const what = `${counted(runs.length, "run")} of ${counted(deployments, "deployment")}`;
  return `${what} from ${momentText(new Date(from), timezone)} to ${momentText(new Date(to), timezone)} in ${timezone}`;
}

/** A busy minute: `Fri 2026-11-27 02:00, the first of 6 times: 14 start: a, b ...`. */
export function busyText({ at, names, times }: BusyMinute, timezone: string): string {
  const often = times === 1 ? "" : `, the first of ${times} times`;
  return `${momentText(new Date(at), timezone)}${often}: ${names.length} start: ${namesText(names)}`;
}

export function clockTexts({ scheduled }: Fleet, { from, to }: Plan): string[] {
  return clockNotes(scheduled, from, to).map(clockNoteText);
}

/** `The next 30 days cost about 412.50 credits and at most 1800.00.`, and the deployments that are not included. */
export function costTexts({ expected, ceiling, withoutCredits, withoutBudget }: Cost): string[] {
  const usual = expected === undefined ? undefined : `about ${expected.toFixed(2)}`;
  const most = ceiling === undefined ? undefined : `at most ${ceiling.toFixed(2)}`;
  const known = [usual, most].filter((text) => text !== undefined);
  return [
    known.length === 0
      ? "The cost of the next 30 days is unknown: no credits of past runs are known, and not all deployments have a budget."
      : `The next 30 days cost ${known.join(" and ")} credits.`,
    ...(expected !== undefined && withoutCredits.length > 0
      ? [`Not included, because no credits of past runs are known: ${namesText(withoutCredits)}`]
      : []),
    ...(ceiling === undefined && withoutBudget.length > 0
      ? [`There is no upper limit, because these have no budget: ${namesText(withoutBudget)}`]
      : []),
  ];
}

/** The deployments that are not in the calendar because they are paused or have no schedule. */
export function restingText({ paused, unscheduled }: Fleet): string | undefined {
  const parts = [
    ...(paused > 0 ? [`${counted(paused, "deployment")} ${paused === 1 ? "is" : "are"} paused`] : []),
    ...(unscheduled > 0
      ? [`${counted(unscheduled, "deployment")} ${unscheduled === 1 ? "has" : "have"} no schedule`]
      : []),
  ];
  return parts.length === 0 ? undefined : `Not in the calendar: ${parts.join(", and ")}.`;
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
