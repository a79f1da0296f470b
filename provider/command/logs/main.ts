import { QoderError } from "../../api/errors";
import { redacted } from "../../api/redacted";
import type { DeploymentRun } from "../../deployment-run/arguments";
import { readSession } from "../../deployment-run/ask-result";
import { newestFirst, timeOf } from "../../deployment-run/newest-first";
import type { RunResult } from "../../deployment-run/result";
import { readRun, runsOf } from "../../deployment-run/runs";
import type { CommandClient } from "../client";
import { deploymentsSelected, runCommand, type Selected } from "../command-line";
import { type ReadDeployment, readDeployment, readDeployments } from "../deployments";
import { accountOptions, type CommandLine, type CommandRow, flag, Misuse, timeoutOption, valued } from "../options";
import { secretsOf } from "../pulumi-cli";
import { type CommandAccount, type Scopes, scopesOf, withAccounts } from "../scope";
import { hasFailed, resultsOf } from "../status/since";
import { type Environment, localTimeZone, ordinaryColumns, type Streams } from "../terminal";
import { commandTime } from "../time";
import { lines, printable } from "../words";
import { addValues, cleanResult, type RunLog, runLog, type Told } from "./run-log";
import { historyJson, historyText, logJson, logText, type Owner } from "./text";

const exitStatus = { printed: 0, failed: 1 } as const;

export async function runLogs(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  timeZone: string = localTimeZone(),
): Promise<number> {
  return runCommand(logsCommand, { failed: exitStatus.failed }, args, streams, asked, async (command) => {
    const scopes = await scopesOf(command, environment);
    const secrets = new Set([...secretsOf(environment), ...(scopes.secrets ?? [])]);
    const text = await withAccounts(scopes, async (accounts) => {
      const { runId, sessionId } = command;
      if (runId !== undefined || sessionId !== undefined) {
        const { client } = onlyOne(accounts);
        const { owner, known: shown } =
          runId === undefined ? await ofSession(client, sessionId ?? "", secrets) : await ofRun(client, runId, secrets);
        const logs = [await runLog(client, shown, secrets)];
        return logsText(command, owner, logs, timeZone, streams);
      }
      return ofDeployment(command, await selected(accounts, scopes), secrets, timeZone, streams);
    });
    streams.stdout.write(text);
    return exitStatus.printed;
  });
}

function onlyOne(accounts: readonly CommandAccount[]): CommandAccount {
  const [account] = accounts;
  if (account === undefined) {
    throw new QoderError("the command has no account");
  }
  return account;
}

interface Found {
  readonly client: CommandClient;
  readonly deployment: ReadDeployment;
}

/** The one deployment that the command line names. */
async function selected(accounts: readonly CommandAccount[], { unknown }: Scopes): Promise<Found> {
  const answers = await Promise.all(
    accounts.map(async (account) => {
      const { read, unread } = await readDeployments(account);
      return { found: read.map((deployment) => ({ client: account.client, deployment })), unread };
    }),
  );
  const [found, ...others] = answers.flatMap((answer) => answer.found);
  if (found !== undefined && others.length === 0) {
    return found;
  }
  if (found !== undefined) {
    const ids = [found, ...others].map(({ deployment }) => deployment.id).join(", ");
    throw new QoderError(`${others.length + 1} deployments have this name. Give the id of one: ${ids}`);
  }
  const [missing] = [...answers.flatMap(({ unread }) => unread), ...unknown];
  throw new QoderError(
    missing === undefined ? "no deployment was found" : `${printable(missing.id)} is not known: ${missing.reason}`,
  );
}

