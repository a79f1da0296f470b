import { QoderAccountError, QoderApiError, QoderConnectionError, QoderTokenError } from "../../api/errors";
import { excerpt } from "../../api/foreign-text";

export interface Repeated {
  readonly first: string;
  readonly summary: string;
}

const longestSummary = 60;

/** Failures of the token, the workspace, the host or the rate: they meet every resource of an account alike. */
export class SharedFailures {
  readonly #first = new Map<string, string>();

  /** The first resource with this failure. Undefined for that resource itself, and for a failure of one resource alone. */
  meet(error: unknown, operation: string, label: string): Repeated | undefined {
    const key = keyOf(error, operation);
    if (key === undefined) {
      return undefined;
    }
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, label);
      return undefined;
    }
    return { first, summary: excerpt(summaryOf(error), longestSummary) };
  }
}

/** Equal for failures with the same reason and the same remedy; undefined for a failure of one resource alone. */
function keyOf(error: unknown, operation: string): string | undefined {
  const fact = factOf(error);
  return fact === undefined ? undefined : JSON.stringify([operation, ...fact]);
}

function factOf(error: unknown): unknown[] | undefined {
  if (error instanceof QoderApiError) {
    const { status, type, serverMessage } = error;
    return isOfAccount(error) ? [status, type, serverMessage] : undefined;
  }
  if (error instanceof QoderConnectionError) {
    return [error.summary, error.sent];
  }
  return error instanceof QoderTokenError || error instanceof QoderAccountError ? [error.message] : undefined;
}

/** True for a failure of the whole account. An answer without the API's envelope comes from a server in front of the API. */
function isOfAccount({ status, type }: QoderApiError): boolean {
  return [401, 403, 429].includes(status) || status >= 500 || type === undefined;
}

function summaryOf(error: unknown): string {
  if (error instanceof QoderApiError) {
    return error.summary;
  }
  if (error instanceof QoderConnectionError) {
    return `no answer, ${error.summary}`;
  }
  return error instanceof QoderAccountError ? "no usable account" : "no token";
}
