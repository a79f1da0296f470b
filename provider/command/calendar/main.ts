import { text as contentOf } from "node:stream/consumers";
import { timezoneProblem } from "../../schedule/timezone";
import {
  deploymentOptions,
  deploymentsSelected,
  Misuse,
  type Read,
  readArguments,
  runCommand,
  type Selected,
  timeoutOf,
  withStackName,
} from "../command-line";
import { replaceFile, textIn } from "../files";
import { scopesOf } from "../scope";
import { type Environment, localTimeZone, type Streams } from "../terminal";
import { printable } from "../words";
import { costOf } from "./credits";
import { refuseEmpty } from "./fleet";
import { type Found, foundLive } from "./live";
import { planOf } from "./plan";
import { previewedFleet } from "./preview";
import { svg } from "./svg";
import { json, text } from "./text";

const exitStatus = { complete: 0, incomplete: 1 } as const;

export interface Surroundings {
  readonly timeZone: string;
  readonly now: () => number;
  /** Reads the standard input to its end. */
  readonly input: () => Promise<string>;
}

const processSurroundings: Surroundings = {
  timeZone: localTimeZone(),
  now: () => Date.now(),
  input: () => contentOf(process.stdin),
};

export async function runCalendar(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: Surroundings = processSurroundings,
): Promise<number> {
  return runCommand(
    { name: "calendar", help, failed: exitStatus.incomplete },
    streams,
    () => commandIn(args, surroundings.timeZone),
    async (command) => show(command, await found(command, environment, surroundings), streams, surroundings.now()),
  );
}

async function found(command: CalendarCommand, environment: Environment, { input }: Surroundings): Promise<Found> {
  const { selection } = command;
  if (selection.by === "preview") {
    const fleet = previewedFleet(selection.file === "-" ? await input() : textIn(selection.file));
    refuseEmpty(fleet, "`pulumi preview --json --show-sames` shows the deployments of a program");
    return { fleet, past: { credits: new Map(), problem: undefined } };
  }
  const live = await foundLive(await scopesOf({ ...command, selection }, environment));
  refuseEmpty(
    live.fleet,
    selection.by === "stack"
      ? "The stack manages none yet; `pulumi preview --json | npx pulumi-qoder calendar --preview -` shows those of its program"
      : "Check that the token belongs to the account and workspace (--workspace)",
  );
  return live;
}

/** The file mode of a picture, which everybody may read. */
const publicMode = 0o644;

function show(command: CalendarCommand, { fleet, past }: Found, { stdout, stderr }: Streams, now: number): number {
  const plan = planOf(fleet.scheduled, now, command.days, command.timezone);
  const cost = costOf(fleet.scheduled, now, ({ id }) => (id === undefined ? [] : (past.credits.get(id) ?? [])));
  stdout.write(command.json ? json(plan, cost) : text(fleet, plan, cost, stdout.columns));
  if (command.svg !== undefined) {
    replaceFile(command.svg, svg(fleet, plan, cost), publicMode);
    stderr.write(`Wrote ${command.svg}\n`);
  }
  if (past.problem !== undefined) {
    stderr.write(`The credits of some past runs are unknown: ${printable(past.problem)}\n`);
  }
  const missing = [
    ...fleet.unread.map(({ name, reason }) => `Left out: ${printable(name)}: ${printable(reason)}\n`),
    ...(fleet.incomplete === undefined
      ? []
      : [`The calendar may lack some deployments: ${printable(fleet.incomplete)}\n`]),
  ];
  stderr.write(missing.join(""));
  return missing.length === 0 ? exitStatus.complete : exitStatus.incomplete;
}

interface CalendarCommand extends Omit<Selected, "selection"> {
  readonly selection: Selected["selection"] | { readonly by: "preview"; readonly file: string };
  readonly days: number;
  readonly timezone: string;
  readonly svg: string | undefined;
  readonly json: boolean;
}

