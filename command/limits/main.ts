import { z } from "zod";
import type { StackLimits } from "../../provider/account/settings";
import { type Hold, holdsOf } from "../../provider/deployment/holds";
import { limitOf, periods } from "../../provider/deployment/limits";
import { spanOf } from "../../provider/schedule/window";
import type { KnownFleet } from "../act";
import { advised } from "../advised";
import { eachOf } from "../client";
import { type CommandLine, type CommandRow, flag, Misuse, valued } from "../command";
import { complaintsOf, readEach } from "../deployments";
import { keptHolds } from "../pause/hold";
import { pause } from "../pause/main";
import { resume } from "../resume/main";
import { type Context, inAllAccounts, runnerOf, type Scopes } from "../scope";
import { askingOptions, deploymentOptions, deploymentsSelected, selectedArgument, selectedUsage } from "../selection";
import { localTimeZone, processSurroundings, type WriteSurroundings } from "../terminal";
import { commandTime, refuseOtherThanZone } from "../time";
import { lines, listedIfAny, printable, shown } from "../words";
import { type Cost, type Costs, hasRoom, isExpectedAbove, isNear, isPaid, isUsedUp, mayBeMore, summed } from "./cost";
import { archivedIn, type Spending, spendingOf } from "./spending";
import { type Comparison, gapsOf, json, text } from "./text";

const exitStatus = { below: 0, near: 1, notAsked: 2, expectedAbove: 3 } as const;

interface LimitsSurroundings extends WriteSurroundings {
  /** The time zone of the machine. */
  readonly timeZone: string;
}

type LimitsContext = Context<LimitsCommand, LimitsSurroundings>;

async function compare(context: LimitsContext): Promise<number> {
  const { command, accounts, scopes, streams, surroundings } = context;
  const { json: isJson, timezone = surroundings.timeZone, selection, month, past } = command;
  const period = { timezone, past };
  const { stdout, stderr } = streams;
  const { managed, unknown } = scopes;
  // Before the first request, because the configuration of the stack can be wrong.
  const stackLimits = scopes.stack?.limits();
  const fleets = await inAllAccounts(accounts, (account) =>
    readEach(account, (one) => spendingOf(account, one, managed.get(one.id)?.limits, period)),
  );
  const deployments = fleets.flatMap(({ read }) => read).sort((one, other) => largestPart(other) - largestPart(one));
  const isWhole = selection.by === "stack" && selection.names === undefined && selection.labels === undefined;
  // A part of the stack proves nothing about its limits.
  const stack = isWhole ? wholeStack(scopes, stackLimits, deployments) : undefined;
  const before = await inAllAccounts(isWhole ? accounts : [], (one) => archivedIn(one, deployments, scopes, period));
  const archived = before.flatMap(({ read }) => read.flat()).filter(isPaid);
  const hasLimit = periods.some((period) => limitOf(stackLimits, period) !== undefined);
  const isPart = selection.by !== "stack" || (!isWhole && hasLimit);
  const found = { deployments, stack, archived, managed, timezone, past: month, isPart };
  const more = command.allRows ? undefined : advised("limits", [], command, ...monthWords(month), "--all-rows");
  if (deployments.length > 0) {
    stdout.write(isJson ? json(found) : text(found, stdout.columns, more), isJson);
  }
  stderr.write(complaintsOf([...fleets, ...before], [...unknown, ...gapsOf(found)], limitsCommand.name, selection));
  const isUnread = complaintsOf([...fleets, ...before], unknown, limitsCommand.name, selection) !== "";
  // The output in JSON has the sessions, and is one object.
  const acting = isJson ? { ...context, streams: { ...streams, stdout: stderr } } : context;
  return (await act(acting, found, isUnread)) ? verdictOn(found, isUnread) : exitStatus.notAsked;
}

