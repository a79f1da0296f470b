import { QoderAccountError, QoderApiError, QoderConnectionError, QoderTokenError } from "../../api/errors";
import { excerpt } from "../../api/foreign-text";

/** A failure that another resource met before. */
export interface Repeated {
  /** That resource, in words. */
  readonly first: string;
  /** The failure in a few words. */
  readonly summary: string;
}

const longestSummary = 60;

/** Failures of the token, the workspace, the host or the rate: they meet every resource of an account alike. */
export class SharedFailures {
  readonly #first = new Map<string, string>();

  /** Undefined for the resource that meets it first, and for a failure that says nothing of other resources. */
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

/** Equal for failures that are the same fact, and about which the same is to be done. */
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

/** What no envelope of the API holds, something between here and the API answered. */
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
