import { z } from "zod";
import { excerpt, parseJson } from "./foreign-text";

const longestMessage = 300;
const longestName = 100;
/** Of a reply that is not as it should be: where, and what was found there. */
const longestReason = 400;

/** Everything this package throws on purpose. The message is complete: it can be shown as it is. */
export class QoderError extends Error {
  override readonly name: string = "QoderError";
}

/** Whose calls they are, in words: where the token came from, and the workspace that is named to the API. */
export interface Caller {
  readonly tokenSource: string;
  readonly workspace: { readonly id: string; readonly source: string } | undefined;
  /** After a token that is refused, the requests that follow have another one. */
  readonly hasChangingToken?: boolean;
}

/** The API answered with an error status. */
export class QoderApiError extends QoderError {
  override readonly name = "QoderApiError";
  /** In a few words, for a line beside others. */
  readonly summary: string;
  /** Who asked. */
  caller: Caller | undefined;
  /** How long another try would have waited, as the service asks for it. */
  delayMs = 0;
  /** The service may have done what an earlier try asked for, although it refused the last one. */
  earlierTryMayHaveActed = false;

  /** `error.type` of the envelope, for example `invalid_request_error`; absent in gateway answers. */
  readonly type: string | undefined;
  readonly serverMessage: string;
  readonly param: string | undefined;
  readonly requestId: string | undefined;

  constructor(
    readonly request: string,
    readonly status: number,
    type: string | undefined,
    serverMessage: string,
    param: string | undefined,
    requestId: string | undefined,
    /** The server's own clock when it answered. */
    readonly date: Date | undefined = undefined,
  ) {
    const said = excerpt(serverMessage, longestMessage);
    const [kind, place, trace] = [type, param, requestId].map(named);
    const summary = kind === undefined ? `${status}` : `${status} ${kind}`;
    const where = place === undefined ? "" : ` (param ${place})`;
    super(`${request} was answered with ${summary}${where}: ${said.replace(/\.$/, "")}${traceOf(trace)}`);
    this.summary = summary;
    this.type = kind;
    this.serverMessage = said;
    this.param = place;
    this.requestId = trace;
  }

  /** The API's own word that there is no such thing: gateways and web servers answer 404 for paths that they do not know. */
  get isNotFound(): boolean {
    // "Errors": the type comes out of the API's envelope alone.
    return this.status === 404 && this.type === "not_found_error";
  }
}

function named(text: string | undefined): string | undefined {
  return text === undefined ? undefined : excerpt(text, longestName);
}

function traceOf(requestId: string | undefined): string {
  return requestId === undefined ? "" : ` [request id ${requestId}]`;
}

/** No answer, or only a part of one: whether the server acted is open when `sent` is true. */
export class QoderConnectionError extends QoderError {
  override readonly name: string = "QoderConnectionError";
  readonly summary: string;

  constructor(
    readonly request: string,
    /** False when the request cannot have reached the server. */
    readonly sent: boolean,
    reason: string,
    options?: ErrorOptions,
  ) {
    // A refused certificate is quoted with the names that it was made out to.
    const summary = excerpt(reason, longestMessage);
    super(`${request} got no answer: ${summary}`, options);
    this.summary = summary;
  }

  /** The same, where an earlier try of the request may have reached the server. */
  asSent(): QoderConnectionError {
    return this.sent ? this : new QoderConnectionError(this.request, true, this.summary, { cause: this.cause });
  }
}

/** The time limit of the whole operation was reached before there was an answer. */
export class QoderTimeLimitError extends QoderConnectionError {
  override readonly name = "QoderTimeLimitError";

  constructor(request: string, sent: boolean, wholeMs: number, options?: ErrorOptions) {
    super(request, sent, `the time limit of ${wholeMs / 1_000} s for the whole operation was reached`, options);
  }
}

/** A success status whose body is not what the API promises. The server did act. */
export class QoderReplyError extends QoderError {
  override readonly name: string = "QoderReplyError";
  readonly summary: string;
  readonly requestId: string | undefined;
  // Private, so that it is not shown with the error: it may hold secrets.
  readonly #beginningOfTooLarge: string | undefined;

