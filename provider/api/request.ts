import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { longestTimerMs } from "./connection";
import { excerpt } from "./foreign-text";
import { encoded, type Form, isLarge, pieces } from "./form";
import type { Repeat } from "./retry";
import type { JsonObject } from "./schema";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Unescaped segments below the base URL: an id never becomes a path of its own. */
  readonly path: readonly string[];
  /** A list is sent as its name once for each text. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: JsonObject;
  /** In place of `body`, where files are sent. */
  readonly form?: Form;
  /** What is asked for is no JSON but a file, of at most so many MB. */
  readonly downloadMb?: number;
  /**
   * An address that the service told, to ask in place of the path. The address is a right by itself, so the request carries no
   * token; messages name the path instead.
   */
  readonly link?: URL;
  readonly idempotencyKey?: string;
  /** The features still in beta that it uses. */
  readonly betas?: readonly string[];
  readonly repeat: Repeat;
}

const longestSegment = 100;

/** What a request is called in messages. */
export function requestLabel({ method, path }: Pick<ApiRequest, "method" | "path">): string {
  return `${method} /${path.map((segment) => excerpt(segment, longestSegment)).join("/")}`;
}

/** The body of a request as it goes over the wire. */
export interface Content {
  readonly bytes: Buffer;
  /** Undefined where there is none. */
  readonly type: string | undefined;
}

export function contentOf({ body, form }: ApiRequest): Content {
  if (form !== undefined) {
    return encoded(form);
  }
  const text = body === undefined ? undefined : JSON.stringify(body);
  return { bytes: Buffer.from(text ?? ""), type: text === undefined ? undefined : "application/json" };
}

/** Where and as whom one try of a request is sent. */
interface Sending {
  readonly baseUrl: string;
  readonly workspaceId: string | undefined;
  readonly token: string;
  /** How long the service may be silent. */
  readonly silenceMs: number;
  /** Hears how much of a large body is gone. */
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
    // A slow line takes longer for a large body than the service may be silent.
    headersTimeout: Math.min(sending.silenceMs + bytes.length / slowestBytesPerMs, longestTimerMs),
    body: Readable.from(pieces(bytes, sending.tell)),
  };
}
