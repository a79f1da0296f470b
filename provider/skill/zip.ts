import { inOrder } from "./digests";

/** "Skills: create a version": packed and unpacked. */
export const largestPackageMb = 50;

export interface PackedFile {
  /** The path below the folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isExecutable: boolean;
}

// The times in a zip have no time zone and no year before 1980, and fflate writes the local time of this machine. A moment in
// UTC would be another time in each zone, and before 1980 in some. So the time is a local one.
const everyFile = { mtime: new Date(1980, 0, 1, 12), os: 3 };
const regularFile = 0o100_000;

/**
 * A zip with one folder of this name: equal files give equal bytes on every machine. fflate has its own compressor, while the
 * bytes of Node.js's zlib may change from version to version.
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
