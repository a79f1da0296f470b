import { DynamicProvider } from "../support/dynamic-provider";
import { PluginWorld } from "../support/plugin-world";
import { ProxiedHost } from "../support/proxied-host";
import { SimulatedStack } from "../support/simulated-stack";

let world: PluginWorld;
let proxied: ProxiedHost;
beforeEach(async () => {
  world = await PluginWorld.start();
  proxied = await ProxiedHost.before(world.api.url);
});
afterEach(async () => {
  proxied.close();
  await world.stop();
});

async function up(environment: Readonly<Record<string, string>>): Promise<unknown> {
  const config = { "qoder:pat": "pt-test", "qoder:baseUrl": proxied.baseUrl };
  const provider = await DynamicProvider.start({ config, environment: { ...proxied.environment, ...environment } });
  const stack = new SimulatedStack(() => provider);
  return stack.up(world.args()).finally(() => provider.stop());
}

test("requests go through the proxy that HTTPS_PROXY names, and it sees neither token nor path", async () => {
  await up({});
  expect(world.live.name).toBe("daily");
  expect(world.api.requests.map(({ token }) => token)).toEqual(["pt-test"]);
  expect(proxied.seen).toEqual(["CONNECT api.qoder.invalid:443 connection host proxy-connection"]);
});

test("a proxy may be named without a scheme", async () => {
  await up({ HTTPS_PROXY: proxied.environment["HTTPS_PROXY"]?.replace("http://", "") ?? "" });
  expect(proxied.seen).toHaveLength(1);
});

test.each(["http://", "ftp://proxy.example", "not a proxy"])(
  "the proxy %j is an error that names the variable",
  async (proxy) => {
    await expect(up({ HTTPS_PROXY: proxy })).rejects.toThrow("HTTPS_PROXY names no proxy");
  },
);

test("a proxy for plain http is none for the API", async () => {
  const environment = { HTTPS_PROXY: "", HTTP_PROXY: proxied.environment["HTTPS_PROXY"] ?? "" };
  await expect(up(environment)).rejects.toThrow(/(ENOTFOUND|EAI_AGAIN).*Nothing was sent/s);
  expect(proxied.seen).toEqual([]);
});

test("a host that NO_PROXY names is called directly", async () => {
  await expect(up({ NO_PROXY: ".invalid" })).rejects.toThrow(/(ENOTFOUND|EAI_AGAIN).*Nothing was sent/s);
  expect(proxied.seen).toEqual([]);
});

test("a proxy that refuses is named as what it is, and nothing was sent", async () => {
  proxied.refusal = 407;
  await expect(up({})).rejects.toThrow(/Proxy response \(407\).*Nothing was sent/s);
  expect(world.api.requests).toEqual([]);
});

test("no proxy gets to see what goes to a loopback address", async () => {
  const config = { "qoder:pat": "pt-test", "qoder:baseUrl": world.api.url };
  const environment = { HTTP_PROXY: proxied.environment["HTTPS_PROXY"] ?? "", NO_PROXY: "" };
  const provider = await DynamicProvider.start({ config, environment });
  await new SimulatedStack(() => provider).up(world.args()).finally(() => provider.stop());
  expect(world.live.name).toBe("daily");
  expect(proxied.seen).toEqual([]);
});
