#!/usr/bin/env node
import { version } from "../package.json";
import { suggestion } from "../provider/resource/check/suggestion";
import { calendarCommand, runCalendar } from "./calendar/main";
import { cancelCommand, runCancel } from "./cancel/main";
import { tellMisuse } from "./command-line";
import { driftCommand, runDrift } from "./drift/main";
import { importCommand, runImport } from "./import/main";
import { limitsCommand, runLimits } from "./limits/main";
import { logsCommand, runLogs } from "./logs/main";
import { type CommandRow, table } from "./options";
import { pauseCommand, runPause } from "./pause/main";
import { probeCommand, runProbe } from "./probe/main";
import { resumeCommand, runResume } from "./resume/main";
import { runStandIn, standInCommand } from "./stand-in/main";
import { runStatus, statusCommand } from "./status/main";
import { type Environment, type Streams, secretsIn, streamsOf } from "./terminal";
import { runVersions, versionsCommand } from "./versions/main";
import { systemReason } from "./words";

interface Command {
  readonly row: CommandRow;
  run(args: readonly string[], environment: Environment, streams: Streams): Promise<number>;
  /** The exit status if the output cannot be written. Left out: that of any failure. */
  readonly unwritten?: number;
}

const commands: readonly Command[] = [
  { row: importCommand, run: runImport },
  { row: statusCommand, run: runStatus },
  { row: versionsCommand, run: runVersions },
  { row: logsCommand, run: runLogs },
  { row: calendarCommand, run: runCalendar },
  { row: limitsCommand, run: runLimits },
  { row: driftCommand, run: runDrift },
  { row: pauseCommand, run: runPause },
  { row: resumeCommand, run: runResume },
  { row: cancelCommand, run: runCancel },
  {
    row: probeCommand,
    run: (args, environment, streams) => runProbe(args, environment, streams, { version }),
    unwritten: 1,
  },
  { row: standInCommand, run: (args, _environment, streams) => runStandIn(args, streams) },
];
/** The commands as their help and their pages describe them. */
export const commandRows: readonly CommandRow[] = commands.map(({ row }) => row);
const names = commandRows.map(({ name }) => name);

const help = `Usage: npx pulumi-qoder COMMAND ...

${table([
  ...commands.map(({ row: { name, brief } }) => [name, brief] as const),
  ["--version", "the version of this package"],
  ["-h, --help", "this text; after a command, the help of that command"],
])}

pause, resume, cancel, probe and limits --pause list their changes first, and ask. All others send GET requests only.
More: docs/commands.md
`;

/** Runs the command `pulumi-qoder` and returns its exit status. */
export async function run(
  [name, ...args]: readonly string[],
  environment: Environment,
  streams: Streams,
): Promise<number> {
  const command = commandNamed(name);
  if (command !== undefined) {
    return command.run(args, environment, streams);
  }
  switch (name) {
    case "--help":
    case "-h":
      streams.stdout.write(help);
      return 0;
    case "--version":
      streams.stdout.write(`${version}\n`);
      return 0;
    case undefined:
      streams.stderr.write(help);
      return 2;
    default: {
      const known = `; the commands are ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
      const reason = `"${name}" is not a command${suggestion(name, names) || known}`;
      tellMisuse(reason, "pulumi-qoder", streams.stderr);
      return 2;
    }
  }
}

function commandNamed(name: string | undefined): Command | undefined {
  return commands.find(({ row }) => row.name === name);
}

function runFromShell(args: readonly string[]): void {
  const command = commandNamed(args[0]);
  const unwritten = command === undefined ? 2 : (command.unwritten ?? command.row.failed ?? 1);
  // The stand-in prints the token that it accepts, for a person who exports it.
  const streams = streamsOf(process, command?.row.offline ? [] : secretsIn(process.env));
  let failure: Error | undefined;
  // Not `process.exit`, which would cut off output that a pipe has not read yet.
  const end = (status: number) => {
    process.exitCode = failure === undefined ? status : unwritten;
  };
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // EPIPE means that the reader of the pipe has stopped, as in `| head`.
    if (error.code !== "EPIPE" && failure === undefined) {
      failure = error;
      streams.stderr.write(`pulumi-qoder: the output cannot be written: ${systemReason(error)}\n`);
      end(0);
    }
  });
  // Errors of stderr are ignored, because no message can be written; the exit status still shows the failure.
  process.stderr.on("error", () => {});
  run(args, process.env, streams).then(end);
}

if (require.main === module) {
  runFromShell(process.argv.slice(2));
}
