import { type Clock, systemClock } from "../../provider/api/clock";
import { deploymentsSelected, runCommand } from "../command-line";
import { complaintsOf, type Fleet, readEach } from "../deployments";
import {
  type CommandLine,
  type CommandRow,
  commandTime,
  deploymentOptions,
  flag,
  Misuse,
  selectedArgument,
  valued,
} from "../options";
import { type CommandAccount, type Scopes, scopesOf, withAccounts } from "../scope";
import { refuseOtherThanSvg, writePicture } from "../svg";
import { type Environment, localTimeZone, type Sink, type Streams } from "../terminal";
import { sinceOf } from "./recent-runs";
import { inOrder, json, openMetrics, report } from "./report";
import { picture } from "./svg";
import { NeededObjects, type RunQuestions, type Watched, watched } from "./watched";
import { isHealthy, unknownsOf, type View } from "./words";

const exitStatus = { healthy: 0, unhealthy: 1, notAsked: 2 } as const;

interface Place {
  readonly timeZone: string;
  readonly clock: Clock;
}

export async function runStatus(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  { timeZone, clock }: Place = { timeZone: localTimeZone(), clock: systemClock },
): Promise<number> {
  const { stderr } = streams;
  return runCommand(
    statusCommand,
    args,
    streams,
    (line) => asked(line, clock),
    async (command) => {
      const scopes = await scopesOf(command, environment, streams);
      return withAccounts(scopes, (accounts) => show(command, scopes, accounts, timeZone, streams), stderr);
    },
  );
}

async function show(
  command: StatusCommand,
  scopes: Scopes,
  accounts: readonly CommandAccount[],
  timeZone: string,
  streams: Streams,
): Promise<number> {
  const { stdout, stderr } = streams;
  const fleets = await read(command, accounts, stderr);
  const known = inOrder(fleets.flatMap((fleet) => fleet.read));
  // If no deployment was read because of an error, an empty array would say that there is none.
  const isCutOff = fleets.some(({ stop }) => stop !== undefined);
  const now = accounts[0]?.client.moment() ?? scopes.time.clock.now();
  const since = known.length === 0 ? undefined : command.since?.(now);
  const view = { timeZone, now, since, managed: scopes.managed, columns: stdout.columns, isWide: command.wide };
  // In a pipe each line of --wide is a deployment.
  const isWideLine = command.wide && stdout.columns === undefined;
  const isForProgram = command.json || command.format !== undefined || isWideLine;
  stdout.write(known.length === 0 && isCutOff ? "" : printed(command, known, view), isForProgram);
  if (command.svg !== undefined && known.length > 0) {
    writePicture(command.svg, picture(known, view), streams);
  }
  const unknown = known.flatMap((one) => unknownsOf(one).map((reason) => ({ id: one.id, name: one.name, reason })));
  const complaint = complaintsOf(fleets, [...scopes.unknown, ...unknown], statusCommand.name, command.selection);
  stderr.write(complaint);
  if (complaint !== "") {
    return exitStatus.notAsked;
  }
  return known.every(isHealthy) ? exitStatus.healthy : exitStatus.unhealthy;
}

function printed({ json: isJson, format }: StatusCommand, known: readonly Watched[], view: View): string {
  if (isJson) {
    return json(known);
  }
  if (format !== undefined) {
    return openMetrics(known);
  }
  return known.length === 0 ? "" : report(known, view);
}

/** The deployments between two lines of progress: each takes two or three requests. */
const progressInterval = 100;

function read(questions: RunQuestions, accounts: readonly CommandAccount[], stderr: Sink): Promise<Fleet<Watched>[]> {
  let done = 0;
  const progress = () => {
    done += 1;
    if (done % progressInterval === 0) {
      stderr.write(`Read ${done} deployments ...\n`);
    }
  };
  return Promise.all(
    accounts.map((account) => {
      const needed = new NeededObjects(account.client);
      return readEach(account, (deployment) => watched(account.client, deployment, needed, questions), progress);
    }),
  );
}

type StatusCommand = NonNullable<ReturnType<typeof asked>>;

const options = {
  ...deploymentOptions,
  since: valued("TIME", "also count all runs since then: 24h, 7d (m, h, d or w), or 2026-11-25T00:00:00Z"),
  "no-results": flag("do not read the results of runs, only whether their sessions could be started"),
  wide: flag("all known values in one line for each deployment, of any width"),
  strict: flag("a run that is done, but said nothing, makes a deployment unhealthy too"),
  json: flag("print all of it as JSON, which docs/commands/status.md describes"),
  format: valued("FORMAT", "prometheus: print metrics in the text format of OpenMetrics"),
  svg: valued("FILE", "draw all runs since --since as a picture too; replaces FILE, whose name ends in .svg"),
} as const;

export const statusCommand: CommandRow<typeof options> = {
  name: "status",
  brief: "shows when deployments run next, how their last runs ended, and what is wrong",
  usage:
    "(dep_... | NAME | --all | --agent ID | --stack [NAME] | --label KEY=VALUE) [--since TIME] [--strict] [--json | --wide | --format prometheus] [--svg FILE]",
  does: "Shows deployments, one line each: the next run or why there is none, and the result of the last run. Unhealthy ones come first, with what is wrong below. Sends GET requests only.",
  argument: selectedArgument,
  options,
  statuses:
    "0 all are healthy, 1 one is not, 2 a deployment, a cost or a schedule could not be read, there was none to read, or the command line is wrong. The command prints all that it could read; stderr names the rest.",
  page: "docs/commands/status.md",
  failed: exitStatus.notAsked,
};

/** The clock of this machine may be behind by this time: whether a time has passed is decided by the service's clock. */
const mostBehindMs = 86_400_000;

function asked({ values, positionals }: CommandLine<typeof options>, clock: Clock) {
  const { json, wide, format, svg } = values;
  const since = values.since === undefined ? undefined : sinceOf(values.since);
  since?.(clock.now() + mostBehindMs);
  const results = !values["no-results"];
  if (since !== undefined && !results) {
    throw new Misuse("--since counts the results of runs, and --no-results does not read them; give one of the two");
  }
  if (values.strict && !results) {
    throw new Misuse("--strict judges the results of runs, and --no-results does not read them; give one of the two");
  }
  if (json && wide) {
    throw new Misuse("--json contains all that --wide shows; give one of the two");
  }
  if (format !== undefined && format !== "prometheus") {
    throw new Misuse(`--format takes prometheus, not "${format}"`);
  }
  if (format !== undefined && (json || wide)) {
    throw new Misuse("--format, --json and --wide are three forms of the same; give one of them");
  }
  refuseOtherThanSvg(svg);
  if (svg !== undefined && since === undefined) {
    throw new Misuse("--svg draws the runs since a time, so it needs --since, such as --since 7d");
  }
  const selection = deploymentsSelected(values, positionals);
  return selection && { ...values, selection, time: commandTime(values.timeout, clock), since, results };
}
