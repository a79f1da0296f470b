import type { Dispatcher } from "undici";
import { type Clock, systemClock, waitText } from "./clock";
import {
  connectionError,
  defaultTimeouts,
  dispatcherFor,
  longestTimerMs,
  type Timeouts,
  timeoutsWithin,
} from "./connection";
import {
  askedBy,
  type Caller,
  type FailedCall,
  isPushback,
  QoderConnectionError,
  QoderError,
  QoderTimeLimitError,
} from "./errors";
import { excerpt } from "./foreign-text";
import { RateLimit } from "./rate-limit";
import { redacted } from "./redacted";
import { info, type Tell } from "./remark";
import { type ApiReply, type Attempt, bodyOf, read } from "./reply";
import { type Repeat, retryDelay, Tries } from "./retry";
import type { JsonObject } from "./schema";

export type { ApiReply } from "./reply";

/** Where and as whom to call. `workspaceId` goes into the header `qoder-workspace-id`. */
export interface Account {
  readonly baseUrl: string;
  readonly token: string;
  readonly workspaceId: string | undefined;
  /** Undefined: as many as the service advises. */
  readonly writesPerSecond?: number | undefined;
  /** For messages. */
  readonly caller?: Caller;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Unescaped segments below the base URL: an id never becomes a path of its own. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
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

/** Of a piece of work: all its calls together, with their retries and waits. */
export interface TimeLimit {
  readonly wholeMs: number;
  /** When it ends, in milliseconds since the epoch. */
  readonly deadline: number;
  /** How long one try of a request may take with its whole answer. Left out: as long as the work. */
  readonly requestMs?: number | undefined;
  /** A person waits: a request that fails is tried as rarely as one without a limit. Left out: as long as the work allows. */
  readonly hasFewTries?: boolean | undefined;
  readonly tell?: Tell | undefined;
  /** What is not to be repeated of what the service says, besides the token. */
  readonly secrets?: Iterable<string> | undefined;
}

export const unlimited: TimeLimit = { wholeMs: Number.POSITIVE_INFINITY, deadline: Number.POSITIVE_INFINITY };

// "Rate limits": what the service advises; above it the gateway answers 429 or resets connections.
const readsPerSecond = 50;
const advisedWritesPerSecond = 20;
/** A wait that is longer than this is told. */
const longestSilenceMs = 15_000;

export class Transport {
  /** By their time limits: only a dispatcher knows how long to wait for a connection. */
  readonly #dispatchers = new Map<string, Dispatcher>();
  readonly #rates: { readonly [Method in ApiRequest["method"]]: RateLimit };

  constructor(
    private readonly account: Account,
    private readonly clock: Clock = systemClock,
    private readonly timeouts: Timeouts = defaultTimeouts,
  ) {
    const writes = new RateLimit(account.writesPerSecond ?? advisedWritesPerSecond, clock);
    this.#rates = { GET: new RateLimit(readsPerSecond, clock), POST: writes, DELETE: writes };
  }

  timeLimit({
    milliseconds: wholeMs,
    ...more
  }: { readonly milliseconds: number } & Omit<TimeLimit, "wholeMs" | "deadline">): TimeLimit {
    return { wholeMs, deadline: this.clock.now() + wholeMs, ...more };
  }

  /** False, and at once, when the wait would not end within the limit. */
  async pause(milliseconds: number, limit: TimeLimit): Promise<boolean> {
    if (this.clock.now() + milliseconds >= limit.deadline) {
      return false;
    }
    await this.clock.sleep(milliseconds);
    return true;
  }

