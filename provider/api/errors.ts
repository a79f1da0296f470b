import { z } from "zod";
import { parseJson } from "./parse-json";
import { excerpt, longestSentence } from "./terminal-text";

/** The most characters of a message about the shape of a reply. */
const longestReason = 400;

/** The base class of all errors that this package throws on purpose. The message is complete and can be shown unchanged. */
export class QoderError extends Error {
  override readonly name: string = "QoderError";
}

/** The origin of a request, in words: of its token, of its workspace and of its address. */
export interface Caller {
  readonly tokenSource: string;
  readonly workspace: { readonly id: string; readonly source: string } | undefined;
  /** What a 404 may mean if the address is unusual, and the remedy; undefined for the usual path. */
  readonly missingPath?: string | undefined;
  /** True if requests after a refused token use another token. */
  readonly hasChangingToken?: boolean;
}

interface Refusal extends Partial<Record<"type" | "param" | "requestId", string | undefined>> {
  readonly message: string;
  readonly date?: Date | undefined;
}

export class QoderApiError extends QoderError {
  override readonly name = "QoderApiError";
  /** A short form of the message, for a list of failures. */
  readonly summary: string;
  caller: Caller | undefined;
  /** The milliseconds that the service asked to wait before another try. */
  delayMs = 0;
  /** True if an earlier try may have succeeded at the service, although the service refused the last one. */
  earlierTryMayHaveActed = false;

  /** `error.type` of the envelope, for example `invalid_request_error`; absent in gateway answers. */
  readonly type: string | undefined;
  readonly serverMessage: string;
  readonly param: string | undefined;
  readonly requestId: string | undefined;

  /** The time of the answer, by the server's clock. */
  readonly date: Date | undefined;

  constructor(
    readonly request: string,
    readonly status: number,
    { type, message, param, requestId, date }: Refusal,
  ) {
    const said = excerpt(message, longestSentence);
    const [kind, place, trace] = [type, param, requestId].map(named);
    const summary = kind === undefined ? `${status}` : `${status} ${kind}`;
    const where = place === undefined ? "" : ` (param ${place})`;
    super(`${request} was answered with ${summary}${where}: ${said.replace(/\.$/, "")}${traceOf(trace)}`);
    this.summary = summary;
    this.type = kind;
    this.serverMessage = said;
    this.param = place;
    this.requestId = trace;
    this.date = date;
  }
}

/** True if the API itself says that the object does not exist. Gateways and web servers also answer 404, for unknown paths. */
export function isNotFound(error: unknown): error is QoderApiError {
  // "Errors": only the API's own envelope contains this type.
  return error instanceof QoderApiError && error.status === 404 && error.type === "not_found_error";
}

/** For the `catch` of a GET: the object is absent. Throws any other error. */
export function absentIfNotFound(error: unknown): undefined {
  if (!isNotFound(error)) {
    throw error;
  }
}

function named(text: string | undefined): string | undefined {
  return text === undefined ? undefined : excerpt(text);
}

function traceOf(requestId: string | undefined): string {
  return requestId === undefined ? "" : ` [request id ${requestId}]`;
}

/** The error for a missing or incomplete answer. If `sent` is true, the server may have acted. */
export class QoderConnectionError extends QoderError {
  override readonly name: string = "QoderConnectionError";
  readonly summary: string;

  constructor(
    readonly request: string,
    /** False if the request cannot have reached the server. */
    readonly sent: boolean,
    reason: string,
    options?: ErrorOptions,
  ) {
    // Cut, because the error for a refused certificate quotes all of its names.
    const summary = excerpt(reason, longestSentence);
    super(`${request} got no answer: ${summary}`, options);
    this.summary = summary;
  }

  /** The same error, marked as sent, because an earlier try of the request may have reached the server. */
  asSent(): QoderConnectionError {
    return this.sent ? this : new QoderConnectionError(this.request, true, this.summary, { cause: this.cause });
  }
}

interface ReachedLimit {
  readonly wholeMs: number;
  readonly isShare?: boolean | undefined;
}

