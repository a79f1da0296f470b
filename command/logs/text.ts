import { counted } from "../../provider/api/clock";
import { aligned, cut, wrapped } from "../../provider/api/lines";
import { excerpt, harmless } from "../../provider/api/terminal-text";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { type RunResult, shownState } from "../../provider/deployment-run/result";
import type { DeploymentName, LogJson, RunJson } from "../json";
import type { RunWithResult } from "../runs/tally";
import { creditsCell, errorText, longTime } from "../runs/texts";
import { resultJson } from "../status/report";
import { refuseLate } from "../time";
import { jsonOutput, shown } from "../words";
import type { Entry } from "./events";
import { type Layout, mostLines, type RunLog } from "./run-log";

/** The deployment of a log; undefined for a session that no deployment started. */
export type Owner = DeploymentName | undefined;

/** A run takes at least this number of lines, however many runs are printed. */
const fewestLines = 12;
const longestFact = 400;
const longestCell = 100;

/** The runs with what happened in them, in at most 60 lines unless `isWhole` is set. */
export function logText(owner: Owner, logs: readonly RunLog[], layout: Layout): string[] {
  const share = logs.length === 1 ? mostLines : Math.max(Math.floor(mostLines / logs.length) - 1, fewestLines);
  let lines: string[] = [];
  for (const [index, log] of logs.entries()) {
    const next = [index === 0 ? [] : [""], oneLog(owner, log, layout, share)].flat();
    if (!layout.isWhole && lines.length + next.length > mostLines - 1 && index > 0) {
      const left = counted(logs.length - index, "more run");
      return [...lines, `${left}: --full prints everything, --history a line for each run`];
    }
    // Not `push(...next)`: the arguments of a call go onto the stack.
    lines = lines.concat(next);
  }
  return lines;
}

function oneLog(owner: Owner, log: RunLog, layout: Layout, share: number): string[] {
  const { columns, isWhole } = layout;
  const facts = factsOf(owner, log, layout.timeZone).flatMap(([name, text]) =>
    labelled(`${name.padEnd(10)} `, isWhole ? harmless(text) : excerpt(text, longestFact), columns),
  );
  if (isWhole) {
    return [...facts, ...log.entries.flatMap((entry) => entryLines(entry, layout))];
  }
  const head = facts.slice(0, share - 2);
  const room = share - head.length;
  const lines = linesOfFirst(log.entries, layout, room).flat();
  if (lines.length <= room) {
    return [...head, ...lines];
  }
  // The beginning says what was asked for; the end says what came of it, and is worth more.
  const first = Math.floor((room - 1) / 4);
  const last = linesOfFirst(log.entries.toReversed(), layout, room).toReversed().flat();
  const left = "... the lines in between are left out; --full prints them ...";
  return [...head, ...lines.slice(0, first), left, ...last.slice(last.length - (room - 1 - first))];
}

/** The lines of each of the first entries that have more than this number of lines together, or of all. */
function linesOfFirst(entries: readonly Entry[], layout: Layout, count: number): string[][] {
  const groups: string[][] = [];
  let lines = 0;
  for (const entry of entries) {
    const group = entryLines(entry, layout);
    groups.push(group);
    lines += group.length;
    if (lines > count) {
      break;
    }
  }
  return groups;
}

type Fact = readonly [name: string, text: string];

function factsOf(owner: Owner, log: RunLog, timeZone: string): Fact[] {
  const { run, agentId, result, grades, isCut } = log;
  const { id = "unknown", sessionId, agentVersion } = run;
  const version = agentVersion === undefined ? "version unknown" : `version ${agentVersion}`;
  return [
    ["deployment", owner === undefined ? "none: another client started this session" : shown(owner)],
    ["run", `${id}, ${sessionId === undefined ? "no session" : `session ${sessionId}`}`],
    ["started", `${longTime(timeZone)(run.createdAt)} ${timeZone}, ${triggerText(run, timeZone)}`],
    ["agent", agentId === undefined ? version : `${agentId} ${version}`],
    ["result", [resultText(result), ...log.lacking.map(({ text }) => text)].join(", ")],
    ["credits", result.credits === undefined ? "not shown" : String(result.credits)],
    ...grades.map((grade): Fact => ["grade", [grade.result, grade.explanation || []].flat().join(": ")]),
    ...(isCut ? [["events", "the session has more than the newest 2000, which are here"] as const] : []),
  ];
}