/** Pauses and starts again what the command line asks for, and returns whether all of that was done. */
async function act(
  context: LimitsContext,
  { deployments, stack, isPart }: Comparison,
  isUnread: boolean,
): Promise<boolean> {
  const { command, streams } = context;
  const seen = command.pause || command.resume ? deployments : [];
  await eachOf(seen, (one) => keptHolds(one, []));
  // If the limit of the stack is used up, everything is over it.
  const over = deployments.filter((one) => isUsedUp(stack ?? one) || isUsedUp(one));
  const paused = !command.pause || over.length === 0 || (await pauseOver(context, over));
  // A sum without what could not be read proves no room in the limit of the stack.
  const isRoom = stack === undefined || (hasRoom(stack) && !(isUnread && isLimited(stack)));
  const ready = isRoom ? deployments.filter((one) => ownHolds(one).length > 0 && hasRoom(one)) : [];
  if (command.resume && isPart && ready.length > 0) {
    streams.stderr.write(
      "Nothing was started: the stack has a limit, and a part of the stack shows no room in it. Run the command with the whole stack\n",
    );
    return false;
  }
  const resumed = !command.resume || ready.length === 0 || (await resumeReady(context, ready));
  return paused && resumed;
}

const monthWords = (month: string | undefined) => (month === undefined ? [] : ["--month", month]);

/** The last moment of the month in this zone. Throws for a month that is not over. */
function lastMomentOf(month: string, timezone: string, now: number): number {
  const { data } = z.iso.date().safeParse(`${month}-15`);
  const { until } = spanOf("month", Date.parse(`${data ?? "9999-01-15"}T12:00:00Z`), timezone);
  if (until > now) {
    throw new Misuse(`--month takes a month that is over, such as 2026-11, not "${month}"`);
  }
  return until - 1;
}

const ownHolds = ({ deployment }: Spending): Hold[] => holdsOf(deployment).filter(({ who }) => who === "limits");

/** Starts what `limits` alone has stopped. */
async function resumeReady(context: LimitsContext, ready: readonly Spending[]): Promise<boolean> {
  const pauses = [...new Set(ready.flatMap(ownHolds).map(({ id }) => id))];
  const ended = { by: "command", pauses, given: [], isEachGiven: false } as const;
  return (await resume(contextOf(context, ready), fleetsOf(ready), ended)) === 0;
}

const isLimited = (costs: Costs) => periods.some((period) => costs[period].limit !== undefined);

/** What each account has read of these deployments. */
function fleetsOf(some: readonly Spending[]): KnownFleet[] {
  return [...new Set(some.map(({ account }) => account))].map((account) => {
    const read = some.filter((one) => one.account === account).map(({ deployment }) => ({ account, deployment }));
    const ids = read.map(({ deployment }) => deployment.id);
    const scope = { ...account.scope, selection: { by: "ids", ids } } as const;
    return { account: { ...account, scope }, read, unread: [] };
  });
}

/** The context of an act on these deployments: what could not be read is said already. */
function contextOf(context: LimitsContext, some: readonly Spending[]): LimitsContext {
  const accounts = fleetsOf(some).map(({ account }) => account);
  return { ...context, accounts, scopes: { ...context.scopes, unknown: [] } };
}

function wholeStack(
  { stack }: Scopes,
  limits: StackLimits | undefined,
  deployments: readonly Spending[],
): Comparison["stack"] {
  const costs = limits && summed(deployments, limits);
  return costs && { ...costs, name: stack?.name };
}

function verdictOn({ deployments, stack, archived, past }: Comparison, isUnread: boolean): number {
  const all: readonly Costs[] = [...deployments, stack ?? []].flat();
  const costs = all.flatMap(({ day, month }) => (past === undefined ? [day, month] : [month]));
  if (costs.some(isNear)) {
    return exitStatus.near;
  }
  if (costs.some(isExpectedAbove)) {
    return exitStatus.expectedAbove;
  }
  // An archived deployment may be one of the stack, and the one in whose place another has come.
  const hidden = summed(archived, undefined);
  const isOpen = all.some((one) =>
    (past === undefined ? periods : (["month"] as const)).some((period) => mayBeMore(one[period], hidden?.[period])),
  );
  return isUnread || isOpen ? exitStatus.notAsked : exitStatus.below;
}

