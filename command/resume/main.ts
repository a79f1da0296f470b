import { counted } from "../../provider/api/clock";
import { QoderError } from "../../provider/api/errors";
import { newestRun } from "../../provider/deployment-run/runs";
import { eachOf } from "../client";
import { type CommandLine, type CommandRow, flag, runCommand } from "../command";
import { changeStatus, meetsAll, type ReadDeployment, readDeployment, readDeployments } from "../deployments";
import { markOf, unmark } from "../pause/mark";
import { listed, listedIfAny } from "../pause/words";
import { type CommandAccount, inEachAccount, type Scopes, scopesOf, type UnreadObject, withAccounts } from "../scope";
import {
  askingOptions,
  deploymentOptions,
  nothingText,
  type Selected,
  selectedArgument,
  selectedToAct,
  selectedUsage,
} from "../selection";
import { type Environment, isConfirmed, processSurroundings, type Streams, type WriteSurroundings } from "../terminal";
import { failureText, goOnAgain, lines, printable, shown } from "../words";
import { serviceReason, type Wish, whatToResume } from "./what-to-resume";

const exitStatus = { asAsked: 0, notAsAsked: 1 } as const;

export async function runResume(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: WriteSurroundings = processSurroundings(),
): Promise<number> {
  return runCommand(
    resumeCommand,
    args,
    streams,
    (line) => asked(line, surroundings),
    (command) => resume(command, environment, streams, surroundings),
  );
}

/** A deployment with the decision about it. `reason`: why the command leaves it alone, or why that is a problem. */
interface Decided {
  readonly account: CommandAccount;
  readonly deployment: ReadDeployment;
  readonly does: "start" | "leave" | "fail" | "nothing";
  readonly reason?: string | undefined;
}

async function resume(
  command: ResumeCommand,
  environment: Environment,
  streams: Streams,
  { ask }: WriteSurroundings,
): Promise<number> {
  const { stdout, stderr } = streams;
  const scopes = await scopesOf(command, environment, streams);
  return withAccounts(scopes, async (accounts) => {
    const fleets = await inEachAccount(
      accounts,
      async (account) => {
        const { read, ...rest } = await readDeployments(account);
        const known = read.map((deployment) => ({ account, deployment }));
        return { ...rest, decided: await eachOf(known, (one) => decided(one, isWhole(one), command, scopes)) };
      },
      (unread) => ({ decided: [], unread, cutOff: undefined }),
    );
    const all = fleets.flatMap((fleet): readonly Decided[] => fleet.decided);
    const starts = all.filter(({ does }) => does === "start");
    stdout.write(planText(all, command));
    const unread = [...fleets.flatMap((fleet): readonly UnreadObject[] => fleet.unread), ...scopes.unknown];
    const cutOff = fleets.flatMap((fleet) => fleet.cutOff ?? []);
    const problems = [
      ...unread.map(notStarted),
      ...cutOff.map((reason) => `Not all deployments were read: ${printable(reason)}`),
      ...failures(all),
    ];
    if (command.by === "command" && all.length + problems.length === 0) {
      stderr.write(nothingText("resume", command.selection));
      return exitStatus.notAsAsked;
    }
    if (starts.length > 0 && !command.dryRun) {
      const question = `Start ${counted(starts.length, "deployment")} again?`;
      if (!(await isConfirmed(command, ask, question, stderr))) {
        return exitStatus.notAsAsked;
      }
      // A question takes time, in which `pulumi up` may have changed what the stack declares.
      const now = command.yes ? scopes : await scopesOf(command, environment, streams);
      const others = (await eachOf(starts, (one) => started(one, command, now))).filter(({ does }) => does !== "start");
      stdout.write(lines([...leftLines(others, command), `${starts.length - others.length} started`]));
      problems.push(...failures(others));
    }
    stderr.write(lines(problems));
    return problems.length === 0 ? exitStatus.asAsked : exitStatus.notAsAsked;
  });
}

/** Not every list shows the metadata, which has the mark of the pause. */
function isWhole({ deployment: { status, metadata } }: Pick<Decided, "deployment">): boolean {
  return status !== "paused" || metadata !== undefined;
}

/** Starts the deployment if the same decision, right before, says so. */
async function started(known: Decided, command: ResumeCommand, scopes: Scopes): Promise<Decided> {
  const now = await decided(known, false, command, scopes);
  if (now.does === "nothing") {
    const does = command.by === "service" ? "fail" : "leave";
    return { ...now, does, reason: "somebody has changed its pause meanwhile" };
  }
  return now.does === "start" ? orFailure(now, scopes, () => start(now)) : now;
}

