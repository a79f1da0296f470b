import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Account, ApiRequest } from "../../provider/api/transport";

export type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export interface LocalServer {
  readonly url: string;
  readonly account: Account;
  /** Every request in the order of arrival. */
  readonly requests: readonly IncomingMessage[];
  readonly bodies: readonly string[];
  /** The number of connections since the start. */
  connections(): number;
  close(): Promise<void>;
}

/** A server on the loopback; `count` is 1 for the first request. */
export async function startServer(answer: Answer): Promise<LocalServer> {
  const requests: IncomingMessage[] = [];
  const bodies: string[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const count = requests.push(request);
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(Buffer.from(chunk));
    }
    bodies.push(Buffer.concat(chunks).toString());
    answer(request, response, count);
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/cloud`;
  return {
    url,
    account: { baseUrl: url, token: "pt-test", workspaceId: undefined },
    requests,
    bodies,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

export function text(body: string, status: number, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(status, { "content-type": "text/html", ...headers }).end(body);
  };
}

/** Gives the answers in order, and repeats the last one. */
export function inTurn(...answers: readonly Answer[]): Answer {
  return (request, response, count) => {
    answers[Math.min(count, answers.length) - 1]?.(request, response, count);
  };
}

export const reset: Answer = (request) => {
  request.socket.resetAndDestroy();
};

export const silence: Answer = () => {};

/** The connection ends in the middle of the body. */
export const cutOff: Answer = (_, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.write('{"id":"dep', () => response.destroy());
};

export const headersThenSilence: Answer = (_, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).flushHeaders();
};

export const read: ApiRequest = { method: "GET", path: ["deployments", "dep_1"], repeat: "safe" };
export const create: ApiRequest = {
  method: "POST",
  path: ["deployments"],
  body: { name: "report" },
  idempotencyKey: "key-1",
  repeat: "only-if-refused",
};

/** What an awaited call throws; undefined if it ends well. */
export const thrownBy = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

interface Closing {
  close(): Promise<void>;
}

/** Closes what a test opens at its end, the latest first. */
export function closedAfterEach() {
  const open: Closing[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((thing) => thing.close()));
  });
  return <Thing extends Closing>(thing: Thing): Thing => {
    open.unshift(thing);
    return thing;
  };
}
