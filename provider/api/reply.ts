import type { Dispatcher } from "undici";
import { largestReplyMb, undici } from "./connection";
import { apiError, type FailedCall, QoderApiError, QoderReplyError, quote } from "./errors";
import { deepest, parseJson } from "./parse-json";
import { info, type Remark } from "./remark";
import { header, type ReplyHeaders } from "./retry";
import { excerpt } from "./terminal-text";

export interface ApiReply {
  readonly body: unknown;
  readonly status: number;
  /** The time of the answer, by the server's clock. */
  readonly date: Date | undefined;
  /** The duration of the try that was answered. */
  readonly roundTripMs: number;
  readonly requestId: string | undefined;
}

export type Attempt =
  | { readonly reply: ApiReply; readonly remarks: readonly Remark[] }
  | { readonly error: FailedCall; readonly headers: ReplyHeaders };

const longestTarget = 200;

interface Body {
  readonly text: string;
  /** True if the body is larger than the API promises; the text is then its beginning. */
  readonly isTooLarge: boolean;
}

export async function bodyOf(response: Dispatcher.ResponseData): Promise<Body> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const piece of response.body) {
      text += decoder.decode(piece, { stream: true });
    }
    return { text: text + decoder.decode(), isTooLarge: false };
  } catch (error) {
    if (error instanceof undici().errors.ResponseExceededMaxSizeError) {
      return { text, isTooLarge: true };
    }
    throw error;
  }
}

export function read(
  { label, method }: { readonly label: string; readonly method: string },
  { statusCode: status, headers }: Dispatcher.ResponseData,
  { text, isTooLarge }: Body,
  clean: (text: string) => string,
  roundTripMs: number,
): Attempt {
  const trace = header(headers, "x-request-id") ?? header(headers, "request-id");
  const requestId = () => (trace === undefined ? undefined : clean(trace));
  const date = dateOf(headers);
  if (status >= 300 && status < 400) {
    // Redirects are never followed: the token would go to any host that the answer names.
    const target = excerpt(clean(header(headers, "location") ?? "an unnamed place"), longestTarget);
    const message = `the API redirects to ${target}: set qoder:baseUrl to the address of the API`;
    return { error: new QoderApiError(label, status, { message, requestId: requestId(), date }), headers };
  }
  if (status < 200 || status >= 300) {
    const said = isTooLarge ? `a body of more than ${largestReplyMb} MB` : clean(text);
    return { error: apiError(label, status, said, requestId(), date), headers };
  }
  if (isTooLarge) {
    const reason = `its body has more than ${largestReplyMb} MB`;
    return { error: new QoderReplyError(label, status, reason, requestId(), true), headers };
  }
  // 204 "No Content": the older pages document this answer to a DELETE.
  const { value: body, isCut } = parseJson(method === "DELETE" && status === 204 ? "{}" : text);
  if (body === undefined) {
    const reason = `its body is not JSON: ${quote(clean(text))}`;
    return { error: new QoderReplyError(label, status, reason, requestId()), headers };
  }
  const remarks = isCut
    ? [info(`the response to ${label} is nested deeper than ${deepest} levels; the deeper values are left out`)]
    : [];
  const reply = {
    body,
    status,
    date,
    roundTripMs,
    // Read only for messages: a success names its request id only if its body is wrong.
    get requestId() {
      return requestId();
    },
  };
  return { reply, remarks };
}

/** Reads a file instead of JSON: the body of the reply consists of its bytes. */
export async function download(
  label: string,
  response: Dispatcher.ResponseData,
  largestMb: number,
  roundTripMs: number,
): Promise<Attempt> {
  const { statusCode: status, headers } = response;
  const requestId = header(headers, "x-request-id") ?? header(headers, "request-id");
  try {
    const body = new Uint8Array(await response.body.arrayBuffer());
    return { reply: { body, status, requestId, date: dateOf(headers), roundTripMs }, remarks: [] };
  } catch (error) {
    if (error instanceof undici().errors.ResponseExceededMaxSizeError) {
      const reason = `its body has more than ${largestMb} MB`;
      return { error: new QoderReplyError(label, status, reason, requestId, true), headers };
    }
    throw error;
  }
}

function dateOf(headers: ReplyHeaders): Date | undefined {
  const stamp = Date.parse(header(headers, "date") ?? "");
  return Number.isNaN(stamp) ? undefined : new Date(stamp);
}
