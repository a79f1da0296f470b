import { once } from "node:events";
import { createServer } from "node:net";
import { z } from "zod";
import { systemClock } from "../../provider/api/clock";
import { defaultTimeouts, longestTimerMs, timeoutsWithin } from "../../provider/api/connection";
import { QoderConnectionError, QoderReplyError } from "../../provider/api/errors";
import { Transport } from "../../provider/api/transport";
import { undici } from "../../provider/api/undici";
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
} from "./local-server";

// It is loaded with the first request, and some here have little time.
beforeAll(() => void undici());

/** Shorter than the first pause between two tries, so that there is one. */
const oneTryMs = 300;
const label = "POST /deployments";

/** What a call is rejected with, how long it took, and how often it was sent. */
async function failureOf(answer: Answer, totalMs = oneTryMs, request = create, silenceMs = 60_000) {
  const server = await startServer(answer);
  const transport = new Transport(server.account, systemClock, { connectMs: 1_000, silenceMs });
  const start = performance.now();
  try {
    const error: unknown = await transport
      .send(request, transport.timeLimit({ milliseconds: totalMs }))
      .catch((thrown: unknown) => thrown);
    return { error, tookMs: performance.now() - start, sent: server.requests.length };
  } finally {
    await server.close();
    await transport.close();
  }
}

test.each<[string, Answer, string | RegExp]>([
  ["reset", reset, /^POST \/deployments got no answer: .*(ECONNRESET|other side closed)/],
  ["cut off in the middle of the answer", cutOff, /^POST \/deployments got no answer: .+/],
  ["silent", silence, `${label} got no answer: the time limit of 0.3 s for the whole operation was reached`],
  [
    "silent in the middle of the answer",
    headersThenSilence,
    `${label} got no answer: the time limit of 0.3 s for the whole operation was reached`,
  ],
])("when the connection is %s, whether the service acted is open", async (_, answer, message) => {
  const { error, sent } = await failureOf(answer);
  expect(error).toBeInstanceOf(QoderConnectionError);
  expect(error).toMatchObject({ sent: true, message: expect.stringMatching(message) });
  expect(sent).toBe(1);
});

test("a reply of 10 MB is not taken in, and whether the service acted is open", async () => {
  const { error } = await failureOf(json("x".repeat(10 * 1024 * 1024)), 5_000);
  expect(error).toBeInstanceOf(QoderReplyError);
  expect(error).toMatchObject({ message: `${label} was answered with 200, but its body has more than 8 MB` });
});

test("a reply of 7 MB is read", async () => {
  const { error } = await failureOf(json({ id: "x".repeat(7 * 1024 * 1024) }), 5_000);
  expect(error).toMatchObject({ status: 200 });
});

test("when nothing listens, nothing can have been sent", async () => {
  const server = await startServer(silence);
  await server.close();
  const transport = new Transport(server.account);
  const error: unknown = await transport
    .send(create, transport.timeLimit({ milliseconds: oneTryMs }))
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(QoderConnectionError);
  expect(error).toMatchObject({ sent: false, message: expect.stringContaining("ECONNREFUSED") });
  await transport.close();
});

test.each<[string, Answer, string]>([
  ["truncated JSON", text('{"id":"dep_1","na', 200), '200, but its body is not JSON: {"id":"dep_1","na'],
  ["no body", text("", 204), "204, but its body is not JSON: an empty body"],
  [
    "a page of somebody else",
    text("<html><body>\n<h1>Log in</h1></body></html>", 200, { "x-request-id": "req-1" }),
    "200, but its body is not JSON: Log in [request id req-1]",
  ],
])("a success with %s tells that the server did act", async (_, answer, message) => {
  const { error } = await failureOf(answer);
  expect(error).toBeInstanceOf(QoderReplyError);
  expect(error).toMatchObject({ message: `${label} was answered with ${message}` });
});

test("an HTML page with status 502 is told in one line", async () => {
  const { error } = await failureOf(text("<html><body>\n<h1>502 Bad Gateway</h1>\n<hr>nginx</body></html>", 502));
  expect(error).toMatchObject({ status: 502, message: `${label} was answered with 502: 502 Bad Gateway nginx` });
});

test.each([
  ["silence", silence],
  ["a body that never ends", headersThenSilence],
])("the time limit of a call ends %s, with all tries of a read", async (_, answer) => {
  const { error, tookMs } = await failureOf(answer, 200, read);
  expect(error).toMatchObject({ message: expect.stringContaining("for the whole operation was reached") });
  expect(tookMs).toBeLessThan(1_000);
});

test("a pause that would outlast the time limit is not begun", async () => {
  const { error, tookMs, sent } = await failureOf(json({}, 429, { "retry-after": "30" }), 2_000, read);
  expect(error).toMatchObject({ status: 429 });
  expect(sent).toBe(1);
  expect(tookMs).toBeLessThan(1_000);
});