async function ofDeployment(
  command: LogsCommand,
  { client, deployment }: Found,
  secrets: Set<string>,
  timeZone: string,
  streams: Streams,
): Promise<string> {
  const owner = ownerIn(deployment, secrets);
  const { isHistory, isFailedOnly, json } = command;
  const last = command.last ?? (isHistory ? linesOfHistory : 1);
  const runs =
    isHistory || isFailedOnly
      ? await withResults(client, deployment.id, last, isFailedOnly)
      : (await newest(client, deployment.id, last)).map((run) => [run, undefined] as const);
  if (runs.length === 0) {
    throw new QoderError(
      isFailedOnly
        ? `none of the newest ${mostLookedAt} runs of ${deployment.id} failed`
        : `${deployment.id} has not run yet`,
    );
  }
  if (isHistory) {
    const clean = (text: string) => redacted(text, [...secrets, ...client.secrets]);
    const rows = runs.flatMap(([run, result]) =>
      result === undefined ? [] : [[run, cleanResult(result, clean)] as const],
    );
    return json ? historyJson(owner, rows) : lines(historyText(rows, timeZone));
  }
  const logs: RunLog[] = [];
  for (const [run] of runs) {
    logs.push(await runLog(client, { run }, secrets));
  }
  return logsText(command, owner, logs, timeZone, streams);
}

function logsText(
  { json, isWhole }: LogsCommand,
  owner: Owner,
  logs: readonly RunLog[],
  timeZone: string,
  { stdout }: Streams,
): string {
  const columns = stdout.columns ?? ordinaryColumns;
  return json ? logJson(owner, logs) : lines(logText(owner, logs, { timeZone, columns, isWhole }));
}

/** The deployment for the text; its environment variables become secrets. */
function ownerIn({ id, name, reply }: ReadDeployment, secrets: Set<string>): Owner {
  addValues(Object(reply).environment_variables, secrets);
  return { id, name };
}

const linesOfHistory = 30;
/** The most runs that the command looks at for failed ones. */
const mostLookedAt = 1_000;
const lookedAtOnce = 20;

async function newest(client: CommandClient, id: string, count: number): Promise<DeploymentRun[]> {
  const runs: DeploymentRun[] = [];
  for await (const run of runsOf(client.forList(), id, {}, Math.min(count, 100))) {
    if (runs.push(run) === count) {
      break;
    }
  }
  return newestFirst(runs, ({ createdAt }) => timeOf(createdAt));
}

/** The newest runs, or the newest failed runs, with their results. */
async function withResults(
  client: CommandClient,
  id: string,
  count: number,
  isFailedOnly: boolean,
): Promise<(readonly [DeploymentRun, RunResult])[]> {
  if (!isFailedOnly) {
    return paired(client, await newest(client, id, count));
  }
  const found: (readonly [DeploymentRun, RunResult])[] = [];
  const all = await newest(client, id, mostLookedAt);
  for (let from = 0; from < all.length && found.length < count; from += lookedAtOnce) {
    const next = await paired(client, all.slice(from, from + lookedAtOnce));
    found.push(...next.filter(([, result]) => hasFailed(result)));
  }
  return found.slice(0, count);
}

async function paired(client: CommandClient, runs: readonly DeploymentRun[]) {
  const { results } = await resultsOf(client, runs);
  return runs.flatMap((run, index) => {
    const result = results[index];
    return result === undefined ? [] : [[run, result] as const];
  });
}

interface Asked {
  readonly owner: Owner;
  readonly known: Told;
}

async function ofRun(client: CommandClient, id: string, secrets: Set<string>): Promise<Asked> {
  const run = await readRun(client.forObject(), id);
  return { owner: await ownerOf(client, run.deploymentId, secrets), known: { run } };
}

/** The session of this id, with its run if the deployment shows it among the runs of that time. */
async function ofSession(client: CommandClient, id: string, secrets: Set<string>): Promise<Asked> {
  const session = await readSession(client.forObject(), id);
  const { deployment_id: deploymentId, created_at: createdAt } = session;
  if (deploymentId == null) {
    return { owner: undefined, known: { session } };
  }
  const owner = await ownerOf(client, deploymentId, secrets);
  return { owner, known: { session, run: await runOfSession(client, deploymentId, id, timeOf(`${createdAt}`)) } };
}

/** The deployment of a run; with its id alone if the token does not see it. */
async function ownerOf(client: CommandClient, id: string, secrets: Set<string>): Promise<Owner> {
  const deployment = await readDeployment(client.forObject(), id);
  return "reason" in deployment ? { id, name: undefined } : ownerIn(deployment, secrets);
}

