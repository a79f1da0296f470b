import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { z } from "zod";
import { longestTimerMs } from "../../provider/api/clock";
import { defaultTimeouts, timeoutsWithin } from "../../provider/api/connection";
import { QoderConnectionError, QoderReplyError } from "../../provider/api/errors";
import { Transport } from "../../provider/api/transport";
import { SkippingClock } from "../support/skipping-clock";
import { until } from "../support/until";
import {
  type Answer,
  create,
  cutOff,
  headersThenSilence,
  json,
  read,
  reset,
  silence,
  startServer,
  text,
  thrownBy,
} from "./local-server";

const farMs = 60_000;
const soonMs = 1_000;
const label = "POST /deployments";
const overTime = `${label} got no answer: the time limit of 1 s for the whole operation was reached`;

/** The error of a call, and the number of requests. */
async function failureOf(answer: Answer, totalMs = farMs, request = create, silenceMs = farMs) {
  const clock = new SkippingClock();
  const isSilent = [silence, headersThenSilence].includes(answer);
  const server = await startServer((incoming, response, count) => {
    answer(incoming, response, count);
    // Without a limit of its own for silences, only the time limit of the call ends the wait.
    if (isSilent && silenceMs === farMs) {
      clock.pass(totalMs);
    }
  });
  const transport = new Transport(server.account, clock, { connectMs: 1_000, silenceMs });
  try {
    const error = await thrownBy(transport.send(request, transport.timeLimit({ milliseconds: totalMs })));
    return { error, sent: server.requests.length };
  } finally {
    await server.close();
    await transport.close();
  }
}

test.each<[string, Answer, string | RegExp, number, number]>([
  ["reset", reset, /^POST \/deployments got no answer: .*(ECONNRESET|other side closed)/, farMs, farMs],
  ["cut off in the middle of the answer", cutOff, /^POST \/deployments got no answer: .+/, farMs, farMs],
  ["silent", silence, overTime, soonMs, farMs],
  ["silent in the middle of the answer", headersThenSilence, overTime, soonMs, farMs],
  ["silent for longer than a try may be", silence, /timeout/i, 5_000, 100],
  ["silent for so long in the middle of the answer", headersThenSilence, /timeout/i, 5_000, 100],
])("a create whose connection is %s counts as sent", async (_, answer, message, totalMs, silenceMs) => {
  const { error, sent } = await failureOf(answer, totalMs, create, silenceMs);
  expect(error).toBeInstanceOf(QoderConnectionError);
  expect(error).toMatchObject({ sent: true, message: expect.stringMatching(message) });
  expect(sent).toBe(1);
});

test("a reply of 10 MB is an error, and one of 7 MB is read; a download above its own limit is not asked for again", async () => {
  const { error } = await failureOf(json("x".repeat(10 * 1024 * 1024)));
  expect(error).toBeInstanceOf(QoderReplyError);
  expect(error).toMatchObject({ message: `${label} was answered with 200, but its body has more than 8 MB` });
  expect((await failureOf(json({ id: "x".repeat(7 * 1024 * 1024) }))).error).toBeUndefined();
  const download = await failureOf(json("x".repeat(1024 * 1024)), farMs, { ...read, downloadMb: 1 });
  expect(download.sent).toBe(1);
  expect(String(download.error)).toContain("its body has more than 1 MB");
});

test.each<[string, Answer, string]>([
  ["truncated JSON", text('{"id":"dep_1","na', 200), '200, but its body is not JSON: {"id":"dep_1","na'],
  [
    "an HTML page",
    text("<html><body>\n<h1>Log in</h1></body></html>", 200, { "x-request-id": "req-1" }),
    "200, but its body is not JSON: Log in [request id req-1]",
  ],
])("a success with %s is an error about the reply", async (_, answer, message) => {
  const { error } = await failureOf(answer);
  expect(error).toBeInstanceOf(QoderReplyError);
  expect(error).toMatchObject({ message: `${label} was answered with ${message}` });
});

test("a call with a long time limit waits longer for an answer than a call with a short one", async () => {
  let hasFailed = false;
  const held: ServerResponse[] = [];
  const answer = (response: ServerResponse) => response.end('{"id":"dep_1"}');
  // A request may also arrive after the other one has failed.
  const server = await startServer((_, response) => void (hasFailed ? answer(response) : held.push(response)));
  const transport = new Transport(server.account, new SkippingClock(), { connectMs: 1_000, silenceMs: 100 });
  try {
    const [short, long] = [soonMs, 3_600_000].map((milliseconds) =>
      transport.send(create, transport.timeLimit({ milliseconds })),
    );
    await expect(short).rejects.toMatchObject({ sent: true });
    hasFailed = true;
    held.forEach(answer);
    await expect(long).resolves.toMatchObject({ body: { id: "dep_1" } });
  } finally {
    await transport.close();
    await server.close();
  }
});

