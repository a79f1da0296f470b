import type { Dispatcher } from "undici";
import { type Clock, systemClock, waitText } from "./clock";
import {
  connectionError,
  defaultTimeouts,
  dispatcherFor,
  type TimeLimit,
  type Timeouts,
  timeoutsWithin,
  unlessAborted,
  unlimited,
} from "./connection";
import {
  askedBy,
  type Caller,
  type FailedCall,
  isPushback,
  QoderApiError,
  QoderConnectionError,
  QoderError,
  QoderTimeLimitError,
} from "./errors";
import { patience } from "./patience";
import { RateLimit } from "./rate-limit";
import { redacted } from "./redacted";
import { firstTimes, info } from "./remark";
import { type ApiReply, type Attempt, bodyOf, download, read } from "./reply";
import { type ApiRequest, type Content, contentOf, httpOptions, isLarge, megabytes, requestLabel } from "./request";
import { retryDelay, Tries } from "./retry";
import { idSchema } from "./schema";

export type { ApiReply } from "./reply";
export { type ApiRequest, requestLabel } from "./request";

/** Returns the token for each request, for accounts whose token changes. */
export interface TokenSource {
  /** The current token, within the time limit of the request. Throws if there is none, and the request is not sent. */
  token(limit: TimeLimit): Promise<string>;
  /** Called when the service answered 401 to this token. Returns whether another try would have another token. */
  refused(token: string): boolean;
  /** The texts that no message may show: the key that is exchanged for tokens, then every token so far. */
  readonly secrets: Iterable<string>;
}

/** The address of the API, the token and the workspace (header `qoder-workspace-id`) of all requests. */
export interface Account {
  readonly baseUrl: string;
  readonly token: string | TokenSource;
  readonly workspaceId: string | undefined;
  /** Undefined: the number that the service recommends. */
  readonly writesPerSecond?: number | undefined;
  readonly caller?: Caller;
}

export class Transport {
  /** One dispatcher for each set of timeouts, because undici keeps the timeout of a connection in the dispatcher. */
  readonly #dispatchers = new Map<string, Dispatcher>();
  readonly #rates: { readonly [Method in ApiRequest["method"]]: RateLimit };
  readonly #tokens: TokenSource;
  readonly #protocol: string;
  /** True for the first call with a text: a command says once what is wrong with the replies about many objects. */
  readonly isFirst = firstTimes();
  #aheadMs: number | undefined;

  constructor(
    private readonly account: Account,
    private readonly clock: Clock = systemClock,
    private readonly timeouts: Timeouts = defaultTimeouts,
  ) {
    const { baseUrl, token } = account;
    this.#protocol = new URL(baseUrl).protocol;
    this.#tokens =
      typeof token === "string" ? { token: async () => token, refused: () => false, secrets: [token] } : token;
    const writes = new RateLimit(account.writesPerSecond ?? patience.writesPerSecond, clock);
    this.#rates = { GET: new RateLimit(patience.readsPerSecond, clock, false), POST: writes, DELETE: writes };
  }

  timeLimit({
    milliseconds: wholeMs,
    ...more
  }: { readonly milliseconds: number } & Omit<TimeLimit, "wholeMs" | "deadline">): TimeLimit {
    return { wholeMs, deadline: this.clock.now() + wholeMs, ...more };
  }

  /**
   * The time by the service's clock, in milliseconds since the epoch; undefined until an answer has shown it. The clock of this machine
   * only measures how long ago that answer was: it may be wrong by hours.
   */
  serviceNow(): number | undefined {
    return this.#aheadMs === undefined ? undefined : this.clock.now() + this.#aheadMs;
  }

  /** Waits. Returns false at once if the wait would not end within the limit. */
  async pause(milliseconds: number, limit: TimeLimit): Promise<boolean> {
    if (this.clock.now() + milliseconds >= limit.deadline) {
      return false;
    }
    await this.clock.sleep(milliseconds);
    return true;
  }

