import { waitText } from "../../provider/api/clock";
import { patience } from "../../provider/api/patience";
import { type Hold, longestReason } from "../../provider/deployment/holds";
import { type ActingCommand, actOn, type Known, type KnownFleet, readAgain, readToActOn } from "../act";
import { CancelRecord, cancelEach, cancelSessions, sessionsOf } from "../cancel/sessions";
import { eachOf } from "../client";
import { type CommandLine, type CommandRow, flag, Misuse, valued } from "../command";
import type { Sink } from "../printer";
import { type Context, inAllAccounts, runnerOf, type Scopes } from "../scope";
import { askingOptions, deploymentOptions, selectedArgument, selectedToAct, selectedUsage } from "../selection";
import { processSurroundings, type WriteSurroundings } from "../terminal";
import { goOnAgain, lines, problemOf } from "../words";
import { newHold, pauseWithHold, type ToPause, whatToPause } from "./hold";
import { doneLines, planLines, questionText, sessionLines, unheldLines } from "./words";

/** Pauses the deployments of these fleets, after a question, and returns the exit status. */
export async function pause(
  context: Context<ActingCommand, WriteSurroundings>,
  fleets: readonly KnownFleet[],
  { cancel, ...by }: PauseToMake,
): Promise<number> {
  const { command, accounts, streams } = context;
  const { stderr } = streams;
  const now = accounts[0]?.client.serviceNow() ?? command.time.clock.now();
  const hold = newHold(now, by);
  const decide = (known: Known, { managed }: Scopes) => whatToPause(known, managed.get(known.deployment.id), hold);
  const all = fleets.flatMap(({ read }) => read);
  const toPause = all.filter((known) => decide(known, context.scopes).state === "runs").length;
  const record = new CancelRecord();
  const tried = new Map<string, ToPause>();
  const tell = () => tellProgress(stderr, tried, toPause, record);
  const act = async (item: ToPause) => {
    const { id } = item.deployment;
    const before = tried.get(id);
    // An interruption may come before the answer, and its last line undoes this too.
    tried.set(id, before ?? { ...item, does: "leave", isHeld: true });
    const paused = await pauseWithHold(item, hold, before);
    tried.set(id, paused);
    tell();
    return paused;
  };
  const done = () => doneLines([...tried.values()], record, hold, command);
  return actOn<Known, ToPause>(context, {
    verb: "pause",
    not: "Not paused",
    fleets,
    named: ({ deployment }) => deployment,
    decide,
    title: (items) => planLines(items, hold, command, now),
    question: (todo) => (todo.length > 0 || (cancel && all.length > 0) ? questionText(todo, cancel) : undefined),
    again: readAgain,
    act,
    interrupted: () => (tried.size === 0 ? [] : done()),
    close: async (first, scopes) => {
      const rest = { tried, decide: (known: Known) => decide(known, scopes), act };
      const isTried = ({ read }: KnownFleet) => first.length > 0 && read.length > 0;
      const last = await inAllAccounts(fleets, async (one) => (isTried(one) ? pauseRest(one, rest) : one));
      if (cancel) {
        await cancelAll(context, last, record, tell);
      }
      stderr.write(stderr.isTerminal ? "\n" : "");
      const problems = [...unheldLines([...tried.values()]), ...record.problems];
      const isDone = first.length > 0 || (cancel && !command.dryRun);
      return { fleets: last, done: isDone ? done() : [], problems };
    },
  });
}

/**
 * Cancels the sessions of paused deployments: what runs costs money while sessions are read, which can take minutes. For the same reason
 * those that work are cancelled before the idle ones are read.
 */
async function cancelAll(
  { command: { dryRun, time }, streams: { stdout, stderr } }: Context<ActingCommand>,
  fleets: readonly KnownFleet[],
  record: CancelRecord,
  tell: () => void,
): Promise<void> {
  const open = await inAllAccounts(fleets, (one) => {
    const { client } = one.account;
    return sessionsOf(one, record.gaps, async (working) => dryRun || cancelEach({ client, tell }, record, working));
  });
  stderr.overwrite("");
  stdout.write(
    lines(
      sessionLines(
        open,
        fleets.flatMap(({ read }) => read),
      ),
    ),
  );
  if (!dryRun) {
    stdout.write(
      `Waiting ${waitText(patience.eventuallyConsistentMs)} for sessions of runs that started before the pause\n`,
    );
    tell();
    await inAllAccounts(open, (one) => cancelSessions({ ...one, tell }, record, time));
  }
}

