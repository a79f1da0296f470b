import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { QoderError } from "../../api/errors";
import { timezoneProblem } from "../../schedule/timezone";
import {
  commonOptions,
  type DeploymentSelection,
  deploymentsSelected,
  Misuse,
  runCommand,
  stackOption,
  timeoutOf,
  withStackName,
} from "../command-line";
import { scopesOf } from "../scope";
import { type Environment, printable, type Streams, systemReason } from "../terminal";
import { localTimeZone } from "../time-zone";
import { replaceFile } from "../write-file";
import { costOf } from "./credits";
import { refuseEmpty } from "./fleet";
import { help } from "./help";
import { json } from "./json";
import { type Found, foundLive } from "./live";
import { planOf } from "./plan";
import { previewedFleet } from "./preview";
import { svg } from "./svg";
import { text } from "./text";

/** The exit statuses. */
const ended = { complete: 0, incomplete: 1 } as const;

/** The surroundings of the command. */
export interface Surroundings {
  readonly timeZone: string;
  readonly now: () => number;
  /** Reads the standard input to its end. */
  readonly input: () => Promise<string>;
}

const processSurroundings: Surroundings = {
  timeZone: localTimeZone(),
  now: () => Date.now(),
  input: async () => {
    const parts: Buffer[] = [];
    for await (const part of process.stdin) {
      parts.push(Buffer.from(part));
    }
    return Buffer.concat(parts).toString("utf8");
  },
};

/** Runs the command `pulumi-qoder calendar` and returns its exit status. */
export async function runCalendar(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: Surroundings = processSurroundings,
): Promise<number> {
  return runCommand({ name: "calendar", help, failed: ended.incomplete }, streams, () => {
    const command = commandIn(args, surroundings.timeZone);
    return command === undefined || command === "help"
      ? command
      : async () => show(command, await found(command, environment, surroundings), streams, surroundings.now());
  });
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

function textIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new QoderError(`${file} cannot be read: ${systemReason(error)}`, { cause: error });
  }
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
  return missing.length === 0 ? ended.complete : ended.incomplete;
}

interface CalendarCommand {
  readonly selection: DeploymentSelection | { readonly by: "preview"; readonly file: string };
  readonly days: number;
  readonly timezone: string;
  readonly svg: string | undefined;
  readonly json: boolean;
  readonly workspace: string | undefined;
  readonly timeoutMs: number | undefined;
}

const options = {
  ...commonOptions,
  ...stackOption,
  preview: { type: "string" },
  days: { type: "string", default: "7" },
  timezone: { type: "string" },
  svg: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

function commandIn(args: readonly string[], localZone: string): CalendarCommand | "help" | undefined {
  const { values, positionals: ids } = parseArgs({ args: withStackName(args), options, allowPositionals: true });
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
  return selection === undefined ? undefined : { selection, json: values.json === true, ...more };
}

/** The number of days: a year at most, because a schedule may fire each minute. */
function daysOf(days: string | undefined): number {
  const count = Number(days);
  if (!/^[1-9]\d{0,2}$/.test(days ?? "") || count > 366) {
    throw new Misuse(`--days takes a whole number from 1 to 366, not "${days}"`);
  }
  return count;
}