  /**
   * Sends the request and returns the reply of a success. Repeats it if `request.repeat` allows that and the limit leaves
   * time.
   */
  async send(request: ApiRequest, limit: TimeLimit = unlimited): Promise<ApiReply> {
    const label = requestLabel(request);
    refuseUnsafe(request, this.account.baseUrl);
    const content = await announced(request, limit);
    const tries = new Tries(request.repeat, limit !== unlimited && limit.hasFewTries !== true, this.clock.now());
    let isTold = false;
    let hasOtherToken = false;
    for (;;) {
      const token = await this.#admitted(request, label, limit).catch((error: unknown) => {
        // An earlier try may have reached the service, so its failure matters more.
        throw tries.failure(this.clock.now()) ?? error;
      });
      const attempt = await this.#attempt(request, content, token, limit);
      if ("reply" in attempt) {
        await Promise.all(attempt.remarks.map((remark) => limit.tell?.(remark)));
        return attempt.reply;
      }
      const { error, headers } = attempt;
      if (this.#mayReadAgain(request, error, token) && !hasOtherToken) {
        hasOtherToken = true;
        continue;
      }
      const mayRepeat = tries.failed(error, headers);
      const now = this.clock.now();
      const delay = retryDelay(headers, tries.count, new Date(now), Math.random);
      if (!mayRepeat || now + delay >= limit.deadline) {
        throw askedBy(this.account.caller, tries.failure(now) ?? error, delay);
      }
      if (!isTold && tries.tookMs(now) + delay > patience.firstWordMs) {
        isTold = true;
        await limit.tell?.(info(stillTrying(label, error, tries, limit.deadline - now)));
      }
      await this.clock.sleep(delay);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#dispatchers.values()].map((dispatcher) => dispatcher.close()));
  }

  async #admitted({ method }: ApiRequest, label: string, limit: TimeLimit): Promise<string> {
    // The token is requested before the turn, because requests that wait for a token would otherwise start late and all at
    // once. It is requested again after the turn, because the wait may have been long.
    await this.#tokens.token(limit);
    if (!(await this.#rates[method].turn(limit.deadline - this.clock.now()))) {
      throw new QoderTimeLimitError(label, false, limit);
    }
    return this.#tokens.token(limit);
  }

  /** True to repeat a read with another token. In any case later requests use the new token. */
  #mayReadAgain({ method, link }: ApiRequest, error: FailedCall, token: string): boolean {
    const isRefused = error instanceof QoderApiError && error.status === 401 && link === undefined;
    return isRefused && this.#tokens.refused(token) && method === "GET";
  }

  async #attempt(request: ApiRequest, content: Content, token: string, limit: TimeLimit): Promise<Attempt> {
    const attempt = await this.#exchange(request, content, token, limit);
    const date = "reply" in attempt ? attempt.reply.date : dateOf(attempt.error);
    if (date !== undefined && request.link === undefined) {
      // An answer that repeats an earlier one may also repeat its date.
      this.#aheadMs = Math.max(this.#aheadMs ?? Number.NEGATIVE_INFINITY, date.getTime() - this.clock.now());
    }
    if ("error" in attempt && isPushback(attempt.error)) {
      this.#rates[request.method].slowDown();
    }
    return attempt;
  }

  async #exchange(request: ApiRequest, content: Content, token: string, limit: TimeLimit): Promise<Attempt> {
    const label = requestLabel(request);
    for (const secret of this.#tokens.secrets) {
      limit.secrets?.add(secret);
    }
    const timeouts = timeoutsWithin(limit.wholeMs, this.timeouts);
    const dispatcher = this.#dispatcher(timeouts, request);
    const leftMs = limit.deadline - this.clock.now();
    const requestMs = limit.requestMs ?? Number.POSITIVE_INFINITY;
    const signal = this.clock.abortAfter(Math.min(leftMs, requestMs));
    const start = this.clock.elapsed();
    try {
      const options = httpOptions(request, content, {
        ...{ ...this.account, ...timeouts, token, clock: this.clock },
        tell: (text) => limit.tell?.(info(`${label}: ${text}`)),
      });
      const response = await unlessAborted(signal, dispatcher.request({ ...options, signal }));
      if (request.downloadMb !== undefined && response.statusCode === 200) {
        return await download(label, response, request.downloadMb, this.clock.elapsed() - start);
      }
      const body = await bodyOf(response);
      // A proxy's page may repeat the request including its token, and messages quote a part of that page.
      const clean = (answer: string) => redacted(answer, [...this.#tokens.secrets, ...(limit.secrets ?? [])]);
      return read({ label, method: request.method }, response, body, clean, this.clock.elapsed() - start);
    } catch (error) {
      const lost = connectionError(label, error);
      if (signal?.aborted !== true) {
        return { error: lost, headers: {} };
      }
      const tooSlow =
        leftMs <= requestMs
          ? new QoderTimeLimitError(label, lost.sent, limit, { cause: error })
          : new QoderConnectionError(label, lost.sent, notComplete(requestMs), { cause: error });
      return { error: tooSlow, headers: {} };
    }
  }

  #dispatcher(timeouts: Timeouts, { downloadMb, link }: ApiRequest): Dispatcher {
    const protocol = link?.protocol ?? this.#protocol;
    const key = `${protocol} ${timeouts.connectMs} ${timeouts.silenceMs} ${downloadMb}`;
    const dispatcher = this.#dispatchers.get(key) ?? dispatcherFor(protocol, timeouts, downloadMb);
    this.#dispatchers.set(key, dispatcher);
    return dispatcher;
  }
}

function refuseUnsafe({ link, ...request }: ApiRequest, baseUrl: string): void {
  const label = requestLabel(request);
  if (request.path.some((segment) => !idSchema.safeParse(segment).success)) {
    // Percent-encoding does not help: a URL parser treats "." and ".." as steps in the path.
    throw new QoderError(`${label} has an id that the API cannot have made, and was not sent`);
  }
  // Everyone who reads the link on its way can open it.
  if (link !== undefined && link.protocol !== "https:" && link.origin !== new URL(baseUrl).origin) {
    throw new QoderError(`${label} was answered with a link to ${link.origin}, which is not https; it was not opened`);
  }
}

/** The content of the request. A remark announces a large body before it is sent. */
async function announced(request: ApiRequest, { tell }: TimeLimit): Promise<Content> {
  const content = contentOf(request);
  if (isLarge(content.bytes)) {
    await tell?.(info(`${requestLabel(request)}: uploads ${megabytes(content.bytes.length)}`));
  }
  return content;
}

function stillTrying(label: string, { summary }: FailedCall, { attempts }: Tries, leftMs: number): string {
  return `still trying ${label}: ${summary}, ${attempts}, for at most ${waitText(leftMs)} more`;
}

function notComplete(requestMs: number): string {
  return `the answer was not complete after ${requestMs / 1_000} s`;
}

/** The time of a refusal by the API itself: a gateway has a clock of its own. */
function dateOf(error: FailedCall): Date | undefined {
  return error instanceof QoderApiError && error.type !== undefined ? error.date : undefined;
}
