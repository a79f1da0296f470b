import { isNotFound, QoderError } from "../../provider/api/errors";
import { collected, fullPage } from "../../provider/api/object-list";
import { patience } from "../../provider/api/patience";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { readSession } from "../../provider/deployment-run/ask-result";
import { cleanResult, cleanRun, valuesIn, withCleanErrors } from "../../provider/deployment-run/hide-secrets";
import { newestFirst, timeOf } from "../../provider/deployment-run/newest-first";
import { readRun, runOfSession, runsOf } from "../../provider/deployment-run/runs";
import { type CommandClient, eachOf } from "../client";
import { type CommandLine, type CommandRow, flag, Misuse, valued, wholeNumber } from "../command";
import { type ReadDeployment, readDeployment, readDeployments } from "../deployments";
import { resultReader, resultsOf } from "../runs/recent-runs";
import { hasFailed, type RunWithResult } from "../runs/tally";
import { type CommandAccount, type Context, inAllAccounts, runnerOf, type Scopes } from "../scope";
import { deploymentOptions, deploymentsSelected } from "../selection";
import { localTimeZone } from "../terminal";
import { commandTime, sinceOf } from "../time";
import { lines, printable } from "../words";
import { type Layout, type ReadRun, type RunLog, runLog } from "./run-log";
import { logsSince } from "./runs-since";
import { historyJson, historyText, logJson, logText, type Owner } from "./text";

async function show(context: Context<Asked, string>): Promise<number> {
  const { command, accounts, scopes, streams, surroundings: timeZone } = context;
  const { columns } = streams.stdout;
  const layout = { timeZone, columns, isWhole: command.full, json: command.json, time: command.time };
  if ("since" in command) {
    return logsSince(command, accounts, scopes, layout, streams, ownerIn);
  }
  const text = await (command.isOneRun ? ofOneRun : ofDeployment)(command, accounts, scopes, layout);
  streams.stdout.write(text, command.json);
  return 0;
}

/** The log of the run, or of the session, with this id, from the first account that has it. */
async function ofOneRun(
  { target }: LogsCommand,
  accounts: readonly CommandAccount[],
  scopes: Scopes,
  layout: Layout,
): Promise<string> {
  let unseen: unknown = new QoderError("the stack manages no deployment, so its accounts are unknown");
  for (const { client } of accounts) {
    try {
      return await ofRunIn(client, target, scopes, layout);
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
      unseen = error;
    }
  }
  throw unseen;
}