function resultText(result: RunResult): string {
  const error = result.error === undefined ? "" : `: ${errorText(result.error)}`;
  return `${shownState(result)}${error}`;
}

function triggerText({ id, trigger, scheduledAt }: RunLog["run"], timeZone: string): string {
  switch (trigger) {
    case "schedule":
      return `by its schedule${scheduledAt === undefined ? "" : `, planned for ${longTime(timeZone)(scheduledAt)}`}`;
    case "manual":
      return "by hand";
    default:
      return id === undefined ? "by an unknown run" : (trigger ?? "for an unknown reason");
  }
}

const labelWidth = "artifact".length;

/** The lines of an entry: a call of a tool and its result take one, a message as many as it has. */
export function entryLines({ at, who, text }: Entry, { timeZone, columns, isWhole, time }: Layout): string[] {
  refuseLate(time);
  const label = `${clockText(at, timeZone)} ${who === "result" ? "-> " : ""}${who.padEnd(who === "result" ? labelWidth - 3 : labelWidth)} `;
  const call = who === "tool" || who === "result";
  if (call && !isWhole) {
    return [`${label}${cut(excerpt(text, longestFact) || "(no text)", columns - label.length)}`];
  }
  const given = (call ? text.replace(/\s+/g, " ") : text).split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  // Lines that are left out anyway need no breaks between words.
  const kept =
    isWhole || given.length <= 2 * mostLines ? given : [...given.slice(0, mostLines), ...given.slice(-mostLines)];
  const lines = kept.map((line) => (isWhole ? harmless(line) : excerpt(line, longestFact * 5)));
  return (lines.length === 0 ? ["(no text)"] : lines).flatMap((line, index) =>
    labelled(index === 0 ? label : " ".repeat(label.length), line, columns),
  );
}

/** The text in lines of this number of columns, beside the label and indented like its own first line. */
function labelled(label: string, text: string, columns: number): string[] {
  const [indent = ""] = /^ {0,20}/.exec(text) ?? [];
  return wrapped(text.slice(indent.length), columns, `${" ".repeat(label.length)}${indent}`, `${label}${indent}`);
}

function clockText(at: string | undefined, timeZone: string): string {
  const time = Date.parse(at ?? "");
  return Number.isNaN(time)
    ? "--:--:--"
    : new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" }).format(time);
}

const cell = (text: string) => cut(excerpt(text, longestCell), longestCell);

/** A person ends, or answers, what still runs or waits by its session. */
function sessionOrError(sessionId: string | undefined, { state, error }: RunResult): string {
  const isOpen = state === "running" || state === "waiting for somebody" || state === "not started yet";
  return error === undefined ? (isOpen && sessionId) || "" : errorText(error);
}

/** One line for each run. */
export function historyText(
  runs: readonly RunWithResult[],
  { timeZone, columns }: Pick<Layout, "timeZone" | "columns">,
): string[] {
  const rows = [
    ["STARTED", "WHY", "AGENT", "RESULT", "CREDITS", "RUN", "SESSION OR ERROR"],
    ...runs.map(({ run: { id, createdAt, trigger, agentVersion, sessionId }, result }) => [
      longTime(timeZone)(createdAt),
      cell(trigger ?? "unknown"),
      agentVersion === undefined ? "-" : `v${agentVersion}`,
      cell(shownState(result)),
      creditsCell(result.credits),
      cell(id),
      cell(sessionOrError(sessionId, result)),
    ]),
  ];
  return aligned(rows, columns, "  ");
}

export function logJson(owner: Owner, logs: readonly RunLog[]): string {
  return jsonOutput<readonly LogJson[]>(
    logs.map(({ run, agentId, result, grades, entries: events, lacking, isCut: cut }) => ({
      ...runJson(owner, run, result),
      ...{ agentId, grades, events, missing: lacking.map(({ name }) => name), cut },
    })),
  );
}

export function historyJson(owner: Owner, runs: readonly RunWithResult[]): string {
  return jsonOutput(runs.map(({ run, result }) => runJson(owner, run, result)));
}

function runJson(owner: Owner, run: Partial<DeploymentRun>, result: RunResult): RunJson {
  const { id, createdAt, trigger, scheduledAt, sessionId, agentVersion } = run;
  const deployment = owner && { id: owner.id, name: owner.name, resource: owner.resource };
  return { id, deployment, createdAt, trigger, scheduledAt, sessionId, agentVersion, result: resultJson(result) };
}
