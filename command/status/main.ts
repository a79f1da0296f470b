import { type Clock, systemClock } from "../../provider/api/clock";
import { type Advisor, advised } from "../advised";
import { oneList, type SessionGaps, workingSessions } from "../cancel/open-sessions";
import { type CommandLine, type CommandRow, flag, Misuse, valued } from "../command";
import { complaintsOf, type Fleet, type ReadDeployment, readEach } from "../deployments";
import type { Sink } from "../printer";
import { type CommandAccount, type Context, inAllAccounts, runnerOf, type Scopes, type UnreadObject } from "../scope";
import { deploymentOptions, deploymentsSelected, selectedArgument, selectedUsage } from "../selection";
import { refuseOtherThanSvg, writePicture } from "../svg";
import { localTimeZone } from "../terminal";
import { commandTime, durationMs, refuseOtherThanZone, type Since, sinceOf } from "../time";
import { mostRows } from "../words";
import { type DeploymentStatus, isHealthy, judgedBy } from "./causes";
import { NeededObjects, type RunQuestions, readFacts } from "./read-facts";
import { inOrder, json, report } from "./report";
import { screen } from "./screen";
import { Series } from "./series";
import { picture } from "./svg";
import type { View } from "./table";

const exitStatus = { healthy: 0, unhealthy: 1, notAsked: 2 } as const;

interface Place {
  readonly timeZone: string;
  readonly clock: Clock;
}

async function show({
  command,
  accounts,
  scopes,
  streams,
  surroundings: { timeZone },
}: Context<StatusCommand, Place>): Promise<number> {
  const { stdout, stderr } = streams;
  const { fleets, gaps } = await read(command, accounts, scopes, stderr);
  const known = inOrder(
    fleets.flatMap((fleet) => fleet.read),
    stdout.isTerminal && !command.json,
  );
  // If no deployment was read because of an error, an empty array would say that there is none.
  const isCutOff = fleets.some(({ stop }) => stop !== undefined);
  const now = accounts[0]?.client.moment() ?? scopes.time.clock.now();
  const since = known.length === 0 ? undefined : command.since?.(now);
  const { timezone = timeZone } = command;
  const view = { timeZone: timezone, now, since, managed: scopes.managed, columns: stdout.columns };
  stderr.write(since === undefined ? "" : (command.series?.gap(now, since) ?? ""));
  stdout.write(known.length === 0 && isCutOff ? "" : textOf(command, known, view), command.json);
  if (command.svg !== undefined && known.length > 0) {
    writePicture(command.svg, picture(known, view), streams);
  }
  const unknown = known.flatMap(({ id, name, problems }) =>
    problems.flatMap(({ text: reason, isGap }) => (isGap ? { id, name, reason } : [])),
  );
  const unread = [...scopes.unknown, ...gaps];
  const complaint = complaintsOf(fleets, [...unread, ...unknown], statusCommand.name, command.selection);
  stderr.write(complaint);
  // The next report looks again at what this one could not read.
  const isWhole = unread.length === 0 && fleets.every((fleet) => fleet.stop === undefined && fleet.unread.length === 0);
  if (known.length > 0 && isWhole && command.series !== undefined && (await stdout.isWritten())) {
    command.series.end(now);
  }
  if (known.some(({ problems }) => problems.some(({ isGap }) => !isGap))) {
    return exitStatus.unhealthy;
  }
  return complaint === "" ? exitStatus.healthy : exitStatus.notAsked;
}

/** All that stdout gets. A person reads one screen of a fleet, and asks for rows then. */
function textOf(command: StatusCommand, known: readonly DeploymentStatus[], view: View): string {
  const { json: isJson, problems, table } = command;
  const { since, managed } = view;
  const shown = problems ? known.filter((one) => !isHealthy(one)) : known;
  if (isJson) {
    return json(shown, managed);
  }
  if (!(table || problems) && since !== undefined && known.length > mostRows) {
    return screen(known, { ...view, since }, command);
  }
  return known.length === 0 ? "" : report(shown, view, known);
}

/** The deployments between two lines of progress in a file: each takes three to five requests. */
const progressInterval = 100;

