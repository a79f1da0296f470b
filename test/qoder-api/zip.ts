import { unzipSync, zipSync } from "fflate";

export interface ZipEntry {
  /** The path, with `/` between folders. A path of a file does not end with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

/** The problem with an archive, as its message. */
export class ZipError extends Error {}

/** The files of a zip. `limit` counts for all of them together. */
export function unzip(archive: Buffer, limit: number): ZipEntry[] {
  let left = limit;
  const filter = ({ originalSize }: { originalSize: number }) => {
    left -= originalSize;
    if (left < 0) throw new ZipError("the unpacked files are too large");
    return true;
  };
  try {
    const files = Object.entries(unzipSync(archive, { filter }));
    return files.map(([path, content]) => ({ path, content: Buffer.from(content) }));
  } catch (error) {
    throw error instanceof ZipError ? error : new ZipError("the zip is damaged");
  }
}

/** The archive that the service makes of single files. Equal files make equal archives, so the date is always the first of the format. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const files = Object.fromEntries(entries.map(({ path, content }) => [path, content]));
  return Buffer.from(zipSync(files, { mtime: new Date(1980, 0, 1) }));
}
