import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { counted } from "../../provider/api/clock";
import { excerpt } from "../../provider/api/terminal-text";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { runOfSession } from "../../provider/deployment-run/runs";
import { sessionsSince } from "../../provider/deployment-run/sessions";
import { type CommandClient, eachOf } from "../client";
import { complaintsOf, type ReadDeployment, readEach } from "../deployments";
import { attempt, saveFile } from "../files";
import type { ToolCallJson } from "../json";
import type { Sink, Streams } from "../printer";
import { recentRuns } from "../runs/recent-runs";
import { longTime } from "../runs/texts";
import { usualMs } from "../runs/usual";
import { type CommandAccount, inAllAccounts, type Scopes, type UnreadObject } from "../scope";
import type { DeploymentSelection } from "../selection";
import type { Since } from "../time";
import { jsonOutput, lines, namesText } from "../words";
import { type Layout, type ReadRun, type RunLog, runLog } from "./run-log";
import { logJson, logText, type Owner } from "./text";

/** The question about the runs of many deployments. */
export interface RunsQuestion {
  readonly selection: DeploymentSelection;
  readonly since: Since;
  /** The folder for a text and a JSON file of each run; undefined for none. */
  readonly out: string | undefined;
  /** The tool whose calls are listed; undefined for none. */
  readonly tool: string | undefined;
}

/** The runs of a deployment that were handled. */
interface Handled {
  readonly runs: number;
  readonly found: FoundCalls;
}

/** The calls of a tool, if one is asked for, and the names of the other tools that were called. */
class FoundCalls {
  readonly calls: ToolCallJson[] = [];
  readonly others = new Set<string>();
  /** The sessions with more events than the command reads. */
  readonly cut: UnreadObject[] = [];

  constructor(private readonly tool: string | undefined) {}

  read(log: RunLog, owner: Owner): void {
    if (this.tool === undefined) {
      return;
    }
    if (log.isCut) {
      const reason = "it has more events than the command reads, and they may have more calls";
      this.cut.push({ id: log.run.sessionId ?? "a session", reason });
    }
    for (const call of callsOf(log, owner)) {
      if (isCallOf(call, this.tool)) {
        this.calls.push(call);
      } else {
        this.others.add(call.tool);
      }
    }
  }
}

/** Transcripts may contain what nobody else on this machine may read. */
const modes = { file: 0o600, folder: 0o700 } as const;

/** Writes the transcripts of all runs since a time, or lists their calls of a tool, for as many deployments as are selected. */
export async function logsSince(
  question: RunsQuestion,
  accounts: readonly CommandAccount[],
  { managed, unknown }: Scopes,
  layout: Layout,
  { stdout, stderr }: Streams,
  ownerIn: (client: CommandClient, deployment: ReadDeployment) => Owner,
): Promise<number> {
  const { out, tool, selection } = question;
  if (out !== undefined) {
    attempt(`${out} cannot be made`, () => mkdirSync(out, { recursive: true, mode: modes.folder }));
  }
  let done = 0;
  const fleets = await inAllAccounts(accounts, (account) => {
    const { client } = account;
    return readEach(account, async (deployment): Promise<Handled> => {
      const owner = ownerIn(client, deployment);
      // Not before the first response, which shows the time of the service.
      const runs = await runsSince(client, deployment.id, question.since(client.moment()));
      const found = new FoundCalls(tool);
      for (const run of runs) {
        const expected = managed.get(deployment.id)?.expectedArtifacts;
        const log = await runLog(client, { ...run, expected }, { ...layout, isWhole: true });
        found.read(log, owner);
        if (out !== undefined) {
          writeLog(out, owner, log, layout, stdout);
        }
        done += 1;
        stderr.overwrite(`Read ${counted(done, "run")} ...`);
      }
      return { runs: runs.length, found };
    });
  });
  stderr.overwrite("");
  const handled = fleets.flatMap(({ read }) => read);
  const runs = handled.reduce((sum, one) => sum + one.runs, 0);
  const written = out === undefined ? "" : `, a text and a JSON file each, in ${out}`;
  const of = `${counted(runs, "run")} of ${counted(handled.filter((one) => one.runs > 0).length, "deployment")}`;
  const [calls, cut] = [handled.flatMap(({ found }) => found.calls), handled.flatMap(({ found }) => found.cut)];
  if (tool !== undefined) {
    stdout.write(
      layout.json ? jsonOutput<readonly ToolCallJson[]>(calls) : lines(callsText(calls, layout.timeZone)),
      layout.json,
    );
  }
  if (!layout.json) {
    stdout.write(
      `${tool === undefined ? "" : callsSummary(calls.length, cut.length)}${of}${othersText(handled, calls)}${written}\n`,
    );
  }
  const complaint = complaintsOf(fleets, [...unknown, ...cut], "logs", selection);
  stderr.write(complaint);
  return complaint === "" && runs > 0 ? 0 : 1;
}

