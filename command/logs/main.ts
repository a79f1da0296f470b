import { QoderError } from "../../provider/api/errors";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { readSession } from "../../provider/deployment-run/ask-result";
import { cleanResult, cleanRun, valuesIn, withCleanErrors } from "../../provider/deployment-run/clean";
import { newestFirst, timeOf } from "../../provider/deployment-run/newest-first";
import { readRun, runsOf } from "../../provider/deployment-run/runs";
import { type CommandClient, eachOf } from "../client";
import { type CommandLine, type CommandRow, flag, Misuse, runCommand, valued, wholeNumber } from "../command";
import { type ReadDeployment, readDeployment, readDeployments } from "../deployments";
import { type CommandAccount, inAllAccounts, inSelected, type Scopes } from "../scope";
import { accountOptions, deploymentOptions, deploymentsSelected } from "../selection";
import { resultReader, resultsOf } from "../status/recent-runs";
import { hasFailed, type RunWithResult } from "../status/tally";
import { type Environment, localTimeZone, ordinaryColumns, type Streams } from "../terminal";
import { commandTime, timeoutOption } from "../time";
import { lines, printable } from "../words";
import { type Layout, type ReadRun, type RunLog, runLog } from "./run-log";
import { historyJson, historyText, logJson, logText, type Owner } from "./text";

export async function runLogs(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  timeZone: string = localTimeZone(),
): Promise<number> {
  return runCommand(logsCommand, args, streams, asked, async (command) => {
    const columns = streams.stdout.columns ?? ordinaryColumns;
    const layout = { timeZone, columns, isWhole: command.full, json: command.json, time: command.time };
    const text = await inSelected(command, environment, streams, (accounts, scopes) => {
      const [account] = accounts;
      if (command.isOneRun && account !== undefined) {
        return ofOneRun(account.client, command.target, layout);
      }
      return ofDeployment(command, accounts, scopes, layout);
    });
    streams.stdout.write(text, command.json);
    return 0;
  });
}

/** The log of the run, or of the session, with this id. */
async function ofOneRun(client: CommandClient, id: string, layout: Layout): Promise<string> {
  if (id.startsWith("drun_")) {
    const run = await readRun(client.forObject(), id);
    const read = await readDeployment(client.forObject(), run.deploymentId);
    return "reason" in read
      ? logsOf(client, { id: read.id, name: undefined, resource: undefined }, [{ run: cleanRun(run) }], layout)
      : logsOf(client, ownerIn(client, read), [{ run }], layout);
  }
  const session = await readSession(client.forObject(), id);
  const { deployment_id: deploymentId, created_at: createdAt } = session;
  if (deploymentId == null) {
    return logsOf(client, undefined, [{ session }], layout);
  }
  const owner = await ownerOf(client, deploymentId);
  const run = await runOfSession(client, deploymentId, id, timeOf(createdAt));
  return logsOf(client, owner, [{ session, run }], layout);
}

async function ofDeployment(
  { last, history, failed }: LogsCommand,
  accounts: readonly CommandAccount[],
  scopes: Scopes,
  layout: Layout,
): Promise<string> {
  const { client, deployment } = await selected(accounts, scopes);
  const { id } = deployment;
  const owner = ownerIn(client, deployment, scopes.managed);
  const count = last ?? (history ? linesOfHistory : 1);
  const withResults = failed
    ? await failedRuns(client, deployment, count)
    : history && (await resultsOf(client, await newest(client, deployment, count))).runs;
  const runs = withResults || (await newest(client, deployment, count)).map((run) => ({ run }));
  if (runs.length === 0) {
    throw new QoderError(
      failed ? `none of the newest ${mostLookedAt} runs of ${id} is known to have failed` : `${id} has not run yet`,
    );
  }
  if (history && withResults) {
    const rows = withResults.map(({ run, result }) => ({
      run,
      result: cleanResult(result, (text) => client.clean(text)),
    }));
    return layout.json ? historyJson(owner, rows) : lines(historyText(rows, layout.timeZone));
  }
  return logsOf(client, owner, runs, layout);
}

async function logsOf(client: CommandClient, owner: Owner, runs: readonly ReadRun[], layout: Layout): Promise<string> {
  const logs: RunLog[] = [];
  for (const run of runs) {
    logs.push(await runLog(client, run, layout));
  }
  return layout.json ? logJson(owner, logs) : lines(logText(owner, logs, layout));
}

interface OneDeployment {
  readonly client: CommandClient;
  readonly deployment: ReadDeployment;
}

