import { ApiError, errorEnvelope } from "./errors";
import { isObject } from "./parse";
import { sortedJson } from "./sorted-json";
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