function largestPart({ day, month }: Spending): number {
  const partOf = ({ spent, limit }: Cost) => (limit === undefined ? 0 : spent / limit);
  return Math.max(partOf(day), partOf(month));
}

/** Pauses the deployments as the command `pause` does, and names the sessions that a pause does not end. False if it did not pause all. */
async function pauseOver(context: LimitsContext, over: readonly Spending[]): Promise<boolean> {
  const toMake = { cancel: false, who: "limits", reason: undefined } as const;
  const status = await pause(contextOf(context, over), fleetsOf(over), toMake);
  const running = over.flatMap((one) => one.running);
  const rows = over.flatMap(({ running: ids, deployment }) =>
    ids.map((id) => `${printable(id)} of ${shown(deployment)}`),
  );
  context.streams.stdout.write(
    lines([
      ...listedIfAny("Still running, as a pause ends no session", "session", rows),
      ...(rows.length === 0 ? [] : [`To end these: ${advised("cancel", running, context.command)}`]),
    ]),
  );
  return status === 0;
}

type LimitsCommand = NonNullable<ReturnType<typeof asked>>;

const options = {
  ...deploymentOptions,
  timezone: valued("ZONE", "the zone in which days and months begin; left out: that of this machine"),
  month: valued("MONTH", "a month that is over, such as 2026-11"),
  "all-rows": flag("a row each; left out: of more than 20, those that say something"),
  pause: flag("pause what has used up its limit; if the limit of the stack is used up, all of it"),
  resume: flag("start again what `limits --pause` has paused, if it has room in its limits"),
  yes: askingOptions.yes,
  json: flag("print JSON, as docs/reference/json.md says"),
} as const;

export const limitsCommand: CommandRow<typeof options> = {
  name: "limits",
  brief: "compares the credits of this day and month with their limits, and pauses if asked to",
  usage: `(${selectedUsage}) [options]`,
  does: "Shows the credits that deployments have spent today and this month, the expected credits at the end, and the limits: `limits` of a deployment, qoder:creditsPerDay and qoder:creditsPerMonth of the stack. Without --stack the command knows no limits. Sends GET requests only, except for --pause and --resume, which list their changes first and ask.",
  argument: selectedArgument,
  options,
  statuses: {
    0: "less than 80 % of each limit is spent",
    1: "at least 80 % of one, or all its runs and another is due, also after its pause",
    2: "a pause or a start was not done, what could not be read may change the rest, or there was no deployment",
    3: "less is spent, but more than a limit is expected",
  },
  page: "docs/commands.md#limits",
  failed: exitStatus.notAsked,
};

function asked({ values, positionals }: CommandLine<typeof options>, { ask, clock, timeZone }: LimitsSurroundings) {
  if (values.timezone !== undefined) {
    refuseOtherThanZone(values.timezone);
  }
  const selection = deploymentsSelected(values, positionals);
  const act = values.pause ? "pause" : values.resume ? "resume" : undefined;
  if (act !== undefined && selection !== undefined && selection.by !== "stack") {
    throw new Misuse(`--${act} needs limits, which only --stack knows`);
  }
  if (act !== undefined && values.month !== undefined) {
    throw new Misuse(`--${act} goes with the limits of today, not with --month`);
  }
  if (act !== undefined && !values.yes && ask === undefined) {
    throw new Misuse(`there is no terminal to ask in; add --yes to ${act} without a question, or leave --${act} out`);
  }
  const { month, timezone = timeZone } = values;
  const past = month === undefined ? undefined : lastMomentOf(month, timezone, clock.now());
  return selection && { ...values, past, selection, time: commandTime(values.timeout, clock), dryRun: false };
}

export const runLimits = runnerOf({
  row: limitsCommand,
  around: (): LimitsSurroundings => ({ ...processSurroundings(), timeZone: localTimeZone() }),
  asked,
  work: compare,
});
