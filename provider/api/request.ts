import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { type Clock, longestTimerMs } from "./clock";
import { patience } from "./patience";
import type { Repeat } from "./retry";
import type { JsonObject } from "./schema";
import { excerpt } from "./terminal-text";

/** One part of a form ("multipart/form-data", RFC 7578). */
interface Part {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly file?: { readonly name: string; readonly type: string };
}

export type Form = readonly Part[];

/** Encodes equal parts to equal bytes: a service compares the bodies of requests with the same idempotency key. */
function encoded(form: Form): { readonly bytes: Buffer; readonly type: string } {
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

/** True if the upload takes so long that the person should see its progress. */
export function isLarge(bytes: Uint8Array): boolean {
  return bytes.length > bytesInMb;
}

export function megabytes(bytes: number): string {
  return `${(bytes / bytesInMb).toFixed(1)} MB`;
}

/** The bytes in pieces; from time to time a remark reports the progress. */
async function* pieces(bytes: Buffer, { clock, tell }: Pick<Sending, "clock" | "tell">): AsyncGenerator<Buffer> {
  let last = clock.elapsed();
  for (let sent = 0; sent < bytes.length; sent += mostPerPiece) {
    if (clock.elapsed() - last >= patience.betweenProgressMs) {
      last = clock.elapsed();
      await tell(`${megabytes(sent)} of ${megabytes(bytes.length)} are sent`);
    }
    yield bytes.subarray(sent, sent + mostPerPiece);
  }
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** The segments below the base URL, not yet escaped, so that an id can never add segments. */
  readonly path: readonly string[];
  /** A list becomes one parameter for each of its texts. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: JsonObject;
  /** The parts of a request with files, in place of `body`. */
  readonly form?: Form;
  /** Set if the reply is a file and not JSON: its largest size in MB. */
  readonly downloadMb?: number;
  /**
   * An address from the service, requested in place of the path. The address itself grants access, so the request contains no
   * token, and messages show the path instead.
   */
  readonly link?: URL;
  readonly idempotencyKey?: string;
  /** The beta features that the request uses. */
  readonly betas?: readonly string[];
  readonly repeat: Repeat;
}

export function requestLabel({ method, path }: Pick<ApiRequest, "method" | "path">): string {
  return `${method} /${path.map((segment) => excerpt(segment)).join("/")}`;
}

/** The encoded body of a request. */
export interface Content {
  readonly bytes: Buffer;
  /** The media type; undefined without a body. */
  readonly type: string | undefined;
}

export function contentOf({ body, form }: ApiRequest): Content {
  if (form !== undefined) {
    return encoded(form);
  }
  const text = body === undefined ? undefined : JSON.stringify(body);
  return { bytes: Buffer.from(text ?? ""), type: text === undefined ? undefined : "application/json" };
}

interface Sending {
  readonly baseUrl: string;
  readonly workspaceId: string | undefined;
  readonly token: string;
  /** The milliseconds that the service may be silent. */
  readonly silenceMs: number;
  readonly clock: Pick<Clock, "elapsed">;
  /** Receives the progress of a large body. */
  readonly tell: (text: string) => void | Promise<void>;
}

export function httpOptions(
  request: ApiRequest,
  { bytes, type }: Content,
  sending: Sending,
): Dispatcher.RequestOptions {
  const { link } = request;
  const base = link ?? new URL(sending.baseUrl);
  const path = request.path.map((segment) => `/${encodeURIComponent(segment)}`).join("");
  const pairs = Object.entries(request.query ?? {}).flatMap(([name, given]) =>
    (typeof given === "string" ? [given] : given).map((text): [string, string] => [name, text]),
  );
  const query = pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
  const { idempotencyKey, betas } = request;
  const options = {
    origin: base.origin,
    path: link === undefined ? `${base.pathname.replace(/\/+$/, "")}${path}${query}` : `${link.pathname}${link.search}`,
    method: request.method,
  };
  const headers = {
    ...(link === undefined ? { authorization: `Bearer ${sending.token}` } : {}),
    accept: request.downloadMb === undefined ? "application/json" : "application/binary, application/json",
    "user-agent": "pulumi-qoder",
    ...(sending.workspaceId === undefined || link !== undefined ? {} : { "qoder-workspace-id": sending.workspaceId }),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    ...(betas?.length ? { "x-qoder-beta": betas.join(",") } : {}),
    ...(type === undefined ? {} : { "content-type": type }),
  };
  if (!isLarge(bytes)) {
    return { ...options, headers, body: type === undefined ? null : bytes };
  }
  return {
    ...options,
    headers: { ...headers, "content-length": String(bytes.length) },
    // On a slow line the upload of a large body takes longer than the service may be silent.
    headersTimeout: Math.min(sending.silenceMs + bytes.length / patience.slowestBytesPerMs, longestTimerMs),
    body: Readable.from(pieces(bytes, sending)),
  };
}
