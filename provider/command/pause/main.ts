import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { deploymentsSelected, refuseUnasked, runCommand, type Selected } from "../command-line";
import { readDeployments } from "../deployments";
import { whileLocked } from "../files";
import {
  askingOptions,
  type CommandLine,
  type CommandRow,
  commandTime,
  deploymentOptions,
  flag,
  selectedArgument,
} from "../options";
import { type CommandAccount, inEachAccount, type Scopes, scopesOf, withAccounts } from "../scope";
import {
  type Environment,
  isConfirmed,
  isTerminal,
  processSurroundings,
  type Streams,
  type WriteSurroundings,
} from "../terminal";
import { goOnAgain, nothingText, printable } from "../words";
import { receiptOf } from "./earlier";
import { pauseAll } from "./pausing";
import { type AccountPlan, isEmptyPlan, type KnownFleet, planned, unreadPlan } from "./plan";
import { newReceiptFile, Receipt, type ReceiptContent, readReceipt, unfinishedReceipts } from "./receipt";
import { countsOf, doneText, planText, problemsText, progressTo, questionText } from "./words";

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
    async (command) => {
      const scopes = await scopesOf(command, environment);
      return withAccounts(scopes, (accounts) =>
        pause(command, scopes, accounts, readDeployments, streams, surroundings),
      );
    },
  );
}

/** Pauses the deployments that `read` returns, after a question, and returns the exit status. */
export async function pause(
  command: PauseCommand,
  scopes: Scopes,
  accounts: readonly CommandAccount[],
  read: (account: CommandAccount) => Promise<KnownFleet>,
  streams: Streams,
  surroundings: WriteSurroundings,
): Promise<number> {
  const { clock, ask, folder } = surroundings;
  const { unknown } = scopes;
  const selection = selectionText(command, scopes);
  const unfinished = unfinishedReceipts(folder, selection, (reason) =>
    streams.stderr.write(`Skipped: ${printable(reason)}\n`),
  );
  const entries = unfinished.toReversed().flatMap(({ content }) => content.deployments);
  const plans = await inEachAccount(
    accounts,
    async (account) => planned(account, command.cancel, entries, clock.now(), await read(account)),
    unreadPlan,
  );
  const earlier = await receiptOf(unfinished, plans);
  const counts = countsOf(plans);
  streams.stdout.write(planText(plans, command.cancel));
  const isEmpty = earlier === undefined && unknown.length === 0 && plans.every(isEmptyPlan);
  const nothing = isEmpty ? nothingText("pause", command.selection) : "";
  const hasWork = counts.toPause.length + counts.sessions.length > 0 || earlier !== undefined;
  if (command.dryRun || !hasWork) {
    const problems = problemsText(plans, unknown, { deployments: [], sessions: [] });
    return shownProblems(`${nothing}${problems}`, streams);
  }
  const question = questionText(counts, command.cancel);
  // Without a question the command only completes the receipt of an interrupted one.
  if (question !== undefined && !(await isConfirmed(command, ask, question, streams.stderr))) {
    return exitStatus.notAsAsked;
  }
  const now = clock.now();
  const file = earlier?.file ?? newReceiptFile(folder, now);
  return whileLocked(file, async () => {
    if (earlier !== undefined && !unfinished.some(({ content }) => isDeepStrictEqual(content, readReceipt(file)))) {
      throw new QoderError(`another command has changed ${file} meanwhile. Run the same command again`);
    }
    const content = merged(blankContent(selection, stackFor(command, scopes), plans, now), earlier?.content);
    const receipt = new Receipt(file, content, surroundings.save);
    const last = await carryOut(command, plans, receipt, streams, clock);
    return shownProblems(problemsText(last, unknown, content), streams);
  });
}

async function carryOut(
  { cancel }: PauseCommand,
  plans: readonly AccountPlan[],
  receipt: Receipt,
  { stdout, stderr }: Streams,
  clock: Clock,
): Promise<AccountPlan[]> {
  receipt.write();
  stderr.write(`The receipt is ${receipt.file}. If this is interrupted, the same command continues\n`);
  const last = await pauseAll(plans, receipt, cancel, clock, progressTo(stderr, countsOf(plans)));
  stderr.write(isTerminal(stderr) ? "\n" : "");
  // The same command retries failed deployments and reads the rest, so the receipt is unfinished while there are any.
  const isLeft = receipt.content.deployments.some(({ state }) => state === "failed" || state === "pausing");
  if (!isLeft && last.every(({ gaps, cutOff }) => gaps.size === 0 && cutOff === undefined)) {
    receipt.end("finishedAt", clock.now());
  }
  stdout.write(doneText(receipt.content, receipt.file));
  return last;
}

