import { longestReason, type PauseMark } from "../../provider/deployment/pause-mark";
import { type CommandLine, type CommandRow, flag, Misuse, valued } from "../command";
import { readDeployments } from "../deployments";
import { type CommandAccount, inAllAccounts, inEachAccount, runSelected, type Scopes } from "../scope";
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
import { goOnAgain } from "../words";
import { newPause } from "./mark";
import { PauseRecord, pauseAll } from "./pause-and-cancel";
import { type AccountPlan, isUnsettled, type KnownFleet, planned, unreadPlan, withSessions } from "./plan";
import { doneText, planText, problemsText, progressTo, questionText, sessionsText } from "./words";

const exitStatus = { asAsked: 0, notAsAsked: 1 } as const;

export async function runPause(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: WriteSurroundings = processSurroundings(),
): Promise<number> {
  return runSelected(
    { row: pauseCommand, args, environment, streams },
    (line) => asked(line, surroundings),
    (command, accounts, scopes) => pause(command, scopes, accounts, readDeployments, streams, surroundings),
  );
}

/** Pauses the deployments that `read` returns, after a question, and returns the exit status. */
export async function pause(
  command: PauseCommand,
  scopes: Scopes,
  accounts: readonly CommandAccount[],
  read: (account: CommandAccount) => Promise<KnownFleet>,
  { stdout, stderr }: Streams,
  { ask }: WriteSurroundings,
): Promise<number> {
  const { dryRun, time } = command;
  const { plans, toPause, isUrgent } = await plansOf(command, scopes, accounts, read);
  const sessions = plans.flatMap((plan) => plan.sessions).length;
  const nowOf = () => accounts[0]?.client.serviceNow() ?? time.clock.now();
  const isRead = command.cancel && !isUrgent;
  stdout.write(`${planText(plans, command, nowOf())}${isRead ? sessionsText(plans) : ""}`);
  const isAgreed = !dryRun && (toPause + sessions > 0 || (isRead && plans.some(isUnsettled)));
  const question = questionText(toPause, isUrgent ? undefined : sessions, command.cancel);
  if (isAgreed && !(await isConfirmed(command, ask, question, stderr))) {
    return exitStatus.notAsAsked;
  }
  const done = new PauseRecord(plans);
  const known = plans.flatMap((plan) => plan.deployments.map((one) => one.read));
  const mark = newPause(known, nowOf(), command);
  const show = (open: readonly AccountPlan[]) => stdout.write(sessionsText(open));
  const work = { ...command, pause: mark, isUrgent, scopes, progress: progressTo(stderr, toPause), show };
  const last = isAgreed ? await pauseAll(plans, done, work) : plans;
  if (isAgreed) {
    stderr.write(stderr.isTerminal ? "\n" : "");
    stdout.write(doneText(done, mark, command));
  }
  const problems = problemsText(last, scopes.unknown, done);
  const isEmpty = isNothing(plans, scopes);
  stderr.write(`${isEmpty ? nothingText("pause", command.selection) : ""}${problems}`);
  return isEmpty || problems !== "" ? exitStatus.notAsAsked : exitStatus.asAsked;
}

/** What runs costs money while sessions are read, which can take minutes: `isUrgent` is true if a pause comes first. */
async function plansOf(
  { cancel, dryRun, by }: PauseCommand,
  scopes: Scopes,
  accounts: readonly CommandAccount[],
  read: (account: CommandAccount) => Promise<KnownFleet>,
) {
  const plans = await inEachAccount(accounts, async (one) => planned(one, await read(one), scopes, { by }), unreadPlan);
  const toPause = plans.flatMap((plan) => plan.deployments.filter(({ state }) => state === "pause")).length;
  const isUrgent = toPause > 0 && !dryRun;
  const all = cancel && !isUrgent ? await inAllAccounts(plans, (plan) => withSessions(plan)) : plans;
  return { plans: all, toPause, isUrgent };
}

function isNothing(plans: readonly AccountPlan[], { unknown }: Scopes): boolean {
  const found = plans.flatMap((plan) => [...plan.deployments, ...plan.unread, plan.cutOff ?? []].flat());
  return unknown.length + found.length === 0;
}

interface PauseCommand extends Selected, Pick<PauseMark, "by" | "reason"> {
  readonly cancel: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

const options = {
  ...deploymentOptions,
  cancel: flag("then cancel the sessions that run, or have waited for somebody for up to 7 days"),
  reason: valued("TEXT", "why, in up to 100 characters, for those who see the pause later"),
  ...askingOptions,
} as const;

export const pauseCommand: CommandRow<typeof options> = {
  name: "pause",
  brief: "pauses deployments, and cancels their sessions if asked to",
  usage: `(${selectedUsage}) [options]`,
  does: "Pauses deployments, so that none of them starts until `pulumi-qoder resume` with the id of this pause, which it prints, on any machine. Lists its changes first, and asks. A mark in the metadata of each deployment has the id; after an interruption the same command pauses the rest. Running sessions continue without --cancel.",
  argument: selectedArgument,
  options,
  statuses: { 0: "every deployment is as asked", 1: "a deployment is not, or none was found" },
  page: "docs/commands/pause.md",
  again: goOnAgain,
};

function asked(line: CommandLine<typeof options>, surroundings: WriteSurroundings): PauseCommand | undefined {
  const { cancel, reason } = line.values;
  if (reason !== undefined && (reason.trim() === "" || [...reason].length > longestReason)) {
    throw new Misuse(`--reason takes a text of up to ${longestReason} characters`);
  }
  const acting = selectedToAct(line, surroundings);
  return acting && { ...acting, cancel, reason, by: undefined };
}
