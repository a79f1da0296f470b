import { ServiceAccount } from "../../provider/account/service-account";
import { QoderTokenError } from "../../provider/api/errors";
import { Transport } from "../../provider/api/transport";
import { SkippingClock, TickingClock } from "../support/skipping-clock";
import {
  type Answer,
  closedAfterEach,
  create,
  inTurn,
  json,
  read,
  reset,
  startServer,
  text,
  thrownBy,
} from "./local-server";

const closed = closedAfterEach();
const exchangePath = "/api/v1/serviceToken/exchange";
const granted = (token: string, more: object = {}) =>
  json({ access_token: token, token_type: "Bearer", expires_in: 3_600, ...more });
const grantedInTurn = inTurn(...["jwt-1", "jwt-2", "jwt-3", "jwt-4"].map((token) => granted(token)));
const secret = /sa-key-1|jwt-\d/;

/** The API and the exchange on one server, a service account there, and one clock. */
async function world(exchange: Answer, api: Answer = json({}), clock = new SkippingClock()) {
  let [exchanges, calls] = [0, 0];
  const server = closed(
    await startServer((request, response) => {
      if (request.url === exchangePath) {
        exchanges += 1;
        exchange(request, response, exchanges);
      } else {
        calls += 1;
        api(request, response, calls);
      }
    }),
  );
  const { baseUrl } = server.account;
  const key = { saKey: "sa-key-1", keySource: "QODER_SA_KEY", exchangeUrl: new URL("/api/v1", baseUrl).href };
  const serviceAccount = new ServiceAccount(key, clock);
  const transport = closed(new Transport({ baseUrl, token: serviceAccount, workspaceId: undefined }, clock));
  const limit = () => transport.timeLimit({ milliseconds: 300_000, secrets: new Set<string>() });
  const token = () => clock.during(() => serviceAccount.token(limit()));
  return {
    ...{ clock, server, serviceAccount, limit, token },
    send: (request = read, within = limit()) => clock.during(() => transport.send(request, within)),
    exchanges: () => exchanges,
    /** The tokens of all requests except exchanges. */
    tokens: () =>
      server.requests.flatMap(({ url, headers }) =>
        url === exchangePath ? [] : [headers.authorization?.replace("Bearer ", "")],
      ),
  };
}

test("the provider exchanges the key as the API's pages say, and sends the token with every request", async () => {
  const { server, send, tokens } = await world(granted("jwt-1", { expires_in: "3600" }));
  await send();
  await send(create);
  expect(server.requests[0]).toMatchObject({ method: "POST", url: exchangePath });
  const headers = { authorization: "Bearer sa-key-1", "content-type": "application/json" };
  expect(server.requests[0]?.headers).toMatchObject(headers);
  const asked = { grant_type: "client_credentials", audience: "qoder", scope: "qca.access", ttl_seconds: 3_600 };
  expect(JSON.parse(server.bodies[0] ?? "")).toEqual(asked);
  expect(tokens()).toEqual(["jwt-1", "jwt-1"]);
});

test.each([
  [3_600, 60, 5],
  [100, 10, 5],
  [20, 2, 1],
])(
  "a token of %s s is renewed %s s before its end, and is used until %s s before its end",
  async (seconds, ahead, margin) => {
    const refusals = Array.from({ length: 30 }, () => json({}, 503));
    const { clock, token, exchanges } = await world(inTurn(granted("jwt-1", { expires_in: seconds }), ...refusals));
    expect(await token()).toBe("jwt-1");
    clock.pass((seconds - ahead) * 1_000 - 500);
    expect(await token()).toBe("jwt-1");
    expect(exchanges()).toBe(1);
    clock.pass(501);
    expect(await token()).toBe("jwt-1");
    expect(exchanges()).toBeGreaterThan(1);
    clock.pass(Math.max(ahead - margin, 5) * 1_000);
    await expect(token()).rejects.toThrow("gave no token for the service account key from QODER_SA_KEY");
  },
);

test("while exchanges fail, requests use the old token, and the provider exchanges again after five seconds", async () => {
  const failures = Array.from({ length: 3 }, () => json({}, 503));
  const { clock, token, exchanges } = await world(inTurn(granted("jwt-1"), ...failures, granted("jwt-2")));
  await token();
  clock.pass(3_545_000);
  expect(await token()).toBe("jwt-1");
  expect(await token()).toBe("jwt-1");
  expect(exchanges()).toBe(4);
  clock.pass(5_000);
  expect(await token()).toBe("jwt-2");
  expect(exchanges()).toBe(5);
});

test("requests use the old token if the exchange gets no answer in half of the token's remaining time", async () => {
  const silently = () => clock.pass(750);
  const { clock, token } = await world(inTurn(granted("jwt-1", { expires_in: 100 }), silently));
  await token();
  // The token is good for 95 seconds, and an exchange gets half of the rest.
  clock.pass(93_500);
  expect(await token()).toBe("jwt-1");
});

