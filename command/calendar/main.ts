import { text as contentOf } from "node:stream/consumers";
import { type CommandLine, type CommandRow, flag, Misuse, runCommand, valued, wholeNumber } from "../command";
import { textIn } from "../files";
import type { Streams } from "../printer";
import { scopesOf } from "../scope";
import { deploymentOptions, deploymentsSelected, selectedArgument, selectedUsage } from "../selection";
import { refuseOtherThanSvg, writePicture } from "../svg";
import { type Environment, localTimeZone } from "../terminal";
import { commandTime, refuseOtherThanZone } from "../time";
import { printable } from "../words";
import { liveFleet } from "./live-fleet";
import { costOf, planOf } from "./plan";
import { picture } from "./svg";
import { json, text } from "./text";
import { type Fleet, previewedFleet, refuseEmpty } from "./what-is-scheduled";

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
    calendarCommand,
    args,
    streams,
    (line) => asked(line, surroundings.timeZone),
    async (command) => {
      const fleet = await fleetFor(command, environment, streams, surroundings);
      return show(command, fleet, streams, fleet.now ?? surroundings.now());
    },
  );
}

async function fleetFor(
  command: CalendarCommand,
  environment: Environment,
  streams: Streams,
  { input }: Surroundings,
): Promise<Fleet> {
  const { selection } = command;
  if (selection.by === "preview") {
    const fleet = previewedFleet(selection.file === "-" ? await input() : textIn(selection.file));
    refuseEmpty(fleet, "`pulumi preview --json --show-sames` shows the deployments of a program");
    return fleet;
  }
  const fleet = await liveFleet(await scopesOf({ ...command, selection }, environment, streams), streams.stderr);
  refuseEmpty(
    fleet,
    selection.by === "stack"
      ? "The stack manages none yet; `pulumi preview --json | npx pulumi-qoder calendar --preview -` shows those of its program"
      : "Check that the token belongs to the account and workspace (--workspace)",
  );
  return fleet;
}

function show(command: CalendarCommand, fleet: Fleet, streams: Streams, now: number): number {
  const { stdout, stderr } = streams;
  const plan = planOf(fleet.scheduled, now, command.days, command.timezone);
  const cost = costOf(fleet.scheduled, now);
  stdout.write(command.json ? json(plan, cost) : text(fleet, plan, cost, stdout.columns), command.json);
  if (command.svg !== undefined) {
    writePicture(command.svg, picture(fleet, plan, cost), streams);
  }
  if (fleet.pastProblem !== undefined) {
    stderr.write(`The credits of some past runs are unknown: ${printable(fleet.pastProblem)}\n`);
  }
  const missing = [
    ...fleet.unread.map(({ name, reason }) => `Skipped: ${printable(name)}: ${printable(reason)}\n`),
    ...(fleet.incomplete === undefined
      ? []
      : [`The calendar may lack some deployments: ${printable(fleet.incomplete)}\n`]),
  ];
  stderr.write(missing.join(""));
  return missing.length === 0 ? exitStatus.complete : exitStatus.incomplete;
}

type CalendarCommand = NonNullable<ReturnType<typeof asked>>;

const options = {
  ...deploymentOptions,
  preview: valued(
    "FILE",
    "the deployments of a program; FILE is the output of `pulumi preview --json`, - the standard input",
  ),
  days: { ...valued("N", "how many days, 1 to 366; today is the first. Left out: 7"), default: "7" },
  timezone: valued("ZONE", "the zone of the days and hours, such as Asia/Shanghai; left out: that of this machine"),
  svg: valued("FILE", "write the calendar as a picture too; replaces FILE, whose name ends in .svg"),
  json: flag("print JSON, as docs/reference/json.md says"),
} as const;

export const calendarCommand: CommandRow<typeof options> = {
  name: "calendar",
  brief: "shows when deployments run, and what a month of them costs",
  usage: `(${selectedUsage} | --preview FILE) [options]`,
  does: "Shows when deployments run: the hours of each day as shades, the minutes in which most start, hours that the clocks skip or show twice, and the cost of a month. Sends GET requests only; with --preview, sends none and needs no token.",
  argument: selectedArgument,
  options,
  statuses: { 0: "every selected deployment is in the calendar", 1: "a deployment could not be read" },
  page: "docs/commands.md#calendar",
};

function asked({ values, positionals }: CommandLine<typeof options>, localZone: string) {
  const { preview, timezone = localZone, svg } = values;
  const selected = deploymentsSelected(values, positionals);
  if (selected !== undefined && preview !== undefined) {
    throw new Misuse(`--preview ${preview} does not go with a selection of deployments at Qoder`);
  }
  const selection = preview === undefined ? selected : { by: "preview" as const, file: preview };
  refuseOtherThanZone(timezone);
  refuseOtherThanSvg(svg);
  // A year at most, because a schedule may fire each minute.
  const days = wholeNumber("days", values.days, 1, 366);
  return selection && { ...values, selection, days, timezone, time: commandTime(values.timeout) };
}