  /** Sends the request, repeats it where `request.repeat` allows and the limit leaves time, and returns the success reply. */
  async send(request: ApiRequest, limit: TimeLimit = unlimited): Promise<ApiReply> {
    const label = requestLabel(request);
    if (request.path.some((segment) => /^\.{0,2}$/.test(segment))) {
      // Percent-encoding does not protect these: a URL parser takes them for steps in the path.
      throw new QoderError(`${label} has an id that would name another path`);
    }
    const tries = new Tries(request.repeat, limit !== unlimited && limit.hasFewTries !== true, this.clock.now());
    let isTold = false;
    for (;;) {
      if (!(await this.#rates[request.method].turn(limit.deadline - this.clock.now()))) {
        throw tries.failure(this.clock.now()) ?? new QoderTimeLimitError(label, false, limit.wholeMs);
      }
      const attempt = await this.#attempt(request, label, limit);
      if ("reply" in attempt) {
        await Promise.all(attempt.remarks.map((remark) => limit.tell?.(remark)));
        return attempt.reply;
      }
      const { error, headers } = attempt;
      const mayRepeat = tries.failed(error, headers);
      const now = this.clock.now();
      const delay = retryDelay(headers, tries.count, new Date(now), Math.random);
      if (!mayRepeat || now + delay >= limit.deadline) {
        throw askedBy(this.account.caller, tries.failure(now) ?? error);
      }
      if (!isTold && tries.tookMs(now) + delay > longestSilenceMs) {
        isTold = true;
        await limit.tell?.(info(stillTrying(label, error, tries, limit.deadline - now)));
      }
      await this.clock.sleep(delay);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#dispatchers.values()].map((dispatcher) => dispatcher.close()));
  }

  async #attempt(request: ApiRequest, label: string, limit: TimeLimit): Promise<Attempt> {
    const attempt = await this.#exchange(request, label, limit);
    if ("error" in attempt && isPushback(attempt.error)) {
      this.#rates[request.method].slowDown();
    }
    return attempt;
  }

  async #exchange(request: ApiRequest, label: string, limit: TimeLimit): Promise<Attempt> {
    const dispatcher = this.#dispatcher(limit);
    const leftMs = limit.deadline - this.clock.now();
    const requestMs = limit.requestMs ?? Number.POSITIVE_INFINITY;
    const signal = abortAfter(Math.min(leftMs, requestMs));
    const start = performance.now();
    try {
      const response = await unlessAborted(signal, dispatcher.request({ ...this.#options(request), signal }));
      const body = await bodyOf(response);
      // A proxy's page may repeat the request, tokens and all, and is quoted in part.
      const clean = (answer: string) => redacted(answer, [this.account.token, ...(limit.secrets ?? [])]);
      return read(label, response, body, clean, performance.now() - start);
    } catch (error) {
      const lost = connectionError(label, error);
      if (signal?.aborted !== true) {
        return { error: lost, headers: {} };
      }
      const tooSlow =
        leftMs <= requestMs
          ? new QoderTimeLimitError(label, lost.sent, limit.wholeMs, { cause: error })
          : new QoderConnectionError(label, lost.sent, notComplete(requestMs), { cause: error });
      return { error: tooSlow, headers: {} };
    }
  }

  #dispatcher({ wholeMs }: TimeLimit): Dispatcher {
    const timeouts = timeoutsWithin(wholeMs, this.timeouts);
    const key = JSON.stringify(timeouts);
    const dispatcher = this.#dispatchers.get(key) ?? dispatcherFor(this.account.baseUrl, timeouts);
    this.#dispatchers.set(key, dispatcher);
    return dispatcher;
  }

  #options(request: ApiRequest): Dispatcher.RequestOptions {
    const base = new URL(this.account.baseUrl);
    const path = request.path.map((segment) => `/${encodeURIComponent(segment)}`).join("");
    const query = request.query === undefined ? "" : `?${new URLSearchParams(request.query)}`;
    return {
      origin: base.origin,
      path: `${base.pathname.replace(/\/+$/, "")}${path}${query}`,
      method: request.method,
      headers: {
        authorization: `Bearer ${this.account.token}`,
        accept: "application/json",
        "user-agent": "pulumi-qoder",
        ...(this.account.workspaceId === undefined ? {} : { "qoder-workspace-id": this.account.workspaceId }),
        ...(request.idempotencyKey === undefined ? {} : { "idempotency-key": request.idempotencyKey }),
        ...(request.betas?.length ? { "x-qoder-beta": request.betas.join(",") } : {}),
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: request.body === undefined ? null : JSON.stringify(request.body),
    };
  }
}

function stillTrying(label: string, { summary }: FailedCall, { told }: Tries, leftMs: number): string {
  return `still trying ${label}: ${summary}, ${told}; goes on for at most ${waitText(leftMs)}`;
}

function notComplete(requestMs: number): string {
  return `the answer was not complete after ${requestMs / 1_000} s`;
}

// A call that may take a month needs none.
function abortAfter(left: number): AbortSignal | null {
  return left > longestTimerMs ? null : AbortSignal.timeout(Math.max(Math.ceil(left), 1));
}

/**
 * undici looks at the signal only once there is a connection to send on (undici issue 386); then it does not send what
 * was given up here.
 */
function unlessAborted<Result>(signal: AbortSignal | null, work: Promise<Result>): Promise<Result> {
  if (signal === null) {
    return work;
  }
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}
