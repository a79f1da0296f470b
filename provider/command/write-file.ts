import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { QoderError } from "../api/errors";
import { systemReason } from "./terminal";

/**
 * Puts the text into the file, in whose place there is the old text or the new one at any moment, never a part of either. A symbolic
 * link is replaced and not followed: rename(2).
 */
export function replaceFile(file: string, text: string, mode: number): void {
  const draft = `${file}.part`;
  try {
    // A process that was killed may have left one.
    rmSync(draft, { force: true });
    const opened = openSync(draft, "wx", mode);
    try {
      // Some file systems tell only now that the disk is full (fsync(2)).
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