describe("a token that the service refuses", () => {
  const expired = json({ error: { type: "authentication_error", message: "expired" } }, 401);
  const refusing =
    (...refused: readonly string[]): Answer =>
    (...exchange) => {
      const isRefused = refused.some((token) => exchange[0].headers.authorization?.endsWith(token));
      (isRefused ? expired : json({}))(...exchange);
    };

  test("is replaced after five seconds at the earliest, and a refused read is sent twice at most", async () => {
    const { clock, send, exchanges, tokens } = await world(grantedInTurn, refusing("jwt-1", "jwt-2"));
    await expect(send()).rejects.toMatchObject({ status: 401 });
    expect(tokens()).toEqual(["jwt-1"]);
    clock.pass(5_000);
    await expect(send()).rejects.toMatchObject({ status: 401 });
    expect(tokens()).toEqual(["jwt-1", "jwt-2"]);
    await expect(send()).rejects.toMatchObject({ status: 401 });
    expect(exchanges()).toBe(2);
    clock.pass(5_000);
    await send();
    expect(tokens().slice(-1)).toEqual(["jwt-3"]);
  });

  test("is replaced once for a read, also if each refusal takes longer than five seconds", async () => {
    const slowly: Answer = (...exchange) => {
      clock.pass(5_000);
      expired(...exchange);
    };
    const { clock, send, tokens } = await world(grantedInTurn, slowly);
    await expect(send()).rejects.toMatchObject({ status: 401 });
    expect(tokens()).toEqual(["jwt-1", "jwt-2"]);
  });
});

describe("an exchange", () => {
  const undocumented = (member: string) => new RegExp(`${member} is not as the API documents it: `);
  test.each<[string, Answer]>([
    ["whose answer is lost", reset],
    ["that the rate limit refuses", json({}, 429, { "retry-after": "3" })],
    ["that the service answers with 500", json({}, 500)],
  ])("%s is sent again", async (_, failure) => {
    const { send, exchanges } = await world(inTurn(failure, failure, granted("jwt-1")));
    await send();
    expect(exchanges()).toBe(3);
  });

  test.each<[string, Answer, RegExp]>([
    [
      "401",
      json({ request_id: "req-1", error: { type: "authentication_error", message: "bad key sa-key-1" } }, 401),
      /QODER_SA_KEY: POST \/serviceToken\/exchange was answered with 401 authentication_error: bad key \[secret\] \[request id req-1\]\.\nSet a valid key there/,
    ],
    ["404 and HTML", text("<p>moved", 404), /answered with 404: moved\.\nCheck that this is Qoder's own host/],
    ["a redirect", json({}, 302, { location: "https://else.example" }), /answered with 302: the API redirects to /],
    ["no JSON", text('{"access_token":"jwt-9","tok', 200), /with 200, but its body is not JSON\.\nCheck that this is/],
    ["no token", json({ token: "jwt-9" }), undocumented("access_token")],
    ["a token that lives a day", granted("jwt-9", { expires_in: 86_400 }), undocumented("expires_in")],
    ["another kind of token", granted("jwt-9", { token_type: "mac" }), undocumented("token_type")],
    ["a token that no header can carry", granted("jwt-9\n"), undocumented("access_token")],
  ])(
    "that gives %s is an error that names the reason, without secrets, for five seconds",
    async (_, answer, message) => {
      const { clock, server, send, exchanges } = await world(answer);
      const error = await thrownBy(send());
      expect(error).toBeInstanceOf(QoderTokenError);
      expect(String(error)).toMatch(message);
      expect(String(error)).toContain(`${new URL(server.url).origin} gave no token for the service account key from`);
      expect(String(error)).not.toMatch(secret);
      const first = exchanges();
      await expect(send()).rejects.toThrow(message);
      expect(exchanges()).toBe(first);
      clock.pass(5_000);
      await expect(send()).rejects.toThrow(message);
      expect(exchanges()).toBeGreaterThan(first);
    },
  );

  test("that the rate limit refuses is not sent again before the time that the service names", async () => {
    const { clock, token, exchanges } = await world(json({}, 429, { "retry-after": "50", "x-should-retry": "false" }));
    await expect(token()).rejects.toThrow("429");
    clock.pass(49_000);
    await expect(token()).rejects.toThrow("429");
    expect(exchanges()).toBe(1);
    clock.pass(1_000);
    await expect(token()).rejects.toThrow("429");
    expect(exchanges()).toBe(2);
  });

  test("without an answer does not hold a request beyond the request's own time limit", async () => {
    const { serviceAccount, clock, server } = await world(() => clock.pass(50));
    const within = (wholeMs: number) => serviceAccount.token({ wholeMs, deadline: clock.now() + wholeMs });
    const patient = within(300_000).catch(() => {});
    await expect(within(50)).rejects.toThrow("the time limit of 0.05 s for the whole operation was reached");
    await server.close();
    await patient;
  });
});

test.each([
  [10, "the time limit of 10 s"],
  [600, "the time limit of 300 s"],
])(
  "on a busy machine, the error about an exchange without an answer names a chosen limit, for a call of %s s",
  async (seconds, limit) => {
    const silently = () => clock.pass(Math.min(seconds, 30) * 1_000);
    const { send, clock } = await world(silently, json({}), new TickingClock());
    const within = { wholeMs: seconds * 1_000, deadline: clock.now() + seconds * 1_000 };
    await expect(send(read, within)).rejects.toThrow(`got no answer: ${limit} for the whole operation was reached`);
  },
);

test("on a busy machine, the error about an exchange that got a share of the time names the limit of its call", async () => {
  const silently = () => clock.pass(2_000);
  const { send, limit, token, clock } = await world(inTurn(granted("jwt-1"), silently), json({}), new TickingClock());
  await token();
  clock.pass(3_591_000);
  expect(await token()).toBe("jwt-1");
  clock.pass(3_000);
  await expect(send(read, limit())).rejects.toThrow(
    "got no answer: its share of the time limit of 300 s for the whole operation was reached",
  );
});
