import { z } from "zod";
import type { StackLimits } from "../../provider/account/settings";
import { periods } from "../../provider/deployment/limits";
import { markOf } from "../../provider/deployment/pause-mark";
import { spanOf } from "../../provider/schedule/window";
import { advised } from "../advised";
import { type CommandLine, type CommandRow, flag, Misuse, valued } from "../command";
import { complaintsOf, readEach } from "../deployments";
import { pause } from "../pause/main";
import { listedIfAny } from "../pause/words";
import { resumeIn } from "../resume/main";
import { type CommandAccount, inAllAccounts, runSelected, type Scopes } from "../scope";
import { askingOptions, deploymentOptions, deploymentsSelected, selectedArgument, selectedUsage } from "../selection";
import {
  type Environment,
  localTimeZone,
  processSurroundings,
  type Streams,
  type WriteSurroundings,
} from "../terminal";
import { commandTime, refuseOtherThanZone } from "../time";
import { lines, printable, shown } from "../words";
import { archivedIn } from "./archived";
import { type Cost, type Costs, hasRoom, isExpectedAbove, isNear, isPaid, isUsedUp, mayBeMore, summed } from "./cost";
import { type Spending, spendingOf } from "./spending";
import { type Comparison, gapsOf, json, text } from "./text";

const exitStatus = { below: 0, near: 1, notAsked: 2, expectedAbove: 3 } as const;

interface LimitsSurroundings extends WriteSurroundings {
  /** The time zone of the machine. */
  readonly timeZone: string;
}

export async function runLimits(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: LimitsSurroundings = { ...processSurroundings(), timeZone: localTimeZone() },
): Promise<number> {
  return runSelected(
    { row: limitsCommand, args, environment, streams },
    (line) => asked(line, surroundings),
    (command, accounts, scopes, again) => compare(command, scopes, again, accounts, streams, surroundings),
    streams.stderr,
  );
}

async function compare(
  command: LimitsCommand,
  scopes: Scopes,
  again: () => Promise<Scopes>,
  accounts: readonly CommandAccount[],
  streams: Streams,
  surroundings: LimitsSurroundings,
): Promise<number> {
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
  const found = { deployments, stack, archived, managed, timezone, past: month };
  const more = command.allRows ? undefined : advised("limits", [], command, ...monthWords(month), "--all-rows");
  if (deployments.length > 0) {
    stdout.write(isJson ? json(found) : text(found, stdout.columns ?? Number.POSITIVE_INFINITY, more), isJson);
  }
  stderr.write(complaintsOf([...fleets, ...before], [...unknown, ...gapsOf(found)], limitsCommand.name, selection));
  const isUnread = complaintsOf([...fleets, ...before], unknown, limitsCommand.name, selection) !== "";
  const seen = { found, isUnread, scopes, again };
  // The output in JSON has the sessions, and is one object.
  const acted = await act(command, seen, isJson ? { ...streams, stdout: stderr } : streams, surroundings);
  return acted ? verdictOn(found, isUnread) : exitStatus.notAsked;
}

/** What the command has seen, and what it needs to act on it. */
interface Seen {
  readonly found: Comparison;
  readonly isUnread: boolean;
  readonly scopes: Scopes;
  readonly again: () => Promise<Scopes>;
}

