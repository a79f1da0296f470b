import { constants, crc32, deflateRawSync, inflateRawSync } from "node:zlib";

/** One file of an archive. */
export interface ZipEntry {
  /** The path, with `/` between folders. A path of a file does not end with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

/** The problem with an archive, as its message. */
export class ZipError extends Error {}

const END = { signature: 0x06054b50, size: 22 };
const LISTED = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const LONGEST_COMMENT = 0xffff;
/** The flag for names in UTF-8. */
const UTF_8 = 0x0800;
/** 1 January 1980, the earliest date of the format. */
const FIRST_DAY = 0x0021;
const VERSION = 20;

/**
 * Reads a zip, as far as packages of skills need it (PKWARE's APPNOTE). The tests do not use the library of the provider: so
 * another implementation reads the provider's zips, and checks every sum. `limit` counts for all files together.
 */
export function unzip(archive: Buffer, limit: number): ZipEntry[] {
  try {
    return filesOf(archive, limit);
  } catch (error) {
    if (error instanceof ZipError) throw error;
    // The reader went beyond the end, or the bytes are not deflated.
    throw new ZipError("the zip is damaged");
  }
}

function filesOf(archive: Buffer, limit: number): ZipEntry[] {
  const end = endOf(archive);
  const files: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  let left = limit;
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (archive.readUInt32LE(at) !== LISTED.signature) throw new ZipError("the zip is damaged");
    const nameLength = archive.readUInt16LE(at + 28);
    const path = archive.toString("utf8", at + LISTED.size, at + LISTED.size + nameLength);
    const content = contentOf(archive, at, left);
    left -= content.length;
    files.push({ path, content });
    at += LISTED.size + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

function endOf(archive: Buffer): number {
  const earliest = Math.max(0, archive.length - END.size - LONGEST_COMMENT);
  for (let at = archive.length - END.size; at >= earliest; at -= 1) {
    if (archive.readUInt32LE(at) === END.signature) return at;
  }
  throw new ZipError("it is not a zip");
}

function contentOf(archive: Buffer, listed: number, limit: number): Buffer {
  const [method, sum] = [archive.readUInt16LE(listed + 10), archive.readUInt32LE(listed + 16)];
  const size = archive.readUInt32LE(listed + 24);
  if ((archive.readUInt16LE(listed + 8) & ENCRYPTED) !== 0) throw new ZipError("the zip is encrypted");
  const local = archive.readUInt32LE(listed + 42);
  if (archive.readUInt32LE(local) !== LOCAL.signature) throw new ZipError("the zip is damaged");
  const start = local + LOCAL.size + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + archive.readUInt32LE(listed + 20));
  if (size > limit) throw new ZipError("the unpacked files are too large");
  if (method !== STORED && method !== DEFLATED) throw new ZipError(`the zip has the unknown method ${method}`);
  // An entry may claim a small size and still unpack to more.
  const content = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  if (content.length !== size || crc32(content) !== sum) throw new ZipError("the zip is damaged");
  return content;
}

/** The archive that the service makes of single files. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const { path, content } of entries) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(content, { level: constants.Z_BEST_COMPRESSION });
    const shared = sharedHeader(content, packed, name);
    const file = Buffer.concat([header(LOCAL.signature), shared, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    list.push(Buffer.concat([header(LISTED.signature, VERSION), shared, place, name]));
    files.push(file);
    offset += file.length;
  }
  const listed = Buffer.concat(list);
  const end = Buffer.alloc(END.size);
  end.writeUInt32LE(END.signature);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
}

function header(signature: number, madeBy?: number): Buffer {
  const bytes = Buffer.alloc(madeBy === undefined ? 4 : 6);
  bytes.writeUInt32LE(signature);
  if (madeBy !== undefined) bytes.writeUInt16LE(madeBy, 4);
  return bytes;
}

/** The part of the header that an archive has twice: before the file, and in its list. */
function sharedHeader(content: Buffer, packed: Buffer, name: Buffer): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(VERSION, 0);
  bytes.writeUInt16LE(UTF_8, 2);
  bytes.writeUInt16LE(DEFLATED, 4);
  bytes.writeUInt16LE(FIRST_DAY, 8);
  bytes.writeUInt32LE(crc32(content), 10);
  bytes.writeUInt32LE(packed.length, 14);
  bytes.writeUInt32LE(content.length, 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}
