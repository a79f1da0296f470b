import type { ServerResponse } from "node:http";
import type { Fault } from "./faults";

interface RealReply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const DRIP_PAUSE_MILLISECONDS = 10;

/** The timers of unfinished replies. The server stops them when it closes. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  after(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      action();
    }, milliseconds);
    this.#running.add(timer);
  }

  stop(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}

/**
 * Writes a damaged reply to the raw response. Calls `delivered` when a complete reply has been written. Returns false if the
 * fault does not damage replies.
 */
export function deliverBroken(
  fault: Fault,
  response: ServerResponse,
  reply: RealReply,
  timers: Timers,
  delivered: () => void,
): boolean {
  switch (fault.kind) {
    case "reset-after":
      response.socket?.resetAndDestroy();
      return true;
    case "silence":
      return true;
    case "headers-then-silence":
      writeHead(response, reply);
      response.flushHeaders();
      return true;
    case "slow-body":
      writeHead(response, reply);
      response.flushHeaders();
      drip(response, reply.body, fault.delayMs ?? 0, timers, delivered);
      return true;
    case "truncate":
      truncate(fault, response, reply, delivered);
      return true;
    default:
      return false;
  }
}

function writeHead(response: ServerResponse, reply: RealReply): void {
  response.writeHead(reply.status, { ...reply.headers, "content-length": reply.body.length });
}

function truncate(fault: Fault, response: ServerResponse, reply: RealReply, delivered: () => void): void {
  const half = reply.body.subarray(0, Math.floor(reply.body.length / 2));
  if (fault.cut === "json") {
    writeHead(response, { ...reply, body: half });
    response.end(half);
    delivered();
    return;
  }
  writeHead(response, reply);
  response.write(half, () => response.destroy());
}

function drip(response: ServerResponse, body: Buffer, duration: number, timers: Timers, delivered: () => void): void {
  const pieces = Math.max(1, Math.min(body.length, Math.floor(duration / DRIP_PAUSE_MILLISECONDS)));
  const size = Math.ceil(body.length / pieces);
  const next = (offset: number) => {
    const piece = body.subarray(offset, offset + size);
    // The client goes on at the last byte, so the reply counts as delivered before that byte is sent.
    if (offset + size >= body.length) {
      delivered();
      response.end(piece);
      return;
    }
    response.write(piece);
    timers.after(duration / pieces, () => next(offset + size));
  };
  next(0);
}
