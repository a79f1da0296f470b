import { counted } from "../../api/clock";
import { aligned, wrapped } from "../../api/columns";
import { excerpt, harmless } from "../../api/foreign-text";
import type { DeploymentRun } from "../../deployment-run/arguments";
import { type RunResult, stateText } from "../../deployment-run/result";
import type { RunWithResult } from "../status/since";
import { creditsCell, errorText, longTime } from "../status/words";
import { jsonOutput, shown } from "../words";
import type { Entry } from "./events";
import type { RunLog } from "./run-log";

/** The deployment of a log; undefined for a session that no deployment started. */
export type Owner = { readonly id: string; readonly name: string | undefined } | undefined;

export interface Layout {
  readonly json: boolean;
  readonly timeZone: string;
  readonly columns: number;
  readonly isWhole: boolean;
}

const mostLines = 60;
/** A run takes at least this number of lines, however many runs are printed. */
const fewestLines = 12;
const longestFact = 400;
const longestCell = 100;

/** The runs with what happened in them, in at most 60 lines unless `isWhole` is set. */
export function logText(owner: Owner, logs: readonly RunLog[], layout: Layout): string[] {
  const share = logs.length === 1 ? mostLines : Math.max(Math.floor(mostLines / logs.length) - 1, fewestLines);
  const lines: string[] = [];
  for (const [index, log] of logs.entries()) {
    const next = [...(index === 0 ? [] : [""]), ...oneLog(owner, log, layout, share)];
    if (!layout.isWhole && lines.length + next.length > mostLines - 1 && index > 0) {
      const left = counted(logs.length - index, "more run");
      return [...lines, `${left}: --all prints everything, --history a line for each run`];
    }
    lines.push(...next);
  }
  return lines;
}

function oneLog(owner: Owner, log: RunLog, layout: Layout, share: number): string[] {
  const { columns, isWhole } = layout;
  const facts = factsOf(owner, log, layout.timeZone).map(([name, text]) => [`${name.padEnd(10)} `, text] as const);
  if (isWhole) {
    return [...facts.map(([label, text]) => `${label}${harmless(text)}`), ...linesOf(log, layout)];
  }
  const head = facts
    .flatMap(([label, text]) => labelled(label, wrapped(excerpt(text, longestFact), columns - label.length)))
    .slice(0, share - 2);
  const room = share - head.length;
  const lines = linesOf(log, layout);
  if (lines.length <= room) {
    return [...head, ...lines];
  }
  // The beginning says what was asked for; the end says what came of it, and is worth more.
  const first = Math.floor((room - 1) / 4);
  const last = room - 1 - first;
  const left = "... the lines in between are left out; --all prints them ...";
  return [...head, ...lines.slice(0, first), left, ...lines.slice(lines.length - last)];
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
    ["result", resultText(result)],
    ["credits", result.credits === undefined ? "not shown" : String(result.credits)],
    ...grades.map((grade): Fact => ["grade", [grade.result, grade.explanation || []].flat().join(": ")]),
    ...(isCut ? [["events", "the session has more than the newest 2000, which are here"] as const] : []),
  ];
}

function resultText(result: RunResult): string {
  const error = result.error === undefined ? "" : `: ${errorText(result.error)}`;
  return `${stateText(result)}${error}`;
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

function linesOf({ entries }: RunLog, layout: Layout): string[] {
  return entries.flatMap((entry) => entryLines(entry, layout));
}

const labelWidth = "artifact".length;

/** The lines of an entry: a call of a tool and its result take one, a message as many as it has. */
function entryLines({ at, who, text }: Entry, { timeZone, columns, isWhole }: Layout): string[] {
  const label = `${clockText(at, timeZone)} ${who === "result" ? "-> " : ""}${who.padEnd(who === "result" ? labelWidth - 3 : labelWidth)} `;
  const room = columns - label.length;
  if (who === "tool" || who === "result") {
    return [`${label}${excerpt(text, isWhole ? Number.POSITIVE_INFINITY : room - 1) || "(no text)"}`];
  }
  const given = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  // Lines that are left out anyway need no breaks between words.
  const kept =
    isWhole || given.length <= 2 * mostLines ? given : [...given.slice(0, mostLines), ...given.slice(-mostLines)];
  const lines = kept.flatMap((line) => (isWhole ? [harmless(line)] : wrapped(excerpt(line, longestFact * 5), room)));
  return labelled(label, lines.length === 0 ? ["(no text)"] : lines);
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${index === 0 ? label : " ".repeat(label.length)}${line}`);
}

function clockText(at: string | undefined, timeZone: string): string {
  const time = Date.parse(at ?? "");
  return Number.isNaN(time)
    ? "--:--:--"
    : new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" }).format(time);
}

/** One line for each run. */
export function historyText(runs: readonly RunWithResult[], timeZone: string): string[] {
  return aligned([
    ["STARTED", "WHY", "AGENT", "RESULT", "CREDITS", "RUN", "ERROR"],
    ...runs.map(({ run: { id, createdAt, trigger, agentVersion }, result }) => [
      longTime(timeZone)(createdAt),
      excerpt(trigger ?? "unknown", longestCell),
      agentVersion === undefined ? "-" : `v${agentVersion}`,
      excerpt(stateText(result), longestCell),
      creditsCell(result.credits),
      excerpt(id, longestCell),
      excerpt(result.error === undefined ? "" : errorText(result.error), longestCell),
    ]),
  ]);
}

/** The members are a contract: docs/commands/logs.md describes them. */
export function logJson(owner: Owner, logs: readonly RunLog[]): string {
  return jsonOutput(
    logs.map(({ run, agentId: agent, result, grades, entries: events, isCut }) => ({
      ...{ deployment: owner, ...runJson(run, result) },
      ...{ agent, grades, events, isCut },
    })),
  );
}

export function historyJson(owner: Owner, runs: readonly RunWithResult[]): string {
  return jsonOutput(runs.map(({ run, result }) => ({ deployment: owner, ...runJson(run, result) })));
}

function runJson(run: Partial<DeploymentRun>, result: RunResult) {
  return {
    run: run.id,
    session: run.sessionId,
    startedAt: run.createdAt,
    trigger: run.trigger,
    scheduledAt: run.scheduledAt,
    agentVersion: run.agentVersion,
    result: stateText(result),
    error: result.error,
    outcome: result.outcome,
    credits: result.credits,
  };
}
