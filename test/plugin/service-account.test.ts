import { Clients } from "../../provider/account/settings";
import { agentKind } from "../../provider/agent/kind";
import { finder } from "../../provider/look-up/find";
import { AskingPreview, tokenProbe } from "../support/asking-preview";
import { InProcessProvider } from "../support/in-process-provider";
import { originOf, type Provider, SimulatedStack, World } from "../support/world";

const exchangePath = "/api/v1/serviceToken/exchange";
const secondMs = 1_000;
/** In the last minute of a token that is valid for an hour. */
const nearItsEndMs = 3_550 * secondMs;

let world: World;
let account: { readonly id: string; readonly key: string };
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.reset();
  account = world.api.serviceAccounts.create();
});

/** One command as the service account. */
function command(more: Readonly<Record<string, string>> = {}): Provider {
  return world.command({ config: { "qoder:pat": "", "qoder:saKey": account.key, ...more } });
}

function asOf(environment: Readonly<Record<string, string>>, config: Readonly<Record<string, string>> = {}): Provider {
  return new InProcessProvider({ config, clock: world.clock, environment, tell: async () => {} });
}

function stackOf(run: Provider, name = "daily"): SimulatedStack {
  return new SimulatedStack(() => run, originOf("type", `dev-${account.id}`, name));
}

const exchanges = () => world.api.requests.filter(({ path }) => path === exchangePath).length;
const writes = () => world.api.requests.filter(({ method, path }) => method === "POST" && path !== exchangePath);
const messageOf = (action: Promise<unknown>) => action.then(() => "", String);

describe("the provider exchanges the service account key", () => {
  test("once for 20 resources, twice for an `up` in which the token expires, and no request fails", async () => {
    const run = command();
    const names = Array.from({ length: 40 }, (_, index) => `daily-${index}`);
    const create = (some: readonly string[]) =>
      Promise.all(some.map((name) => stackOf(run, name).up(world.args({ name }))));
    await create(names.slice(0, 20));
    expect(exchanges()).toBe(1);
    world.passTime(nearItsEndMs);
    await create(names.slice(20));
    expect(world.api.deployments.live()).toHaveLength(40);
    expect(exchanges()).toBe(2);
    expect(world.api.requests.filter(({ status }) => status !== 200)).toEqual([]);
  });

  test("once more for a refresh whose token the service refuses early, and the refresh succeeds", async () => {
    const run = command();
    const stacks = ["one", "two", "three"].map((name) => ({ name, stack: stackOf(run, name) }));
    await Promise.all(stacks.map(({ name, stack }) => stack.up(world.args({ name }))));
    world.passTime(60 * secondMs);
    world.api.serviceAccounts.endTokens(account.id);
    await Promise.all(stacks.map(async ({ stack }) => expect(await stack.refresh()).toBe("same")));
    expect(exchanges()).toBe(2);
  });
});

test("an update whose token is refused is sent once and fails with the source of the token; the next update has a new token", async () => {
  const run = command();
  const stack = stackOf(run);
  await stack.up(world.args());
  world.passTime(60 * secondMs);
  world.api.serviceAccounts.endTokens(account.id);
  world.api.clearRequests();
  const message = await messageOf(stack.up(world.args({ description: "new" })));
  expect(writes().map(({ status }) => status)).toEqual([401]);
  expect(message).toMatch(
    /update failed: POST \/deployments\/\w+ was answered with 401 .*\. Token from qoder:saKey of the stack's configuration, exchanged for the service account key there\.\nRun the same command again: it gets a new token/,
  );
  await stack.up(world.args({ description: "new" }));
  expect(writes().map(({ status }) => status)).toEqual([401, 200]);
  expect(exchanges()).toBe(1);
});

