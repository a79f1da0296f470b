import { runCancel } from "../../command/cancel/main";
import { runDrift } from "../../command/drift/main";
import { runImport } from "../../command/import/main";
import { runLimits } from "../../command/limits/main";
import { runLogs } from "../../command/logs/main";
import { runPause } from "../../command/pause/main";
import type { Streams } from "../../command/printer";
import { runResume } from "../../command/resume/main";
import { runRun } from "../../command/run/main";
import { runStatus } from "../../command/status/main";
import type { Environment } from "../../command/terminal";
import type { Clock } from "../../provider/api/clock";
import { type Ended, ended } from "./ended";

/** Runs the command of these words, whose questions a person answers with yes. */
export function startAdvised(clock: Clock, words: readonly string[], environment: Environment): Promise<Ended> {
  const [verb = "", ...args] = words;
  const acting = { clock, ask: async () => true, timeZone: "Asia/Shanghai" };
  const runs: Readonly<Record<string, (streams: Streams) => Promise<number>>> = {
    status: (streams) => runStatus(args, environment, streams, acting),
    logs: (streams) => runLogs(args, environment, streams, "Asia/Shanghai"),
    limits: (streams) => runLimits(args, environment, streams, acting),
    drift: (streams) => runDrift(args, environment, streams),
    pause: (streams) => runPause(args, environment, streams, acting),
    resume: (streams) => runResume(args, environment, streams, acting),
    cancel: (streams) => runCancel(args, environment, streams, acting),
    run: (streams) => runRun(args, environment, streams, acting),
    import: (streams) => runImport(args, environment, streams),
  };
  const run = runs[verb];
  if (run === undefined) {
    throw new Error(`no command: ${words.join(" ")}`);
  }
  return ended(run);
}

/** The commands that a text advises, as a shell reads them. */
export function advisedIn(text: string): string[][] {
  return Array.from(text.matchAll(/npx pulumi-qoder ([^`\n]+)/g), ([, line = ""]) =>
    Array.from(line.matchAll(/((?:'[^']*'|\\.|[^\s'\\])+)/g), ([word]) => word.replaceAll(/'([^']*)'|\\(.)/g, "$1$2")),
  );
}
