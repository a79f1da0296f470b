import { counted } from "../../api/clock";
import { eachOf } from "../client";
import { deploymentsSelected, refuseUnasked, runCommand } from "../command-line";
import { changeStatus } from "../deployments";
import { whileLocked } from "../files";
import {
  askingOptions,
  type CommandLine,
  type CommandRow,
  type CommandTime,
  commandTime,
  deploymentOptions,
  flag,
  Misuse,
  valued,
} from "../options";
import { type PausedEntry, Receipt, type ReceiptContent, readReceipt } from "../pause/receipt";
import { listed, listedIfAny } from "../pause/words";
import { type Scopes, scopesOf, withAccounts } from "../scope";
import { type Environment, isConfirmed, processSurroundings, type Streams, type WriteSurroundings } from "../terminal";
import { goOnAgain, lines, printable, shown } from "../words";
import { type Decision, decided, type IsDeclared, startQuestion } from "./plan";
import { resumePausedByService, type ServicePauses } from "./service-pauses";

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
    async (command) => {
      if ("selection" in command) {
        const isDone = await resumePausedByService(command, environment, streams, surroundings);
        return isDone ? exitStatus.asAsked : exitStatus.notAsAsked;
      }
      const work = async () => {
        const receipt = new Receipt(command.file, readReceipt(command.file), surroundings.save);
        return resume(command, receipt, environment, streams, surroundings);
      };
      readReceipt(command.file);
      return command.dryRun ? work() : whileLocked(command.file, work);
    },
  );
}

/** The deployments that the pause command may have paused, without those that were paused before it or by others. */
function entriesOf({ content }: Receipt) {
  const ours = ["pausing", "paused", "resuming", "resumed"];
  return content.deployments.filter(({ state }) => ours.includes(state));
}

/** The accounts. Tokens are read again, because a receipt contains none and those of a stack may have changed. */
function scopesFor({ time }: ResumeCommand, receipt: Receipt, environment: Environment): Promise<Scopes> {
  const { stack, deployments } = receipt.content;
  const workspace = deployments[0]?.workspaceId ?? undefined;
  const selection =
    stack === null
      ? ({ by: "ids", ids: entriesOf(receipt).map(({ id }) => id) } as const)
      : ({ by: "stack", name: stack } as const);
  return scopesOf({ selection, workspace, time }, environment);
}

async function resume(
  command: ResumeCommand,
  receipt: Receipt,
  environment: Environment,
  { stdout, stderr }: Streams,
  { clock, ask }: WriteSurroundings,
): Promise<number> {
  const scopes = await scopesFor(command, receipt, environment);
  const { stack, time } = command;
  const declaring =
    stack === undefined
      ? scopes
      : await scopesOf({ selection: { by: "stack", name: stack || undefined }, time }, environment);
  const isDeclared: IsDeclared = (id) => [scopes, declaring].some(({ managed }) => managed.get(id)?.isPaused === true);
  return withAccounts(scopes, async (accounts) => {
    const decide = (entry: PausedEntry) => decided(entry, accounts, isDeclared);
    const decisions = await eachOf(entriesOf(receipt), decide);
    const starts = decisions.filter((decision) => "start" in decision);
    stdout.write(planText(decisions, receipt.content));
    const problems = decisions.flatMap((decision) => ("problem" in decision ? problemText(decision) : []));
    if (starts.length > 0 && !command.dryRun) {
      if (!(await isConfirmed(command, ask, startQuestion(starts.length), stderr))) {
        return exitStatus.notAsAsked;
      }
      receipt.end("resumedAt", clock.now());
      const others = await started(starts, receipt, decide);
      stdout.write(lines([...leftLines(others), `${starts.length - others.length} started`]));
      problems.push(...others.flatMap((other) => ("problem" in other ? problemText(other) : [])));
    }
    stderr.write(problems.join(""));
    return problems.length === 0 ? exitStatus.asAsked : exitStatus.notAsAsked;
  });
}

