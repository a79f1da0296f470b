import { parseArgs } from "node:util";
import type { Clock } from "../../api/clock";
import {
  commonOptions,
  type DeploymentSelection,
  deploymentsSelected,
  runCommand,
  stackOption,
  timeoutOf,
  withStackName,
} from "../command-line";
import { refuseUnasked } from "../question";
import { type Scopes, scopesOf } from "../scope";
import { processSurroundings, type WriteSurroundings } from "../surroundings";
import { type Environment, goOnAgain, type Streams } from "../terminal";
import { withAccounts } from "./account";
import { help } from "./help";
import { pauseAll } from "./pausing";
import { type AccountPlan, planned } from "./plan";
import { isTerminal, progressTo } from "./progress";
import { newReceiptFile, Receipt, type ReceiptContent, unfinishedReceipt } from "./receipt";
import { countsOf, doneText, planText, problemsText, questionText } from "./words";

/** The exit statuses. */
const ended = { asAsked: 0, notAsAsked: 1 } as const;

/** Runs the command `pulumi-qoder pause` and returns its exit status. */
export async function runPause(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: WriteSurroundings = processSurroundings(),
): Promise<number> {
  return runCommand({ name: "pause", help, failed: ended.notAsAsked, again: goOnAgain }, streams, () => {
    const command = commandIn(args, surroundings);
    return command === undefined || command === "help"
      ? command
      : async () => pause(command, await scopesOf(command, environment), streams, surroundings);
  });
}

async function pause(
  command: PauseCommand,
  { scopes, unknown, stack, timeoutMs }: Scopes,
  streams: Streams,
  surroundings: WriteSurroundings,
): Promise<number> {
  const { clock, ask, folder } = surroundings;
  const selection = selectionText(command, stack);
  const earlier = unfinishedReceipt(folder, selection);
  return withAccounts(scopes, timeoutMs, clock, async (accounts) => {
    const plans = await Promise.all(
      accounts.map((account) => planned(account, command.cancel, earlier?.content, clock.now())),
    );
    const counts = countsOf(plans);
    streams.stdout.write(planText(plans, command.cancel));
    const hasWork = counts.toPause.length + counts.sessions.length > 0 || earlier !== undefined;
    if (command.dryRun || !hasWork) {
      return toldProblems(problemsText(plans, unknown, { deployments: [], sessions: [] }), streams);
    }
    if (!command.yes && !(await ask?.(questionText(counts, command.cancel)))) {
      streams.stderr.write("Nothing was changed.\n");
      return ended.notAsAsked;
    }
    const now = clock.now();
    const content = merged(blankContent(selection, stack, plans, now), earlier?.content);
    const receipt = new Receipt(earlier?.file ?? newReceiptFile(folder, now), content, surroundings.save);
    await carryOut(command, plans, receipt, streams, clock);
    return toldProblems(problemsText(plans, unknown, content), streams);
  });
}

async function carryOut(
  { cancel }: PauseCommand,
  plans: readonly AccountPlan[],
  receipt: Receipt,
  { stdout, stderr }: Streams,
  clock: Clock,
): Promise<void> {
  receipt.write();
  stderr.write(`The receipt is ${receipt.file}. If this is interrupted, the same command goes on\n`);
  await pauseAll(plans, receipt, cancel, clock, progressTo(stderr, countsOf(plans)));
  stderr.write(isTerminal(stderr) ? "\n" : "");
  // The same command retries failed deployments, so the receipt is unfinished while there are any.
  if (!receipt.content.deployments.some(({ state }) => state === "failed" || state === "pausing")) {
    receipt.end("finishedAt", clock.now());
  }
  stdout.write(doneText(receipt.content, receipt.file));
}

function toldProblems(problems: string, { stderr }: Streams): number {
  stderr.write(problems);
  return problems === "" ? ended.asAsked : ended.notAsAsked;
}

/** A text that is equal for command lines with the same selection. */
function selectionText({ selection, workspace }: PauseCommand, stack: string | undefined): string {
  const sorted = selection.by === "ids" ? { by: "ids", ids: [...new Set(selection.ids)].sort() } : selection;
  return JSON.stringify({ ...sorted, workspace, ...(selection.by === "stack" ? { name: stack } : {}) });
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
      ...earlier.deployments.filter(({ id }) => !selected.has(id)),
    ],
  };
}

interface PauseCommand {
  readonly selection: DeploymentSelection;
  readonly cancel: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly workspace: string | undefined;
  readonly timeoutMs: number | undefined;
}

const options = {
  ...commonOptions,
  ...stackOption,
  cancel: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
} as const;

function commandIn(args: readonly string[], { ask }: WriteSurroundings): PauseCommand | "help" | undefined {
  const { values, positionals } = parseArgs({ args: withStackName(args), options, allowPositionals: true });
  if (values.help) {
    return "help";
  }
  const { cancel = false, "dry-run": dryRun = false, yes = false, workspace, timeout } = values;
  const selection = deploymentsSelected(values, positionals);
  if (selection === undefined) {
    return undefined;
  }
  refuseUnasked(ask, { yes, dryRun });
  return { selection, cancel, dryRun, yes, workspace, timeoutMs: timeoutOf(timeout) };
}