const options = {
  ...deploymentOptions,
  preview: { type: "string" },
  days: { type: "string", default: "7" },
  timezone: { type: "string" },
  svg: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

function commandIn(args: readonly string[], localZone: string): Read<CalendarCommand> {
  const { values, positionals: ids } = readArguments(withStackName(args), options);
  if (values.help) {
    return "help";
  }
  const { preview, timezone = localZone, svg: file, workspace, timeout } = values;
  const selected = deploymentsSelected(values, ids);
  if (selected !== undefined && preview !== undefined) {
    throw new Misuse("give either ids, --all, --agent, --stack or --preview, not several of them");
  }
  const selection = preview === undefined ? selected : { by: "preview" as const, file: preview };
  const problem = timezoneProblem(timezone);
  if (problem !== undefined) {
    throw new Misuse(`--timezone: ${problem}`);
  }
  if (file !== undefined && !file.endsWith(".svg")) {
    throw new Misuse(`--svg replaces the file that it names, so the name must end in .svg, unlike "${file}"`);
  }
  const more = { days: daysOf(values.days), timezone, svg: file, workspace, timeoutMs: timeoutOf(timeout) };
  return selection === undefined ? undefined : { selection, json: values.json, ...more };
}

/** The number of days: a year at most, because a schedule may fire each minute. */
function daysOf(days: string | undefined): number {
  const count = Number(days);
  if (!/^[1-9]\d{0,2}$/.test(days ?? "") || count > 366) {
    throw new Misuse(`--days takes a whole number from 1 to 366, not "${days}"`);
  }
  return count;
}

const help = `Usage: npx pulumi-qoder calendar (ID [ID ...] | --all | --agent ID | --stack [NAME] | --preview FILE)
                                  [--days N] [--timezone ZONE] [--svg FILE] [--json]

Shows when deployments run: the hours of each day as shades, the minutes in which most start with their names, hours that the
clocks skip or show twice, and what a month costs. Sends GET requests only: nothing is changed at Qoder.

  ID ...            the deployments with these ids (dep_...)
  --all             every live deployment that the token sees
  --agent ID        every live deployment of this agent (agent_...)
  --stack [NAME]    the deployments of this Pulumi stack, or of the selected one, each in the account that \`pulumi up\` acts
                    in; runs \`pulumi stack export\` in the present folder
  --preview FILE    the deployments of a program, also before its first \`pulumi up\`; FILE is what \`pulumi preview --json\` printed, and -
                    the standard input. Sends no request, and needs no token. The CLI leaves out unchanged resources; add
                    --show-sames: \`pulumi preview --json --show-sames | npx pulumi-qoder calendar --preview -\`
  --days N          how many days, 1 to 366; today is the first, from now on. Left out: 7
  --timezone ZONE   the zone of the days and hours, such as Asia/Shanghai; left out: that of this machine
  --svg FILE        write the calendar as a picture too, for a README or a wiki; replaces FILE, whose name ends in .svg
  --json            print one JSON object instead
  --workspace ID    the workspace to read in; left out: the token's default
  --timeout SECONDS the time for the whole command; left out: 5 minutes for each deployment, and for each page of a list.
                    One request has 60 seconds; a failed one is tried again a few times
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT, or got for the service account key in QODER_SA_KEY; the base URL from QODER_BASE_URL or
QODER_MANAGED_BASE_URL, or else it is https://api.qoder.com/api/v1/cloud.

The command computes the runs from the schedules. A paused deployment and one without a schedule are not in the calendar.
A schedule fires when the local time of its zone matches: never at a time that the clocks skip, twice at a time that they
repeat. The documentation of the service does not say what it does at those times.

The cost of a month is of the next 30 days: for each deployment the median of the credits of its last 10 runs, times its runs in
that time. Runs that are not over, or whose credits the service does not show, do not count. The limit is \`budget\` times runs, as
if the budget of a deployment counts for each run, which the API does not say.

--json prints one object:
  { from, to, timezone, runs: [{ id, name, at }], busiest: [{ at, names }], days: [{ date, runs }], credits: { expected, ceiling } }
  from, to    from now until the end of the last day; times are RFC 3339 in UTC
  runs        in the order of their times; id is null for a deployment before its first \`pulumi up\`
  busiest     the five minutes in which most start, and two at least; one stands for all in which the same deployments start
  days        date is that in the time zone, 2026-11-26
  credits     of the next 30 days; expected is null where no credits of past runs are known, ceiling where a deployment has
              no budget

Exit status: 0 every selected deployment is in the calendar, 1 one could not be read, 2 the command line is wrong.
`;
