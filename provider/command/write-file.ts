import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { QoderError } from "../api/errors";
import { systemReason } from "./terminal";

/**
 * Replaces the content of a file: at any moment the file contains the whole old or the whole new text. A symbolic link is
 * replaced and not followed: rename(2).
 */
export function replaceFile(file: string, text: string, mode: number): void {
  const draft = `${file}.part`;
  try {
    // A killed process may have left a draft.
    rmSync(draft, { force: true });
    const opened = openSync(draft, "wx", mode);
    try {
      // Some file systems report a full disk only at this point (fsync(2)).
      writeFileSync(opened, text, { flush: true });
    } finally {
      closeSync(opened);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new QoderError(`${file} cannot be written: ${systemReason(error)}`, { cause: error });
  }
}