async function read(
  questions: RunQuestions,
  accounts: readonly CommandAccount[],
  { managed, stack }: Scopes,
  stderr: Sink,
): Promise<{ readonly fleets: readonly Fleet<DeploymentStatus>[]; readonly gaps: readonly UnreadObject[] }> {
  let done = 0;
  const progress = () => {
    done += 1;
    stderr.overwrite(`Read ${done} deployments ...`);
    if (!stderr.isTerminal && done % progressInterval === 0) {
      stderr.write(`Read ${done} deployments ...\n`);
    }
  };
  const unread: SessionGaps = new Set();
  const fleets = await inAllAccounts(accounts, async (account) => {
    const { client } = account;
    const needed = new NeededObjects(client, stack?.agents);
    const open = questions.results ? workingSessions(client.forList(), unread, oneList) : Promise.resolve([]);
    const one = async (deployment: ReadDeployment) => {
      const ofThis = (await open).filter(({ deploymentId }) => deploymentId === deployment.id);
      return judgedBy(await readFacts(client, deployment, needed, questions, ofThis, managed.get(deployment.id)));
    };
    const fleet = await readEach(account, one, progress);
    await open;
    return fleet;
  });
  stderr.overwrite("");
  // What ended the requests says enough.
  const isStopped = fleets.some(({ stop }) => stop !== undefined);
  const gaps = isStopped ? [] : [...unread].map((reason) => ({ id: "all open sessions", reason }));
  return { fleets, gaps };
}

type StatusCommand = NonNullable<ReturnType<typeof asked>>;

const options = {
  ...deploymentOptions,
  since: valued("TIME", "also count all runs that began or ended since then: 24h, 7d or RFC 3339"),
  series: valued("FILE", "begin where the last report ended, which FILE keeps; the first at --since"),
  "no-results": flag("do not read the results of runs, only whether their sessions could be started"),
  problems: flag("print only the unhealthy deployments, a row each"),
  table: flag("print a row each, also with --since and more than 20 deployments"),
  timezone: valued("ZONE", "the zone of the times, such as Asia/Shanghai; left out: that of this machine"),
  "longest-run": valued("TIME", "the age from which an open session is a problem, such as 2h"),
  strict: flag(
    "also report a last run that said nothing or has an unknown end, even if earlier runs were the same, and a pause by hand of more than 7 days",
  ),
  json: flag("print JSON, as docs/reference/json.md says"),
  svg: valued("FILE", "draw all runs since --since as a picture, which replaces FILE (.svg)"),
} as const;

export const statusCommand: CommandRow<typeof options> = {
  name: "status",
  brief: "shows when deployments run next, how their last runs ended, and what is wrong",
  usage: `(${selectedUsage}) [options]`,
  does: "Shows deployments, one line each: the next run or why there is none, and the last result. What is wrong is below an unhealthy one; these come last in a terminal, else first. Sends GET requests only.",
  argument: selectedArgument,
  options,
  statuses: {
    0: "none is unhealthy",
    1: "a deployment is unhealthy",
    2: "none is known to be unhealthy, and a deployment, a cost or a schedule could not be read; or there was none",
  },
  page: "docs/status.md",
  failed: exitStatus.notAsked,
};

/** The options that need what `--no-results` does not read. */
const ofResults = [
  ["since", "since", "counts the results of runs"],
  ["strict", "strict", "judges the results of runs"],
  ["longestRun", "longest-run", "judges open sessions"],
] as const;

function windowOf(
  { since, series }: CommandLine<typeof options>["values"],
  about: Advisor | undefined,
  read: (text: string) => Since,
) {
  const first = since === undefined ? undefined : read(since);
  if (series === undefined) {
    return { since: first };
  }
  if (first === undefined) {
    throw new Misuse("--series needs --since for the first report, such as --since 24h");
  }
  if (about === undefined) {
    return {};
  }
  const all = new Series(series, advised("status", [], about), first);
  return { since: all.since, series: all };
}

function asked({ values, positionals }: CommandLine<typeof options>, { clock, timeZone }: Place) {
  const { svg, timezone } = values;
  if (timezone !== undefined) {
    refuseOtherThanZone(timezone);
  }
  const selection = deploymentsSelected(values, positionals);
  const about = selection && { selection, workspace: values.workspace };
  const { since, series } = windowOf(values, about, (text) => sinceOf(text, clock, timezone ?? timeZone));
  const { results, longestRun } = values;
  const unread = results ? undefined : ofResults.find(([name]) => values[name]);
  if (unread !== undefined) {
    throw new Misuse(`--${unread.slice(1).join(" ")}, and --no-results does not read them; give one of the two`);
  }
  refuseOtherThanSvg(svg);
  if (svg !== undefined && since === undefined) {
    throw new Misuse("--svg draws the runs since a time, so it needs --since, such as --since 7d");
  }
  const time = commandTime(values.timeout, clock);
  return (
    selection && {
      ...values,
      selection,
      time,
      since,
      series,
      longestRunMs: longestRun === undefined ? undefined : durationMs("longest-run", longestRun),
    }
  );
}

export const runStatus = runnerOf({
  row: statusCommand,
  around: (): Place => ({ timeZone: localTimeZone(), clock: systemClock }),
  asked,
  work: show,
});
