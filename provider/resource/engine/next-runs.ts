import { excerpt } from "../../api/foreign-text";
import type { NextRuns } from "../plan-remark";
import { namesText } from "./label";

/** The names of the deployments that have these runs. */
export interface RunsRow {
  readonly nextRuns: NextRuns;
  readonly names: readonly string[];
}

/** A terminal has 100 columns at most that every reader sees, and the CLI indents messages by four. */
const widest = 96;
/** A schedule may name each minute of an hour. */
const longestSchedule = 36;

/** The next run of each schedule, sorted by time; of one schedule alone its next three. */
export function nextRunsTable(rows: readonly RunsRow[]): string[] {
  const sorted = rows.toSorted((one, other) => one.nextRuns.at - other.nextRuns.at);
  const zones = new Set(rows.map(({ nextRuns }) => nextRuns.timezone));
  const [zone = ""] = zones;
  const cells = sorted.map(({ nextRuns }) => [
    nextRuns.runs[0] ?? "",
    scheduleCell(nextRuns, rows.length === 1),
    ...(zones.size === 1 ? [] : [nextRuns.timezone]),
  ]);
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = sorted.map(({ names }, index) => {
    const start = (cells[index] ?? []).map((cell, column) => cell.padEnd(widths[column] ?? 0));
    const line = `  ${start.join("  ")}  `;
    return line + namesText(names, widest - line.length);
  });
  const title = zones.size === 1 ? `Next runs, in the time of ${zone}:` : "Next runs:";
  const [only, ...others] = sorted;
  return [title, ...lines, ...(only === undefined || others.length > 0 ? [] : moreOf(only.nextRuns))];
}

function moreOf({ runs, timezone, before }: NextRuns): string[] {
  const more = runs.slice(1).map((run) => `  ${run}`);
  if (before === undefined) {
    return more;
  }
  const zone = before.timezone === timezone ? "" : ` (${before.timezone})`;
  return [...more, `  instead of ${before.runs.join(", ")}${zone}`];
}

/** The runs of a schedule alone are told in full below it, with the zone that they had. */
function scheduleCell({ expression, timezone, before }: NextRuns, isAlone: boolean): string {
  const zone = isAlone || before === undefined || before.timezone === timezone ? "" : ` ${before.timezone}`;
  const was = before === undefined ? "" : ` (was ${before.expression}${zone})`;
  return excerpt(`${expression}${was}`, longestSchedule);
}
