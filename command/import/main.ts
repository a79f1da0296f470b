import type { AccountSettings } from "../../provider/account/settings";
import { counted } from "../../provider/api/clock";
import { accountOf, CommandClient } from "../client";
import { type CommandLine, type CommandRow, flag, Misuse, runCommand, valued } from "../command";
import type { Streams } from "../printer";
import { accountOptions, deploymentOptions, selectionOf } from "../selection";
import { readManaged } from "../stack";
import type { Environment } from "../terminal";
import { commandTime, timeoutOption } from "../time";
import { ContentFolder, holdsEsModules, isInProject } from "./content-folder";
import { withContents } from "./contents";
import type { ImportKind } from "./import-kind";
import { importKinds } from "./kinds";
import { importedInto, type Managed } from "./managed";
import {
  actingText,
  closingText,
  countsText,
  type FileNames,
  firstNames,
  freeNames,
  type ImportPlan,
  listText,
  nothingText,
  notTakenText,
  pausesText,
  printed,
  type Texts,
  writeFiles,
} from "./output";
import { kindWord, select, sourcesOf, withArchived } from "./read-selected";
import { copyHead, importFileText, importHead, programText } from "./texts";
import { planned } from "./what-to-import";
import { type Wired, wiredIn } from "./wired";

export async function runImport(args: readonly string[], environment: Environment, streams: Streams): Promise<number> {
  return runCommand(importCommand, args, streams, asked, (command) => importing(command, environment, streams));
}

async function importing(command: ImportCommand, environment: Environment, streams: Streams): Promise<number> {
  const { out, force, stack, workspace, isCopy, isDryRun, time } = command;
  const names = out === undefined || force ? firstNames : freeNames(out);
  const imported = out === undefined || force || isCopy ? [] : importedInto(out);
  const { account, resources } =
    stack === undefined
      ? { account: accountOf(workspace, environment), resources: [] }
      : await readManaged(stack.name, environment, workspace, time, streams);
  const managed = [...imported, ...resources.map((one) => ({ ...one, where: "the stack" }))];
  const wired = out === undefined || isCopy ? new Map() : wiredIn(out, managed);
  const contents = new ContentFolder(isDryRun ? undefined : out);
  let kept: readonly unknown[] = [];
  try {
    const found = await read(account, command, managed, wired, contents, streams);
    const status = report(command, found, names, streams);
    kept = isDryRun ? [] : found.taken.map(({ written }) => written["source"]);
    return status;
  } finally {
    contents.keep(kept);
  }
}

/** The pages between two lines of progress: an account may contain thousands of objects, with a hundred on a page. */
const progressInterval = 25;

async function read(
  account: AccountSettings,
  { sources, isCopy, stack, out = process.cwd(), time }: ImportCommand,
  managed: readonly Managed[],
  wired: ReadonlyMap<string, Wired>,
  contents: ContentFolder,
  streams: Streams,
): Promise<ImportPlan> {
  const client = CommandClient.connect(account, time, streams);
  const progress = (does: string) => (kind: ImportKind, count: number) => {
    if (count % progressInterval === 0) {
      streams.stderr.write(`${does} ${counted(count, kind.noun)} ...\n`);
    }
  };
  try {
    const { live, leftOut, cutOffs } = await select(client, sources, progress("Read"));
    const ids = new Set(managed.map(({ id }) => id));
    const isNew = ({ id }: { readonly id: string }) => !ids.has(id);
    const complete = await withContents(client, live.filter(isNew), contents, progress("Downloaded"));
    const plan = planned(complete.live, { managed, isCopy, read: live, wired });
    return {
      taken: plan.taken,
      leftOut: [...leftOut.filter(isNew), ...complete.leftOut, ...plan.leftOut],
      cutOffs,
      managed,
      wired,
      kept: [...live, ...leftOut].filter((one) => !isNew(one)).length,
      mayRepeat: !isCopy && stack === undefined && isInProject(out),
    };
  } finally {
    await client.close();
  }
}

function report(command: ImportCommand, found: ImportPlan, names: FileNames, streams: Streams): number {
  const { stdout, stderr } = streams;
  const { isCopy } = command;
  const { taken, leftOut, cutOffs, kept } = found;
  stderr.write(notTakenText(found, command.sources));
  const status = leftOut.every(({ isUnasked }) => isUnasked) && cutOffs.length === 0 ? 0 : 1;
  if (taken.length === 0) {
    stderr.write(nothingText(kept, isCopy));
    return kept > 0 ? status : 1;
  }
  if (command.isDryRun) {
    stdout.write(listText(taken));
    const does = isCopy ? "copies" : "imports";
    stderr.write(`Without --dry-run the command ${does} ${countsText(taken)}. No file was written\n`);
  } else {
    give(command, found, names, streams);
  }
  return status;
}

