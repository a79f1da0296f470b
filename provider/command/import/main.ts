import type { AccountSettings } from "../../account/settings";
import { counted } from "../../api/clock";
import { accountOf, CommandClient } from "../client";
import { runCommand, selectionOf } from "../command-line";
import {
  accountOptions,
  type CommandLine,
  type CommandRow,
  commandTime,
  flag,
  Misuse,
  timeoutOption,
  valued,
} from "../options";
import { type ManagedResource, readManaged } from "../stack";
import type { Environment, Sink, Streams } from "../terminal";
import { ContentFolder } from "./content-folder";
import { withContents } from "./contents";
import type { ImportKind } from "./described";
import { type Existing, existingIn, nothingExists, resourceKey } from "./existing";
import {
  actingText,
  copySteps,
  countsText,
  type FileNames,
  type Found,
  firstNames,
  freeNames,
  listText,
  nextSteps,
  nothingText,
  notTakenText,
  printed,
  type Texts,
  writeFiles,
} from "./output";
import { select, sourcesOf, withArchived } from "./select";
import { planned } from "./takeover";
import { copyHead, importFileText, programText, recordText, takenOver } from "./texts";

export async function runImport(args: readonly string[], environment: Environment, streams: Streams): Promise<number> {
  return runCommand(importCommand, args, streams, asked, (command) => importing(command, environment, streams));
}

async function importing(command: ImportCommand, environment: Environment, streams: Streams): Promise<number> {
  const { out, force, isDryRun } = command;
  const names = out === undefined || force ? firstNames : freeNames(out);
  const { account, existing } = await before(command, environment);
  const contents = new ContentFolder(isDryRun ? undefined : out);
  let kept: readonly unknown[] = [];
  try {
    const found = await read(account, command, existing, contents, streams.stderr);
    const status = report(command, found, names, streams);
    kept = isDryRun ? [] : found.taken.map(({ written }) => written["source"]);
    return status;
  } finally {
    contents.keep(kept);
  }
}

/** The account to read, and what manages objects already: the program in the folder, and the stack. */
async function before({ out, force, stack, workspace, time }: ImportCommand, environment: Environment) {
  const program = out === undefined || force ? nothingExists : existingIn(out);
  if (stack === undefined) {
    return { account: accountOf(workspace, environment), existing: program };
  }
  const { account, resources } = await readManaged(stack.name, environment, workspace, time);
  const constantOf = ({ label, resourceName }: ManagedResource) =>
    program.resources.get(resourceKey(label, resourceName));
  const ids = resources.map((one) => [one.id, program.ids.get(one.id) ?? constantOf(one)] as const);
  const keys = resources.map((one) => [resourceKey(one.label, one.resourceName), constantOf(one)] as const);
  const known = { ids: new Map([...program.ids, ...ids]), resources: new Map([...program.resources, ...keys]) };
  return { account, existing: { ...program, ...known, unknown: 0 } };
}

/** The pages between two lines of progress: an account may contain thousands of objects, with a hundred on a page. */
const progressInterval = 25;

async function read(
  account: AccountSettings,
  { sources, isCopy, time }: ImportCommand,
  existing: Existing,
  contents: ContentFolder,
  sink: Sink,
): Promise<Found> {
  const client = CommandClient.connect(account, time);
  const progress = (does: string) => (kind: ImportKind, count: number) => {
    if (count % progressInterval === 0) {
      sink.write(`${does} ${counted(count, kind.noun)} ...\n`);
    }
  };
  try {
    const { live, leftOut, cutOffs } = await select(client, sources, progress("Read"));
    const isNew = ({ id }: { readonly id: string }) => isCopy || !existing.ids.has(id);
    const complete = await withContents(client, live.filter(isNew), contents, progress("Downloaded"));
    const plan = planned(complete.live, { existing, isCopy, read: live });
    return {
      ...plan,
      leftOut: [...leftOut.filter(isNew), ...complete.leftOut, ...plan.leftOut],
      cutOffs,
      managed: [...live, ...leftOut].filter((one) => !isNew(one)).length + plan.copied,
      unknown: isCopy ? 0 : existing.unknown,
    };
  } finally {
    await client.close();
  }
}