/** Pauses and starts again what the command line asks for, and returns whether all of that was done. */
async function act(
  command: LimitsCommand,
  { found: { deployments, stack }, isUnread, scopes, again }: Seen,
  streams: Streams,
  surroundings: WriteSurroundings,
): Promise<boolean> {
  // If the limit of the stack is used up, everything is over it.
  const over = deployments.filter((one) => isUsedUp(stack ?? one) || isUsedUp(one));
  const paused = !command.pause || over.length === 0 || (await pauseOver(command, scopes, over, streams, surroundings));
  // A sum without what could not be read proves no room in the limit of the stack.
  const isRoom = stack === undefined || (hasRoom(stack) && !(isUnread && isLimited(stack)));
  const stopped = deployments.filter(({ deployment }) => markOf(deployment)?.by === "limits");
  const ready = isRoom ? stopped.filter(hasRoom) : [];
  const acting = { ...command, dryRun: false, by: "command", changed: false, given: [], isEachGiven: false } as const;
  const pauses = [...new Set(ready.flatMap(({ deployment }) => markOf(deployment)?.pause ?? []))];
  const [accounts, read] = readIn(ready);
  const resumed =
    !command.resume ||
    ready.length === 0 ||
    (await resumeIn({ ...acting, pauses }, scopes, again, accounts, read, streams, surroundings)) === 0;
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

const isLimited = (costs: Costs) => periods.some((period) => costs[period].limit !== undefined);

/** The accounts of these deployments, and what each has read of them. */
function readIn(some: readonly Spending[]) {
  const of = ({ client }: CommandAccount) =>
    some.filter(({ account }) => account.client === client).map(({ deployment }) => deployment);
  const accounts = [...new Set(some.map(({ account }) => account))].map((account) => {
    const selection = { by: "ids", ids: of(account).map(({ id }) => id) } as const;
    return { ...account, scope: { ...account.scope, selection } };
  });
  const read = async (account: CommandAccount) => ({ read: of(account), unread: [], cutOff: undefined });
  return [accounts, read] as const;
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
async function pauseOver(
  command: LimitsCommand,
  scopes: Scopes,
  over: readonly Spending[],
  streams: Streams,
  surroundings: WriteSurroundings,
): Promise<boolean> {
  const [accounts, read] = readIn(over);
  const acting = { ...command, cancel: false, dryRun: false, by: "limits", reason: undefined } as const;
  const status = await pause(acting, { ...scopes, unknown: [] }, accounts, read, streams, surroundings);
  const running = over.flatMap((one) => one.running);
  const rows = over.flatMap(({ running: ids, deployment }) =>
    ids.map((id) => `${printable(id)} of ${shown(deployment)}`),
  );
  streams.stdout.write(
    lines([
      ...listedIfAny("Still running, as a pause ends no session", "session", rows),
      ...(rows.length === 0 ? [] : [`To end these: ${advised("cancel", running, command)}`]),
    ]),
  );
  return status === 0;
}

type LimitsCommand = NonNullable<ReturnType<typeof asked>>;

const options = {
  ...deploymentOptions,
  timezone: valued(
    "ZONE",
    "the zone in which days and months begin, such as Asia/Shanghai; left out: that of this machine",
  ),
  month: valued("MONTH", "a month that is over, such as 2026-11, in place of today and this month"),
  "all-rows": flag("a row each, also of more than 20 deployments; left out: of these the rows that say something"),
  pause: flag(
    "pause what has used up its limit until `pulumi-qoder resume`; if the limit of the stack is used up, all of it",
  ),
  resume: flag("start again what `limits --pause` has paused and what has room in its limits again, and nothing else"),
  yes: askingOptions.yes,
  json: flag("print JSON, as docs/reference/json.md says"),
} as const;

export const limitsCommand: CommandRow<typeof options> = {
  name: "limits",
  brief: "compares the credits of this day and month with their limits, and pauses if asked to",
  usage: `(${selectedUsage}) [options]`,
  does: "Shows what deployments have spent today and this month, what is expected by the end, and the limits: `limits` of a deployment, qoder:creditsPerDay and qoder:creditsPerMonth of the stack. Only --stack knows limits. Sends GET requests only, except for --pause and --resume, which list their changes first and ask.",
  argument: selectedArgument,
  options,
  statuses: {
    0: "less than 80 % of each limit is spent",
    1: "at least 80 % of one, or all its runs and another is due, also after its pause",
    2: "a pause or a start was not done, what could not be read may change the rest, or there was no deployment",
    3: "less is spent, but more than a limit is expected",
  },
  page: "docs/commands/limits.md",
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
  return selection && { ...values, past, selection, time: commandTime(values.timeout, clock) };
}
