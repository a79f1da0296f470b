import { inOrder } from "./digests";

/** "Skills: create a version": packed and unpacked. */
export const largestPackageMb = 50;

/** A file of a package. */
export interface PackedFile {
  /** Below the folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isExecutable: boolean;
}

// MS-DOS knows no time zone and no year before 1980, and fflate reads the time as that of this machine: a moment that is given in
// UTC is another time in each zone, and lies before 1980 in some.
const everyFile = { mtime: new Date(1980, 0, 1, 12), os: 3 };
const regularFile = 0o100_000;

/**
 * A zip with one folder of this name: the same bytes of the same files on every machine. fflate compresses by itself, where Node.js's
 * zlib may find other bytes from version to version.
 */
export function zipOf(name: string, files: readonly PackedFile[]): Uint8Array {
  const { zipSync }: typeof import("fflate") = require("fflate");
  const entries: import("fflate").Zippable = {};
  for (const { path, bytes, isExecutable } of inOrder(files)) {
    const mode = regularFile | (isExecutable ? 0o755 : 0o644);
    entries[`${name}/${path}`] = [bytes, { ...everyFile, attrs: (mode << 16) >>> 0 }];
  }
  return zipSync(entries);
}