async function ofRunIn(client: CommandClient, id: string, { managed }: Scopes, layout: Layout): Promise<string> {
  if (id.startsWith("drun_")) {
    const run = await readRun(client.forObject(), id);
    const read = await readDeployment(client.forObject(), run.deploymentId);
    return "reason" in read
      ? logsOf(client, { id: read.id, name: undefined, resource: undefined }, [{ run: cleanRun(run) }], layout)
      : logsOf(client, ownerIn(client, read, managed), [{ run }], layout);
  }
  const session = await readSession(client.forObject(), id);
  const { deployment_id: deploymentId, created_at: createdAt } = session;
  if (deploymentId == null) {
    return logsOf(client, undefined, [{ session }], layout);
  }
  const owner = await ownerOf(client, deploymentId, managed);
  const run = await runOfSession(client.forList(), deploymentId, id, timeOf(createdAt));
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
    : history && (await resultsOf(client, await newest(client, deployment, count)));
  const runs = withResults || (await newest(client, deployment, count)).map((run) => ({ run }));
  if (runs.length === 0) {
    throw new QoderError(
      failed
        ? `none of the newest ${patience.runsOfSearch} runs of ${id} is known to have failed`
        : `${id} has not run yet`,
    );
  }
  if (history && withResults) {
    const rows = withResults.map(({ run, result }) => ({
      run,
      result: cleanResult(result, (text) => client.clean(text)),
    }));
    return layout.json ? historyJson(owner, rows) : lines(historyText(rows, layout));
  }
  const expected = scopes.managed.get(id)?.expectedArtifacts;
  return logsOf(
    client,
    owner,
    runs.map((run) => ({ ...run, expected })),
    layout,
  );
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
async function ownerOf(client: CommandClient, id: string, managed: Scopes["managed"]): Promise<Owner> {
  const deployment = await readDeployment(client.forObject(), id);
  return "reason" in deployment ? { id, name: undefined, resource: undefined } : ownerIn(client, deployment, managed);
}

/** The deployment for the text; its environment variables become secrets. */
function ownerIn(client: CommandClient, { id, name, reply }: ReadDeployment, managed?: Scopes["managed"]): Owner {
  client.keep(valuesIn(Object(reply).environment_variables));
  return { id, name, resource: managed?.get(id)?.resourceName };
}

const linesOfHistory = 30;
const lookedAtOnce = 20;

/** The newest runs with clean errors. */
async function newest(client: CommandClient, { id, reply }: ReadDeployment, count: number): Promise<DeploymentRun[]> {
  const runs = await collected(runsOf(client.forList(), id, {}, Math.min(count, fullPage)), count);
  const clean = await withCleanErrors(client.forObject(), id, runs, reply);
  return newestFirst(clean, ({ createdAt }) => timeOf(createdAt));
}

async function failedRuns(client: CommandClient, deployment: ReadDeployment, count: number): Promise<RunWithResult[]> {
  const found: RunWithResult[] = [];
  const all = await newest(client, deployment, patience.runsOfSearch);
  const resultIn = await resultReader(client, all);
  for (let from = 0; from < all.length && found.length < count; from += lookedAtOnce) {
    const runs = await eachOf(all.slice(from, from + lookedAtOnce), resultIn);
    found.push(...runs.filter(({ result }) => hasFailed(result)));
  }
  return found.slice(0, count);
}

type LogsCommand = NonNullable<ReturnType<typeof askedOfOne>>;

const options = {
  last: valued("N", "the newest N runs; left out: 1, with --history 30"),
  failed: flag("only runs that failed: could not start, stopped by budget and not satisfied count too"),
  history: flag("one line for each run, with the session of one that runs or waits"),
  full: flag("every line; left out: at most 60"),
  json: flag("print JSON, as docs/reference/json.md says"),
  since: valued(
    "TIME",
    "all runs that began or changed since then, of each selected deployment: 02:00, 24h, 7d or RFC 3339",
  ),
  out: valued("FOLDER", "with --since: a text and a JSON file for each run, which only this user can read"),
  tool: valued("NAME", "with --since: each call of this tool, with its arguments"),
  ...deploymentOptions,
} as const;

export const logsCommand: CommandRow<typeof options> = {
  name: "logs",
  brief: "prints what happened in the last run of a deployment, or in a run or session",
  usage: "(NAME | dep_... | drun_... | sess_...) [options], or SELECTION --since TIME (--out FOLDER | --tool NAME)",
  does: "Prints the last run of a deployment: when and why it started, its agent, result and error, the grades, the credits, and the messages, tool calls and artifacts of its session. With --stack, decrypts the secrets of the stack, to hide them. A transcript may contain all that the agent read.",
  argument: [
    "NAME ...",
    "the deployment, by its name at Qoder (with --stack also that of the program) or id; a run; a session; with --since several deployments",
  ],
  options,
  statuses: { 0: "all is printed or written", 1: "something cannot be read, or there is no such run" },
  page: "docs/commands.md#logs",
};

function asked({ values, positionals }: CommandLine<typeof options>, timeZone: string) {
  const { since, out, tool, all, agent, label } = values;
  const isMany = all || [since, out, tool, agent, label].some((one) => one !== undefined);
  if (!isMany && positionals.length > 1) {
    throw new Misuse("give one deployment, run or session, not several");
  }
  return isMany ? askedOfMany({ values, positionals }, timeZone) : askedOfOne({ values, positionals });
}

type Line = Pick<CommandLine<typeof options>, "values" | "positionals">;

function askedOfMany({ values, positionals }: Line, timeZone: string) {
  const { failed, history, full, last, since, out, tool } = values;
  if (failed || history || full || last !== undefined) {
    throw new Misuse("--last, --failed, --history and --full go with one deployment, and not with --since");
  }
  if (since === undefined || (out === undefined && tool === undefined)) {
    throw new Misuse(
      "the runs of many deployments need a time and a place: give --since, such as --since 02:00, with --out FOLDER or --tool NAME",
    );
  }
  const selection = deploymentsSelected(values, positionals);
  const time = commandTime(values.timeout);
  const question = { ...values, isOpen: true, selection, out, tool, time } as const;
  return selection && { ...question, selection, since: sinceOf(since, time.clock, timeZone) };
}

function askedOfOne({ values, positionals: [target] }: Line) {
  if (target === undefined) {
    return undefined;
  }
  const { failed, history, stack, workspace } = values;
  const last = values.last === undefined ? undefined : wholeNumber("last", values.last, 1, 1_000);
  const isOneRun = /^(drun|sess)_[\w-]+$/.test(target);
  if (isOneRun && (last !== undefined || failed || history)) {
    throw new Misuse("--last, --failed and --history go with a deployment, not with one run or session");
  }
  // The account of the environment, or the accounts of the stack, are asked for a run. No deployment selects it.
  const isAll = isOneRun && stack === undefined;
  const chosen = deploymentsSelected({ stack, workspace, all: isAll }, isAll || stack !== undefined ? [] : [target]);
  // In a stack an id selects the account, too.
  const selection = chosen?.by === "stack" && !isOneRun ? { ...chosen, names: [target] } : chosen;
  const { full, json } = values;
  const question = { isOpen: true, failed, history, full, json, stack, workspace, last } as const;
  return selection && { ...question, selection, target, isOneRun, time: commandTime(values.timeout) };
}

type Asked = NonNullable<ReturnType<typeof asked>>;

export const runLogs = runnerOf({ row: logsCommand, around: localTimeZone, asked, work: show });
