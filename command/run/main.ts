import { counted, dayMs } from "../../provider/api/clock";
import { QoderError } from "../../provider/api/errors";
import { valuesIn } from "../../provider/deployment-run/clean";
import { deploymentRunKind } from "../../provider/deployment-run/kind";
import { life } from "../../provider/deployment-run/life";
import { deploymentRunSchema } from "../../provider/deployment-run/reply";
import { shownState } from "../../provider/deployment-run/result";
import { Objects } from "../../provider/resource/read/objects";
import { advised } from "../advised";
import { type CommandClient, eachOf } from "../client";
import { type CommandLine, type CommandRow, flag, Misuse, valued } from "../command";
import { readEach, readToAct } from "../deployments";
import type { Layout } from "../logs/run-log";
import { listed, listedIfAny } from "../pause/words";
import { creditsCell, errorText, longTime } from "../runs/texts";
import { type CommandAccount, inAllAccounts, runSelected, type Scopes } from "../scope";
import {
  askingOptions,
  deploymentOptions,
  nothingText,
  selectedArgument,
  selectedToAct,
  selectedUsage,
} from "../selection";
import {
  type Environment,
  isConfirmed,
  localTimeZone,
  ordinaryColumns,
  processSurroundings,
  type Sink,
  type Streams,
  type WriteSurroundings,
} from "../terminal";
import { sinceOf } from "../time";
import { failureText, lines, printable, shown } from "../words";
import { waitForResult } from "./wait";
import { type Decided, whatToRun } from "./what-to-run";

const exitStatus = { asAsked: 0, notAsAsked: 1 } as const;

interface RunSurroundings extends WriteSurroundings {
  readonly timeZone: string;
}

export function runRun(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: RunSurroundings = { ...processSurroundings(), timeZone: localTimeZone() },
): Promise<number> {
  return runSelected(
    { row: runRow, args, environment, streams },
    (line) => asked(line, surroundings),
    (command, accounts, scopes) => start(command, accounts, scopes, streams, surroundings),
    streams.stderr,
  );
}

async function start(
  command: RunCommand,
  accounts: readonly CommandAccount[],
  { unknown, managed }: Scopes,
  streams: Streams,
  { ask, timeZone }: RunSurroundings,
): Promise<number> {
  const { stdout, stderr } = streams;
  const decide = (account: CommandAccount, one: Decided["deployment"]) =>
    whatToRun(account, one, command.since?.(account.client.serviceNow()), managed.get(one.id), command);
  const fleets = await inAllAccounts(accounts, (account) => readEach(account, (one) => decide(account, one)));
  const all = fleets.flatMap(({ read }) => read);
  const starts = all.filter(({ does }) => does === "start");
  if (command.since === undefined && starts.length > 1) {
    const ids = starts.map(({ deployment }) => deployment.id).join(", ");
    throw new QoderError(`${starts.length} deployments have this name. Give the id of one: ${ids}`);
  }
  const time = longTime(timeZone);
  const missedText = ({ missed }: Decided) =>
    missed === undefined ? "" : `missed ${missed.map((at) => time(new Date(at).toISOString())).join(", ")}; `;
  stdout.write(
    lines([
      ...listed(
        "To start",
        "run",
        starts.map((one) => `${shown(one.deployment)}: ${missedText(one)}${one.cost}`),
      ),
      ...listedIfAny(
        "Not started",
        "deployment",
        all.flatMap(({ does, deployment, reason }) =>
          does === "nothing" && reason !== undefined ? [`${shown(deployment)}: ${printable(reason)}`] : [],
        ),
      ),
    ]),
  );
  let problems = [
    ...all.filter(({ does }) => does === "fail").map(({ deployment, reason = "" }) => ({ ...deployment, reason })),
    ...fleets.flatMap(({ unread }) => unread),
    ...unknown,
  ]
    .map((one) => `Not started: ${shown(one)}: ${printable(one.reason)}`)
    .concat(
      fleets.flatMap(({ stop }) =>
        stop === undefined ? [] : [`Not all deployments were read: ${failureText(stop.error)}`],
      ),
    );
  if (all.length + problems.length === 0) {
    stderr.write(nothingText("start", command.selection));
    return exitStatus.notAsAsked;
  }
  if (starts.length > 0 && !command.dryRun) {
    if (!(await isConfirmed(command, ask, `Start ${counted(starts.length, "run")}?`, stderr))) {
      return exitStatus.notAsAsked;
    }
    const layout = {
      timeZone,
      columns: stdout.columns ?? ordinaryColumns,
      isWhole: true,
      json: false,
      time: command.time,
    };
    const ended = await eachOf(starts, (one) => started(one, decide, command, layout, streams));
    problems = [problems, ...ended].flat();
  }
  stderr.write(lines(problems));
  return problems.length === 0 ? exitStatus.asAsked : exitStatus.notAsAsked;
}

