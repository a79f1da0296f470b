import { z } from "zod";
import type { Clock } from "../api/clock";
import { type TimeLimit, unlessAborted } from "../api/connection";
import {
  type FailedCall,
  isServerFailure,
  QoderApiError,
  QoderConnectionError,
  QoderReplyError,
  QoderTimeLimitError,
  QoderTokenError,
} from "../api/errors";
import { patience } from "../api/patience";
import { shapeProblem } from "../api/schema";
import { requestLabel, type TokenSource, Transport } from "../api/transport";
import { exchangeVariable } from "./hosts";

/** Other characters could end a header of a request and start another one. */
export const visibleCharacters = /^[\x21-\x7e]+$/;

/** The key of a service account, and the URL at which it is exchanged for tokens. */
export interface ServiceAccountKey {
  readonly saKey: string;
  readonly keySource: string;
  readonly exchangeUrl: string;
}

// "Authentication": at most 12 hours; a token is renewed by another exchange only.
const secondsAsked = 3_600;
const mostSeconds = 43_200;

// An exchange leaves nothing behind at the service, so it is repeated if its answer is lost.
const exchange = {
  method: "POST",
  path: ["serviceToken", "exchange"],
  body: { grant_type: "client_credentials", audience: "qoder", scope: "qca.access", ttl_seconds: secondsAsked },
  repeat: "safe",
} as const;

const replySchema = z.looseObject({
  access_token: z.string().regex(visibleCharacters, "a character that no token has"),
  token_type: z.string().regex(/^bearer$/i, "not a bearer token"),
  // A number or a decimal string.
  expires_in: z
    .union([z.number(), z.string().regex(/^\d+$/)])
    .transform(Number)
    .pipe(z.int().min(1).max(mostSeconds)),
});

interface Token {
  readonly text: string;
  readonly exchangedAt: number;
  readonly renewAt: number;
  /** The time until which the token may still be used if the renewal fails. */
  readonly goodUntil: number;
}

/** A service account. One exchange runs at a time, and all resources of the account share its token. */
export class ServiceAccount implements TokenSource {
  readonly secrets: Set<string>;
  #token: Token | undefined;
  /** The last failure, and the time until which no other exchange starts. */
  #failure: { readonly error: QoderTokenError; readonly until: number } | undefined;
  #renewal: Promise<Token> | undefined;

  constructor(
    private readonly key: ServiceAccountKey,
    private readonly clock: Clock,
  ) {
    this.secrets = new Set([key.saKey]);
  }

  async token(limit: TimeLimit): Promise<string> {
    if (this.#token !== undefined && this.clock.now() < this.#token.renewAt) {
      return this.#token.text;
    }
    try {
      const { text } = await this.#renewed(limit);
      return text;
    } catch (error) {
      const isPassing = error instanceof QoderTokenError && error.isPassing;
      if (isPassing && this.#token !== undefined && this.clock.now() < this.#token.goodUntil) {
        return this.#token.text;
      }
      throw error;
    }
  }

  refused(token: string): boolean {
    if (this.#token?.text !== token) {
      return this.#token !== undefined;
    }
    const now = this.clock.now();
    const { exchangedAt, renewAt } = this.#token;
    const nextAt = Math.max(exchangedAt + patience.betweenExchangesMs, Math.min(renewAt, now));
    this.#token = { ...this.#token, renewAt: nextAt, goodUntil: nextAt };
    return nextAt <= now;
  }

