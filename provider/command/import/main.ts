import type { AccountSettings } from "../../account/settings";
import { counted } from "../../api/clock";
import { accountOf, CommandClient } from "../client";
import { runCommand, selectionOf, timeoutOf } from "../command-line";
import { accountOptions, type CommandLine, type CommandRow, flag, Misuse, timeoutOption, valued } from "../options";
import type { Environment, Sink, Streams } from "../terminal";
import { ContentFolder } from "./content-folder";
import { withContents } from "./contents";
import type { ImportKind } from "./described";
import {
  actingText,
  countsText,
  cutOffText,
  leftOutText,
  nextSteps,
  printed,
  refuseExisting,
  withoutRefusedText,
  writeFiles,
} from "./output";
import { type Selected, select } from "./select";
import { type Source, sourcesOf } from "./sources";
import { type Plan, planned } from "./takeover";
import { importFileText, programText } from "./texts";

export async function runImport(args: readonly string[], environment: Environment, streams: Streams): Promise<number> {
  return runCommand(importCommand, { failed: 1 }, args, streams, asked, (command) =>
    importing(command, environment, streams),
  );
}

async function importing(command: ImportCommand, environment: Environment, streams: Streams): Promise<number> {
  if (command.out !== undefined && !command.force) {
    refuseExisting(command.out);
  }
  const account = accountOf(command.workspace, environment);
  const contents = new ContentFolder(command.out);
  let kept: readonly unknown[] = [];
  try {
    const found = await read(account, command, contents, streams.stderr);
    const status = report(command, found, streams);
    kept = found.taken.map(({ written }) => written["source"]);
    return status;
  } finally {
    contents.keep(kept);
  }
}

/** The pages between two lines of progress: an account may contain thousands of objects, with a hundred on a page. */
const progressInterval = 25;

type Found = Plan & Pick<Selected, "cutOffs">;

async function read(
  account: AccountSettings,
  { sources, timeoutMs }: ImportCommand,
  contents: ContentFolder,
  sink: Sink,
): Promise<Found> {
  const client = CommandClient.connect(account, timeoutMs);
  const progress = (does: string) => (kind: ImportKind, count: number) => {
    if (count % progressInterval === 0) {
      sink.write(`${does} ${counted(count, kind.noun)} ...\n`);
    }
  };
  try {
    const { live, leftOut, cutOffs } = await select(client, sources, progress("Read"));
    const complete = await withContents(client, live, contents, progress("Downloaded"));
    const { taken, leftOut: refused } = planned(complete.live);
    return { taken, leftOut: [...leftOut, ...complete.leftOut, ...refused], cutOffs };
  } finally {
    await client.close();
  }
}

function report(
  { sources, out, force, workspace }: ImportCommand,
  { taken, leftOut, cutOffs }: Found,
  { stdout, stderr }: Streams,
): number {
  const withoutRefused = withoutRefusedText(sources, cutOffs, taken);
  stderr.write([...leftOut.map(leftOutText), ...cutOffs.map(cutOffText), withoutRefused].join(""));
  if (taken.length === 0) {
    stderr.write(
      "There is nothing to take over: no live object was found that Pulumi could manage. No file was written\n",
    );
    return 1;
  }
  const texts = { "deployments.ts": programText(taken), "import.json": importFileText(taken) };
  if (out === undefined) {
    stdout.write(printed(texts));
    const withContent = taken.filter(({ written }) => written["source"] !== undefined);
    const more = withContent.length === 0 ? "" : `, and the contents of ${countsText(withContent)}`;
    stderr.write(`Printed ${countsText(taken)}. Add --out FOLDER to have the two files written${more}\n`);
  } else {
    writeFiles(out, texts, force);
    stderr.write(actingText(taken));
    stdout.write(nextSteps(out, taken, workspace));
  }
  return leftOut.length === 0 && cutOffs.length === 0 ? 0 : 1;
}

interface ImportCommand {
  readonly sources: readonly Source[];
  /** The folder for the files; undefined: the command prints them. */
  readonly out: string | undefined;
  readonly force: boolean;
  readonly workspace: string | undefined;
  readonly timeoutMs: number | undefined;
}

const kinds = "agent, environment, skill, file, deployment, vault, credential, memory-store";

const options = {
  all: flag("every live object that the token sees"),
  agent: valued("ID", "every live deployment of this agent; with --kind agent,deployment the agent as well"),
  kind: { ...valued("KIND", `only these kinds, with commas or given again: ${kinds}`), multiple: true },
  out: valued(
    "FOLDER",
    "write the program, import.json and the contents of skills and files there; without it both texts are printed",
  ),
  force: flag("replace the program and import.json if they exist"),
  ...accountOptions,
  timeout: timeoutOption,
} as const;

export const importCommand: CommandRow<typeof options> = {
  name: "import",
  brief: "takes existing objects over into Pulumi",
  usage: "(ID ... | --all | --agent ID) [--kind KIND] [--out FOLDER]",
  does: "Takes existing Qoder objects over into Pulumi. Writes the TypeScript program that declares them, the file for `pulumi import` that tells Pulumi they exist, and the contents of skills and files. Sends GET requests only.",
  argument: ["ID ...", "the objects with these ids: agent_..., dep_..., vault_.../vcred_... for a credential"],
  options,
  statuses: "0 everything was taken over, 1 something was not or the command failed, 2 the command line is wrong.",
  page: "docs/import.md",
};

function asked({ values, positionals: ids }: CommandLine<typeof options>): ImportCommand | undefined {
  const { kind: kindNames, out, force, workspace } = values;
  const timeoutMs = timeoutOf(values.timeout);
  const selection = selectionOf(values, ids);
  if (selection !== undefined) {
    return { sources: sourcesOf(selection, kindNames), out, force, workspace, timeoutMs };
  }
  if (kindNames !== undefined) {
    throw new Misuse("--kind limits --all and --agent; give one of them as well");
  }
  return undefined;
}