/** Writes the files, or prints them if the command line names no folder. */
function give(
  { out, force, workspace, isCopy, isProtected, stack }: ImportCommand,
  { taken, managed, wired }: ImportPlan,
  names: FileNames,
  { stdout, stderr }: Streams,
): void {
  const [program, importFile] = names;
  const suffix = out !== undefined && holdsEsModules(out) ? ".js" : "";
  const writing = { wired, suffix, isProtected };
  const texts: Texts = isCopy
    ? { [program]: programText(taken, copyHead, [], { isProtected }) }
    : { [program]: programText(taken, importHead(importFile), managed, writing), [importFile]: importFileText(taken) };
  const selection = stack === undefined ? ({ by: "all" } as const) : ({ by: "stack", ...stack } as const);
  stderr.write(isCopy ? "" : pausesText(taken, { selection, workspace }));
  if (out === undefined) {
    stdout.write(printed(texts), true);
    const withContent = taken.filter(({ written }) => written["source"] !== undefined);
    const more = withContent.length === 0 ? "" : `, and the contents of ${countsText(withContent)}`;
    const files = isCopy ? "file" : "two files";
    stderr.write(`Printed ${countsText(taken)}. Add --out FOLDER to have the ${files} written${more}\n`);
  } else {
    writeFiles(out, texts, force);
    stderr.write(actingText(taken));
    const byId = isCopy ? [] : managed.filter(({ id }) => !wired.has(id));
    stdout.write(closingText({ folder: out, names, taken, byId, isProtected }, isCopy, workspace));
  }
}

const options = {
  all: flag("every live object that the token sees"),
  agent: valued("ID", "every live deployment of this agent; with --kind agent,deployment the agent as well"),
  kind: {
    ...valued("KIND", `only these kinds, with commas or given again: ${importKinds.map(kindWord).join(", ")}`),
    multiple: true,
  },
  out: {
    ...valued(
      "FOLDER",
      "write the program, import.json and the contents of skills and files there; without it both texts are printed",
    ),
    short: "o",
  },
  force: flag("replace qoder.ts and import.json, and write all objects again"),
  copy: flag("write a program that creates copies, for another account or workspace, and no import.json"),
  stack: {
    ...deploymentOptions.stack,
    meaning:
      "leave out what this Pulumi stack, or the selected one, manages, in the account of its configuration; alone: of all objects; run it in the folder of the project",
  },
  protect: flag("give each resource the option protect: true, so that no `up` removes it"),
  "dry-run": flag("list the objects, and write nothing"),
  ...accountOptions,
  timeout: timeoutOption,
} as const;

export const importCommand: CommandRow<typeof options> = {
  name: "import",
  brief: "writes a program for existing objects, and the file that `pulumi import` reads",
  usage: "(ID ... | --all | --agent ID | --stack [NAME]) [options]",
  does: "Writes a TypeScript program that declares existing objects, the file with which `pulumi import` records them, and the contents of skills and files. A second import into a folder writes only new objects, to new files. The command does not read your program: without --stack it skips only objects in import files of the folder; with --stack it also skips objects that `pulumi up` created. Sends GET requests only.",
  argument: ["ID ...", "the objects with these ids: agent_..., dep_..., vault_.../vcred_... for a credential"],
  options,
  statuses: { 0: "every object was imported", 1: "an object was not, or the command failed" },
  page: "docs/import.md",
};

type ImportCommand = NonNullable<ReturnType<typeof asked>>;

function asked({ values, positionals: ids }: CommandLine<typeof options>) {
  const { kind: kindNames, out, force, workspace, copy: isCopy, dryRun: isDryRun, stack: stackName } = values;
  const { protect: isProtected } = values;
  const time = commandTime(values.timeout);
  if (isCopy && stackName !== undefined) {
    throw new Misuse("--stack does not go with --copy, which copies what stacks manage too");
  }
  const stack = stackName === undefined ? undefined : { name: stackName === "" ? undefined : stackName };
  const selection = selectionOf(values, ids) ?? (stack === undefined ? undefined : { by: "all" as const });
  if (selection !== undefined) {
    const live = sourcesOf(selection, kindNames);
    const sources = isCopy ? withArchived(live) : live;
    return { sources, out, force, isCopy, isDryRun, isProtected, stack, workspace, time };
  }
  if (kindNames !== undefined) {
    throw new Misuse("--kind limits --all and --agent; give one of them as well");
  }
  return undefined;
}