/** A call to a server that accepts connections and never answers the TLS handshake. */
async function withoutHandshake(connectMs: number, totalMs: number, connected = (_: SkippingClock) => {}) {
  const sockets: Socket[] = [];
  const clock = new SkippingClock();
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => {}).resume());
    connected(clock);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const account = { baseUrl: `https://127.0.0.1:${port}`, token: "pt-test", workspaceId: undefined };
  const transport = new Transport(account, clock, { connectMs, silenceMs: farMs });
  const error = await thrownBy(transport.send(create, transport.timeLimit({ milliseconds: totalMs })));
  server.close();
  sockets.map((socket) => socket.destroy());
  await transport.close();
  return { error, connections: sockets.length };
}

test.each([
  // undici counts connect limits in steps of a second.
  ["its own time limit, after three tries", 100, 30_000, "got no answer: Connect Timeout Error", 3],
  ["the time limit of the call", 3_600_000, 300, "for the whole operation was reached", 1],
])("a connection without a TLS handshake ends at %s", async (_, connectMs, totalMs, message, count) => {
  const { error, connections } = await withoutHandshake(connectMs, totalMs, (clock) => {
    if (count === 1) clock.pass(totalMs);
  });
  expect(error).toMatchObject({ sent: count === 1, message: expect.stringContaining(message) });
  expect(connections).toBe(count);
});

test("a call that reaches its time limit while all connections are busy is not sent later", async () => {
  const held: (() => void)[] = [];
  const server = await startServer(({ url }, response) => {
    held.push(() => response.end("{}"));
    if (url?.endsWith("/last")) {
      response.end("{}");
    }
  });
  const clock = new SkippingClock();
  const transport = new Transport(server.account, clock);
  try {
    const far = () => transport.timeLimit({ milliseconds: farMs });
    const calls = Array.from({ length: 16 }, () => transport.send(read, far()));
    const isHeld = () => held.length >= 16;
    await until(isHeld, () => `16 requests arrive, and not ${held.length}`);
    const refused = transport.send(create, transport.timeLimit({ milliseconds: 300 }));
    // The request waits for a connection then.
    await turn();
    clock.pass(300);
    await expect(refused).rejects.toThrow("for the whole operation was reached");
    held.map((answer) => answer());
    await Promise.all(calls);
    await transport.send({ ...read, path: ["deployments", "last"] }, far());
    expect(server.requests.filter(({ method }) => method === "POST")).toEqual([]);
  } finally {
    await transport.close();
    await server.close();
  }
});

test.each([
  ["the usual 5 minutes", 300_000, { connectMs: 10_000, silenceMs: 60_000 }],
  ["half a second", 500, { connectMs: 10_000, silenceMs: 60_000 }],
  ["an hour", 3_600_000, { connectMs: 120_000, silenceMs: 720_000 }],
  ["a year", 365 * 86_400_000, { connectMs: 1_051_200_000, silenceMs: longestTimerMs }],
  ["infinity", Number.POSITIVE_INFINITY, { connectMs: 10_000, silenceMs: 60_000 }],
])("a time limit of %s gives a share to the connection and to each silence of a try", (_, wholeMs, timeouts) => {
  expect(timeoutsWithin(wholeMs, defaultTimeouts)).toEqual(timeouts);
});

test.each<[string, Answer]>([
  ["an error that repeats the token", text("Bearer pt-test is refused", 502)],
  ["a page that repeats the token where the text is cut", text(`${"x".repeat(296)}pt-test`, 200)],
  ["a redirect with the token", text("", 302, { location: "https://login.example/?token=pt-test" })],
])("the error text of %s does not hold the token", async (_, answer) => {
  const { error } = await failureOf(answer);
  expect(error).toBeInstanceOf(Error);
  expect(`${error}${JSON.stringify(error)}`).not.toContain("pt-test");
});

test("a write fails without a request if its turn comes after its time limit", async () => {
  const server = await startServer(json({}));
  const clock = new SkippingClock();
  const transport = new Transport(server.account, clock);
  // The 21st may start after 1,050 ms.
  const calls = Array.from({ length: 25 }, () => transport.send(create, transport.timeLimit({ milliseconds: soonMs })));
  const results = await Promise.allSettled(calls);
  await server.close();
  await transport.close();
  expect(server.requests.length).toBeLessThanOrEqual(20);
  const errors = results.slice(20).map((result) => (result.status === "rejected" ? result.reason : undefined));
  expect(errors).toEqual(Array(5).fill(expect.objectContaining({ sent: false })));
  expect(clock.slept).toEqual([]);
});
