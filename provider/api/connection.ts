import { isNativeError } from "node:util/types";
import type { Dispatcher } from "undici";
import { longestTimerMs } from "./clock";
import { QoderConnectionError, QoderError } from "./errors";
import { patience } from "./patience";
import type { Tell } from "./remark";

/** The timeouts of one try. The limit of the whole call takes precedence over both. */
export interface Timeouts {
  /** For establishing the connection, including TLS. */
  readonly connectMs: number;
  /** For receiving the headers, and then for each next piece of the body. */
  readonly silenceMs: number;
}
export const defaultTimeouts: Timeouts = { connectMs: patience.connectMs, silenceMs: patience.silenceMs };

/**
 * Both timeouts grow with the limit of the whole call: 10 and 60 seconds in the default 5 minutes, 20 and 120 in 10 minutes.
 */
export function timeoutsWithin(wholeMs: number, { connectMs, silenceMs }: Timeouts): Timeouts {
  return { connectMs: atLeast(connectMs, wholeMs / 30), silenceMs: atLeast(silenceMs, wholeMs / 5) };
}

function atLeast(leastMs: number, shareMs: number): number {
  return Number.isFinite(shareMs) ? Math.min(Math.max(leastMs, Math.ceil(shareMs)), longestTimerMs) : leastMs;
}

// A request body may have 4 MB ("Conventions: overview"); a reply repeats it and adds little.
export const largestReplyMb = 8;
const connections = 16;

/**
 * Loads undici with the first request, because most previews send none: 70 ms of CPU. Its private files for the same requests take 25,
 * and would tie this package to one minor version, without its later security releases.
 */
export function undici(): typeof import("undici") {
  return require("undici");
}

/** The dispatcher for URLs of this protocol. Like the Pulumi CLI it uses the proxy of HTTPS_PROXY and NO_PROXY. */
export function dispatcherFor(
  protocol: string,
  { connectMs, silenceMs }: Timeouts,
  largestMb: number = largestReplyMb,
): Dispatcher {
  const options = {
    connections,
    connect: { timeout: connectMs },
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    maxResponseSize: largestMb * 1024 * 1024,
  };
  // Only a loopback address may be http, and no proxy can reach it.
  const httpsProxy = protocol === "https:" ? proxyIn(process.env) : "";
  if (httpsProxy === "") {
    const { Agent } = undici();
    return new Agent(options);
  }
  const { EnvHttpProxyAgent } = undici();
  const tls = { timeout: connectMs };
  return new EnvHttpProxyAgent({ ...options, httpProxy: "", httpsProxy, proxyTls: tls, requestTls: tls });
}

// The rules of Go, in which the Pulumi CLI is written: HTTP_PROXY does not apply to https, and a value without a scheme means
// http (golang.org/x/net/http/httpproxy). undici reads NO_PROXY; it knows names and ports, but no address ranges.
function proxyIn(environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment["HTTPS_PROXY"] || environment["https_proxy"] || "";
  const httpsProxy = given === "" || given.includes("://") ? given : `http://${given}`;
  if (httpsProxy !== "" && !(URL.canParse(httpsProxy) && proxyProtocols.includes(new URL(httpsProxy).protocol))) {
    throw new QoderError("HTTPS_PROXY names no proxy: http://HOST:PORT, or https or socks5 in place of http");
  }
  return httpsProxy;
}
const proxyProtocols = ["http:", "https:", "socks5:"];

// A refused certificate or a server without TLS ends the handshake before any request.
const handshakeFailure =
  /^(ERR_TLS_CERT|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH)/;

// The proxy refused to connect to the host (undici lib/dispatcher/proxy-agent.js).
const noTunnel = /^Proxy response \(\d+\)/;

export function connectionError(label: string, error: unknown): QoderConnectionError {
  const cause = isNativeError(error) ? error : new Error(String(error));
  const code = textMember(cause, "code");
  const sent = !(
    cause instanceof undici().errors.ConnectTimeoutError ||
    noTunnel.test(cause.message) ||
    handshakeFailure.test(code) ||
    neverConnected(cause)
  );
  return new QoderConnectionError(label, sent, describe(cause, code), { cause });
}

// The same codes can end a connection that has carried the request; only the system call shows the difference.
function neverConnected(cause: Error): boolean {
  if ("errors" in cause && Array.isArray(cause.errors)) {
    return cause.errors.length > 0 && cause.errors.every((one) => isNativeError(one) && neverConnected(one));
  }
  return ["connect", "getaddrinfo"].includes(textMember(cause, "syscall"));
}

function textMember(cause: Error, name: "code" | "syscall"): string {
  const value = name in cause ? Object.entries(cause).find(([member]) => member === name)?.[1] : undefined;
  return typeof value === "string" ? value : "";
}

// Node adds the local address to the error of a socket that the system refused, although there is none (lib/net.js).
const unknownAddress = " - Local (undefined:undefined)";

function describe(cause: Error, code: string): string {
  // Node reports several refused addresses of one host as an AggregateError without a message.
  const message = cause.message === "" ? code : cause.message.replace(unknownAddress, "");
  return code === "" || message.includes(code) ? message : `${message} (${code})`;
}

/** The time limit of a piece of work: of all its calls together, with retries and waits. */
export interface TimeLimit {
  /** The length that was chosen. Messages name it, and never a rest of it, which would depend on the machine. */
  readonly wholeMs: number;
  /** The end of the work, in milliseconds since the epoch. */
  readonly deadline: number;
  /** True if `deadline` leaves a part of the time to other work. */
  readonly isShare?: boolean | undefined;
  /** The milliseconds that one try of a request may take, including its whole answer. Left out: the limit of the work. */
  readonly requestMs?: number | undefined;
  /** True if a failed request gets only a few tries, because a person waits. Left out: tries until the end of the work. */
  readonly hasFewTries?: boolean | undefined;
  /** True if the limit is a default, which the provider may extend. */
  readonly mayTakeMore?: boolean | undefined;
  /** Resolves when the user cancels the command. Only a wait that the next command continues ends then. */
  readonly cancelled?: Promise<void> | undefined;
  /** Receives remarks. Undefined: nobody can be warned, so an unreadable member makes the whole reply an error. */
  readonly tell?: Tell | undefined;
  /** The texts that messages must not repeat; the tokens of the work are added. */
  readonly secrets?: Set<string> | undefined;
}

export const unlimited: TimeLimit = { wholeMs: Number.POSITIVE_INFINITY, deadline: Number.POSITIVE_INFINITY };

/**
 * Rejects as soon as the signal is aborted. undici reads the signal only after a connection is established (undici issue
 * 386); it then does not send the aborted request.
 */
export async function unlessAborted<Result>(signal: AbortSignal | null, work: Promise<Result>): Promise<Result> {
  if (signal === null) {
    return work;
  }
  let giveUp = () => {};
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    // Node.js keeps a signal with a listener until its time is over, and with it the request and the answer.
    signal.removeEventListener("abort", giveUp);
  }
}