test.each([
  ["silence", silence],
  ["silence in the middle of the answer", headersThenSilence],
])("%s ends a try long before the time limit of the call", async (_, answer) => {
  const { error, tookMs } = await failureOf(answer, 5_000, create, 100);
  expect(error).toMatchObject({ name: "QoderConnectionError", sent: true, message: expect.stringMatching(/timeout/i) });
  expect(tookMs).toBeLessThan(3_000);
});

test("a call that may take long waits a fifth of its time for an answer, beside calls that may not", async () => {
  const server = await startServer((_, response) => {
    setTimeout(() => response.end('{"id":"dep_1"}'), 2_500);
  });
  const transport = new Transport(server.account, systemClock, { connectMs: 1_000, silenceMs: 100 });
  try {
    const [short, long] = await Promise.allSettled(
      [400, 20_000].map((ms) => transport.send(create, transport.timeLimit({ milliseconds: ms }))),
    );
    expect(short).toMatchObject({ status: "rejected", reason: { sent: true } });
    expect(long).toMatchObject({ status: "fulfilled", value: { body: { id: "dep_1" } } });
  } finally {
    await transport.close();
    await server.close();
  }
});

/** A call to a server that accepts connections and never answers the handshake of TLS: none ever comes to stand. */
async function withoutHandshake(connectMs: number, totalMs: number) {
  const server = createServer((socket) => socket.on("error", () => {}).resume());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const account = { baseUrl: `https://127.0.0.1:${port}`, token: "pt-test", workspaceId: undefined };
  const transport = new Transport(account, systemClock, { connectMs, silenceMs: 60_000 });
  const start = performance.now();
  const error: unknown = await transport
    .send(create, transport.timeLimit({ milliseconds: totalMs }))
    .catch((thrown: unknown) => thrown);
  const tookMs = performance.now() - start;
  await transport.close();
  server.close();
  return { error, tookMs };
}

test("a connection that does not come to stand is given up after its own time limit, and nothing was sent", async () => {
  // Three tries and their pauses; undici counts connect limits in steps of a second.
  const { error, tookMs } = await withoutHandshake(100, 12_000);
  expect(error).toMatchObject({
    sent: false,
    message: expect.stringContaining("got no answer: Connect Timeout Error"),
  });
  expect(tookMs).toBeLessThan(9_000);
});

test("the time limit of a call ends the wait for a connection that does not come to stand", async () => {
  const { error, tookMs } = await withoutHandshake(2_000, oneTryMs);
  expect(error).toMatchObject({ message: expect.stringContaining("for the whole operation was reached") });
  expect(tookMs).toBeLessThan(1_000);
});

test("the time limit of a call ends the wait for one of the connections that are all taken, and it is not sent later", async () => {
  const server = await startServer((_, response) => {
    setTimeout(() => response.end("{}"), 800);
  });
  const transport = new Transport(server.account);
  try {
    const calls = Array.from({ length: 16 }, () => transport.send(read, transport.timeLimit({ milliseconds: 5_000 })));
    const start = performance.now();
    const refused = expect(transport.send(create, transport.timeLimit({ milliseconds: oneTryMs }))).rejects.toThrow(
      "for the whole operation was reached",
    );
    await Promise.all([refused.then(() => expect(performance.now() - start).toBeLessThan(700)), ...calls]);
    await transport.send(read);
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
  ["for ever", Number.POSITIVE_INFINITY, { connectMs: 10_000, silenceMs: 60_000 }],
])("a call that may take %s gives a try its share for the connection and for each silence", (_, wholeMs, timeouts) => {
  expect(timeoutsWithin(wholeMs, defaultTimeouts)).toEqual(timeouts);
});

test("no error text holds the token", async () => {
  for (const answer of [
    reset,
    silence,
    cutOff,
    text("no", 500),
    text("Bearer pt-test is refused", 502),
    text(`${"x".repeat(296)}pt-test`, 200),
    text("", 302, { location: "https://login.example/?token=pt-test" }),
  ]) {
    const { error } = await failureOf(answer, 100);
    expect(`${error}${JSON.stringify(error)}`).not.toContain("pt-test");
  }
});

test("the time that a call waits for its turn counts towards its limit, and nothing of it was sent", async () => {
  const server = await startServer(json({}));
  const transport = new Transport(server.account);
  const start = performance.now();
  const calls = Array.from({ length: 25 }, () =>
    transport.send(create, transport.timeLimit({ milliseconds: oneTryMs })),
  );
  const results = await Promise.allSettled(calls);
  const tookMs = performance.now() - start;
  await server.close();
  await transport.close();
  const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  expect(errors).toEqual(Array(25 - server.requests.length).fill(expect.objectContaining({ sent: false })));
  expect(tookMs).toBeLessThan(900);
});
