import { QoderAccountError, QoderApiError, QoderConnectionError, QoderTokenError } from "../../api/errors";
import { excerpt } from "../../api/terminal-text";

/** A resource in a message: its class, its Pulumi name, and all words for it. */
export interface Labelled {
  readonly kind: string;
  readonly name: string;
  readonly label: string;
}

/** Failures of the token, the workspace, the host or the rate: they meet every resource of an account alike. */
export class SharedFailures {
  readonly #first = new Map<string, Labelled>();

  /**
   * The failure in one line, which names the first resource with it. Undefined for that resource itself, and for a failure of one
   * resource alone. `outcome` says what was done.
   */
  failed(
    error: unknown,
    operation: string,
    outcome: string,
    one: Labelled,
    redact: (text: string) => string,
  ): string | undefined {
    const key = keyOf(error, operation);
    if (key === undefined) {
      return undefined;
    }
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, one);
      return undefined;
    }
    const summary = excerpt(redact(summaryOf(error)));
    return `${one.kind} "${one.name}": ${operation} ${outcome}, as for "${first.name}": ${summary}`;
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
