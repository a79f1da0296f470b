import { randomUUID } from "node:crypto";
import { counted, dayMs, secondText } from "../../provider/api/clock";
import { QoderError } from "../../provider/api/errors";
import { valuesIn } from "../../provider/deployment-run/clean";
import { deploymentRunKind } from "../../provider/deployment-run/kind";
import { shownState } from "../../provider/deployment-run/result";
import { runsOf, runsUntil } from "../../provider/deployment-run/runs";
import { begin } from "../../provider/deployment-run/start";
import { idempotencyKey } from "../../provider/resource/kind/idempotency";
import { untilVisible } from "../../provider/resource/read/not-visible-yet";
import { Objects } from "../../provider/resource/read/objects";
import { advised } from "../advised";
import { type CommandClient, eachOf } from "../client";
import { type CommandLine, type CommandRow, flag, Misuse, valued } from "../command";
import { readEach, readToAct } from "../deployments";
import type { Layout } from "../logs/run-log";
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
import { failureText, lines, listed, listedIfAny, printable, shown } from "../words";
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
    const now: Pick<Decided, "does" | "reason" | "missed"> =
      "reason" in read ? { does: "fail", reason: read.reason } : await decide(account, read);
    if (now.does !== "start") {
      return [`Not started: ${shown(deployment)}: ${printable(now.reason ?? "nothing is missed any more")}`];
    }
    client.keep(valuesIn(Object(deployment.reply).environment_variables));
    const run = await startOnce(account, deployment.id, now.missed?.at(-1));
    const session = run.sessionId === undefined ? "no session yet" : `session ${run.sessionId}`;
    stdout.write(lines([`Started: ${run.id} of ${shown(deployment)}, ${session}`]));
    if (now.missed !== undefined) {
      await untilListed(client, deployment.id, run.id);
    }
    return command.wait ? await ended(client, run, layout, stdout, command) : [];
  } catch (error) {
    if (!(error instanceof QoderError)) {
      throw error;
    }
    return [`Not started: ${shown(deployment)}: ${failureText(error, again)}`];
  }
}

const again = "Look with `npx pulumi-qoder logs` for a new run, then run the same command again";

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

/** Waits until the list shows the run: the next command decides by the list whether something is still missed. */
async function untilListed(client: CommandClient, deploymentId: string, id: string): Promise<void> {
  const unseen = new QoderError(`the service does not list ${id} yet. Wait a minute before the next \`run --missed\``);
  await untilVisible(client.forObject(), unseen, async () => {
    const { runs } = await runsUntil(runsOf(client.forList(), deploymentId));
    return runs.find((run) => run.id === id);
  });
}

/** Starts a run as a program does: a lost answer starts no second one. `due`: the missed time, which a run catches up once. */
async function startOnce({ client }: CommandAccount, deploymentId: string, due: number | undefined) {
  const own = client.forObject();
  const objects = new Objects(own, deploymentRunKind);
  const cause = due === undefined ? randomUUID() : secondText(due);
  const { id, session_id: sessionId } = await begin({
    ...{ client: own, wanted: { deploymentId }, command: "run" as const },
    key: (generation) =>
      idempotencyKey(`pulumi-qoder run ${deploymentId}`, { cause }, generation, own.account.workspaceId),
    isTaken: () => false,
    continuesWith: () => true,
    by: "by an earlier command, for the same missed time",
    send: async (request, problem) => (await objects.send(request, problem)).object,
  });
  return { id, sessionId: sessionId ?? undefined, error: undefined };
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
  does: "Starts one run of a deployment. Says first what a run may cost, and asks. Prints the ids of the run and of its session. If the answer of the service is lost, the command finds the run that was started.",
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