interface Rest {
  /** What the command has tried, by the ids of the deployments. */
  readonly tried: ReadonlyMap<string, ToPause>;
  decide(known: Known): ToPause;
  act(item: ToPause): Promise<ToPause>;
}

/** Pauses what was created or started while the command worked, and returns what the last list shows. */
async function pauseRest({ account, read, cutOff }: KnownFleet, rest: Rest, list = 0): Promise<KnownFleet> {
  const cut = (error: unknown): KnownFleet[] => [{ account, read: [], unread: [], cutOff: cutOff ?? problemOf(error) }];
  const [fleet = { account, read: [], unread: [] }] = await readToActOn({ accounts: [account] }).catch(cut);
  const all = { account, read: [...read, ...fleet.read] };
  const changed = fleet.read.filter((known) => itemOfRest(known, rest).length > 0);
  // A list may show a deployment as it was before its pause, and so may a GET right after it.
  if (changed.length > 0) {
    await account.client.forObject().pause(patience.lateMs);
  }
  const shown = await eachOf(changed, readAgain);
  const before = (item: ToPause) => rest.tried.get(item.deployment.id);
  const next = shown.flatMap((known) => ("reason" in known ? [] : itemOfRest(known, rest)));
  const acted = list < patience.lists ? await eachOf(next, async (item) => [before(item), await rest.act(item)]) : [];
  if (acted.some(([earlier, now]) => earlier !== now)) {
    return pauseRest({ ...fleet, ...all }, rest, list + 1);
  }
  const isOpen = next.length > acted.length;
  // The command line may give a name.
  const isTried = (given: string) =>
    [...rest.tried.values()].some(
      ({ does, deployment: { id, name } }) => does !== "fail" && [id, name].includes(given),
    );
  return {
    ...all,
    unread: fleet.unread.filter(({ id }) => !isTried(id)),
    cutOff: isOpen ? `each of ${patience.lists} lists after the pause showed another active deployment` : fleet.cutOff,
  };
}

function itemOfRest(known: Known, { tried, decide }: Rest): ToPause[] {
  const own = tried.get(known.deployment.id);
  const item = decide(known);
  // Another command has written its holds over those of this one.
  const isLost = own?.isHeld === true && own.does === "act" && item.state === "paused before";
  const isRefused = own?.does === "fail" || (own?.reason !== undefined && item.state !== "runs");
  return isLost ? [{ ...item, does: "act", state: "held by others" }] : item.does === "act" && !isRefused ? [item] : [];
}

/** One line that the command overwrites on a terminal; a log shows only the result. */
function tellProgress(
  sink: Sink,
  tried: ReadonlyMap<string, ToPause>,
  toPause: number,
  { sessions }: CancelRecord,
): void {
  const paused = [...tried.values()].filter(({ does, state }) => does !== "leave" && state === "runs").length;
  const cancelled = sessions.size === 0 ? "" : `, cancelled ${sessions.size}`;
  sink.overwrite(`Paused ${paused} of ${toPause}${cancelled}`);
}

interface PauseToMake extends Pick<Hold, "who" | "reason"> {
  /** True if the sessions of the paused deployments end too. */
  readonly cancel: boolean;
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
  does: "Pauses deployments, so that none of them starts until `pulumi-qoder resume` with the id of this pause, which it prints, on any machine. Also holds deployments that other commands have paused. Lists its changes first, and asks. After an interruption the same command pauses the rest. Running sessions continue without --cancel.",
  argument: selectedArgument,
  options,
  statuses: { 0: "every deployment is as asked", 1: "a deployment is not, or none was found" },
  page: "docs/commands.md#pause",
  again: goOnAgain,
};

function asked(line: CommandLine<typeof options>, surroundings: WriteSurroundings) {
  const { cancel, reason } = line.values;
  if (reason !== undefined && (reason.trim() === "" || [...reason].length > longestReason)) {
    throw new Misuse(`--reason takes a text of up to ${longestReason} characters`);
  }
  const acting = selectedToAct(line, surroundings);
  return acting && { ...acting, toMake: { cancel, reason, who: undefined } };
}

export const runPause = runnerOf({
  row: pauseCommand,
  around: processSurroundings,
  asked,
  work: async (context: Context<NonNullable<ReturnType<typeof asked>>, WriteSurroundings>) =>
    pause(context, await readToActOn(context), context.command.toMake),
});
