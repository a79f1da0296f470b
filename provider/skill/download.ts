import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import type { Entry, ZipFile } from "yauzl";
import type { QoderClient } from "../api/client";
import { reasonOf } from "../api/errors";
import { excerpt } from "../api/terminal-text";
import { strangeName } from "./file-names";
import { largestPackageMb, type PackedFile } from "./zip";

/** "Get the content of a skill version": the reply is the zip. */
export async function downloadPackage(client: QoderClient, id: string, version: string): Promise<PackedFile[]> {
  const { body } = await client.send({
    method: "GET",
    path: ["skills", id, "versions", version, "content"],
    downloadMb: largestPackageMb + 1,
    repeat: "safe",
  });
  return unzip(body instanceof Uint8Array ? body : new Uint8Array());
}

/** The error for a package that cannot be unpacked safely. */
export class PackageError extends Error {
  override readonly name = "PackageError";
}

const largestBytes = largestPackageMb * 1024 * 1024;
const mostFiles = 10_000;
/** In bytes. No common file system has longer names. */
const longestName = 255;

// PKWARE's APPNOTE.TXT 6.3, "Central directory structure".
const unix = 3;
const kindOfFile = 0o170_000;
const [regularFile, folder] = [0o100_000, 0o040_000];

/**
 * The files of a zip. The zip is not trusted: a path that leaves the folder, an entry that is no regular file, and content
 * that is beyond the limit or differs from its checksum are errors. CONTRIBUTING.md says why another library writes the zips.
 */
export async function unzip(bytes: Uint8Array): Promise<PackedFile[]> {
  const { fromBufferPromise }: typeof import("yauzl") = require("yauzl");
  const files: PackedFile[] = [];
  const paths = new Set<string>();
  let size = 0;
  try {
    // yauzl reads names without a mark as CP437, but common tools of macOS write UTF-8 without the mark.
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      lazyEntries: true,
      decodeStrings: false,
    });
    if (zip.entryCount > mostFiles) {
      throw new PackageError(`has more than ${mostFiles} files`);
    }
    for await (const entry of zip.eachEntry()) {
      const path = entry.fileNameRaw.toString("utf8");
      // Zips from other systems contain no modes.
      const mode = entry.versionMadeBy >>> 8 === unix ? entry.externalFileAttributes >>> 16 : 0;
      refuseStrange(path, mode, paths);
      paths.add(path);
      size += entry.uncompressedSize;
      if (size > largestBytes) {
        throw new PackageError(`unpacks to more than ${largestPackageMb} MB`);
      }
      if (!path.endsWith("/")) {
        files.push({ path, bytes: await contentOf(zip, entry, path), isExecutable: (mode & 0o100) !== 0 });
      }
    }
  } catch (error) {
    throw error instanceof PackageError ? error : new PackageError(`is not a zip, or is damaged: ${reasonOf(error)}`);
  }
  return files;
}

function refuseStrange(path: string, mode: number, known: ReadonlySet<string>): void {
  const parts = path.replace(/\/$/, "").split("/");
  if (strangeName.test(path) || /^[A-Za-z]:/.test(path) || parts.some((part) => ["", ".", ".."].includes(part))) {
    throw new PackageError(`has the path ${quoted(path)}, which leaves its folder or has an unusual spelling`);
  }
  if (parts.some((part) => Buffer.byteLength(part) > longestName)) {
    throw new PackageError(`has the path ${quoted(path)} with a name of more than ${longestName} bytes`);
  }
  const kind = mode & kindOfFile;
  if (kind !== 0 && kind !== regularFile && kind !== folder) {
    throw new PackageError(`has ${quoted(path)}, which is a link or a device and no file`);
  }
  if (known.has(path)) {
    throw new PackageError(`has ${quoted(path)} twice`);
  }
}

function quoted(path: string): string {
  return JSON.stringify(excerpt(path, longestName));
}

/** yauzl stops when an entry is larger than its declared size, before it fills the memory, but compares no checksum. */
async function contentOf(zip: ZipFile, entry: Entry, path: string): Promise<Uint8Array> {
  const read = async () => buffer(await zip.openReadStreamPromise(entry));
  const bytes = await read().catch((error: unknown) => reasonOf(error));
  if (typeof bytes === "string" || crc32(bytes) !== entry.crc32) {
    const reason = typeof bytes === "string" ? `: ${bytes}` : "";
    throw new PackageError(`has ${quoted(path)}, which does not unpack to its declared size and checksum${reason}`);
  }
  return bytes;
}
