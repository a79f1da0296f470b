import { QoderError } from "../../provider/api/errors";
import { type CommandLine, type CommandRow, runCommand } from "../command";
import { previewIn } from "../preview";
import type { Streams } from "../printer";
import { pulumiResult } from "../pulumi-cli";
import { deploymentOptions } from "../selection";
import type { Environment } from "../terminal";
import { commandTime, timeoutOption } from "../time";
import { lines } from "../words";
import { differencesIn, errorsIn } from "./differences";

const exitStatus = { same: 0, failed: 1, differs: 2 } as const;

export function runDrift(args: readonly string[], environment: Environment, streams: Streams): Promise<number> {
  return runCommand(driftCommand, args, streams, asked, async ({ stack, time }) => {
    const command = ["preview", "--refresh", "--json", ...(stack === "" ? [] : [`--stack=${stack}`])];
    // The provider limits each request, and a large stack has many.
    const { stdout, failure } = await pulumiResult(command, environment, time, streams, Number.POSITIVE_INFINITY);
    const preview = previewIn(stdout);
    if (preview === undefined) {
      throw failure ?? new QoderError("`pulumi preview --json` prints what this version of pulumi-qoder cannot read");
    }
    const report = (all: readonly string[]) => lines(shortened(all));
    const differences = differencesIn(preview);
    streams.stdout.write(report(differences));
    if (failure !== undefined) {
      const errors = errorsIn(preview);
      if (errors.length === 0) {
        throw failure;
      }
      streams.stderr.write(report(["pulumi-qoder drift failed, as the preview of Pulumi did:", ...errors]));
      return exitStatus.failed;
    }
    streams.stdout.write(differences.length === 0 ? "Qoder holds what the program says\n" : "");
    return differences.length === 0 ? exitStatus.same : exitStatus.differs;
  });
}

/** Nobody reads a longer report, and GitHub takes no issue of more than 65536 characters. */
const mostLines = 100;

function shortened(all: readonly string[]): readonly string[] {
  const left = all.length - mostLines + 1;
  return left <= 1
    ? all
    : [...all.slice(0, mostLines - 1), `... and ${left} more lines: run pulumi preview --refresh --diff`];
}

const options = {
  stack: { ...deploymentOptions.stack, meaning: "this Pulumi stack; left out: the selected one" },
  timeout: { ...timeoutOption, meaning: "the time limit of the whole command, such as 10m; left out: none" },
} as const;

export const driftCommand: CommandRow<typeof options> = {
  name: "drift",
  brief: "shows what was changed at Qoder since the last `up`, and what `up --refresh` would undo",
  usage: "[options]",
  does: "Runs `pulumi preview --refresh` in the present folder, which sends GET requests only and does not change the state. Prints what `pulumi up --refresh` would change, with the value at Qoder and the value of the program, and each pause that the program does not declare, in at most 100 lines.",
  options,
  account: "The preview uses the account of the stack.",
  statuses: { 0: "nothing differs", 1: "the command failed", 2: "something differs" },
  page: "docs/commands.md#drift",
  failed: exitStatus.failed,
};

function asked({ values: { stack = "", timeout } }: CommandLine<typeof options>) {
  return { stack, time: commandTime(timeout) };
}
