import { createHash } from "node:crypto";

/** One part of a body of parts ("multipart/form-data", RFC 7578). */
interface Part {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Of a file: what it is called, and its type. */
  readonly file?: { readonly name: string; readonly type: string };
}

export type Form = readonly Part[];

/** The same bytes for the same parts: a service that knows an idempotency key compares what came with it. */
export function encoded(form: Form): { readonly bytes: Buffer; readonly type: string } {
  const hash = createHash("sha256");
  for (const { content } of form) {
    hash.update(content);
  }
  // Nothing holds a digest of itself.
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

// As browsers do it (HTML, "multipart/form-data encoding algorithm").
function escapedName(name: string): string {
  return name.replace(/\n/g, "%0A").replace(/\r/g, "%0D").replace(/"/g, "%22");
}

const bytesInMb = 1024 * 1024;
const mostPerPiece = 256 * 1024;
const betweenTellsMs = 5_000;

/** A smaller one is gone before anybody wonders. */
export function isLarge(bytes: Uint8Array): boolean {
  return bytes.length > bytesInMb;
}

export function megabytes(bytes: number): string {
  return `${(bytes / bytesInMb).toFixed(1)} MB`;
}

/** The bytes in pieces; it tells from time to time how much of them is gone. */
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