function callsSummary(calls: number, cutSessions: number): string {
  return `${cutSessions === 0 ? "" : "at least "}${counted(calls, "call")} in `;
}

/** Zero calls of a misspelt tool would calm the person who asks. */
function othersText(handled: readonly Handled[], calls: readonly ToolCallJson[]): string {
  const others = calls.length > 0 ? [] : [...new Set(handled.flatMap(({ found }) => [...found.others]))].sort();
  return others.length === 0 ? "" : `, which called ${namesText(others)}`;
}

/** The runs that began since then, and the older ones whose sessions changed since then; newest first. */
async function runsSince(client: CommandClient, deploymentId: string, since: number): Promise<ReadRun[]> {
  const { since: begun, runs } = await recentRuns(client.forList(), deploymentId, since);
  const sessions = await sessionsSince(client.forList(), deploymentId, since - usualMs);
  const known = new Map(runs.map((run) => [run.sessionId, run]));
  const isBegun = new Set(begun.map(({ sessionId }) => sessionId));
  const changed = sessions.filter(({ id, updated_at: at }) => !isBegun.has(id) && (timeOf(at) ?? since) >= since);
  const older = await eachOf(changed, async (session): Promise<ReadRun> => {
    const { id, created_at: at } = session;
    const run = known.get(id) ?? (await runOfSession(client.forList(), deploymentId, id, timeOf(at)));
    return run === undefined ? { session } : { run };
  });
  return [...begun.map((run) => ({ run })), ...older];
}

/** The text and the JSON of a run. A second time replaces them. */
function writeLog(folder: string, owner: Owner, log: RunLog, layout: Layout, stdout: Sink): void {
  const { id, sessionId, createdAt } = log.run;
  const name = [owner?.name ?? owner?.id ?? "session", createdAt?.slice(0, 19) ?? "unknown", id ?? sessionId ?? "run"]
    .map((part) =>
      part
        .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
        .replace(/^[.-]+/, "")
        .slice(0, 60),
    )
    .join("_");
  const whole = { ...layout, isWhole: true, json: false };
  saveFile(join(folder, `${name}.txt`), stdout.clean(lines(logText(owner, [log], whole))), modes.file);
  saveFile(join(folder, `${name}.json`), stdout.clean(logJson(owner, [log])), modes.file);
}

/** The calls of all tools in this run, the oldest first. */
function callsOf({ run, entries }: RunLog, deployment: Owner): ToolCallJson[] {
  return entries.flatMap(({ tool, input, at }, place) => {
    const next = entries[place + 1];
    const result = next?.who === "result" ? next.text : undefined;
    return tool === undefined ? [] : [{ deployment, runId: run.id, sessionId: run.sessionId, at, tool, input, result }];
  });
}

/** True for a call of this tool. `tool`: its name, alone or behind its server and a slash. */
function isCallOf({ tool: called }: Pick<ToolCallJson, "tool">, tool: string): boolean {
  return called === tool || called.endsWith(`/${tool}`);
}

const longestCell = 2_000;

/** One line for each call: when, of which deployment and run, the tool with all arguments, and the result. */
function callsText(calls: readonly ToolCallJson[], timeZone: string): string[] {
  return calls.map(({ deployment, runId, sessionId, at, tool, input, result }) => {
    const who = excerpt(deployment?.name ?? deployment?.id ?? "no deployment", 100);
    const given = input === undefined ? "" : ` ${excerpt(JSON.stringify(input), longestCell)}`;
    const came = result === undefined ? "" : ` -> ${excerpt(result, 200)}`;
    return `${longTime(timeZone)(at)} ${who} ${runId ?? sessionId ?? ""} ${excerpt(tool, 100)}${given}${came}`;
  });
}