  /** Callers wait for the running exchange, each within its own time limit. */
  async #renewed(limit: TimeLimit): Promise<Token> {
    const now = this.clock.now();
    if (this.#failure !== undefined && now < this.#failure.until) {
      throw this.#failure.error;
    }
    this.#renewal ??= this.#exchanged(limit).finally(() => {
      this.#renewal = undefined;
    });
    const signal = this.clock.abortAfter(limit.deadline - now);
    try {
      return await unlessAborted(signal, this.#renewal);
    } catch (error) {
      throw signal?.aborted === true
        ? new QoderTimeLimitError(requestLabel(exchange), false, limit, { cause: error })
        : error;
    }
  }

  async #exchanged(limit: TimeLimit): Promise<Token> {
    const { saKey, exchangeUrl } = this.key;
    const transport = new Transport({ baseUrl: exchangeUrl, token: saKey, workspaceId: undefined }, this.clock);
    try {
      const reply = await transport.send(exchange, this.#limitWithin(limit)).catch((error: unknown) => {
        throw error instanceof QoderReplyError ? withoutBody(error) : error;
      });
      const shown = replySchema.safeParse(reply.body);
      if (!shown.success) {
        throw new QoderReplyError(requestLabel(exchange), reply.status, shapeProblem(shown.error), reply.requestId);
      }
      const { access_token: text, expires_in: seconds } = shown.data;
      this.secrets.add(text);
      this.#failure = undefined;
      const exchangedAt = this.clock.now() - reply.roundTripMs;
      const [lifeMs, end] = [seconds * 1_000, exchangedAt + seconds * 1_000];
      // The same times as in Qoder's own client.
      const [renewAt, goodUntil] = [end - Math.min(60_000, lifeMs / 10), end - Math.min(5_000, lifeMs / 20)];
      this.#token = { text, exchangedAt, renewAt, goodUntil };
      return this.#token;
    } catch (error) {
      if (
        !(error instanceof QoderApiError || error instanceof QoderConnectionError || error instanceof QoderReplyError)
      ) {
        throw error;
      }
      const restMs = error instanceof QoderApiError && error.status === 429 ? error.delayMs : 0;
      const failure = this.#failureOf(error);
      this.#failure = { error: failure, until: this.clock.now() + Math.max(patience.betweenExchangesMs, restMs) };
      throw failure;
    } finally {
      void transport.close();
    }
  }

  #limitWithin({ wholeMs, deadline, hasFewTries, tell }: TimeLimit): TimeLimit {
    const now = this.clock.now();
    const goodMs = (this.#token?.goodUntil ?? 0) - now;
    if (goodMs > 0) {
      // Callers must not wait long while the old token is valid, so each exchange gets half of the remaining time.
      const share = { wholeMs: Math.min(wholeMs, patience.callMs), deadline: now + goodMs / 2, isShare: true };
      return { ...share, hasFewTries: true, requestMs: patience.exchangeTryMs, tell };
    }
    // The exchange gives up with its caller, who then learns why it failed; calls that join it have as much time as a rule.
    const leftMs = deadline - now;
    const ownMs = Math.min(Math.max(leftMs, patience.exchangeTryMs), patience.callMs);
    const own = ownMs === leftMs ? { wholeMs, deadline } : { wholeMs: ownMs, deadline: now + ownMs };
    return { ...own, hasFewTries, requestMs: patience.exchangeTryMs, tell };
  }

  #failureOf(error: FailedCall): QoderTokenError {
    const { exchangeUrl, keySource } = this.key;
    const status = error instanceof QoderApiError ? error.status : 0;
    const isPassing =
      error instanceof QoderConnectionError ||
      (error instanceof QoderApiError && (status === 429 || isServerFailure(error)));
    const advice = isPassing
      ? `Check the network and ${exchangeVariable}, then run the same command again`
      : [400, 401, 403].includes(status)
        ? "Set a valid key there: the Qoder console makes keys, each for one edition (global or China)"
        : `Check that this is Qoder's own host for the exchange (${exchangeVariable})`;
    const what = `${new URL(exchangeUrl).origin} gave no token for the service account key from ${keySource}`;
    return new QoderTokenError(`${what}: ${error.message}.\n${advice}`, isPassing);
  }
}

/** The error without the body of the reply, which may contain a token. */
function withoutBody({ request, status, requestId }: QoderReplyError): QoderReplyError {
  return new QoderReplyError(request, status, "its body is not JSON", requestId);
}
