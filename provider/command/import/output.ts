import { randomUUID } from "node:crypto";
import { closeSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { QoderError } from "../../api/errors";
import { attempt } from "../files";
import { counted, lines, printable, shown } from "../words";
import { makeFolder, neither } from "./content-folder";
import { importKinds } from "./kinds";
import type { CutOff } from "./select";
import type { LeftOut, Takeover } from "./takeover";

export const fileNames = ["deployments.ts", "import.json"] as const;

/** The program and its import file, by file name. */
export type Texts = Readonly<Record<(typeof fileNames)[number], string>>;

/** Throws if a file exists. Called before the first request, so that a long run does not end with this error. */
export function refuseExisting(folder: string): void {
  const existing = fileNames.map((name) => join(folder, name)).filter(isTaken);
  if (existing.length > 0) {
    throw new QoderError(`${existing.join(" and ")} would be replaced; choose another folder, or add --force`);
  }
}

// Not `existsSync`, which follows symbolic links: a broken link would also be in the way.
function isTaken(file: string): boolean {
  return attempt(`${file} cannot be written`, () => lstatSync(file, { throwIfNoEntry: false }) !== undefined, neither);
}

/** Writes both files or neither: a program without its import file would create all objects a second time. */
export function writeFiles(folder: string, texts: Texts, force: boolean): void {
  makeFolder(resolve(folder));
  const made: string[] = [];
  try {
    const written = fileNames.map((name) => {
      const file = join(folder, name);
      // Overwriting a file would keep its mode and follow a symbolic link.
      const draft = force ? `${file}.${randomUUID()}` : file;
      attempt(`${file} cannot be written`, () => writeNew(draft, texts[name], made), neither);
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

/**
 * Creates a file that only its owner may read, because the texts contain environment variables. Never follows a symbolic link
 * (open(2), O_EXCL).
 */
function writeNew(file: string, text: string, made: string[]): void {
  const opened = openSync(file, "wx", 0o600);
  made.push(file);
  try {
    // Some file systems report a full disk only at this point (fsync(2)).
    writeFileSync(opened, text, { flush: true });
  } finally {
    closeSync(opened);
  }
}

export function printed(texts: Texts): string {
  return fileNames.map((name) => `// ---------- ${name} ----------\n${texts[name]}`).join("\n");
}

export function leftOutText(one: LeftOut): string {
  return lines([`Left out: ${shown(one)}`, ...one.reasons.map((reason) => `  ${printable(reason)}`)]);
}

export function cutOffText({ kind: { noun, idForm }, reason }: CutOff): string {
  return `Not all ${noun}s were read: ${printable(reason)}. Those that were read are taken over; give the others by their ids (${idForm})\n`;
}

/** The numbers of objects: `6 agents, 3 environments and 15 deployments`. */
export function countsText(taken: readonly Takeover[]): string {
  const counts = importKinds.map((kind) => [kind, taken.filter(({ object }) => object.kind === kind).length] as const);
  const texts = counts.filter(([, count]) => count > 0).map(([{ noun }, count]) => counted(count, noun));
  return new Intl.ListFormat("en-GB").format(texts);
}