test.each([
  ["QODER_SA_KEY", {}],
  ['the QoderProvider "staging"', { "qoder:account": "staging" }],
])("a refused key from %s is an error with that source, and only the exchange is sent", async (source, more) => {
  const key = "sk-wrong";
  const config = { "qoder:baseUrl": world.api.url, ...more };
  const run =
    source === "QODER_SA_KEY" ? asOf({ QODER_SA_KEY: key }, config) : asOf({}, { "qoder:saKey": key, ...config });
  const message = await messageOf(stackOf(run).up(world.args()));
  expect(message).toContain(
    `create failed: ${world.api.exchangeHost} gave no token for the service account key from ${source}: POST /serviceToken/exchange was answered with 401 authentication_error: Invalid API key or token`,
  );
  expect(message).toContain(".\nSet a valid key there");
  expect(world.api.requests.map(({ path }) => path)).toEqual([exchangePath]);
});

test("errors, output and state have neither the key nor a token, even an expired one", async () => {
  const run = command();
  const stack = stackOf(run);
  await stack.up(world.args());
  world.passTime(nearItsEndMs);
  await stack.refresh();
  const tokens = [...new Set(world.api.requests.map(({ token = "" }) => token))];
  expect(tokens).toHaveLength(3);
  const said = tokens.join(" ");
  const messages = [];
  for (const [path, status] of [
    [/^\/deployments\//, 400],
    [/^\/deployments\//, 403],
  ] as const) {
    world.api.fault({ kind: "status", method: "POST", path, status, body: { error: { message: said, param: said } } });
    messages.push(await messageOf(stack.up(world.args({ description: "new" }))));
  }
  world.api.fault({ kind: "status", path: exchangePath, status: 400, contentType: "text/html", body: account.key });
  messages.push(await messageOf(stackOf(command(), "other").up(world.args({ name: "other" }))));
  world.api.fault({ kind: "truncate", cut: "json", path: exchangePath, times: 9 });
  messages.push(await messageOf(stackOf(command(), "third").up(world.args({ name: "third" }))));
  expect(messages.filter((message) => message === "")).toEqual([]);
  const texts = JSON.stringify([messages, world.output, stack.state]);
  const all = [...new Set(world.api.requests.map(({ token = "" }) => token))];
  expect(all.filter((secret) => texts.includes(secret))).toEqual([]);
  expect(texts).not.toContain("access_token");
});

describe("a preview", () => {
  const environment = () => ({ QODER_SA_KEY: account.key });

  test("sends no exchange", async () => {
    const stack = stackOf(command());
    expect(await stack.preview(world.args())).toBe("create");
    expect(world.api.requests).toEqual([]);
  });

  test("that verifies sends one exchange", async () => {
    const preview = new AskingPreview(world, { environment: environment() });
    expect(await preview.check(world.args())).toEqual([]);
    expect(await preview.check(world.args({ name: "other" }), { name: "other" })).toEqual([]);
    const asked = preview.asked();
    expect(asked.slice(0, 2)).toEqual([`POST ${exchangePath}`, tokenProbe]);
    expect(asked.filter((line) => line.startsWith("POST"))).toHaveLength(1);
  });

  test("that verifies fails for the first resource if the key is refused", async () => {
    world.api.serviceAccounts.revoke(account.id);
    const preview = new AskingPreview(world, { environment: environment() });
    expect(await preview.check(world.args())).toEqual([
      expect.stringMatching(/^http:\S+ gave no token for the service account key from QODER_SA_KEY: POST /),
    ]);
    expect(await preview.check(world.args(), { name: "other" })).toEqual([]);
    expect(preview.asked()).toEqual([`POST ${exchangePath}`]);
  });
});

test("three look-ups of one program send one exchange", async () => {
  world.api.agents.create({ name: "reporter" });
  const clients = new Clients(world.clock, { QODER_SA_KEY: account.key, QODER_BASE_URL: world.api.url });
  const find = finder(agentKind, clients);
  const lookUp = () =>
    find({
      ...{ label: "getAgent", isSecret: false, tell: async () => {} },
      args: { name: "reporter" },
      configuration: { get: () => undefined },
    });
  const found = await world.clock.during(() => Promise.all([lookUp(), lookUp(), lookUp()]));
  expect(found).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ name: "reporter" })));
  expect(exchanges()).toBe(1);
});
