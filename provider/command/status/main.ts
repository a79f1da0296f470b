import { deploymentsSelected, runCommand, type Selected } from "../command-line";
import { complaintsOf, readEach } from "../deployments";
import {
  type CommandLine,
  type CommandRow,
  deploymentOptions,
  flag,
  Misuse,
  selectedArgument,
  valued,
} from "../options";
import { scopesOf, withAccounts } from "../scope";
import { refuseOtherThanSvg, writePicture } from "../svg";
import { type Environment, localTimeZone, type Streams } from "../terminal";
import { commandTime } from "../time";
import { openMetrics } from "./openmetrics";
import { inOrder, json, report } from "./report";
import { sinceOf } from "./since";
import { picture } from "./svg";
import { NeededObjects, type RunQuestions, type Watched, watched } from "./watched";
import { isHealthy, type View } from "./words";

const exitStatus = { healthy: 0, unhealthy: 1, notAsked: 2 } as const;

export async function runStatus(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  { timeZone, now }: Place = { timeZone: localTimeZone(), now: Date.now() },
): Promise<number> {
  return runCommand(
    statusCommand,
    args,
    streams,
    (line) => asked(line, now),
    async (command) => {
      const { asked, resourceNames } = await askAll(command, environment, streams);
      const { since, isWide } = command;
      return tell(
        command,
        asked,
        { timeZone, now, since, resourceNames, columns: streams.stdout.columns, isWide },
        streams,
      );
    },
  );
}

/** What the command knows of the deployments of all accounts. */
interface Asked {
  readonly known: readonly Watched[];
  /** What could not be read, in words. */
  readonly complaint: string;
  readonly isStopped: boolean;
}

interface Place {
  readonly timeZone: string;
  /** In milliseconds since the epoch. */
  readonly now: number;
}

/** The deployments between two lines of progress: each takes two or three requests. */
const progressInterval = 100;

async function askAll(
  command: StatusCommand,
  environment: Environment,
  { stderr }: Streams,
): Promise<{ readonly asked: Asked } & Pick<View, "resourceNames">> {
  const scopes = await scopesOf(command, environment);
  let done = 0;
  const progress = () => {
    done += 1;
    if (done % progressInterval === 0) {
      stderr.write(`Read ${done} deployments ...\n`);
    }
  };
  const answers = await withAccounts(scopes, (accounts) =>
    Promise.all(
      accounts.map((account) => {
        const needed = new NeededObjects(account.client);
        return readEach(account, (deployment) => watched(account.client, deployment, needed, command), progress);
      }),
    ),
  );
  const known = inOrder(answers.flatMap(({ read }) => read));
  const complaint = complaintsOf(answers, scopes.unknown, statusCommand.name, command.selection);
  const asked = { known, complaint, isStopped: answers.some(({ stop }) => stop !== undefined) };
  return { asked, resourceNames: scopes.resourceNames };
}

function tell(command: StatusCommand, asked: Asked, view: View, streams: Streams): number {
  const { stdout, stderr } = streams;
  const { known, complaint, isStopped } = asked;
  if (command.json) {
    // If no deployment was read because of an error, an empty array would say that there is none.
    stdout.write(known.length === 0 && isStopped ? "" : json(known));
  } else if (command.isMetrics) {
    stdout.write(known.length === 0 && isStopped ? "" : openMetrics(known));
  } else if (known.length > 0) {
    stdout.write(report(known, view));
  }
  if (command.svg !== undefined && known.length > 0) {
    writePicture(command.svg, picture(known, view), streams);
  }
  stderr.write(complaint);
  if (complaint !== "") {
    return exitStatus.notAsked;
  }
  return known.every(isHealthy) ? exitStatus.healthy : exitStatus.unhealthy;
}

interface StatusCommand extends Selected, RunQuestions {
  readonly json: boolean;
  readonly isMetrics: boolean;
  readonly svg: string | undefined;
  readonly isWide: boolean;
}

const options = {
  ...deploymentOptions,
  since: valued("TIME", "also count all runs since then: 24h, 7d (m, h, d or w), or 2026-11-25T00:00:00Z"),
  "no-results": flag("do not read the results of runs, only whether their sessions could be started"),
  wide: flag("all known values in one line for each deployment, of any width"),
  strict: flag("a run that is done, but said nothing, makes a deployment unhealthy too"),
  json: flag("print all of it as JSON, which docs/commands.md describes"),
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
    "0 all are healthy, 1 one is not, 2 a deployment could not be read, there was none to read, or the command line is wrong. The command prints all that it could read; stderr names the rest.",
  page: "docs/commands.md#status",
  failed: exitStatus.notAsked,
};

function asked({ values, positionals: ids }: CommandLine<typeof options>, now: number): StatusCommand | undefined {
  const { json, wide: isWide, strict: isStrict, svg, workspace } = values;
  const time = commandTime(values.timeout);
  const since = values.since === undefined ? undefined : sinceOf(values.since, now);
  const results = !values["no-results"];
  if (since !== undefined && !results) {
    throw new Misuse("--since counts the results of runs, and --no-results does not read them; give one of the two");
  }
  if (isStrict && !results) {
    throw new Misuse("--strict judges the results of runs, and --no-results does not read them; give one of the two");
  }
  if (json && isWide) {
    throw new Misuse("--json contains all that --wide shows; give one of the two");
  }
  if (values.format !== undefined && values.format !== "prometheus") {
    throw new Misuse(`--format takes prometheus, not "${values.format}"`);
  }
  const isMetrics = values.format !== undefined;
  if (isMetrics && (json || isWide)) {
    throw new Misuse("--format, --json and --wide are three forms of the same; give one of them");
  }
  refuseOtherThanSvg(svg);
  if (svg !== undefined && since === undefined) {
    throw new Misuse("--svg draws the runs since a time, so it needs --since, such as --since 7d");
  }
  const selection = deploymentsSelected(values, ids);
  return selection === undefined
    ? undefined
    : { selection, json, isMetrics, svg, isWide, isStrict, workspace, time, results, since, now };
}
