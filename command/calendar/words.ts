import { counted } from "../../provider/api/clock";
import { largest } from "../../provider/api/extremes";
import { dateText, momentText, timeText } from "../../provider/schedule/runs";
import { type ClockChange, timezoneName, zoneClock } from "../../provider/schedule/timezone";
import { timesAtChange } from "../../provider/schedule/warnings";
import { namesText } from "../words";
import type { BusyMinute, Cost, Hour, Plan } from "./plan";
import type { Fleet, Scheduled } from "./what-is-scheduled";

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

/** What the calendar says below its runs: clock changes, costs, and deployments that are paused or have no schedule. */
export function factTexts(fleet: Fleet, plan: Plan, cost: Cost): string[] {
  const { paused, unscheduled } = fleet;
  const resting = [
    ...(paused > 0 ? [`${counted(paused, "deployment")} ${paused === 1 ? "is" : "are"} paused`] : []),
    ...(unscheduled > 0
      ? [`${counted(unscheduled, "deployment")} ${unscheduled === 1 ? "has" : "have"} no schedule`]
      : []),
  ];
  return [
    ...clockTexts(fleet, plan),
    ...costTexts(cost),
    ...(resting.length === 0 ? [] : [`Not in the calendar: ${resting.join(", and ")}.`]),
  ];
}

/** A clock change within a calendar. */
interface ClockNote {
  readonly timezone: string;
  readonly change: ClockChange;
  readonly deployments: readonly { readonly name: string; readonly times: readonly string[] }[];
}

/** The clock changes in the zones of the schedules, with the runs that they affect. */
function clockNotes(scheduled: readonly Scheduled[], from: number, to: number): ClockNote[] {
  const zones = new Map(scheduled.map(({ schedule: { timezone } }) => [timezoneName(timezone), timezone]));
  const notes = [...zones].flatMap(([name, timezone]) =>
    zoneClock(timezone)
      .changes(from, to)
      .map((change) => {
        const here = scheduled.filter(({ schedule }) => timezoneName(schedule.timezone) === name);
        const deployments = here
          .map((one) => ({ name: one.name, times: timesAtChange(one.schedule.expression, change).map(timeText) }))
          .filter(({ times }) => times.length > 0);
        return { timezone, change, deployments };
      }),
  );
  return notes
    .filter(({ deployments }) => deployments.length > 0)
    .sort((one, other) => one.change.at - other.change.at);
}

/** The times of one deployment: the only one, or the first and the last. */
function timesText(times: readonly string[]): string {
  const [first, last] = [times[0] ?? "", times.at(-1) ?? ""];
  return first === last ? first : `${first} to ${last}`;
}

/**
 * A clock change in words:
 * `The clocks of Europe/Berlin skip 02:00 to 03:00 on Sun 2027-03-28, and with it these runs: nightly at 02:30`.
 */
function clockNoteText({ timezone, change: { from, to }, deployments }: ClockNote): string {
  const span = `${timeText(Math.min(from, to))} to ${timeText(Math.max(from, to))}`;
  const day = dateText(Math.min(from, to));
  const runs = deployments.map(({ name, times }) => `${name} at ${timesText(times)}`).join(", ");
  return to > from
    ? `The clocks of ${timezone} skip ${span} on ${day}, and with it these runs: ${runs}`
    : `The clocks of ${timezone} show ${span} twice on ${day}, and with it these runs: ${runs}`;
}

/** The number of shades; a darker one means more runs. */
export const mostShades = 4;

/** A shade, with its smallest and largest number of runs an hour. */
export interface Shade {
  readonly least: number;
  readonly most: number;
}

/** The shades of a calendar, the lightest first; none if no deployment runs. */
export function shadesOf({ days }: Plan): Shade[] {
  const most = largest(
    days.flatMap(({ hours }) => hours.map(({ runs }) => runs)),
    0,
  );
  const levels = Math.min(mostShades, most);
  return Array.from({ length: levels }, (_, index) => ({
    least: Math.floor((index * most) / levels) + 1,
    most: Math.floor(((index + 1) * most) / levels),
  }));
}

/** The number of the shade: 1 is the lightest; 0 for an hour without runs. */
export function shadeOf({ runs }: Hour, shades: readonly Shade[]): number {
  return runs === 0 ? 0 : shades.findIndex(({ most }) => runs <= most) + 1;
}

export function shadeText({ least, most }: Shade): string {
  return least === most ? `${least}` : `${least} to ${most}`;
}
