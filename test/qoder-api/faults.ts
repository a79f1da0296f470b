import type { ServerResponse } from "node:http";
import { ApiError, errorEnvelope } from "./errors";
import { isObject, sortedJson } from "./parse";
import type { JsonObject } from "./wire";

export interface Fault {
  /** The method; absent for any method. */
  method?: string;
  /** The path below the base URL, as sent; absent for any path. */
  path?: string | RegExp;
  /** How many requests meet the fault; 1 if left out. */
  times?: number;
  /** How many matching requests pass first. */
  skip?: number;
  kind:
    | "status"
    | "status-after"
    | "reset-before"
    | "reset-after"
    | "delay"
    | "headers-then-silence"
    | "silence"
    | "slow-body"
    | "truncate"
    | "replace-body"
    /** The request takes effect, and the answer shows `another` object. */
    | "another-object"
    /** Two requests take effect, and each gets the answer to the other. `times` is 2 if left out. */
    | "crossed-answers"
    /** The answer to an update is a success with the unchanged object. */
    | "ignored-write"
    /** A create or an update takes effect with the body that `rendition` returns. */
    | "rendition";
  status?: number;
  headers?: Record<string, string>;
  /** The body of the reply: a string as it is, any other value as JSON. */
  body?: unknown;
  contentType?: string;
  delayMs?: number;
  /** For "truncate": the connection ends in the middle, or the reply is complete and its JSON ends in the middle. */
  cut?: "connection" | "json";
  /** For "replace-body": edits the real reply. */
  transform?: (reply: JsonObject) => unknown;
  another?: () => unknown;
  rendition?: (body: JsonObject) => JsonObject;
}

export class Faults {
  #queue: { fault: Fault; skip: number; times: number }[] = [];

  add(fault: Fault): void {
    this.#queue.push({
      fault,
      skip: fault.skip ?? 0,
      times: fault.times ?? (fault.kind === "crossed-answers" ? 2 : 1),
    });
  }

  clear(): void {
    this.#queue = [];
  }

  take(method: string, path: string): Fault | undefined {
    for (const entry of this.#queue) {
      if (!isMatch(entry.fault, method, path)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.times -= 1;
      this.#queue = this.#queue.filter((other) => other.times > 0);
      return entry.fault;
    }
    return undefined;
  }
}

export interface FaultReply {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** The reply of "status" and "status-after": an envelope of that status unless a body is given. */
export function statusReply(fault: Fault, requestId: string, generation: 1 | 2): FaultReply {
  const status = fault.status ?? 500;
  const body = fault.body ?? errorEnvelope(new ApiError(status, "Injected fault."), requestId, generation);
  return { status, headers: headersOf(fault), text: textOf(body) };
}

/** The reply of "replace-body": the real status with another body. */
export function replacedReply(fault: Fault, status: number, text: string): FaultReply {
  const real: unknown = fault.transform === undefined ? undefined : JSON.parse(text);
  const body = fault.transform !== undefined && isObject(real) ? fault.transform(real) : fault.body;
  return { status: fault.status ?? status, headers: headersOf(fault), text: textOf(body) };
}

function headersOf(fault: Fault): Record<string, string> {
  const contentType = fault.contentType ?? (typeof fault.body === "string" ? "text/plain" : "application/json");
  return { "content-type": contentType, ...fault.headers };
}

function textOf(body: unknown): string {
  return typeof body === "string" ? body : sortedJson(body ?? null);
}

function isMatch(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === "string" ? fault.path === path : path.search(fault.path) >= 0;
}

interface RealReply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const DRIP_PAUSE_MILLISECONDS = 10;

/** Runs an action later, unless the returned function is called before. A silence waits without end. */
export type After = (milliseconds: number, action: () => void) => () => void;

/** `After` by the clock of the system. */
export const afterRealTime: After = (milliseconds, action) => {
  const timer = milliseconds === Number.POSITIVE_INFINITY ? undefined : setTimeout(action, milliseconds);
  return () => clearTimeout(timer);
};

/** The waits of unfinished replies. The server stops them when it closes. */
export class Timers {
  readonly #running = new Set<() => void>();

  constructor(private readonly start: After) {}

  after(milliseconds: number, action: () => void): () => void {
    const stop = this.start(milliseconds, () => {
      this.#running.delete(stop);
      action();
    });
    this.#running.add(stop);
    return () => {
      this.#running.delete(stop);
      stop();
    };
  }

  stop(): void {
    for (const stop of this.#running) stop();
    this.#running.clear();
  }
}

function beSilent(response: ServerResponse, timers: Timers): void {
  response.once(
    "close",
    timers.after(Number.POSITIVE_INFINITY, () => {}),
  );
}

/**
 * Writes a damaged reply to the raw response. Calls `delivered` when a complete reply has been written. Returns false if the
 * fault does not damage replies.
 */
export function deliverBroken(
  fault: Fault,
  response: ServerResponse,
  reply: RealReply,
  timers: Timers,
  delivered: () => void,
): boolean {
  switch (fault.kind) {
    case "reset-after":
      response.socket?.resetAndDestroy();
      return true;
    case "silence":
      beSilent(response, timers);
      return true;
    case "headers-then-silence":
      writeHead(response, reply);
      response.flushHeaders();
      beSilent(response, timers);
      return true;
    case "slow-body":
      writeHead(response, reply);
      response.flushHeaders();
      drip(response, reply.body, fault.delayMs ?? 0, timers, delivered);
      return true;
    case "truncate":
      truncate(fault, response, reply, delivered);
      return true;
    default:
      return false;
  }
}

function writeHead(response: ServerResponse, reply: RealReply): void {
  response.writeHead(reply.status, { ...reply.headers, "content-length": reply.body.length });
}

function truncate(fault: Fault, response: ServerResponse, reply: RealReply, delivered: () => void): void {
  const half = reply.body.subarray(0, Math.floor(reply.body.length / 2));
  if (fault.cut === "json") {
    writeHead(response, { ...reply, body: half });
    response.end(half);
    delivered();
    return;
  }
  writeHead(response, reply);
  response.write(half, () => response.destroy());
}

function drip(response: ServerResponse, body: Buffer, duration: number, timers: Timers, delivered: () => void): void {
  const pieces = Math.max(1, Math.min(body.length, Math.floor(duration / DRIP_PAUSE_MILLISECONDS)));
  const size = Math.ceil(body.length / pieces);
  const next = (offset: number) => {
    const piece = body.subarray(offset, offset + size);
    // The client continues at the last byte, so the reply counts as delivered before that byte is sent.
    if (offset + size >= body.length) {
      delivered();
      response.end(piece);
      return;
    }
    response.write(piece);
    const stop = timers.after(duration / pieces, () => {
      response.off("close", stop);
      next(offset + size);
    });
    response.once("close", stop);
  };
  next(0);
}

interface Waiting {
  readonly answer: unknown;
  readonly send: (answer: unknown) => void;
}

/** Answers each of two requests that meet one fault with the answer to the other. */
export class CrossedAnswers {
  readonly #first = new Map<Fault, Waiting>();

  /** Keeps the answer to the first request until the second one has its answer. */
  cross(fault: Fault, second: Waiting): void {
    const first = this.#first.get(fault);
    if (first === undefined) {
      this.#first.set(fault, second);
      return;
    }
    this.#first.delete(fault);
    first.send(second.answer);
    second.send(first.answer);
  }
}