/** Starts the run if the same decision, right before, says so. Returns what went wrong. */
async function started(
  { account, deployment }: Decided,
  decide: (account: CommandAccount, deployment: Decided["deployment"]) => Promise<Decided>,
  command: RunCommand,
  layout: Layout,
  { stdout }: Streams,
): Promise<string[]> {
  const { client } = account;
  try {
    const read = await readToAct(client.forObject(), deployment.id);
    const now = "reason" in read ? { does: "fail", reason: read.reason } : await decide(account, read);
    if (now.does !== "start") {
      return [`Not started: ${shown(deployment)}: ${printable(now.reason ?? "nothing is missed any more")}`];
    }
    client.keep(valuesIn(Object(deployment.reply).environment_variables));
    const run = await startOnce(account, deployment.id);
    const session = run.sessionId === undefined ? "no session yet" : `session ${run.sessionId}`;
    const how = run.isNew ? "Started:" : "Continues with";
    stdout.write(lines([`${how} ${run.id} of ${shown(deployment)}, ${session}`]));
    run.isShown();
    return command.wait ? await ended(client, run, layout, stdout, command) : [];
  } catch (error) {
    if (!(error instanceof QoderError)) {
      throw error;
    }
    return [`Not started: ${shown(deployment)}: ${failureText(error, again)}`];
  }
}

const again = "Run the same command again; it starts no second run";

/** Waits for the end of the run. Returns what is wrong with it. */
async function ended(
  client: CommandClient,
  run: Awaited<ReturnType<typeof startOnce>>,
  layout: Layout,
  stdout: Sink,
  command: RunCommand,
): Promise<string[]> {
  const logs = `\`${advised("logs", [run.id], command)}\``;
  try {
    const result = await waitForResult(client, run, layout, command.follow ? stdout : undefined);
    const error = result.error === undefined ? "" : `: ${errorText(result.error)}`;
    stdout.write(
      lines([`${run.id}: ${printable(shownState(result))}${error}, credits ${creditsCell(result.credits)}`]),
    );
    return result.state === "done" ? [] : [`${logs} shows what happened`];
  } catch (error) {
    if (!(error instanceof QoderError)) {
      throw error;
    }
    return [`The end of ${run.id} is not known: ${printable(error.message)}. The run continues; ${logs} shows it`];
  }
}

/** Starts a run as a program does: if the answer is lost, or an earlier command was killed, the run that it started is taken. */
async function startOnce({ client }: CommandAccount, deploymentId: string) {
  const own = client.forObject();
  const objects = new Objects(own, deploymentRunKind);
  const origin = `pulumi-qoder run ${deploymentId}`;
  let isNew = false;
  const reply = await life.start({
    ...{ client: own, wanted: { deploymentId }, lasting: { deploymentId }, origin, command: "run" as const },
    alone: (_, work) => work(),
    lastChange: () => 0,
    isTaken: () => false,
    send: async (request, problem) => {
      isNew = true;
      return (await objects.send(request, problem)).object;
    },
  });
  const { id, session_id: sessionId } = deploymentRunSchema.parse(reply);
  return { id, sessionId: sessionId ?? undefined, error: undefined, isNew, isShown: () => life.isInState(id, origin) };
}

type RunCommand = NonNullable<ReturnType<typeof asked>>;

const options = {
  missed: flag(
    "start a run for each deployment that missed one since --since, at most one each; without a selection all",
  ),
  since: valued("TIME", "with --missed: since then, such as 24h, or 2026-11-25T00:00:00Z; left out: 24h"),
  wait: flag("wait for the end of the run, and end with its result"),
  follow: flag(
    "wait, and print the transcript as it grows; with --stack it decrypts the secrets of the stack, to hide them",
  ),
  ...deploymentOptions,
  ...askingOptions,
} as const;

export const runRow: CommandRow<typeof options> = {
  name: "run",
  brief: "starts a run of a deployment now, or catches up missed runs",
  usage: `(dep_... | NAME | --missed [${selectedUsage}]) [options]`,
  does: "Starts one run of a deployment. Says first what a run may cost, and asks. Prints the ids of the run and of its session. If the answer of the service is lost, or the command was killed, the same command takes the run that was started, and starts no second one.",
  argument: selectedArgument,
  options,
  statuses: {
    0: "each run was started, and with --wait is done",
    1: "a run was not started, or with --wait it is not done",
  },
  page: "docs/commands/run.md",
  again,
};

function asked(line: CommandLine<typeof options>, surroundings: RunSurroundings) {
  const { missed, since, wait, follow, all, agent, label } = line.values;
  if (
    !missed &&
    (since !== undefined || all || agent !== undefined || label !== undefined || line.positionals.length > 1)
  ) {
    throw new Misuse("run starts one run, of one deployment; --since and other selections go with --missed");
  }
  if (missed && (wait || follow)) {
    throw new Misuse("--wait and --follow go with one deployment, not with --missed");
  }
  if (!missed && line.positionals.length === 0) {
    return undefined;
  }
  const acting = selectedToAct(line, surroundings, { by: "all" });
  const from = since === undefined ? (now: number) => now - dayMs : sinceOf(since, surroundings.clock);
  return acting && { ...acting, isOpen: follow, since: missed ? from : undefined, wait: wait || follow, follow };
}
