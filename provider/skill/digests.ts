import { createHash } from "node:crypto";

// Used by the program and by the provider. The program puts digests into the inputs, so that a preview names each changed
// file, and no state and no log contains the content of a file.

/** Digests by the paths of the files below the folder, with `/` on every system. */
export type Digests = Readonly<Record<string, string>>;

const executable = " executable";

/** The digest of a file, followed by a mark for the executable bit, the only mode that git keeps. */
export function digestOf(bytes: Uint8Array | string, isExecutable = false): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}${isExecutable ? executable : ""}`;
}

export function isExecutable(digest: string): boolean {
  return digest.endsWith(executable);
}

export function withoutMode(digest: string): string {
  return isExecutable(digest) ? digest.slice(0, -executable.length) : digest;
}

/**
 * The name of a file in the inputs. At any depth the engine ignores members whose names start with two underscores
 * (pulumi/pulumi sdk/go/common/resource/properties_diff.go), but `__init__.py` is an ordinary file.
 */
export function memberOf(path: string): string {
  return path.startsWith("__") ? `./${path}` : path;
}

export function pathOf(member: string): string {
  return member.startsWith("./") ? member.slice(2) : member;
}

/** Sorted by code points, as in UTF-8: the same order on every machine, whatever its locale. */
export function inOrder<Entry extends { readonly path: string }>(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}

/** Why a file or folder cannot be read: the message of Node.js, which has the reason and the path. Throws any other error. */
export function unreadable(error: unknown): string {
  const { code, message } = Object(error);
  if (typeof code === "string") {
    return `cannot be read: ${message}`;
  }
  throw error;
}
