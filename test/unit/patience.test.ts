import type { Clock } from "../../provider/api/clock";
import { QoderConnectionError } from "../../provider/api/errors";
import { type ApiRequest, Transport } from "../../provider/api/transport";
import { type Answer, create, inTurn, json, read, reset, startServer, text } from "./local-server";

/** Waits take no time, and the clock goes on as if they had. */
class SkippingClock implements Clock {
  readonly waits: number[] = [];
  #now = Date.parse("2026-06-14T08:54:05Z");

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
    this.#now += milliseconds;
  }
}

const limitMs = 300_000;
const forever = Number.POSITIVE_INFINITY;
const failure = (status: number, headers: Record<string, string> = {}) =>
  json({ error: { type: "api_error", message: "busy" } }, status, headers);

/** What came of a request, how often it was sent, what was waited for and what was told meanwhile. */
async function outcome(answer: Answer, request: ApiRequest = read, wholeMs = limitMs) {
  const server = await startServer(answer);
  const clock = new SkippingClock();
  const transport = new Transport(server.account, clock);
  const told: string[] = [];
  const limit =
    wholeMs === forever
      ? undefined
      : transport.timeLimit({ milliseconds: wholeMs, tell: ({ text }) => void told.push(text) });
  try {
    const result: unknown = await transport.send(request, limit).catch((thrown: unknown) => thrown);
    const message = result instanceof Error ? result.message : "no error";
    return { result, message, sent: server.requests.length, waits: clock.waits, told };
  } finally {
    await transport.close();
    await server.close();
  }
}

test.each<[string, Answer, ApiRequest]>([
  ["a limit of requests, a read", failure(429), read],
  ["a limit of requests, a create", failure(429), create],
  ["a failure of the service, a read", failure(503), read],
  ["a timeout of the service, a read", failure(408), read],
  ["a gateway's page, a read", text("<html>Bad Gateway</html>", 502), read],
  ["connections that are reset, a read", reset, read],
])("in spite of %s is tried until the time limit of the operation", async (_, answer, request) => {
  const { message, sent, waits, told } = await outcome(answer, request);
  expect(message).toMatch(/ \(tried \d+ times in (4 min 5\d s|5 min)\)$/);
  expect(message).toContain(`(tried ${sent} times`);
  expect(sent).toBeGreaterThanOrEqual(40);
  expect(sent).toBeLessThanOrEqual(60);
  expect(Math.max(...waits)).toBeLessThanOrEqual(8_000);
  expect(told).toHaveLength(1);
});

test.each<[string, ApiRequest]>([
  ["a read", read],
  ["a create", create],
])("%s that is let through at last is answered, and nothing tells of the tries", async (_, request) => {
  const refusals = Array.from({ length: 20 }, () => failure(429));
  const { result, sent } = await outcome(inTurn(...refusals, json({ id: "dep_1" })), request);
  expect(result).toMatchObject({ body: { id: "dep_1" } });
  expect(sent).toBe(21);
});

test("a wait of more than 15 seconds is reported once, with the time that it may take", async () => {
  const { told } = await outcome(failure(503));
  expect(told).toEqual([
    expect.stringMatching(
      /^still trying GET \/deployments\/dep_1: 503 api_error, tried [56] times; goes on for at most 4 min [45]\d s$/,
    ),
  ]);
});

test("a long wait that the service asks for is told when it begins", async () => {
  const { told, waits } = await outcome(inTurn(failure(429, { "retry-after": "30" }), json({ id: "dep_1" })), create);
  expect(told).toEqual(["still trying POST /deployments: 429 api_error, tried once; goes on for at most 5 min"]);
  expect(waits).toEqual([30_000]);
});

test("short waits are not told", async () => {
  expect((await outcome(inTurn(failure(503), failure(503), json({})))).told).toEqual([]);
});

test("a wait that the time limit leaves no time for is neither begun nor told", async () => {
  const { told, waits, message } = await outcome(failure(429, { "retry-after": "30" }), read, 20_000);
  expect({ told, waits }).toEqual({ told: [], waits: [] });
  expect(message).toBe("GET /deployments/dep_1 was answered with 429 api_error: busy");
});

test.each(["0", "1"])("a service that always asks for %s seconds is not overrun", async (seconds) => {
  const { sent, waits } = await outcome(failure(503, { "retry-after": seconds }));
  expect(sent).toBeLessThan(60);
  expect(waits.slice(0, 3)).toEqual(Array(3).fill(Number(seconds) * 1_000));
});

test("a longer wait that the service asks for is kept to on every try", async () => {
  const { waits } = await outcome(failure(503, { "retry-after": "20" }));
  expect(waits).toEqual(Array(14).fill(20_000));
});

test.each<[string, Answer, number, RegExp]>([
  ["a reply that is no JSON", text("<html>", 200), limitMs, / \(tried 3 times in [12] s\)$/],
  ["a failure, where no time limit is given", failure(503), forever, / \(tried 3 times in [12] s\)$/],
  ["a limit of requests, where no time limit is given", failure(429), forever, / \(tried 8 times in (2|3)\d s\)$/],
])("after %s the tries end soon", async (_, answer, wholeMs, told) => {
  const { message } = await outcome(answer, read, wholeMs);
  expect(message).toMatch(told);
});

test("a single try is told as before", async () => {
  const { message, sent } = await outcome(failure(503), create);
  expect({ message, sent }).toEqual({
    message: "POST /deployments was answered with 503 api_error: busy",
    sent: 1,
  });
});

/** Nothing listens after the first answer. */
async function thenRefused(first: Answer, request: ApiRequest) {
  const server = await startServer((incoming, response, count) => {
    response.setHeader("connection", "close");
    first(incoming, response, count);
    void server.close();
  });
  const transport = new Transport(server.account, new SkippingClock());
  try {
    return await transport
      .send(request, transport.timeLimit({ milliseconds: limitMs }))
      .catch((thrown: unknown) => thrown);
  } finally {
    await transport.close();
  }
}

test.each<[string, Answer, ApiRequest, boolean]>([
  ["a failure", failure(503), read, true],
  ["a lost answer", reset, read, true],
  ["a refusal by the rate limit", failure(429), create, false],
])(
  "when connections are refused after %s, three in a row end it, and what was sent before counts",
  async (_, first, request, sent) => {
    const error = await thenRefused(first, request);
    expect(error).toBeInstanceOf(QoderConnectionError);
    expect(error).toMatchObject({ sent, message: expect.stringMatching(/ECONNREFUSED.* \(tried 4 times in \d s\)$/) });
  },
);