/** A session starts with its run, and both times come from the same clock. */
const apartMs = 60_000;

async function runOfSession(
  client: CommandClient,
  deploymentId: string,
  sessionId: string,
  createdAt: number | undefined,
): Promise<DeploymentRun | undefined> {
  const filter =
    createdAt === undefined
      ? {}
      : {
          triggered_after: new Date(createdAt - apartMs).toISOString(),
          triggered_before: new Date(createdAt + apartMs).toISOString(),
        };
  let lookedAt = 0;
  for await (const run of runsOf(client.forList(), deploymentId, filter)) {
    lookedAt += 1;
    if (run.sessionId === sessionId || lookedAt > mostLookedAt) {
      return run.sessionId === sessionId ? run : undefined;
    }
  }
  return undefined;
}

interface LogsCommand extends Selected {
  readonly runId: string | undefined;
  readonly sessionId: string | undefined;
  readonly last: number | undefined;
  readonly isFailedOnly: boolean;
  readonly isHistory: boolean;
  readonly isWhole: boolean;
  readonly json: boolean;
}

const options = {
  last: valued("N", "the newest N runs; left out: 1, with --history 30"),
  failed: flag("only runs that failed: could not start, stopped by budget and not satisfied count too"),
  history: flag("one line for each run"),
  all: flag("every line; left out: at most 60"),
  json: flag("print all of it as JSON, which docs/commands.md describes"),
  stack: valued("[NAME]", "the name is that of the program of this Pulumi stack, or of the selected one"),
  ...accountOptions,
  timeout: timeoutOption,
} as const;

export const logsCommand: CommandRow<typeof options> = {
  name: "logs",
  brief: "prints what happened in the last run of a deployment, or in a run or session",
  usage: "(NAME | dep_... | drun_... | sess_...) [--last N] [--failed] [--history] [--all] [--json]",
  does: "Prints the last run of a deployment: when and why it started, the version of its agent, its result and error, the grades with their explanations, the credits, and the messages, tool calls and artifacts of its session. Sends GET requests only. A transcript may contain what the agent read.",
  argument: [
    "NAME ...",
    "the deployment, by its name at Qoder (with --stack also that of the program) or id; a run; a session",
  ],
  options,
  statuses: "0 the log is printed, 1 it cannot be read, or there is no such run, 2 the command line is wrong.",
  page: "docs/commands.md#logs",
};

function asked({ values, positionals }: CommandLine<typeof options>): LogsCommand | undefined {
  const [target, ...others] = positionals;
  if (target === undefined) {
    return undefined;
  }
  if (others.length > 0) {
    throw new Misuse("give one deployment, run or session, not several");
  }
  const { failed: isFailedOnly, history: isHistory, all: isWhole, json, workspace, stack } = values;
  const last = countOf(values.last);
  const isOneRun = /^(drun|sess)_[\w-]+$/.test(target);
  if (isOneRun && (last !== undefined || isFailedOnly || isHistory)) {
    throw new Misuse("--last, --failed and --history go with a deployment, not with one run or session");
  }
  if (isOneRun && stack !== undefined) {
    throw new Misuse(
      "--stack goes with the name of a deployment; a run or a session is read with the token of the environment",
    );
  }
  const given = { all: false, stack, workspace };
  const selection = isOneRun ? ({ by: "all" } as const) : deploymentsSelected(given, [target]);
  return (
    selection && {
      selection,
      runId: isOneRun && target.startsWith("drun_") ? target : undefined,
      sessionId: isOneRun && target.startsWith("sess_") ? target : undefined,
      last,
      isFailedOnly,
      isHistory,
      isWhole,
      json,
      workspace,
      time: commandTime(values.timeout),
    }
  );
}

function countOf(text: string | undefined): number | undefined {
  if (text !== undefined && !/^([1-9]\d{0,2}|1000)$/.test(text)) {
    throw new Misuse(`--last takes a whole number from 1 to 1000, not "${text}"`);
  }
  return text === undefined ? undefined : Number(text);
}
