import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "./replace-file";

// If a command is killed between the start of a run and its answer, the state does not know about the run, and another start costs
// money. A file on this machine, whose name is a key, records that the start began.

/**
 * The folder of the notes. Everybody can make a file of a known name in the shared folder for temporary files first, so the notes are in
 * a folder of this user: below `PULUMI_HOME`, or where the XDG base directories keep the state of programs.
 */
export function folderOfNotes({ PULUMI_HOME: home, XDG_STATE_HOME: state }: NodeJS.ProcessEnv = process.env): string {
  return home ? join(home, "qoder") : join(state || join(homedir(), ".local", "state"), "pulumi-qoder");
}

function fileOf(key: string): string {
  return join(folderOfNotes(), `begun-${key}`);
}

/** Makes the folder for this user alone. Throws for one that another user made. */
function assureOwnFolder(): void {
  const folder = folderOfNotes();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { mode, uid } = lstatSync(folder);
  // A system without users by number gives each folder to its user.
  const user = process.getuid?.() ?? uid;
  if (uid !== user) {
    throw new Error(`${folder} belongs to another user`);
  }
  if ((mode & 0o077) !== 0) {
    chmodSync(folder, 0o700);
  }
}

/** Forgets the start: its outcome is about to reach the state. */
export function end(key: string): void {
  try {
    rmSync(fileOf(key), { force: true });
  } catch {
    // If the file stays, the next `up` looks for the run once more.
  }
}

/** `id`: the started run, as soon as it is known. */
const noteSchema = z.object({ about: z.string(), facts: z.looseObject({ id: z.string().optional() }) });

function noteIn(key: string): z.infer<typeof noteSchema> | undefined {
  try {
    return noteSchema.parse(JSON.parse(readFileSync(fileOf(key), "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Records facts about the start `about` in the file with this key, in place of those about an earlier start. After a kill at any
 * moment, the file contains the earlier facts or these: without a note, the next `up` would start a second run. Throws if the note
 * cannot be written; the earlier one stays then.
 */
export function write(key: string, about: string, facts: object): void {
  assureOwnFolder();
  replaceFile(fileOf(key), JSON.stringify({ about, facts }), 0o600);
}

/** The facts that an earlier command recorded about the start, and did not end. */
export function read(key: string, about: string): unknown {
  const note = noteIn(key);
  return note?.about === about ? note.facts : undefined;
}

/** Removes the note about the start of this run: the state has the run. */
export function endOf(key: string, id: string): void {
  if (noteIn(key)?.facts.id === id) {
    end(key);
  }
}
