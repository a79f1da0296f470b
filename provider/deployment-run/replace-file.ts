import { renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Replaces the content of a file: at any moment the file contains the whole old or the whole new text, also after an error. A symbolic
 * link is replaced and not followed: rename(2).
 */
export function replaceFile(file: string, text: string, mode: number): void {
  const draft = `${file}.${process.pid}.part`;
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
}
