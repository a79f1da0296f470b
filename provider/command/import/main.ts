import type { Account } from "../../api/transport";
import { accountOf, CommandClient } from "../client";
import { tellMisuse } from "../command-line";
import { type Environment, failureText, type Sink, type Streams } from "../terminal";
import { type ImportCommand, parseCommandLine } from "./command-line";
import { refuseExisting, writeFiles } from "./files";
import { help } from "./help";
import { importFileText } from "./import-file";
import { countsText, countText, cutOffText, leftOutText, nextSteps, printed } from "./output";
import { programText } from "./program-text";
import { type Selected, select } from "./select";
import { type Plan, planned } from "./takeover";

/** The command `pulumi-qoder import`; gives its exit status. */
export async function runImport(args: readonly string[], environment: Environment, streams: Streams): Promise<number> {
  const command = parseCommandLine(args);
  switch (command.kind) {
    case "help":
      streams.stdout.write(help);
      return 0;
    case "misuse":
      tellMisuse(command, "pulumi-qoder import", help, streams.stderr);
      return 2;
    case "import":
      return importing(command, environment, streams);
  }
}

async function importing(command: ImportCommand, environment: Environment, streams: Streams): Promise<number> {
  try {
    if (command.out !== undefined && !command.force) {
      refuseExisting(command.out);
    }
    const account = accountOf(command.workspace, environment);
    return report(command, await read(account, command, streams.stderr), streams);
  } catch (error) {
    streams.stderr.write(`pulumi-qoder import failed: ${failureText(error)}\n`);
    return 1;
  }
}

/** A line now and then: an account may hold thousands, read a hundred at a time. */
const progressInterval = 25;

type Found = Plan & Pick<Selected, "cutOffs">;

async function read(account: Account, { sources, timeoutMs }: ImportCommand, progress: Sink): Promise<Found> {
  const client = CommandClient.connect(account, timeoutMs);
  try {
    const { live, leftOut, cutOffs } = await select(client, sources, (kind, count) => {
      if (count % progressInterval === 0) {
        progress.write(`Read ${countText(kind, count)} ...\n`);
      }
    });
    const { taken, leftOut: refused } = planned(live);
    return { taken, leftOut: [...leftOut, ...refused], cutOffs };
  } finally {
    await client.close();
  }
}

function report(
  { out, force, workspace }: ImportCommand,
  { taken, leftOut, cutOffs }: Found,
  { stdout, stderr }: Streams,
): number {
  stderr.write([...leftOut.map(leftOutText), ...cutOffs.map(cutOffText)].join(""));
  if (taken.length === 0) {
    stderr.write("There is nothing to take over: nothing live was found that could be. No file was written\n");
    return 1;
  }
  const texts = { "deployments.ts": programText(taken), "import.json": importFileText(taken) };
  if (out === undefined) {
    stdout.write(printed(texts));
    stderr.write(`Printed ${countsText(taken)}. Add --out FOLDER to have the two files written\n`);
  } else {
    writeFiles(out, texts, force);
    stdout.write(nextSteps(out, taken, workspace));
  }
  return leftOut.length === 0 && cutOffs.length === 0 ? 0 : 1;
}