async function start(now: Decided): Promise<Decided> {
  const { account, deployment } = now;
  const client = account.client.forObject();
  const changed = await changeStatus(client, deployment.id, "unpause");
  if ("problem" in changed) {
    return { ...now, does: "fail", reason: changed.problem };
  }
  const kept = markOf(deployment) === undefined ? undefined : await unmark(client, deployment.id);
  return kept === undefined ? now : { ...now, does: "fail", reason: `it runs, but the mark stays: ${kept}` };
}

/** Decides about the deployment as it is known, if it is whole and new, else as a GET shows it. */
function decided(
  known: Pick<Decided, "account" | "deployment">,
  isCurrent: boolean,
  { by, selection }: ResumeCommand,
  scopes: Scopes,
): Promise<Decided> {
  return orFailure(known, scopes, async () => {
    const { id, name } = known.deployment;
    const client = known.account.client.forObject();
    const now = isCurrent ? known.deployment : await readDeployment(client, id);
    if ("reason" in now) {
      return { ...known, does: "fail", reason: now.reason };
    }
    // An archive changes the name.
    const current = { ...known, deployment: { ...now, name } };
    const isGiven = selection.by === "ids" && selection.ids.includes(id);
    const decision = whatToResume(now, { by, isGiven, isDeclared: scopes.managed.get(id)?.isPaused === true });
    if (typeof decision === "string") {
      return { ...current, does: decision };
    }
    if ("leave" in decision) {
      return { ...current, does: "leave", reason: decision.leave };
    }
    const run = await newestRun(client, id);
    return Date.parse(run?.createdAt ?? "") > decision.startUnlessRunSince
      ? { ...current, does: "leave", reason: "it has run since, so somebody has started and paused it" }
      : { ...current, does: "start" };
  });
}

/** An error about one deployment, or with several accounts of one of them, must not keep the others paused. */
async function orFailure(
  known: Pick<Decided, "account" | "deployment">,
  { scopes }: Scopes,
  work: () => Promise<Decided>,
): Promise<Decided> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof QoderError && (scopes.length > 1 || !meetsAll(error))) {
      return { ...known, does: "fail", reason: failureText(error, goOnAgain) };
    }
    throw error;
  }
}

/** The plan of the command, for the person who confirms it. */
function planText(all: readonly Decided[], command: ResumeCommand): string {
  const starts = all.filter(({ does }) => does === "start");
  const rows = starts.map((one) => (command.by === "service" ? serviceRow(one) : shown(one.deployment)));
  const title = command.by === "service" ? "To start, paused by the service" : "To start";
  return lines([...listed(title, "deployment", rows), ...leftLines(all, command)]);
}

function leftLines(decided: readonly Decided[], { by }: ResumeCommand): string[] {
  const left = decided.filter(({ does }) => does === "leave");
  const row = ({ deployment, reason = "" }: Decided) => `${shown(deployment)}: ${printable(reason)}`;
  return by === "service"
    ? listedIfAny("Left alone, as a program stops them with `paused: true`", "deployment", left.map(serviceRow))
    : listedIfAny("Left alone", "deployment", left.map(row));
}

function serviceRow({ deployment }: Decided): string {
  return `${shown(deployment)}: ${printable(serviceReason(deployment))}`;
}

function failures(decided: readonly Decided[]): string[] {
  const failed = decided.filter(({ does }) => does === "fail");
  return failed.map(({ deployment: { id, name }, reason = "" }) => notStarted({ id, name, reason }));
}

function notStarted({ id, name, reason }: UnreadObject): string {
  return `Not started: ${shown({ id, name })}: ${printable(reason)}`;
}

interface ResumeCommand extends Selected {
  readonly by: Wish["by"];
  readonly dryRun: boolean;
  readonly yes: boolean;
}

const options = {
  "paused-by-service": flag(
    "start the deployments that the service paused instead, never one that a person paused; without a selection all",
  ),
  ...deploymentOptions,
  ...askingOptions,
} as const;

export const resumeCommand: CommandRow<typeof options> = {
  name: "resume",
  brief: "starts again the deployments that pause has paused",
  usage: `(${selectedUsage} | --paused-by-service) [options]`,
  does: "Starts again, of the selected deployments, the ones that `pulumi-qoder pause` has paused on any machine and that nobody has started, paused or archived since, and that no program stops. Takes their marks away. Lists its changes first, and asks. Cancelled sessions stay cancelled.",
  argument: selectedArgument,
  options,
  statuses: { 0: "every deployment is as asked", 1: "a deployment is not, or none was found" },
  page: "docs/commands/resume.md",
  again: goOnAgain,
};

function asked(line: CommandLine<typeof options>, surroundings: WriteSurroundings): ResumeCommand | undefined {
  const isByService = line.values.pausedByService;
  const acting = selectedToAct(line, surroundings, isByService ? { by: "all" } : undefined);
  return acting && { ...acting, by: isByService ? "service" : "command" };
}
