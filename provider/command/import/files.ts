import { randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { QoderError } from "../../api/errors";

export const fileNames = ["deployments.ts", "import.json"] as const;

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
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

export function writeFiles(folder: string, texts: Texts, force: boolean): void {
  mkdirSync(folder, { recursive: true });
  for (const name of fileNames) {
    const write = force ? replace : writeNew;
    write(join(folder, name), texts[name]);
  }
}

/** For the owner alone, as the texts hold environment variables. Never through a symbolic link (open(2), O_EXCL). */
function writeNew(file: string, text: string): void {
  writeFileSync(file, text, { flag: "wx", mode: 0o600 });
}

// A file that is written over would keep its mode, and a symbolic link would be followed.
function replace(file: string, text: string): void {
  const beside = `${file}.${randomUUID()}`;
  try {
    writeNew(beside, text);
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}
