import { QoderConnectionError } from "../../provider/api/errors";
import { type ApiRequest, Transport } from "../../provider/api/transport";
import { SkippingClock } from "../support/skipping-clock";
import { type Answer, create, inTurn, json, read, reset, startServer, text, thrownBy } from "./local-server";

const limitMs = 300_000;
const forever = Number.POSITIVE_INFINITY;
const failure = (status: number, headers: Record<string, string> = {}) =>
  json({ error: { type: "api_error", message: "busy" } }, status, headers);

/** The result of a request, the number of tries, the waits and the remarks. */
async function outcome(answer: Answer, request: ApiRequest = read, wholeMs = limitMs) {
  const server = await startServer(answer);
  const clock = new SkippingClock();
  const transport = new Transport(server.account, clock);
  const told: string[] = [];
  const tell = ({ text }: { readonly text: string }) => void told.push(text);
  const limit = wholeMs === forever ? undefined : transport.timeLimit({ milliseconds: wholeMs, tell });
  try {
    const result: unknown = await transport.send(request, limit).catch((thrown: unknown) => thrown);
    const message = result instanceof Error ? result.message : "no error";
    return { result, message, sent: server.requests.length, waits: clock.slept, told };
  } finally {
    await transport.close();
    await server.close();
  }
}

test.each<[string, Answer, ApiRequest]>([
  ["a read that the service answers with 429", failure(429), read],
  ["a create that the service answers with 429", failure(429), create],
  ["a read that the service answers with 503", failure(503), read],
  ["a read that the service answers with 408", failure(408), read],
  ["a read that a gateway answers with 502", text("<html>Bad Gateway</html>", 502), read],
  ["a read whose connections are reset", reset, read],
])("%s is repeated until the time limit of the operation, with one remark", async (_, answer, request) => {
  const { message, sent, waits, told } = await outcome(answer, request);
  expect(message).toMatch(/ \(tried \d+ times in (4 min 5\d s|5 min)\)$/);
  expect(message).toContain(`(tried ${sent} times`);
  expect(sent).toBeGreaterThanOrEqual(40);
  expect(sent).toBeLessThanOrEqual(60);
  expect(Math.max(...waits)).toBeLessThanOrEqual(8_000);
  expect(told).toHaveLength(1);
});

test("a create returns its reply after 20 refusals with 429", async () => {
  const refusals = Array.from({ length: 20 }, () => failure(429));
  const { result, sent } = await outcome(inTurn(...refusals, json({ id: "dep_1" })), create);
  expect(result).toMatchObject({ body: { id: "dep_1" } });
  expect(sent).toBe(21);
});

test("one remark reports tries that last more than 15 seconds, and of their longest duration", async () => {
  const { told } = await outcome(failure(503));
  const remark =
    /^still trying GET \/deployments\/dep_1: 503 api_error, tried [56] times, for at most 4 min [45]\d s more$/;
  expect(told).toEqual([expect.stringMatching(remark)]);
});

test("a remark reports a long Retry-After when the wait begins", async () => {
  const { told, waits } = await outcome(inTurn(failure(429, { "retry-after": "30" }), json({ id: "dep_1" })), create);
  expect(told).toEqual(["still trying POST /deployments: 429 api_error, tried once, for at most 5 min more"]);
  expect(waits).toEqual([30_000]);
});

test("short waits cause no remark, and a read fails at once, without a remark, if Retry-After exceeds its time limit", async () => {
  expect((await outcome(inTurn(failure(503), failure(503), json({})))).told).toEqual([]);
  const { told, waits, message } = await outcome(failure(429, { "retry-after": "30" }), read, 20_000);
  expect({ told, waits }).toEqual({ told: [], waits: [] });
  expect(message).toBe("GET /deployments/dep_1 was answered with 429 api_error: busy");
});

test.each(["0", "1"])("a service that always sends Retry-After: %s gets fewer than 60 tries", async (seconds) => {
  const { sent, waits } = await outcome(failure(503, { "retry-after": seconds }));
  expect(sent).toBeLessThan(60);
  expect(waits.slice(0, 3)).toEqual(Array(3).fill(Number(seconds) * 1_000));
});

test("every try waits for a Retry-After of 20 seconds", async () => {
  const { waits } = await outcome(failure(503, { "retry-after": "20" }));
  expect(waits).toEqual(Array(14).fill(20_000));
});

test.each<[string, Answer, number, RegExp]>([
  ["a reply that is no JSON", text("<html>", 200), limitMs, / \(tried 3 times in [12] s\)$/],
  [
    "several failures without a time limit",
    inTurn(failure(500), failure(502), failure(503)),
    forever,
    / 503 .* \(tried 3 times in [12] s\)$/,
  ],
  ["429 without a time limit", failure(429), forever, / \(tried 8 times in (2|3)\d s\)$/],
])("the tries after %s end soon, with the error of the last", async (_, answer, wholeMs, told) => {
  const { message } = await outcome(answer, read, wholeMs);
  expect(message).toMatch(told);
});

/** The server closes after its first answer. */
async function thenRefused(first: Answer, request: ApiRequest) {
  const server = await startServer((incoming, response, count) => {
    response.setHeader("connection", "close");
    first(incoming, response, count);
    void server.close();
  });
  const transport = new Transport(server.account, new SkippingClock());
  try {
    return await thrownBy(transport.send(request, transport.timeLimit({ milliseconds: limitMs })));
  } finally {
    await transport.close();
  }
}

test.each<[string, Answer, ApiRequest, boolean]>([
  ["a failure", failure(503), read, true],
  ["a lost answer", reset, read, true],
  ["a refusal by the rate limit", failure(429), create, false],
])(
  "three refused connections after %s end the tries, and the error says whether a request may have arrived",
  async (_, first, request, sent) => {
    const error = await thenRefused(first, request);
    expect(error).toBeInstanceOf(QoderConnectionError);
    expect(error).toMatchObject({ sent, message: expect.stringMatching(/ECONNREFUSED.* \(tried 4 times in \d s\)$/) });
  },
);