/** Starts the deployments and returns the others. Decides again right before each start: a question, or many starts, take time. */
async function started(
  starts: readonly Decision[],
  receipt: Receipt,
  decide: (entry: PausedEntry) => Promise<Decision>,
): Promise<Decision[]> {
  const others: Decision[] = [];
  await eachOf(starts, async ({ entry }) => {
    const decision = await decide(entry);
    if (!("start" in decision)) {
      others.push(decision);
      return;
    }
    receipt.setDeployment({ ...entry, state: "resuming" });
    const changed = await changeStatus(decision.start.client.forObject(), entry.id, "unpause");
    if ("problem" in changed) {
      others.push({ entry, problem: changed.problem });
    } else {
      receipt.setDeployment({ ...entry, state: "resumed" });
    }
  });
  return others;
}

interface ResumeCommand {
  readonly file: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** The stack of `--stack`; empty for the selected one. */
  readonly stack: string | undefined;
  readonly time: CommandTime;
}

const declaring = "a Pulumi stack, or the selected one: what it declares with `paused: true` is left alone too";
const options = {
  "paused-by-service": flag(
    "instead of a receipt: the deployments that the service paused, never one that a person paused",
  ),
  ...deploymentOptions,
  stack: valued("[NAME]", declaring),
  ...askingOptions,
} as const;

export const resumeCommand: CommandRow<typeof options> = {
  name: "resume",
  brief: "starts again the deployments that pause has paused",
  usage:
    "(RECEIPT | --paused-by-service [dep_... | NAME | --all | --agent ID | --label KEY=VALUE]) [--stack [NAME]] [--dry-run] [--yes]",
  does: "Starts again the deployments that `pulumi-qoder pause` paused, from its receipt, and of these only the ones that nobody has started, paused or archived since, and that no program stops. Lists its changes first, and asks. Cancelled sessions stay cancelled.",
  argument: ["RECEIPT ...", "the file qoder-pause-<time>.json; with --paused-by-service, ids or names"],
  options,
  account: "For a receipt of `pause --stack` they come from the stack: run the command in the folder of its project.",
  statuses:
    "0 every deployment is as asked, 1 one is not: stderr names it, 2 the command line is wrong, or there is no terminal to ask in.",
  page: "docs/commands/resume.md",
  again: goOnAgain,
};

function asked(
  { values, positionals }: CommandLine<typeof options>,
  { ask, clock }: WriteSurroundings,
): ResumeCommand | ServicePauses | undefined {
  const { "paused-by-service": isByService, "dry-run": dryRun, yes, workspace, stack } = values;
  const time = commandTime(values.timeout, clock);
  if (isByService) {
    refuseUnasked(ask, { yes, dryRun });
    const selection = deploymentsSelected(values, positionals) ?? ({ by: "all" } as const);
    return { selection, workspace, time, dryRun, yes };
  }
  if (values.all || values.agent !== undefined || values.label !== undefined || workspace !== undefined) {
    throw new Misuse(
      "--all, --agent, --label and --workspace go with --paused-by-service; a receipt names its deployments",
    );
  }
  const [file, ...others] = positionals;
  if (file === undefined) {
    return undefined;
  }
  if (others.length > 0) {
    throw new Misuse("give one receipt, not several");
  }
  refuseUnasked(ask, { yes, dryRun });
  return { file, dryRun, yes, stack, time };
}

/** The plan of the command, for the person who confirms it. */
function planText(decisions: readonly Decision[], { finishedAt, deployments, sessions }: ReceiptContent): string {
  const starts = decisions.filter((decision) => "start" in decision);
  const before = deployments.filter(({ state }) => state === "paused before");
  const ended = sessions.filter(({ state }) => state === "ended").length;
  return lines([
    ...(finishedAt === null ? ["The pause of this receipt did not come to its end"] : []),
    ...listed(
      "To start",
      "deployment",
      starts.map(({ entry }) => shown(entry)),
    ),
    ...leftLines(decisions),
    ...listedIfAny("Paused before, and left as they are", "deployment", before.map(shown)),
    ...(ended === 0 ? [] : [`Not started again: ${counted(ended, "session")} that the pause cancelled`]),
  ]);
}

function leftLines(decisions: readonly Decision[]): string[] {
  const left = decisions.filter((decision) => "leave" in decision);
  const rows = left.map(({ entry, leave }) => `${shown(entry)}: ${printable(leave)}`);
  return listedIfAny("Left alone", "deployment", rows);
}

function problemText({ entry, problem }: { readonly entry: PausedEntry; readonly problem: string }): string {
  return `Not started: ${shown(entry)}: ${printable(problem)}\n`;
}
