import { largest } from "../../api/extremes";
import { excerpt, harmless } from "../../api/terminal-text";
import { type NextRuns, type PlanRemark, textOrGroup } from "../kind/diagnostics";
import type { Message } from "./answer";
import { byName, namesText, sortedNames } from "./label";
import type { Labelled } from "./shared-failures";

export interface Reported extends Labelled {
  readonly remark: PlanRemark;
  readonly urn: string | undefined;
}

/** One message for each remark, with the names of all its resources, and one table of all next runs. */
export function reportedTogether(shown: readonly Reported[]): Message[] {
  const runs = groups(
    shown.filter(({ remark }) => remark.nextRuns !== undefined),
    ({ remark }) => JSON.stringify(remark.nextRuns),
  );
  const others = groups(
    shown.filter(({ remark }) => remark.nextRuns === undefined),
    ({ remark, kind }) => JSON.stringify([remark.severity, remark.kind, textOrGroup(remark), kind]),
  );
  return [...others.filter(isNews).map(messageOf), ...tables(runs)];
}

type Group = readonly [Reported, ...Reported[]];

function groups(shown: readonly Reported[], keyOf: (one: Reported) => string): Group[] {
  const found = new Map<string, [Reported, ...Reported[]]>();
  for (const one of shown) {
    const group = found.get(keyOf(one));
    if (group === undefined) {
      found.set(keyOf(one), [one]);
    } else {
      group.push(one);
    }
  }
  return [...found.values()];
}

function namesOf(group: Group): string[] {
  return sortedNames(group.map(({ name }) => name));
}

function isNews(group: Group): boolean {
  return group.every(
    ({ remark: { together } }) =>
      together === undefined || (group.length > 1 && group.some((one) => one.remark.together?.hasChanged === true)),
  );
}

function messageOf(group: Group): Message {
  const [{ remark, label, kind, urn }] = group;
  const isOne = group.length === 1;
  const subject = isOne ? label : `${kind} ${namesText(namesOf(group).map((name) => `"${name}"`))}`;
  const indented = (remark.lines ?? []).map((line) => `  ${line}`);
  // A remark about several resources belongs to no single URN.
  return {
    severity: remark.severity,
    text: [`${subject}: ${remark.text} [${remark.kind}]`, ...indented].map(harmless).join("\n"),
    urn: isOne ? urn : undefined,
  };
}

function tables(runs: readonly Group[]): Message[] {
  const rows = runs.flatMap((group) => {
    const { nextRuns } = group[0].remark;
    return nextRuns === undefined ? [] : [{ nextRuns, names: namesOf(group) }];
  });
  const lines = rows.length === 0 ? [] : nextRunsTable(rows);
  return lines.length === 0 ? [] : [{ severity: "info", text: lines.map(harmless).join("\n"), urn: undefined }];
}

interface RunsRow {
  readonly nextRuns: NextRuns;
  readonly names: readonly string[];
}

/** Fits into a terminal with 100 columns: the CLI indents messages by four. */
const widest = 96;
/** The longest shown schedule: an expression may list every minute of an hour. */
const longestSchedule = 36;
const [shortestSchedule, shortestNames] = [8, 12];
/** A larger table would hide the other remarks. */
const mostRows = 12;

/** A table with the next run of each schedule, sorted by time and name. A single schedule gets all its next runs. */
function nextRunsTable(rows: readonly RunsRow[]): string[] {
  const sorted = rows.toSorted(
    ({ nextRuns: one, names: [first = ""] }, { nextRuns: other, names: [second = ""] }) =>
      one.at - other.at || byName(first, second),
  );
  const shown = sorted.slice(0, mostRows);
  const zones = new Set(shown.map(({ nextRuns }) => nextRuns.timezone));
  const [zone = ""] = zones;
  const widestOf = (texts: readonly string[]) => largest(texts.map(({ length }) => length));
  const others = [shown.map(({ nextRuns }) => nextRuns.runs[0] ?? ""), ...(zones.size === 1 ? [] : [[...zones]])];
  const used = others.reduce((sum, texts) => sum + widestOf(texts) + 2, 4);
  const room = Math.min(longestSchedule, Math.max(widest - used - shortestNames, shortestSchedule));
  const cells = shown.map(({ nextRuns }) => [
    nextRuns.runs[0] ?? "",
    scheduleCell(nextRuns, rows.length === 1, room),
    ...(zones.size === 1 ? [] : [nextRuns.timezone]),
  ]);
  const widths = (cells[0] ?? []).map((_, column) => largest(cells.map((row) => row[column]?.length ?? 0)));
  const lines = shown.map(({ names }, index) => {
    const start = (cells[index] ?? []).map((cell, column) => cell.padEnd(widths[column] ?? 0));
    const line = `  ${start.join("  ")}  `;
    return line + namesText(names, widest - line.length);
  });
  const more = sorted.slice(mostRows).reduce((sum, { names }) => sum + names.length, 0);
  if (more > 0) {
    lines.push(`  and ${more} more: \`pulumi preview --json | npx pulumi-qoder calendar --preview -\``);
  }
  const title = zones.size === 1 ? `Next runs, in the time of ${zone}:` : "Next runs:";
  const [only, ...further] = sorted;
  return [title, ...lines, ...(only === undefined || further.length > 0 ? [] : moreOf(only.nextRuns))];
}

function moreOf({ runs, timezone, before }: NextRuns): string[] {
  const more = runs.slice(1).map((run) => `  ${run}`);
  if (before === undefined) {
    return more;
  }
  const zone = before.timezone === timezone ? "" : ` (${before.timezone})`;
  const instead = (count: number) => `  instead of ${before.runs.slice(0, count).join(", ")}${zone}`;
  return [...more, instead(3).length <= widest ? instead(3) : instead(2)];
}

/**
 * The schedule, with what was different before in brackets. For a single schedule with another expression, the line below shows the
 * older time zone.
 */
function scheduleCell({ expression, timezone, before }: NextRuns, isAlone: boolean, longest: number): string {
  if (before === undefined) {
    return excerpt(expression, longest - 1);
  }
  const zone = before.timezone === timezone ? [] : [before.timezone];
  const was = before.expression === expression ? zone : [before.expression, ...(isAlone ? [] : zone)];
  return excerpt(`${expression} (was ${was.join(" ")})`, longest - 1);
}
