import { ApiError } from "./errors";
import type { Service } from "./service";
import type { Switches } from "./switches";

const WINDOW_MILLISECONDS = 1000;

/** Refuses requests above the number allowed in a second. */
export class RateLimit {
  readonly #service: Service;
  readonly #passed: Record<"read" | "write", number[]> = { read: [], write: [] };

  constructor(service: Service) {
    this.#service = service;
  }

  pass(method: string): void {
    const { switches, clock } = this.#service;
    const kind = method === "GET" ? "read" : "write";
    const limit = kind === "read" ? switches.readLimitPerSecond : switches.writeLimitPerSecond;
    const now = clock().getTime();
    const recent = this.#passed[kind].filter((at) => now - at < WINDOW_MILLISECONDS);
    this.#passed[kind] = recent;
    if (limit !== undefined && recent.length >= limit) {
      throw new ApiError(429, "Too many requests.", undefined, retryAfterHeader(switches.retryAfter, clock()));
    }
    recent.push(now);
  }
}

function retryAfterHeader(style: Switches["retryAfter"], now: Date): Record<string, string> {
  switch (style) {
    case "seconds":
      return { "retry-after": "1" };
    case "date":
      return { "retry-after": new Date(now.getTime() + WINDOW_MILLISECONDS).toUTCString() };
    case "milliseconds":
      return { "retry-after-ms": String(WINDOW_MILLISECONDS) };
    case "none":
      return {};
  }
}
