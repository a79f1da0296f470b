import { createHash } from "node:crypto";

/** One part of a form ("multipart/form-data", RFC 7578). */
interface Part {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** For a file its name and media type. */
  readonly file?: { readonly name: string; readonly type: string };
}

export type Form = readonly Part[];

/** Encodes equal parts to equal bytes: a service compares the bodies of requests with the same idempotency key. */
export function encoded(form: Form): { readonly bytes: Buffer; readonly type: string } {
  const hash = createHash("sha256");
  for (const { content } of form) {
    hash.update(content);
  }
  // The boundary is a digest of the parts, so no part can contain it.
  const boundary = `pulumi-qoder-${hash.digest("hex").slice(0, 32)}`;
  const parts = form.flatMap(({ name, content, file }) => [
    Buffer.from(
      [
        `--${boundary}`,
        `Content-Disposition: form-data; name="${escapedName(name)}"${file === undefined ? "" : `; filename="${escapedName(file.name)}"`}`,
        ...(file === undefined ? [] : [`Content-Type: ${file.type}`]),
        "\r\n",
      ].join("\r\n"),
    ),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

// The escapes of browsers (HTML, "multipart/form-data encoding algorithm").
function escapedName(name: string): string {
  return name.replace(/\n/g, "%0A").replace(/\r/g, "%0D").replace(/"/g, "%22");
}

const bytesInMb = 1024 * 1024;
const mostPerPiece = 256 * 1024;
const betweenTellsMs = 5_000;

/** Whether the upload takes so long that the person should see its progress. */
export function isLarge(bytes: Uint8Array): boolean {
  return bytes.length > bytesInMb;
}

export function megabytes(bytes: number): string {
  return `${(bytes / bytesInMb).toFixed(1)} MB`;
}

/** The bytes in pieces; from time to time a remark reports the progress. */
export async function* pieces(bytes: Buffer, tell: (text: string) => void | Promise<void>): AsyncGenerator<Buffer> {
  let last = performance.now();
  for (let sent = 0; sent < bytes.length; sent += mostPerPiece) {
    if (performance.now() - last >= betweenTellsMs) {
      last = performance.now();
      await tell(`${megabytes(sent)} of ${megabytes(bytes.length)} are sent`);
    }
    yield bytes.subarray(sent, sent + mostPerPiece);
  }
}