function shownProblems(problems: string, { stderr }: Streams): number {
  stderr.write(problems);
  return problems === "" ? exitStatus.asAsked : exitStatus.notAsAsked;
}

/** A text that is equal for command lines with the same selection at the same host. */
function selectionText({ selection, workspace, isByLimits }: PauseCommand, { scopes, stack }: Scopes): string {
  const { names, labels } = selection;
  const narrowed = {
    isByLimits,
    names: names && sortedSet(names),
    labels: labels && sortedSet(labels.map(([...one]) => one.join("="))),
  };
  if (selection.by === "stack") {
    return JSON.stringify({ by: "stack", name: stack?.name, ...narrowed });
  }
  const sorted = selection.by === "ids" ? { by: "ids", ids: sortedSet(selection.ids) } : selection;
  return JSON.stringify({ ...sorted, ...narrowed, workspace, baseUrl: scopes[0]?.account.baseUrl });
}

function sortedSet(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/** The name for `resume`, as the person gave it: only with its organization does it name a stack of another one. */
function stackFor({ selection }: PauseCommand, { stack }: Scopes): string | undefined {
  return selection.by === "stack" ? (selection.name ?? stack?.name) : undefined;
}

function blankContent(
  selection: string,
  stack: string | undefined,
  plans: readonly AccountPlan[],
  now: number,
): ReceiptContent {
  return {
    version: 1,
    startedAt: new Date(now).toISOString(),
    finishedAt: null,
    resumedAt: null,
    selection,
    stack: stack ?? null,
    deployments: plans.flatMap(({ deployments }) => deployments),
    sessions: [],
  };
}

/** The receipt keeps the entries of an earlier command, including deployments that are no longer selected. */
function merged(now: ReceiptContent, earlier: ReceiptContent | undefined): ReceiptContent {
  if (earlier === undefined) {
    return now;
  }
  const selected = new Set(now.deployments.map(({ id }) => id));
  const underWay = new Set(earlier.deployments.filter(({ state }) => state === "pausing").map(({ id }) => id));
  return {
    ...earlier,
    deployments: [
      // A request of the earlier command may still be on its way to the service.
      ...now.deployments.map((entry) =>
        entry.state === "to pause" && underWay.has(entry.id) ? { ...entry, state: "pausing" as const } : entry,
      ),
      // What was never paused needs no entry: a deployment that is archived by now would remain a failure.
      ...earlier.deployments.filter(({ id, state }) => !selected.has(id) && state !== "to pause" && state !== "failed"),
    ],
  };
}

export interface PauseCommand extends Selected {
  /** Whether the limits choose among the selected deployments. */
  readonly isByLimits?: true;
  readonly cancel: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

const options = {
  ...deploymentOptions,
  cancel: flag("also cancel the sessions that run, or that wait for somebody since at most 7 days"),
  ...askingOptions,
} as const;

export const pauseCommand: CommandRow<typeof options> = {
  name: "pause",
  brief: "pauses deployments, and cancels their sessions if asked to",
  usage: "(dep_... | NAME | --all | --agent ID | --stack [NAME] | --label KEY=VALUE) [--cancel] [--dry-run] [--yes]",
  does: "Pauses deployments, so that none of them starts until `pulumi-qoder resume RECEIPT`. Lists its changes first, and asks. The receipt, qoder-pause-<time>.json in the present folder, records each change; after an interruption the same command continues with it. Running sessions continue without --cancel.",
  argument: selectedArgument,
  options,
  statuses:
    "0 every deployment is as asked, 1 one is not (stderr names it) or no deployment was found, 2 the command line is wrong, or there is no terminal to ask in.",
  page: "docs/commands/pause.md",
  again: goOnAgain,
};

function asked({ values, positionals }: CommandLine<typeof options>, { ask, clock }: WriteSurroundings) {
  const selection = deploymentsSelected(values, positionals);
  if (selection === undefined) {
    return undefined;
  }
  const asking = { yes: values.yes, dryRun: values["dry-run"] };
  refuseUnasked(ask, asking);
  return { ...values, ...asking, selection, time: commandTime(values.timeout, clock) };
}
