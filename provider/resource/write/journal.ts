import { existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// If a command is killed between a request and its answer, the state does not know about the new version or the deletion, and no list
// of the API shows which request made it. An empty file, whose name is the key of the request, records on this machine that the
// request began.

function fileOf(key: string): string {
  return join(tmpdir(), `pulumi-qoder-begun-${key}`);
}

/** Records that the request with this key is about to be sent. */
export function begin(key: string): void {
  try {
    // The flag refuses a link that somebody else put in the place of the file.
    writeFileSync(fileOf(key), "", { flag: "wx", mode: 0o600 });
  } catch {
    // The file exists from an earlier try, or the folder is not writable: then only the key prevents a second effect.
  }
}

/** True if an earlier command began the request and did not get its answer. */
export function isOpen(key: string): boolean {
  return existsSync(fileOf(key));
}

/** Forgets the request: its outcome is about to reach the state. */
export function end(key: string): void {
  try {
    rmSync(fileOf(key), { force: true });
  } catch {
    // If the file stays, the next update reads the object once more.
  }
}
