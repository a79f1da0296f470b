import { excerpt } from "../../api/foreign-text";
import type { NextRuns } from "../plan-remark";
import { namesText } from "./label";

/** The next runs of a schedule, and the names of the deployments with this schedule. */
export interface RunsRow {
  readonly nextRuns: NextRuns;
  readonly names: readonly string[];
}

/** Fits into a terminal with 100 columns: the CLI indents messages by four. */
const widest = 96;
/** The longest shown schedule: an expression may list every minute of an hour. */
const longestSchedule = 36;

/** A table with the next run of each schedule, sorted by time. A single schedule gets all its next runs. */
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

/** The schedule, with the older one in brackets. For a single schedule, the line below shows the older time zone. */
function scheduleCell({ expression, timezone, before }: NextRuns, isAlone: boolean): string {
  const zone = isAlone || before === undefined || before.timezone === timezone ? "" : ` ${before.timezone}`;
  const was = before === undefined ? "" : ` (was ${before.expression}${zone})`;
  return excerpt(`${expression}${was}`, longestSchedule);
}
