#!/usr/bin/env node
import { accountSettings } from "../../account/settings";
import { QoderClient } from "../../api/client";
import { QoderApiError, QoderConnectionError, QoderError, reasonOf } from "../../api/errors";
import type { Account } from "../../api/transport";
import { type ImportCommand, parseCommandLine } from "./command-line";
import { refuseExisting, writeFiles } from "./files";
import { help } from "./help";
import { importFileText } from "./import-file";
import { countsText, countText, cutOffText, leftOutText, nextSteps, printed } from "./output";
import { printable } from "./printable";
import { programText } from "./program-text";
import { type Selected, select } from "./select";
import { type Plan, planned } from "./takeover";

type Environment = Readonly<Record<string, string | undefined>>;

interface Sink {
  write(text: string): unknown;
}
export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/** The command `pulumi-qoder`; gives its exit status. */
export async function run(args: readonly string[], environment: Environment, streams: Streams): Promise<number> {
  const command = parseCommandLine(args);
  switch (command.kind) {
    case "help":
      streams.stdout.write(help);
      return 0;
    case "misuse":
      streams.stderr.write(
        command.reason === undefined
          ? help
          : `pulumi-qoder: ${command.reason}. See \`npx pulumi-qoder import --help\`\n`,
      );
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
    const account = accountOf(command, environment);
    return report(command, await read(account, command, streams.stderr), streams);
  } catch (error) {
    streams.stderr.write(`pulumi-qoder import failed: ${failureText(error)}\n`);
    return 1;
  }
}

function accountOf({ workspace }: ImportCommand, environment: Environment): Account {
  const configuration = { get: (key: string) => (key === "qoder:workspaceId" ? workspace : undefined) };
  if (!environment["QODER_ACCESS_TOKEN"]?.trim() && !environment["QODER_PAT"]?.trim()) {
    throw new QoderError(
      "no Qoder access token: set QODER_ACCESS_TOKEN or QODER_PAT. This command reads the environment and no stack configuration",
    );
  }
  return accountSettings(configuration, environment);
}

/** A line now and then: an account may hold thousands, read a hundred at a time. */
const progressInterval = 25;

type Found = Plan & Pick<Selected, "cutOffs">;

async function read(account: Account, { sources }: ImportCommand, progress: Sink): Promise<Found> {
  const client = QoderClient.connect(account);
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

function failureText(error: unknown): string {
  const advice = adviceOn(error);
  return `${printable(reasonOf(error))}${advice === "" ? "" : `. ${advice}`}`;
}

function adviceOn(error: unknown): string {
  if (error instanceof QoderConnectionError) {
    return "Check the network and QODER_BASE_URL, then run the same command again";
  }
  switch (error instanceof QoderApiError ? error.status : undefined) {
    case 401:
      return "Set a valid token in QODER_ACCESS_TOKEN or QODER_PAT";
    case 403:
    case 404:
      return "Check that the token belongs to the account and workspace (--workspace), and check QODER_BASE_URL";
    case undefined:
      return "";
    default:
      return "Run the same command again; it only reads";
  }
}

if (require.main === module) {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever reads the pipe has seen enough, as in `| head`.
    if (error.code !== "EPIPE") {
      throw error;
    }
  });
  // Not `process.exit`: it would cut off what a pipe has not taken yet.
  run(process.argv.slice(2), process.env, process).then((status) => {
    process.exitCode = status;
  });
}
