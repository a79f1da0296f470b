import { existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// A command that is killed between a request and its answer leaves what no state knows: a version that has no second name under which
// it could be found again, or nothing where an object was that nobody can see any more. The file says on this machine that the request
// was begun; its name says all.

function fileOf(key: string): string {
  return join(tmpdir(), `pulumi-qoder-begun-${key}`);
}

/** The request with this key is about to be sent. */
export function begin(key: string): void {
  try {
    // Not through what somebody else put at its place.
    writeFileSync(fileOf(key), "", { flag: "wx", mode: 0o600 });
  } catch {
    // It is there from an earlier try, or the folder takes no file: then the key alone protects.
  }
}

/** Whether an earlier command began it and never heard the answer. */
export function isOpen(key: string): boolean {
  return existsSync(fileOf(key));
}

/** The state is about to know what became of it. */
export function end(key: string): void {
  try {
    rmSync(fileOf(key), { force: true });
  } catch {
    // Left there it costs the next update a look.
  }
}
