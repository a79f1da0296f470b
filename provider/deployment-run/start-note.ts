import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "./replace-file";

// If a command is killed between the start of a run and its answer, the state does not know about the run, and another start costs
// money. A file on this machine, whose name is a key, records that the start began.

function fileOf(key: string): string {
  return join(tmpdir(), `pulumi-qoder-begun-${key}`);
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
 * moment, the file contains the earlier facts or these: without a note, the next `up` would start a second run.
 */
export function write(key: string, about: string, facts: object): void {
  try {
    replaceFile(fileOf(key), JSON.stringify({ about, facts }), 0o600);
  } catch {
    // The disk is full, or the folder is not writable: the earlier note stays, and the key prevents a second effect.
  }
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