function report(command: ImportCommand, found: Found, names: FileNames, { stdout, stderr }: Streams): number {
  const { isCopy } = command;
  const { taken, leftOut, cutOffs, managed } = found;
  stderr.write(notTakenText(found, command));
  const status = leftOut.every(({ isUnasked }) => isUnasked) && cutOffs.length === 0 ? 0 : 1;
  if (taken.length === 0) {
    stderr.write(nothingText(managed, isCopy));
    return managed > 0 ? status : 1;
  }
  if (command.isDryRun) {
    stdout.write(listText(taken));
    const does = isCopy ? "copies" : "takes over";
    stderr.write(`Without --dry-run the command ${does} ${countsText(taken)}. No file was written\n`);
  } else {
    give(command, found, names, { stdout, stderr });
  }
  return status;
}

/** Writes the files, or prints them if the command line names no folder. */
function give(
  { out, force, workspace, isCopy }: ImportCommand,
  { taken, constants }: Found,
  names: FileNames,
  { stdout, stderr }: Streams,
): void {
  const [program, importFile] = names;
  const texts: Texts = isCopy
    ? { [program]: programText(taken, constants, copyHead) }
    : {
        [program]: `${programText(taken, constants, takenOver(importFile))}${recordText(taken)}`,
        [importFile]: importFileText(taken),
      };
  if (out === undefined) {
    stdout.write(printed(texts), true);
    const withContent = taken.filter(({ written }) => written["source"] !== undefined);
    const more = withContent.length === 0 ? "" : `, and the contents of ${countsText(withContent)}`;
    const files = isCopy ? "file" : "two files";
    stderr.write(`Printed ${countsText(taken)}. Add --out FOLDER to have the ${files} written${more}\n`);
  } else {
    writeFiles(out, texts, force);
    stderr.write(actingText(taken));
    const written = { folder: out, names, taken };
    stdout.write(isCopy ? copySteps(written) : nextSteps(written, workspace));
  }
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
  force: flag("replace deployments.ts and import.json, and write all objects again"),
  copy: flag("write a program that creates copies, for another account or workspace, and no import.json"),
  stack: valued(
    "[NAME]",
    "leave out what this Pulumi stack, or the selected one, manages, in the account of its configuration; alone: of all objects; run it in the folder of the project",
  ),
  "dry-run": flag("list the objects, and write nothing"),
  ...accountOptions,
  timeout: timeoutOption,
} as const;

export const importCommand: CommandRow<typeof options> = {
  name: "import",
  brief: "takes existing objects over into Pulumi",
  usage: "(ID ... | --all | --agent ID | --stack [NAME]) [--kind KIND] [--out FOLDER] [--copy]",
  does: "Takes existing Qoder objects over into Pulumi. Writes the TypeScript program that declares them, the file with which `pulumi import` records them, and the contents of skills and files. A second import into a folder adds new files with what the program there does not manage yet. Sends GET requests only.",
  argument: ["ID ...", "the objects with these ids: agent_..., dep_..., vault_.../vcred_... for a credential"],
  options,
  statuses: "0 everything was taken over, 1 something was not or the command failed, 2 the command line is wrong.",
  page: "docs/import.md",
};

type ImportCommand = NonNullable<ReturnType<typeof asked>>;

function asked({ values, positionals: ids }: CommandLine<typeof options>) {
  const { kind: kindNames, out, force, workspace, copy: isCopy, "dry-run": isDryRun, stack: stackName } = values;
  const time = commandTime(values.timeout);
  if (isCopy && stackName !== undefined) {
    throw new Misuse("--stack does not go with --copy, which copies what stacks manage too");
  }
  const stack = stackName === undefined ? undefined : { name: stackName === "" ? undefined : stackName };
  const selection = selectionOf(values, ids) ?? (stack === undefined ? undefined : { by: "all" as const });
  if (selection !== undefined) {
    const live = sourcesOf(selection, kindNames);
    const sources = isCopy ? withArchived(live) : live;
    return { sources, out, force, isCopy, isDryRun, stack, workspace, time };
  }
  if (kindNames !== undefined) {
    throw new Misuse("--kind limits --all and --agent; give one of them as well");
  }
  return undefined;
}
