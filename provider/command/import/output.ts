import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { QoderError } from "../../api/errors";
import { parseJson } from "../../api/foreign-text";
import { jsonText, printable, systemReason } from "../terminal";
import { type ImportKind, importKinds } from "./kinds";
import type { CutOff } from "./select";
import { type LeftOut, referencesIn, type Takeover } from "./takeover";
import { missingSecrets } from "./texts";

const fileNames = ["deployments.ts", "import.json"] as const;

/** The two texts that belong together, by file name. */
export type Texts = Readonly<Record<(typeof fileNames)[number], string>>;

/** Asked before anything is read: a long run is not to end at this. */
export function refuseExisting(folder: string): void {
  const existing = fileNames.map((name) => join(folder, name)).filter(isTaken);
  if (existing.length > 0) {
    throw new QoderError(`${existing.join(" and ")} would be replaced; choose another folder, or add --force`);
  }
}

// Not `existsSync`: it follows a symbolic link, and one that leads nowhere is in the way as well.
function isTaken(file: string): boolean {
  return attempt(`${file} cannot be written`, () => lstatSync(file, { throwIfNoEntry: false }) !== undefined);
}

/** Writes both files, or neither: a program without its import file would create everything a second time. */
export function writeFiles(folder: string, texts: Texts, force: boolean): void {
  makeFolder(resolve(folder));
  const made: string[] = [];
  try {
    const written = fileNames.map((name) => {
      const file = join(folder, name);
      // A file that is written over would keep its mode, and a symbolic link would be followed.
      const draft = force ? `${file}.${randomUUID()}` : file;
      attempt(`${file} cannot be written`, () => writeNew(draft, texts[name], made));
      return { draft, file };
    });
    const replaced: string[] = [];
    for (const { draft, file } of written.filter(() => force)) {
      const so = replaced.length === 0 ? neither : `${replaced.join(" and ")} was replaced`;
      attempt(`${file} cannot be replaced`, () => renameSync(draft, file), so);
      replaced.push(file);
    }
  } catch (error) {
    for (const file of made) {
      rmSync(file, { force: true });
    }
    throw error;
  }
}

/** For the owner alone, as the texts hold environment variables. Never through a symbolic link (open(2), O_EXCL). */
function writeNew(file: string, text: string, made: string[]): void {
  const opened = openSync(file, "wx", 0o600);
  made.push(file);
  try {
    // Some file systems tell only now that the disk is full (fsync(2)).
    writeFileSync(opened, text, { flush: true });
  } finally {
    closeSync(opened);
  }
}

// `mkdirSync` with `recursive` never returns below /proc, where no folder can be made (Node.js 20, `MKDirpSync`).
function makeFolder(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    makeFolder(dirname(folder));
    attempt(`the folder ${folder} cannot be made`, () => mkdirSync(folder));
  }
}

const neither = "Neither file was written";

function attempt<Result>(failure: string, action: () => Result, so: string = neither): Result {
  try {
    return action();
  } catch (error) {
    throw new QoderError(`${failure}: ${systemReason(error)}. ${so}`, { cause: error });
  }
}

export function printed(texts: Texts): string {
  return fileNames.map((name) => `// ---------- ${name} ----------\n${texts[name]}`).join("\n");
}

/** What to do with the written files. */
export function nextSteps(folder: string, taken: readonly Takeover[], workspace: string | undefined): string {
  const [program, file] = fileNames.map((name) => join(folder, name));
  const steps = [
    `add this line to the program:  import "${modulePath(folder)}${holdsEsModules(folder) ? ".js" : ""}";`,
    ...(workspace === undefined ? [] : [`pulumi config set qoder:workspaceId ${quoted(workspace)}`]),
    `pulumi import --file ${quoted(file ?? "")} --generate-code=false --protect=false --yes`,
    "pulumi preview --expect-no-changes",
    ...(taken.some(({ written }) => referencesIn(written).length > 0) ? [orderStep] : []),
    ...secretSteps(missingSecrets(taken)),
  ];
  return [
    `Wrote ${countsText(taken)} to ${program} and ${file}. Nothing was changed at Qoder.`,
    "",
    "Next, in the folder of the Pulumi project, with Pulumi 3.254 or later:",
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    "",
  ].join("\n");
}

// Whoever names a folder elsewhere names the one of the project.
function modulePath(folder: string): string {
  const below = relative(process.cwd(), folder);
  const isElsewhere = isAbsolute(below) || below.split(sep).includes("..");
  return [".", ...(isElsewhere ? [] : below.split(sep)), "deployments"].filter((part) => part !== "").join("/");
}

// An import records no dependencies (pulumi/pulumi pkg/resource/deploy/import.go), and a removal goes by them.
const orderStep =
  "pulumi up, which sends nothing yet, but records what needs what: a removal archives deployments before their agents";

function secretSteps(secrets: readonly string[]): string[] {
  const which = secrets.length === 1 ? "the secret" : `the ${secrets.length} secrets`;
  const members = [...new Set(secrets)].join(", ");
  return secrets.length === 0
    ? []
    : [
        `set ${which} that the API does not give back (${members}), at the comments in deployments.ts, and run \`pulumi up\``,
      ];
}

// What a shell takes apart, people quote.
function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function leftOutText({ id, name, reasons }: LeftOut): string {
  const shown = name === undefined ? printable(id) : `${printable(id)} ${jsonText(name)}`;
  return [`Left out: ${shown}`, ...reasons.map((reason) => `  ${printable(reason)}`), ""].join("\n");
}

export function cutOffText({ kind: { noun, idPrefix }, reason }: CutOff): string {
  return `Not all ${noun}s were read: ${printable(reason)}. Those that were read are taken over; give the others by their ids (${idPrefix}...)\n`;
}

/** `6 agents, 3 environments and 15 deployments` */
export function countsText(taken: readonly Takeover[]): string {
  const counts = importKinds.map((kind) => [kind, taken.filter(({ object }) => object.kind === kind).length] as const);
  const texts = counts.filter(([, count]) => count > 0).map(([kind, count]) => countText(kind, count));
  return new Intl.ListFormat("en-GB").format(texts);
}

export function countText({ noun }: ImportKind, count: number): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

const packageSchema = z.looseObject({ type: z.literal("module") });

/** Whether files in this folder are ES modules: the nearest package.json says it ("Node.js: Packages", `type`). */
function holdsEsModules(folder: string): boolean {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    return packageSchema.safeParse(parseJson(readFileSync(file, "utf8")).value).success;
  }
  const parent = dirname(resolve(folder));
  return parent !== resolve(folder) && holdsEsModules(parent);
}
