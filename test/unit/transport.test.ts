import { Transport } from "../../provider/api/transport";
import { TickingClock } from "../support/skipping-clock";
import { until } from "../support/until";
import {
  type Answer,
  closedAfterEach,
  create,
  inTurn,
  json,
  type LocalServer,
  read,
  startServer,
  text,
  thrownBy,
} from "./local-server";

const closed = closedAfterEach();
const serverThat = async (answer: Answer) => closed(await startServer(answer));
const transportTo = (server: LocalServer, changes: object = {}) =>
  closed(new Transport({ ...server.account, ...changes }));
/** The headers of the first request but those of the connection. */
const headersAt = ({ requests }: LocalServer) => {
  const { host: _, connection: __, ...headers } = requests[0]?.headers ?? {};
  return headers;
};

test("a write sends the token, the workspace, the key and the body", async () => {
  const server = await serverThat(json({}));
  await transportTo(server, { workspaceId: "ws-1" }).send(create);
  expect(server.requests[0]).toMatchObject({ method: "POST", url: "/api/v1/cloud/deployments" });
  expect(server.requests[0]?.headers).toMatchObject({
    host: new URL(server.url).host,
    authorization: "Bearer pt-test",
    accept: "application/json",
    "content-type": "application/json",
    "idempotency-key": "key-1",
    "qoder-workspace-id": "ws-1",
    "user-agent": "pulumi-qoder",
  });
  expect(server.bodies).toEqual(['{"name":"report"}']);
});

test("a request for a link of the service sends neither the token nor the workspace, and keeps the query of the link", async () => {
  const server = await serverThat(text("the file", 200));
  const link = new URL("/elsewhere/file?signature=1", server.url);
  await transportTo(server, { workspaceId: "ws-1" }).send({ ...read, link, downloadMb: 1 });
  expect(server.requests[0]?.url).toBe("/elsewhere/file?signature=1");
  expect(headersAt(server)).toEqual({ accept: "application/binary, application/json", "user-agent": "pulumi-qoder" });
});

test("a read sends no body and only the necessary headers, and returns the body of the reply, its date, its request id and its duration", async () => {
  const headers = { date: "Sun, 14 Jun 2026 08:54:05 GMT", "x-request-id": "req-1" };
  const server = await serverThat(json({ id: "dep_1" }, 201, headers));
  const reply = await transportTo(server).send(read);
  const authorization = "Bearer pt-test";
  expect(headersAt(server)).toEqual({ authorization, accept: "application/json", "user-agent": "pulumi-qoder" });
  expect(server.bodies).toEqual([""]);
  const date = new Date("2026-06-14T08:54:05Z");
  const roundTripMs = expect.any(Number);
  expect(reply).toEqual({ body: { id: "dep_1" }, status: 201, date, requestId: "req-1", roundTripMs });
  expect(reply.roundTripMs).toBeGreaterThan(0);
});

test("a remark reports every five seconds how much of a large body is sent", async () => {
  const server = await serverThat(json({}));
  const transport = closed(new Transport(server.account, new TickingClock(1_000)));
  const told: string[] = [];
  const within = transport.timeLimit({ milliseconds: 300_000, tell: ({ text }) => void told.push(text) });
  await transport.send({ ...create, body: { name: "x".repeat(3 * 1024 * 1024) } }, within);
  expect(told).toEqual([
    "POST /deployments: uploads 3.0 MB",
    "POST /deployments: 1.0 MB of 3.0 MB are sent",
    "POST /deployments: 2.3 MB of 3.0 MB are sent",
  ]);
});

test.each([
  ...["", ".", "..", "../x", "a/b", "//evil.example/x", "http://evil.example", "@evil.example", "%2f", "%2e%2e"],
  ...["a\\b", "a?b=c#d", "a b\r\nx: y", "é", "dep_x\n", "dep_x\n\x1b[31m"],
])("the id %j is refused without a request, because the API makes no such id", async (id) => {
  const server = await serverThat(json({}));
  const sent = transportTo(server).send({ ...read, path: ["deployments", id, "pause"] });
  await expect(sent).rejects.toThrow("has an id that the API cannot have made, and was not sent");
  expect(server.requests).toEqual([]);
});

test("a base URL may end with slashes, and query values are escaped", async () => {
  const server = await serverThat(json({}));
  const query = { agent_id: "a&b=c", page: "p q/é" };
  await transportTo(server, { baseUrl: `${server.url}//` }).send({ ...read, query });
  expect(server.requests[0]?.url).toBe("/api/v1/cloud/deployments/dep_1?agent_id=a%26b%3Dc&page=p+q%2F%C3%A9");
});

test.each([301, 302, 303, 307, 308])("a redirect with %i is an error, and its target sees no token", async (status) => {
  const target = await serverThat(json({}));
  const server = await serverThat(text("", status, { location: target.url, "request-id": "req-1" }));
  await expect(transportTo(server).send(read)).rejects.toThrow(
    `GET /deployments/dep_1 was answered with ${status}: the API redirects to ${target.url}: set qoder:baseUrl to the address of the API [request id req-1]`,
  );
  expect(server.requests).toHaveLength(1);
  expect(target.requests).toEqual([]);
});

test("calls one after another reuse open connections", async () => {
  const server = await serverThat(inTurn(json({}), json({ error: {} }, 404), json({})));
  const transport = transportTo(server);
  for (let call = 0; call < 12; call += 1) {
    await transport.send(call % 3 === 0 ? create : read).catch(() => undefined);
  }
  expect(server.requests).toHaveLength(12);
  // A second connection may open while the first is still busy.
  expect(server.connections()).toBeLessThanOrEqual(2);
});

test("40 calls at once share 16 connections, and all get their answers", async () => {
  const held: (() => void)[] = [];
  let isFull = false;
  const server = await serverThat((_, response) => {
    held.push(() => response.end("{}"));
    if (isFull) {
      response.end("{}");
    }
  });
  const transport = transportTo(server);
  const calls = Array.from({ length: 40 }, () => transport.send(read));
  const isHeld = () => held.length >= 16;
  await until(isHeld, () => `16 requests arrive, and not ${held.length}`);
  isFull = true;
  held.map((answer) => answer());
  await Promise.all(calls);
  expect(server.requests).toHaveLength(40);
  expect(server.connections()).toBe(16);
});

const now = { "retry-after-ms": "1" };
test("a create is sent again after a 429, with the same key and body, and not after a 500", async () => {
  const server = await serverThat(inTurn(json({}, 429, now), json({}, 429, now), json({}, 500, now)));
  await expect(transportTo(server).send(create)).rejects.toMatchObject({ status: 500 });
  expect(server.requests.map(({ headers }) => headers["idempotency-key"])).toEqual(["key-1", "key-1", "key-1"]);
  expect(new Set(server.bodies)).toEqual(new Set(['{"name":"report"}']));
});

const date = "Sun, 14 Jun 2026 08:54:05 GMT";
test.each<[string, Answer, Date | undefined]>([
  ["an error", json({ error: { type: "not_found_error", message: "gone" } }, 404, { date }), new Date(date)],
  ["a redirect", text("", 302, { date }), new Date(date)],
  ["an error without a valid date", text("no", 400, { date: "today" }), undefined],
])("%s includes the date of the reply", async (_, answer, expected) => {
  const server = await serverThat(answer);
  expect(await thrownBy(transportTo(server).send(read))).toMatchObject({ name: "QoderApiError", date: expected });
});
