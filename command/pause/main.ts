import { type CommandLine, type CommandRow, flag, runCommand } from "../command";
import { readDeployments } from "../deployments";
import { type CommandAccount, inEachAccount, inSelected, type Scopes } from "../scope";
import {
  askingOptions,
  deploymentOptions,
  nothingText,
  type Selected,
  selectedArgument,
  selectedToAct,
  selectedUsage,
  selectionText,
} from "../selection";
import { type Environment, isConfirmed, processSurroundings, type Streams, type WriteSurroundings } from "../terminal";
import { goOnAgain } from "../words";
import { PauseRecord, pauseAll } from "./pause-and-cancel";
import { type KnownFleet, planned, unreadPlan } from "./plan";
import { doneText, planText, problemsText, progressTo, questionText } from "./words";

const exitStatus = { asAsked: 0, notAsAsked: 1 } as const;

export async function runPause(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: WriteSurroundings = processSurroundings(),
): Promise<number> {
  return runCommand(
    pauseCommand,
    args,
    streams,
    (line) => asked(line, surroundings),
    (command) =>
      inSelected(command, environment, streams, (accounts, scopes) =>
        pause(command, scopes, accounts, readDeployments, streams, surroundings),
      ),
  );
}

/** Pauses the deployments that `read` returns, after a question, and returns the exit status. */
export async function pause(
  command: PauseCommand,
  { unknown }: Scopes,
  accounts: readonly CommandAccount[],
  read: (account: CommandAccount) => Promise<KnownFleet>,
  { stdout, stderr }: Streams,
  { ask }: WriteSurroundings,
): Promise<number> {
  const { cancel, dryRun, time } = command;
  const plans = await inEachAccount(
    accounts,
    async (account) => planned(account, cancel, await read(account)),
    unreadPlan,
  );
  const toPause = plans.flatMap((plan) => plan.deployments.filter(({ state }) => state === "pause")).length;
  const sessions = plans.flatMap((plan) => plan.sessions).length;
  stdout.write(planText(plans, cancel));
  const hasWork = toPause + sessions > 0 || plans.some(({ isUnsettled }) => isUnsettled);
  const isAgreed = !dryRun && hasWork;
  if (isAgreed && !(await isConfirmed(command, ask, questionText(toPause, sessions, cancel), stderr))) {
    return exitStatus.notAsAsked;
  }
  const done = new PauseRecord(plans);
  const last = isAgreed ? await pauseAll(plans, done, cancel, time, progressTo(stderr, toPause)) : plans;
  stderr.write(isAgreed && stderr.isTerminal ? "\n" : "");
  stdout.write(isAgreed || (!dryRun && done.in("paused").length > 0) ? doneText(done, selectionText(command)) : "");
  const found = plans.flatMap((plan) => [...plan.deployments, ...plan.unread, plan.cutOff ?? []].flat());
  const isEmpty = unknown.length + found.length === 0;
  const problems = problemsText(last, unknown, done);
  stderr.write(`${isEmpty ? nothingText("pause", command.selection) : ""}${problems}`);
  return isEmpty || problems !== "" ? exitStatus.notAsAsked : exitStatus.asAsked;
}

interface PauseCommand extends Selected {
  readonly cancel: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

const options = {
  ...deploymentOptions,
  cancel: flag("also cancel the sessions that run, or have waited for somebody for up to 7 days"),
  ...askingOptions,
} as const;

export const pauseCommand: CommandRow<typeof options> = {
  name: "pause",
  brief: "pauses deployments, and cancels their sessions if asked to",
  usage: `(${selectedUsage}) [options]`,
  does: "Pauses deployments, so that none of them starts until `pulumi-qoder resume` with the same selection, on any machine. Lists its changes first, and asks. A mark in the metadata of each deployment says that this command paused it; after an interruption the same command continues. Running sessions continue without --cancel.",
  argument: selectedArgument,
  options,
  statuses: { 0: "every deployment is as asked", 1: "a deployment is not, or none was found" },
  page: "docs/commands/pause.md",
  again: goOnAgain,
};

function asked(line: CommandLine<typeof options>, surroundings: WriteSurroundings): PauseCommand | undefined {
  const acting = selectedToAct(line, surroundings);
  return acting && { ...acting, cancel: line.values.cancel };
}
