import { createHash } from "node:crypto";

// What the program and the provider both say of files. The program puts digests into the inputs, so that a preview names each file
// that changed, and neither a state nor a log has what is in one.

/** By the paths of the files below the folder, with `/` on every system. */
export type Digests = Readonly<Record<string, string>>;

const executable = " executable";

/** The digest of a file. The mark behind it is the executable bit, which git keeps as well. */
export function digestOf(bytes: Uint8Array | string, isExecutable = false): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}${isExecutable ? executable : ""}`;
}

export function isExecutable(digest: string): boolean {
  return digest.endsWith(executable);
}

/** The digest of the bytes alone. */
export function withoutMode(digest: string): string {
  return isExecutable(digest) ? digest.slice(0, -executable.length) : digest;
}

/**
 * How the inputs name a file. The engine compares no member whose name starts with two underscores, at any depth
 * (pulumi/pulumi sdk/go/common/resource/properties_diff.go), and `__init__.py` is an ordinary file.
 */
export function memberOf(path: string): string {
  return path.startsWith("__") ? `./${path}` : path;
}

/** The path of the file that the inputs name so. */
export function pathOf(member: string): string {
  return member.startsWith("./") ? member.slice(2) : member;
}

/** In the order of their code points, as UTF-8 has it: the same on every machine, whatever its language. */
export function inOrder<Entry extends { readonly path: string }>(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}
