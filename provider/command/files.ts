import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { QoderError } from "../api/errors";
import { replaceFile } from "../resource/write/replace-file";
import { systemReason } from "./words";

/** Runs the action. An error says what failed, why, and what follows: `so`. */
export function attempt<Result>(failure: string, action: () => Result, so?: string): Result {
  try {
    return action();
  } catch (error) {
    const reason = `${failure}: ${systemReason(error)}`;
    throw new QoderError(so === undefined ? reason : `${reason}. ${so}`, { cause: error });
  }
}

/** The text of a file, without the byte-order mark with which some shells of Windows begin a file. */
export function textIn(file: string): string {
  return new TextDecoder().decode(attempt(`${file} cannot be read`, () => readFileSync(file)));
}

/** Replaces the content of a file as a whole: it contains the old or the new text at any moment. */
export function saveFile(file: string, text: string, mode: number): void {
  attempt(`${file} cannot be written`, () => replaceFile(file, text, mode));
}

export const lockOf = (file: string) => `${file}.lock`;
/** The locks of this process. Another process with the same number may have left one, for example in a container. */
const ownLocks = new Set<string>();

/** Does the work while no other process of this machine works with the same file. */
export async function whileLocked<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const lock = lockOf(file);
  const owner = existsSync(lock) ? textIn(lock) : undefined;
  if (owner !== undefined && isAtWork(owner, lock)) {
    throw new QoderError(
      `process ${owner} works with ${file}. Run the same command again after its end. If it is no pulumi-qoder, delete ${lock}`,
    );
  }
  rmSync(lock, { force: true });
  attempt(`${file} cannot be locked`, () => writeFileSync(lock, `${process.pid}`, { mode: 0o600, flag: "wx" }));
  ownLocks.add(lock);
  try {
    return await work();
  } finally {
    ownLocks.delete(lock);
    rmSync(lock, { force: true });
  }
}

function isAtWork(owner: string, lock: string): boolean {
  if (owner === String(process.pid)) {
    return ownLocks.has(lock);
  }
  // A full disk, or the end of its process, leaves a lock without a number. The numbers below 1 stand for groups of processes (kill(2)).
  if (!(Number(owner) > 0)) {
    return false;
  }
  try {
    return process.kill(Number(owner), 0);
  } catch (error) {
    // EPERM: the process belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
