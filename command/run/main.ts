import { randomUUID } from "node:crypto";
import { counted, dayMs, secondText } from "../../provider/api/clock";
import { QoderError } from "../../provider/api/errors";
import { valuesIn } from "../../provider/deployment-run/hide-secrets";
import { deploymentRunKind } from "../../provider/deployment-run/kind";
import { shownState } from "../../provider/deployment-run/result";
import { runsOf, runsUntil } from "../../provider/deployment-run/runs";
import { begin } from "../../provider/deployment-run/start";
import { idempotencyKey } from "../../provider/resource/kind/idempotency";
import { untilVisible } from "../../provider/resource/read/not-visible-yet";
import { Objects } from "../../provider/resource/read/objects";
import { actOn, type Known, readAgain } from "../act";
import { advised } from "../advised";
import type { CommandClient } from "../client";
import { type CommandLine, type CommandRow, flag, Misuse, valued } from "../command";
import { readEach } from "../deployments";
import type { Layout } from "../logs/run-log";
import type { Sink } from "../printer";
import { creditsCell, errorText, longTime } from "../runs/texts";
import { type CommandAccount, type Context, inAllAccounts, runnerOf } from "../scope";
import { askingOptions, deploymentOptions, selectedArgument, selectedToAct, selectedUsage } from "../selection";
import { localTimeZone, processSurroundings, type WriteSurroundings } from "../terminal";
import { sinceOf } from "../time";
import { failureText, lines, listed, listedIfAny, printable, shown } from "../words";
import { waitForResult } from "./wait";
import { type Decided, whatToRun } from "./what-to-run";

interface RunSurroundings extends WriteSurroundings {
  readonly timeZone: string;
}

async function start(context: Context<RunCommand, RunSurroundings>): Promise<number> {
  const { command, accounts, streams, surroundings } = context;
  const { timeZone } = surroundings;
  const { columns } = streams.stdout;
  const layout = { timeZone, columns, isWhole: true, json: false, time: command.time };
  const time = longTime(timeZone);
  const missedText = ({ missed }: Decided) =>
    missed === undefined ? "" : `missed ${missed.map((at) => time(new Date(at).toISOString())).join(", ")}; `;
  const fleets = await inAllAccounts(accounts, async (account) => {
    const { read, unread, stop } = await readEach(account, async (deployment) => ({ account, deployment }));
    return { read, unread, cutOff: stop && failureText(stop.error) };
  });
  const problems: string[] = [];
  return actOn<Known, Decided>(context, {
    verb: "start",
    not: "Not started",
    fleets,
    named: ({ deployment }) => deployment,
    decide: (known, { managed }) => {
      const { account, deployment } = known;
      const since = command.since?.(account.client.serviceNow());
      const failed = (error: unknown): Decided => ({ ...known, does: "fail", reason: refusal(error) });
      return whatToRun(account, deployment, since, managed.get(deployment.id), command).catch(failed);
    },
    title(all) {
      const starts = all.filter(({ does }) => does === "act");
      if (command.since === undefined && starts.length > 1) {
        const ids = starts.map(({ deployment }) => deployment.id).join(", ");
        throw new QoderError(`${starts.length} deployments have this name. Give the id of one: ${ids}`);
      }
      const left = all.filter(({ does }) => does === "leave");
      return [
        ...listed(
          "To start",
          "run",
          starts.map((one) => `${shown(one.deployment)}: ${missedText(one)}${one.cost}`),
        ),
        ...listedIfAny(
          "Not started",
          "deployment",
          left.map(({ deployment, reason = "" }) => `${shown(deployment)}: ${printable(reason)}`),
        ),
      ];
    },
    question: (todo) => (todo.length === 0 ? undefined : `Start ${counted(todo.length, "run")}?`),
    again: readAgain,
    act: async (item) => {
      const reason = await started(item, command, layout, streams.stdout, problems).catch(refusal);
      return reason === undefined ? item : { ...item, does: "fail", reason };
    },
    close(tried) {
      const left = tried.filter(({ does }) => does === "leave");
      const changed = left.map(
        ({ deployment, reason = "" }) => `Not started: ${shown(deployment)}: ${printable(reason)}`,
      );
      return { done: [], problems: [...changed, ...problems] };
    },
  });
}

/** Starts the run. `problems` takes what is wrong with its end. */
async function started(
  { account, deployment, missed }: Decided,
  command: RunCommand,
  layout: Layout,
  stdout: Sink,
  problems: string[],
): Promise<undefined> {
  const { client } = account;
  client.keep(valuesIn(Object(deployment.reply).environment_variables));
  const run = await startOnce(account, deployment.id, missed?.at(-1));
  const session = run.sessionId === undefined ? "no session yet" : `session ${run.sessionId}`;
  stdout.write(lines([`Started: ${run.id} of ${shown(deployment)}, ${session}`]));
  if (missed !== undefined) {
    await untilListed(client, deployment.id, run.id);
  }
  problems.push(...(command.wait ? await ended(client, run, layout, stdout, command) : []));
}

/** Why a run was not started. Throws what is no failure of a request. */
function refusal(error: unknown): string {
  if (!(error instanceof QoderError)) {
    throw error;
  }
  return failureText(error, again);
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
    "wait, and print the transcript as it grows; with --stack the command decrypts the secrets of the stack, to hide them",
  ),
  ...deploymentOptions,
  ...askingOptions,
} as const;

export const runRow: CommandRow<typeof options> = {
  name: "run",
  brief: "starts a run of a deployment now, or a run for each deployment that missed one",
  usage: `(dep_... | NAME | --missed [${selectedUsage}]) [options]`,
  does: "Starts one run of a deployment. Shows first how much a run may cost, and asks. Prints the ids of the run and of its session. If the answer of the service is lost, the command finds the run that was started.",
  argument: selectedArgument,
  options,
  statuses: {
    0: "each run was started, and with --wait is done",
    1: "a run was not started, or with --wait it is not done",
  },
  page: "docs/commands.md#run",
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

export const runRun = runnerOf({
  row: runRow,
  around: (): RunSurroundings => ({ ...processSurroundings(), timeZone: localTimeZone() }),
  asked,
  work: start,
});
