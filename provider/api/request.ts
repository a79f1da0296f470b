import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { longestTimerMs } from "./connection";
import { excerpt } from "./foreign-text";
import { encoded, type Form, isLarge, pieces } from "./form";
import type { Repeat } from "./retry";
import type { JsonObject } from "./schema";

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

const longestSegment = 100;

/** The name of a request in messages. */
export function requestLabel({ method, path }: Pick<ApiRequest, "method" | "path">): string {
  return `${method} /${path.map((segment) => excerpt(segment, longestSegment)).join("/")}`;
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

/** The parameters of one try of a request. */
interface Sending {
  readonly baseUrl: string;
  readonly workspaceId: string | undefined;
  readonly token: string;
  /** The milliseconds that the service may be silent. */
  readonly silenceMs: number;
  /** Receives the progress of a large body. */
  readonly tell: (text: string) => void | Promise<void>;
}

const slowestBytesPerMs = 50;

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
    headersTimeout: Math.min(sending.silenceMs + bytes.length / slowestBytesPerMs, longestTimerMs),
    body: Readable.from(pieces(bytes, sending.tell)),
  };
}
