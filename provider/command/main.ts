#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { runCalendar } from "./calendar/main";
import { tellMisuse } from "./command-line";
import { runImport } from "./import/main";
import { runPause } from "./pause/main";
import { runProbe } from "./probe/main";
import { runResume } from "./resume/main";
import { runStatus } from "./status/main";
import type { Environment, Streams } from "./terminal";
import { systemReason } from "./words";

const help = `Usage: npx pulumi-qoder COMMAND ...

  import        takes existing deployments over into Pulumi
  status        shows when deployments run next, how their last runs ended, and what is wrong
  calendar      shows when deployments run, and what a month of them costs
  pause         pauses deployments, and cancels their sessions if asked to
  resume        starts again the deployments that pause has paused
  probe         asks the real service what the documentation of its API leaves open
  --version     the version of this package
  -h, --help    this text; after a command, the help of that command

All but pause, resume and probe send GET requests only: nothing is changed at Qoder. These three ask first.
`;

interface Command {
  run(args: readonly string[], environment: Environment, streams: Streams): Promise<number>;
  /** The exit status if the output cannot be written. It is 2 for a command that writes nothing else. */
  readonly failed: number;
}

const commands: ReadonlyMap<string | undefined, Command> = new Map<string, Command>([
  ["import", { run: runImport, failed: 1 }],
  ["status", { run: runStatus, failed: 2 }],
  ["calendar", { run: runCalendar, failed: 1 }],
  ["pause", { run: runPause, failed: 1 }],
  ["resume", { run: runResume, failed: 1 }],
  [
    "probe",
    { run: (args, environment, streams) => runProbe(args, environment, streams, { version: version() }), failed: 1 },
  ],
]);

/** Runs the command `pulumi-qoder` and returns its exit status. */
export async function run(
  [name, ...args]: readonly string[],
  environment: Environment,
  streams: Streams,
): Promise<number> {
  const command = commands.get(name);
  if (command !== undefined) {
    return command.run(args, environment, streams);
  }
  switch (name) {
    case "--help":
    case "-h":
      streams.stdout.write(help);
      return 0;
    case "--version":
      streams.stdout.write(`${version()}\n`);
      return 0;
    case undefined:
      streams.stderr.write(help);
      return 2;
    default:
      tellMisuse(
        `"${name}" is not a command; the commands are import, status, calendar, pause, resume and probe`,
        "pulumi-qoder",
        streams.stderr,
      );
      return 2;
  }
}

function version(): string {
  const text = readFileSync(join(__dirname, "..", "..", "package.json"), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

function runFromShell(args: readonly string[]): void {
  const [name] = args;
  let failure: Error | undefined;
  // Not `process.exit`, which would cut off output that a pipe has not read yet.
  const end = (status: number) => {
    process.exitCode = failure === undefined ? status : (commands.get(name)?.failed ?? 2);
  };
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // EPIPE means that the reader of the pipe has stopped, as in `| head`.
    if (error.code !== "EPIPE" && failure === undefined) {
      failure = error;
      process.stderr.write(`pulumi-qoder: the output cannot be written: ${systemReason(error)}\n`);
      end(0);
    }
  });
  // Errors of stderr are ignored, because no message can be written; the exit status still shows the failure.
  process.stderr.on("error", () => {});
  run(args, process.env, process).then(end);
}

if (require.main === module) {
  runFromShell(process.argv.slice(2));
}
