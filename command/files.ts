import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { QoderError } from "../provider/api/errors";
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

/**
 * Replaces the content of a file: at any moment the file contains the whole old or the whole new text, also after an error. A symbolic
 * link is replaced and not followed: rename(2).
 */
export function saveFile(file: string, text: string, mode: number): void {
  const draft = `${file}.${process.pid}.part`;
  attempt(`${file} cannot be written`, () => {
    try {
      // A killed process may have left a draft.
      rmSync(draft, { force: true });
      // Some file systems report a full disk only when the text is flushed (fsync(2)).
      writeFileSync(draft, text, { mode, flag: "wx", flush: true });
      renameSync(draft, file);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  });
}