  constructor(
    readonly request: string,
    readonly status: number,
    reason: string,
    requestId: string | undefined,
    beginningOfTooLarge?: string,
  ) {
    const [summary, trace] = [excerpt(reason, longestReason), named(requestId)];
    super(`${request} was answered with ${status}, but ${summary}${traceOf(trace)}`);
    this.summary = summary;
    this.requestId = trace;
    this.#beginningOfTooLarge = beginningOfTooLarge;
  }

  /** What was taken in of a body that is larger than anything the API promises; undefined for every other problem. */
  get beginningOfTooLarge(): string | undefined {
    return this.#beginningOfTooLarge;
  }
}

/** There is no token to send a request with, so it was not sent. */
export class QoderTokenError extends QoderError {
  override readonly name = "QoderTokenError";

  constructor(
    message: string,
    /** Waiting may change it. */
    readonly isPassing: boolean,
  ) {
    super(message);
  }
}

/** The account that configuration and environment name cannot be used: something is missing, or two things contradict each other. */
export class QoderAccountError extends QoderError {
  override readonly name = "QoderAccountError";
}

export function askedBy(caller: Caller | undefined, error: FailedCall, delayMs: number): FailedCall {
  if (error instanceof QoderApiError) {
    error.caller = caller;
    error.delayMs = delayMs;
  }
  return error;
}

export type FailedCall = QoderApiError | QoderConnectionError | QoderReplyError;

const envelope = z.looseObject({
  request_id: z.string().nullish(),
  error: z.looseObject({
    type: z.string().nullish(),
    message: z.string().nullish(),
    param: z.string().nullish(),
  }),
});

// A gateway in front of the API answers an invalid token like this, without envelope and request id.
const gatewayBody = z.looseObject({ code: z.string(), message: z.string() });

/** Reads the API's envelope, a gateway's flat body or a proxy's plain text, whichever came. */
export function apiError(
  request: string,
  status: number,
  body: string,
  requestIdHeader: string | undefined,
  date?: Date,
): QoderApiError {
  const { value: json } = parseJson(body);
  const enveloped = envelope.safeParse(json);
  if (enveloped.success) {
    const { type, message, param } = enveloped.data.error;
    return new QoderApiError(
      request,
      status,
      type ?? undefined,
      message ?? "no message",
      param ?? undefined,
      requestIdHeader ?? enveloped.data.request_id ?? undefined,
      date,
    );
  }
  const gateway = gatewayBody.safeParse(json);
  const message = gateway.success ? `${gateway.data.code}: ${gateway.data.message}` : quote(body);
  return new QoderApiError(request, status, undefined, message, undefined, requestIdHeader, date);
}

/** One line of a body that is not ours: HTML pages and stack traces must not flood a terminal. */
export function quote(body: string): string {
  // Not up to any ">": a page of nothing but "<" would take its length squared.
  const line = excerpt(body.replace(/<[^<>]*>/g, " "), longestMessage);
  return line === "" ? "an empty body" : line;
}

/** The service did not get through with the request, and may have acted. */
export function isServerFailure(error: QoderApiError): boolean {
  // "Errors": 503 feature_not_available tells of a feature that is off, which waiting does not change.
  return error.status === 408 || (error.status >= 500 && error.type !== "feature_not_available");
}

/** "Rate limits": above its limits the gateway answers 429 or 503, or breaks connections off. */
export function isPushback(error: FailedCall): boolean {
  return error instanceof QoderApiError
    ? error.status === 429 || (error.status === 503 && isServerFailure(error))
    : error instanceof QoderConnectionError && !(error instanceof QoderTimeLimitError);
}

/** Whether the service may have done what it was asked for, although it gave no answer that says so. */
export function mayHaveActed(error: unknown): error is QoderError {
  if (error instanceof QoderConnectionError) {
    return error.sent;
  }
  if (error instanceof QoderApiError) {
    return error.earlierTryMayHaveActed || isServerFailure(error);
  }
  return error instanceof QoderReplyError;
}

/** The failure of a request of which an earlier try may have reached the service. */
export function afterOpenTry(error: FailedCall): FailedCall {
  if (error instanceof QoderApiError) {
    error.earlierTryMayHaveActed = true;
  }
  return error instanceof QoderConnectionError ? error.asSent() : error;
}

/** What a thrown value says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
