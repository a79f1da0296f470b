#!/usr/bin/env node
import { version } from "../package.json";
import { calendarCommand, runCalendar } from "./calendar/main";
import { cancelCommand, runCancel } from "./cancel/main";
import { type CommandRow, commanderOf, commandOf, Misuse, misused, parsed, tellMisuse } from "./command";
import { driftCommand, runDrift } from "./drift/main";
import { importCommand, runImport } from "./import/main";
import { limitsCommand, runLimits } from "./limits/main";
import { logsCommand, runLogs } from "./logs/main";
import { pauseCommand, runPause } from "./pause/main";
import { type Streams, streamsOf } from "./printer";
import { resumeCommand, runResume } from "./resume/main";
import { runRow, runRun } from "./run/main";
import { runStandIn, standInCommand } from "./stand-in/main";
import { runStatus, statusCommand } from "./status/main";
import { type Environment, secretsIn } from "./terminal";
import { runVersions, versionsCommand } from "./versions/main";
import { systemReason } from "./words";

interface Command {
  readonly row: CommandRow;
  run(args: readonly string[], environment: Environment, streams: Streams): Promise<number>;
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
  { row: runRow, run: runRun },
  { row: standInCommand, run: (args, _environment, streams) => runStandIn(args, streams) },
];
/** The commands as their help and their pages describe them. */
export const commandRows: readonly CommandRow[] = commands.map(({ row }) => row);

const closing = `
pause, resume, cancel, run, limits --pause and limits --resume list their changes first, and ask. The other commands change nothing at Qoder.
A wrong command line ends with the exit status ${misused}; the --help of a command lists the others.
More: docs/commands.md`;

/** Runs the command `pulumi-qoder` and returns its exit status. */
export async function run(args: readonly string[], environment: Environment, streams: Streams): Promise<number> {
  const command = commandNamed(args[0]);
  if (command !== undefined) {
    return command.run(args.slice(1), environment, streams);
  }
  const all = commanderOf("pulumi-qoder", "npx pulumi-qoder COMMAND ...", streams)
    .version(version, "-v, --version", "print the version of this package")
    .helpCommand("help [COMMAND]", "prints the help of a command")
    .addHelpText("after", closing);
  for (const { row } of commands) {
    all.addCommand(commandOf(row, streams));
  }
  if (args.length === 0) {
    all.outputHelp({ error: true });
    return misused;
  }
  try {
    if (parsed(all, args)) {
      throw new Misuse("the name of the command comes first");
    }
    return 0;
  } catch (error) {
    if (error instanceof Misuse) {
      return tellMisuse(error, "pulumi-qoder", streams.stderr);
    }
    throw error;
  }
}

function commandNamed(name: string | undefined): Command | undefined {
  return commands.find(({ row }) => row.name === name);
}

function runFromShell(args: readonly string[]): void {
  const command = commandNamed(args[0]);
  const unwritten = command?.row.failed ?? 1;
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
