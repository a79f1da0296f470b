import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { invalid, unauthorized } from "./errors";
import type { Fault } from "./faults";
import type { Owner } from "./managed-objects";
import type { FilePart, Form } from "./multipart";
import { isObject } from "./parse";

/** One request as it arrived, in the order of arrival. */
export interface RecordedRequest {
  method: string;
  /** The path below the base URL, as sent, without the query. */
  path: string;
  query: Record<string, string>;
  /** The JSON; undefined without a body; raw text if it is not JSON; for a form its fields, and facts about its files. */
  body: unknown;
  size: number;
  token: string | undefined;
  headers: Record<string, string>;
  at: Date;
  /** The status of the answer; undefined while the request is pending, or if the connection was cut. */
  status: number | undefined;
}

export type RequestBody =
  | { kind: "none" }
  | { kind: "json"; value: unknown }
  | { kind: "form"; form: Form }
  | { kind: "invalid" };

/** The facts about a request that Fastify does not hold. */
export interface Exchange {
  record: RecordedRequest;
  requestId: string;
  body: RequestBody;
  /** The owner of the token; undefined if the stand-in does not know the token. */
  owner: Owner | undefined;
  fault: Fault | undefined;
}

declare module "fastify" {
  interface FastifyRequest {
    exchange: Exchange;
  }
}

/** "Conventions: overview": the API cuts off a longer body, which then is no valid JSON. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The body of an upload, which Fastify hands on. */
export interface Upload {
  readonly bytes: Buffer;
  readonly form: Form | undefined;
}

export function readBody(sent: string | Upload | undefined): { body: RequestBody; recorded: unknown; size: number } {
  if (typeof sent === "object") return { ...readForm(sent), size: sent.bytes.length };
  if (sent === undefined || sent === "") return { body: { kind: "none" }, recorded: undefined, size: 0 };
  const size = Buffer.byteLength(sent);
  try {
    const value: unknown = JSON.parse(sent);
    return { body: size > MAX_BODY_BYTES ? { kind: "invalid" } : { kind: "json", value }, recorded: value, size };
  } catch {
    return { body: { kind: "invalid" }, recorded: sent, size };
  }
}

function readForm({ bytes, form }: Upload): { body: RequestBody; recorded: unknown } {
  if (form === undefined) return { body: { kind: "invalid" }, recorded: bytes.toString("latin1") };
  const files: Record<string, unknown[]> = {};
  for (const file of form.files) files[file.part] = [...(files[file.part] ?? []), recordedFile(file)];
  return { body: { kind: "form", form }, recorded: { ...form.fields, ...files } };
}

function recordedFile({ filename, contentType, content }: FilePart) {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { filename, content_type: contentType, size_bytes: content.length, sha256 };
}

export function ownerOf(request: FastifyRequest): Owner {
  if (request.exchange.owner === undefined) throw unauthorized();
  return request.exchange.owner;
}

/** The JSON of a request. Throws if there is none. */
export function jsonOf(request: FastifyRequest): unknown {
  const { body } = request.exchange;
  if (body.kind !== "json") throw invalid("Request body must be valid JSON.");
  const { rendition } = request.exchange.fault ?? {};
  return rendition !== undefined && isObject(body.value) ? rendition(body.value) : body.value;
}

/** The form of an upload. Throws if the body is no form. */
export function formOf(request: FastifyRequest): Form {
  const { body, fault } = request.exchange;
  if (body.kind !== "form") throw invalid("Request body must be multipart/form-data.");
  if (fault?.rendition === undefined) return body.form;
  const fields = Object.entries(fault.rendition(body.form.fields)).map(([name, value]) => [name, String(value)]);
  return { ...body.form, fields: Object.fromEntries(fields) };
}

/** True if the service must answer the write without carrying it out. */
export function isIgnored(request: FastifyRequest): boolean {
  return request.exchange.fault?.kind === "ignored-write";
}

/** No page has a number. */
const MAX_DEPTH = 32;

/** Throws for a body that is nested too deeply: an answer needs one call for each level, and this process can make only so many. */
export function refuseDeepBody(request: FastifyRequest): void {
  const { body } = request.exchange;
  let level: unknown[] = body.kind === "json" ? [body.value].filter(isContainer) : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw invalid("Request body is nested too deeply.");
    level = level.flatMap(membersOf).filter(isContainer);
  }
}

function membersOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** The JSON of an action; an empty object without a body. */
export function optionalJsonOf(request: FastifyRequest): unknown {
  return request.exchange.body.kind === "none" ? {} : jsonOf(request);
}

/** The names in `x-qoder-beta`. */
export function betasOf(request: FastifyRequest): string[] {
  return request.exchange.record.headers["x-qoder-beta"]?.split(",").map((beta) => beta.trim()) ?? [];
}