/** The one deployment that the command line names. */
async function selected(accounts: readonly CommandAccount[], { unknown }: Scopes): Promise<OneDeployment> {
  const answers = await inAllAccounts(accounts, async (account) => {
    const { read, unread } = await readDeployments(account);
    return { found: read.map((deployment) => ({ client: account.client, deployment })), unread };
  });
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

/** The deployment of a run; with its id alone if the token does not see it. */
async function ownerOf(client: CommandClient, id: string): Promise<Owner> {
  const deployment = await readDeployment(client.forObject(), id);
  return "reason" in deployment ? { id, name: undefined, resource: undefined } : ownerIn(client, deployment);
}

/** The deployment for the text; its environment variables become secrets. */
function ownerIn(client: CommandClient, { id, name, reply }: ReadDeployment, managed?: Scopes["managed"]): Owner {
  client.keep(valuesIn(Object(reply).environment_variables));
  return { id, name, resource: managed?.get(id)?.resourceName };
}

const linesOfHistory = 30;
/** The most runs that the command looks at for failed ones. */
const mostLookedAt = 1_000;
const lookedAtOnce = 20;

/** The newest runs with clean errors. */
async function newest(client: CommandClient, { id, reply }: ReadDeployment, count: number): Promise<DeploymentRun[]> {
  const runs: DeploymentRun[] = [];
  for await (const run of runsOf(client.forList(), id, {}, Math.min(count, 100))) {
    if (runs.push(run) === count) {
      break;
    }
  }
  const clean = await withCleanErrors(client.forObject(), id, runs, reply);
  return newestFirst(clean, ({ createdAt }) => timeOf(createdAt));
}

async function failedRuns(client: CommandClient, deployment: ReadDeployment, count: number): Promise<RunWithResult[]> {
  const found: RunWithResult[] = [];
  const all = await newest(client, deployment, mostLookedAt);
  const resultIn = await resultReader(client, all);
  for (let from = 0; from < all.length && found.length < count; from += lookedAtOnce) {
    const runs = await eachOf(all.slice(from, from + lookedAtOnce), resultIn);
    found.push(...runs.filter(({ result }) => hasFailed(result)));
  }
  return found.slice(0, count);
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

type LogsCommand = NonNullable<ReturnType<typeof asked>>;

const options = {
  last: valued("N", "the newest N runs; left out: 1, with --history 30"),
  failed: flag("only runs that failed: could not start, stopped by budget and not satisfied count too"),
  history: flag("one line for each run"),
  full: flag("every line; left out: at most 60"),
  json: flag("print JSON; docs/reference/json.md describes its members"),
  stack: {
    ...deploymentOptions.stack,
    meaning: "the name, or the id, of a deployment of this Pulumi stack, or of the selected one",
  },
  ...accountOptions,
  timeout: timeoutOption,
} as const;

export const logsCommand: CommandRow<typeof options> = {
  name: "logs",
  brief: "prints what happened in the last run of a deployment, or in a run or session",
  usage: "(NAME | dep_... | drun_... | sess_...) [options]",
  does: "Prints the last run of a deployment: when and why it started, the version of its agent, its result and error, the grades with their explanations, the credits, and the messages, tool calls and artifacts of its session. Sends GET requests only. With --stack it decrypts the secrets of the stack, to hide them. A transcript may contain what the agent read.",
  argument: [
    "NAME ...",
    "the deployment, by its name at Qoder (with --stack also that of the program) or id; a run; a session",
  ],
  options,
  statuses: { 0: "the log is printed", 1: "it cannot be read, or there is no such run" },
  page: "docs/commands/logs.md",
};

function asked({ values, positionals }: CommandLine<typeof options>) {
  const [target, ...others] = positionals;
  if (target === undefined) {
    return undefined;
  }
  if (others.length > 0) {
    throw new Misuse("give one deployment, run or session, not several");
  }
  const { failed, history, stack, workspace } = values;
  const last = values.last === undefined ? undefined : wholeNumber("last", values.last, 1, 1_000);
  const isOneRun = /^(drun|sess)_[\w-]+$/.test(target);
  if (isOneRun && (last !== undefined || failed || history)) {
    throw new Misuse("--last, --failed and --history go with a deployment, not with one run or session");
  }
  if (isOneRun && stack !== undefined) {
    throw new Misuse(
      "--stack goes with the name of a deployment; a run or a session is read with the token of the environment",
    );
  }
  const given = { all: false, stack, workspace };
  const chosen = isOneRun ? ({ by: "all" } as const) : deploymentsSelected(given, stack === undefined ? [target] : []);
  // In a stack an id selects the account, too.
  const selection = chosen?.by === "stack" ? { ...chosen, names: [target] } : chosen;
  return selection && { ...values, isOpen: true, selection, target, isOneRun, last, time: commandTime(values.timeout) };
}
