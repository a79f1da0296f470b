import { inflateRawSync } from "node:zlib";
import { largestPackageMb, type PackedFile } from "./zip";

/** The error for a package that cannot be unpacked safely. */
export class PackageError extends Error {
  override readonly name = "PackageError";
}

const largestBytes = largestPackageMb * 1024 * 1024;
const mostFiles = 10_000;

// PKWARE's APPNOTE.TXT 6.3, "Central directory structure".
const endMark = 0x06054b50;
const entryMark = 0x02014b50;
const fileMark = 0x04034b50;
const [stored, deflated] = [0, 8];
const unix = 3;
const kindOfFile = 0o170_000;
const [regularFile, folder] = [0o100_000, 0o040_000];

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly mode: number;
  readonly offset: number;
}

/**
 * The files of a zip. The zip is not trusted: a path that leaves the folder, an entry that is no regular file, and content
 * beyond the limit are errors.
 */
export function unzip(bytes: Uint8Array): PackedFile[] {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return filesOf(zip, entriesOf(zip));
  } catch (error) {
    throw error instanceof RangeError ? new PackageError("is incomplete, or no zip file") : error;
  }
}

function entriesOf(zip: Buffer): Entry[] {
  const end = zip.lastIndexOf(marked(endMark));
  if (end === -1) {
    throw new PackageError("is no zip");
  }
  const count = zip.readUInt16LE(end + 10);
  if (count > mostFiles) {
    throw new PackageError(`has more than ${mostFiles} files`);
  }
  const entries: Entry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(at) !== entryMark) {
      throw new PackageError("has a broken list of its files");
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => zip.readUInt16LE(at + place));
    const nameEnd = at + 46 + (nameLength ?? 0);
    entries.push({
      path: zip.subarray(at + 46, nameEnd).toString("utf8"),
      method: zip.readUInt16LE(at + 10),
      packed: zip.readUInt32LE(at + 20),
      size: zip.readUInt32LE(at + 24),
      // Zips from other systems contain no modes.
      mode: zip.readUInt8(at + 5) === unix ? zip.readUInt16LE(at + 40) : 0,
      offset: zip.readUInt32LE(at + 42),
    });
    at = nameEnd + (extraLength ?? 0) + (commentLength ?? 0);
  }
  return entries;
}

function marked(mark: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(mark);
  return bytes;
}

function filesOf(zip: Buffer, entries: readonly Entry[]): PackedFile[] {
  const declared = entries.reduce((sum, { size }) => sum + size, 0);
  if (declared > largestBytes) {
    throw new PackageError(`unpacks to more than ${largestPackageMb} MB`);
  }
  const paths = new Set<string>();
  return entries.flatMap((entry) => {
    refuseStrange(entry, paths);
    paths.add(entry.path);
    return entry.path.endsWith("/")
      ? []
      : [{ path: entry.path, bytes: contentOf(zip, entry), isExecutable: (entry.mode & 0o100) !== 0 }];
  });
}

function refuseStrange({ path, mode }: Entry, known: ReadonlySet<string>): void {
  const parts = path.replace(/\/$/, "").split("/");
  if (path.includes("\\") || /^[A-Za-z]:/.test(path) || parts.some((part) => ["", ".", ".."].includes(part))) {
    throw new PackageError(`has the path ${JSON.stringify(path)}, which leaves its folder or has an unusual spelling`);
  }
  const kind = mode & kindOfFile;
  if (kind !== 0 && kind !== regularFile && kind !== folder) {
    throw new PackageError(`has ${JSON.stringify(path)}, which is a link or a device and no file`);
  }
  if (known.has(path)) {
    throw new PackageError(`has ${JSON.stringify(path)} twice`);
  }
}

function contentOf(zip: Buffer, { path, method, packed, size, offset }: Entry): Uint8Array {
  if (zip.readUInt32LE(offset) !== fileMark) {
    throw new PackageError(`has a broken file ${JSON.stringify(path)}`);
  }
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  const raw = zip.subarray(start, start + packed);
  if (method !== stored && method !== deflated) {
    throw new PackageError(`has ${JSON.stringify(path)} with an unknown method of compression`);
  }
  const bytes = method === stored ? raw : inflated(raw, size, path);
  if (bytes.length !== size) {
    throw new PackageError(`has ${JSON.stringify(path)}, whose size differs from the declared one`);
  }
  return bytes;
}

/** Stops when an entry is larger than its declared size, before it fills the memory. */
function inflated(raw: Buffer, size: number, path: string): Uint8Array {
  try {
    return inflateRawSync(raw, { maxOutputLength: Math.max(size, 1) });
  } catch {
    throw new PackageError(`has ${JSON.stringify(path)}, which does not unpack to its declared size and checksum`);
  }
}
