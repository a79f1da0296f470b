import { dateText, timeText } from "../../schedule/runs";
import { type ClockChange, timezoneName, zoneClock } from "../../schedule/timezone";
import { timesAtChange } from "../../schedule/warnings";
import type { Scheduled } from "./fleet";

/** A clock change within a calendar. */
interface ClockNote {
  readonly timezone: string;
  readonly change: ClockChange;
  readonly deployments: readonly { readonly name: string; readonly times: readonly string[] }[];
}

/** The clock changes in the zones of the schedules, with the runs that they affect. */
export function clockNotes(scheduled: readonly Scheduled[], from: number, to: number): ClockNote[] {
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
export function clockNoteText({ timezone, change: { from, to }, deployments }: ClockNote): string {
  const span = `${timeText(Math.min(from, to))} to ${timeText(Math.max(from, to))}`;
  const day = dateText(Math.min(from, to));
  const runs = deployments.map(({ name, times }) => `${name} at ${timesText(times)}`).join(", ");
  return to > from
    ? `The clocks of ${timezone} skip ${span} on ${day}, and with it these runs: ${runs}`
    : `The clocks of ${timezone} show ${span} twice on ${day}, and with it these runs: ${runs}`;
}