/** The error for an operation that reached its time limit before an answer arrived. */
export class QoderTimeLimitError extends QoderConnectionError {
  override readonly name = "QoderTimeLimitError";

  constructor(request: string, sent: boolean, { wholeMs, isShare }: ReachedLimit, options?: ErrorOptions) {
    const limit = `the time limit of ${wholeMs / 1_000} s for the whole operation`;
    super(request, sent, `${isShare === true ? `its share of ${limit}` : limit} was reached`, options);
  }
}

/** The error for a success status whose body does not match the API. The server has acted. */
export class QoderReplyError extends QoderError {
  override readonly name: string = "QoderReplyError";
  readonly summary: string;
  readonly requestId: string | undefined;

  constructor(
    readonly request: string,
    readonly status: number,
    reason: string,
    requestId: string | undefined,
    /** True if the body is larger than the API promises. */
    readonly isTooLarge = false,
  ) {
    const [summary, trace] = [excerpt(reason, longestReason), named(requestId)];
    super(`${request} was answered with ${status}, but ${summary}${traceOf(trace)}`);
    this.summary = summary;
    this.requestId = trace;
  }
}

/** The error for a request that was not sent because there is no token. */
export class QoderTokenError extends QoderError {
  override readonly name = "QoderTokenError";

  constructor(
    message: string,
    /** True if waiting may help. */
    readonly isPassing: boolean,
  ) {
    super(message);
  }
}

/** The error for an account of configuration and environment that is incomplete or contradictory. */
export class QoderAccountError extends QoderError {
  override readonly name: string = "QoderAccountError";
}

/** The error for a token from outside of a stack that must have its own (`qoder:ownToken`): also a preview fails. */
export class QoderForeignTokenError extends QoderAccountError {
  override readonly name = "QoderForeignTokenError";
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

// The answer of a gateway in front of the API to an invalid token, without envelope and request id.
const gatewayBody = z.looseObject({ code: z.string(), message: z.string() });

/** Makes an error from the API's envelope, a gateway's flat body or a proxy's plain text. */
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
    return new QoderApiError(request, status, {
      type: type ?? undefined,
      message: message ?? "no message",
      param: param ?? undefined,
      requestId: requestIdHeader ?? enveloped.data.request_id ?? undefined,
      date,
    });
  }
  const gateway = gatewayBody.safeParse(json);
  const message = gateway.success ? `${gateway.data.code}: ${gateway.data.message}` : quote(body);
  return new QoderApiError(request, status, { message, requestId: requestIdHeader, date });
}

/** A foreign body on one line: HTML pages and stack traces must not flood a terminal. */
export function quote(body: string): string {
  // `[^<>]` and not `[^>]`: a page of many "<" would take quadratic time.
  const line = excerpt(body.replace(/<[^<>]*>/g, " "), longestSentence);
  return line === "" ? "an empty body" : line;
}

/** True if the service failed during the request and may have acted. */
export function isServerFailure(error: QoderApiError): boolean {
  // "Errors": 503 feature_not_available means that a feature is off, which waiting does not change.
  return error.status === 408 || (error.status >= 500 && error.type !== "feature_not_available");
}

/**
 * True if the service refuses requests for their rate. "Rate limits": above its limits the gateway answers 429 or 503, or breaks
 * connections off.
 */
export function isPushback(error: FailedCall): boolean {
  return error instanceof QoderApiError
    ? error.status === 429 || (error.status === 503 && isServerFailure(error))
    : error instanceof QoderConnectionError && !(error instanceof QoderTimeLimitError);
}

/** True if the service may have acted although no answer says so. */
export function mayHaveActed(error: unknown): error is QoderError {
  if (error instanceof QoderConnectionError) {
    return error.sent;
  }
  if (error instanceof QoderApiError) {
    return error.earlierTryMayHaveActed || isServerFailure(error);
  }
  return error instanceof QoderReplyError;
}

/** Marks a failure to show that an earlier try of the request may have reached the service. */
export function afterOpenTry(error: FailedCall): FailedCall {
  if (error instanceof QoderApiError) {
    error.earlierTryMayHaveActed = true;
  }
  return error instanceof QoderConnectionError ? error.asSent() : error;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
