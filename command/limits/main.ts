import type { StackLimits } from "../../provider/account/settings";
import { type CommandLine, type CommandRow, flag, Misuse, runCommand, valued } from "../command";
import { complaintsOf, readEach } from "../deployments";
import { pause } from "../pause/main";
import { listedIfAny } from "../pause/words";
import { type CommandAccount, inAllAccounts, inSelected, type Scopes } from "../scope";
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
import { type Cost, isExpectedAbove, isNear, isPaid, isUsedUp, summed } from "./cost";
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
  return runCommand(
    limitsCommand,
    args,
    streams,
    (line) => asked(line, surroundings),
    (command) =>
      inSelected(
        command,
        environment,
        streams,
        (accounts, scopes) => compare(command, scopes, accounts, streams, surroundings),
        streams.stderr,
      ),
  );
}

async function compare(
  command: LimitsCommand,
  scopes: Scopes,
  accounts: readonly CommandAccount[],
  streams: Streams,
  surroundings: LimitsSurroundings,
): Promise<number> {
  const { json: isJson, timezone = surroundings.timeZone, selection } = command;
  const { stdout, stderr } = streams;
  const { managed, unknown } = scopes;
  // Before the first request, because the configuration of the stack can be wrong.
  const stackLimits = scopes.stack?.limits();
  const fleets = await inAllAccounts(accounts, (account) =>
    readEach(account, (one) => spendingOf(account, one, managed.get(one.id)?.limits, timezone)),
  );
  const deployments = fleets.flatMap(({ read }) => read).sort((one, other) => largestPart(other) - largestPart(one));
  const isWhole = selection.by === "stack" && selection.names === undefined && selection.labels === undefined;
  // A part of the stack proves nothing about its limits.
  const stack = isWhole ? wholeStack(scopes, stackLimits, deployments) : undefined;
  const past = await inAllAccounts(isWhole ? accounts : [], (one) => archivedIn(one, deployments, scopes, timezone));
  const archived = past.flatMap(({ read }) => read.flat()).filter(isPaid);
  const found = { deployments, stack, archived, managed, timezone };
  if (deployments.length > 0) {
    stdout.write(isJson ? json(found) : text(found, stdout.columns ?? Number.POSITIVE_INFINITY), isJson);
  }
  const gaps = [...unknown, ...gapsOf(found)];
  const complaint = complaintsOf([...fleets, ...past], gaps, limitsCommand.name, selection);
  stderr.write(complaint);
  // If the limit of the stack is used up, everything is over it.
  const over = deployments.filter((one) => isUsedUp(stack ?? one) || isUsedUp(one));
  if (command.pause && over.length > 0) {
    // The output in JSON has the sessions, and is one object.
    await pauseOver(command, scopes, over, isJson ? { ...streams, stdout: stderr } : streams, surroundings);
  }
  if (complaint !== "") {
    return exitStatus.notAsked;
  }
  return verdictOn([...deployments, stack ?? []].flat().flatMap(({ day, month }) => [day, month]));
}

function wholeStack(
  { stack }: Scopes,
  limits: StackLimits | undefined,
  deployments: readonly Spending[],
): Comparison["stack"] {
  const costs = limits && summed(deployments, limits);
  return costs && { ...costs, name: stack?.name };
}

function verdictOn(costs: readonly Cost[]): number {
  return costs.some(isNear)
    ? exitStatus.near
    : costs.some(isExpectedAbove)
      ? exitStatus.expectedAbove
      : exitStatus.below;
}

function largestPart({ day, month }: Spending): number {
  return Math.max(...[day, month].map(({ spent, limit }) => (limit === undefined ? 0 : spent / limit)));
}

/** Pauses the deployments as the command `pause` does, and names the sessions that a pause does not end. */
async function pauseOver(
  command: LimitsCommand,
  scopes: Scopes,
  over: readonly Spending[],
  streams: Streams,
  surroundings: WriteSurroundings,
): Promise<void> {
  const readIn = ({ client }: CommandAccount) =>
    over.filter(({ account }) => account.client === client).map(({ deployment }) => deployment);
  const accounts = [...new Set(over.map(({ account }) => account))].map((account) => {
    const selection = { by: "ids", ids: readIn(account).map(({ id }) => id) } as const;
    return { ...account, scope: { ...account.scope, selection } };
  });
  await pause(
    { ...command, cancel: false, dryRun: false },
    { ...scopes, unknown: [] },
    accounts,
    async (account) => ({ read: readIn(account), unread: [], cutOff: undefined }),
    streams,
    surroundings,
  );
  const rows = over.flatMap(({ running, deployment }) =>
    running.map((id) => `${printable(id)} of ${shown(deployment)}`),
  );
  streams.stdout.write(
    lines([
      ...listedIfAny("Still running, as a pause ends no session", "session", rows),
      ...(rows.length === 0 ? [] : ["`npx pulumi-qoder pause dep_... --cancel` ends those of a deployment"]),
    ]),
  );
}

type LimitsCommand = NonNullable<ReturnType<typeof asked>>;

const options = {
  ...deploymentOptions,
  timezone: valued(
    "ZONE",
    "the zone in which days and months begin, such as Asia/Shanghai; left out: that of this machine",
  ),
  pause: flag(
    "pause what has used up its limit until `pulumi-qoder resume`; if the limit of the stack is used up, all of it",
  ),
  yes: askingOptions.yes,
  json: flag("print JSON; docs/reference/json.md describes its members"),
} as const;

export const limitsCommand: CommandRow<typeof options> = {
  name: "limits",
  brief: "compares the credits of this day and month with their limits, and pauses if asked to",
  usage: `(${selectedUsage}) [options]`,
  does: "Shows what deployments have spent today and this month, what is expected by the end, and the limits: `limits` of a deployment, qoder:creditsPerDay and qoder:creditsPerMonth of the stack. Only --stack knows limits. Sends GET requests only, except for --pause, which lists its changes first and asks. It never starts anything.",
  argument: selectedArgument,
  options,
  statuses: {
    0: "less than 80 % of each limit is spent",
    1: "at least 80 % of one, also after its pause",
    2: "a deployment or a cost could not be read, or there was none",
    3: "less is spent, but more than a limit is expected",
  },
  page: "docs/commands/limits.md",
  failed: exitStatus.notAsked,
};

function asked({ values, positionals }: CommandLine<typeof options>, { ask, clock }: WriteSurroundings) {
  if (values.timezone !== undefined) {
    refuseOtherThanZone(values.timezone);
  }
  const selection = deploymentsSelected(values, positionals);
  if (values.pause && selection !== undefined && selection.by !== "stack") {
    throw new Misuse("--pause needs limits, which only --stack knows");
  }
  if (values.pause && !values.yes && ask === undefined) {
    throw new Misuse("there is no terminal to ask in; add --yes to pause without a question, or leave --pause out");
  }
  return selection && { ...values, selection, time: commandTime(values.timeout, clock) };
}
