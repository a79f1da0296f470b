import { DynamicProvider } from "../support/dynamic-provider";
import { ProxiedHost } from "../support/proxied-host";
import { World } from "../support/world";

let world: World;
let proxied: ProxiedHost;
beforeEach(async () => {
  world = await World.start();
  proxied = await ProxiedHost.before(world.api.url);
});
afterEach(async () => {
  proxied.close();
  await world.stop();
});

const config = () => ({ "qoder:pat": "pt-test", "qoder:baseUrl": proxied.baseUrl });

/** Runs `up` with these variables in place of those of this process. */
async function up(environment: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) {
  const variables = { ...proxied.environment, ...environment };
  const own = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    await world.stack(world.command({ config: { ...config(), ...more } })).up(world.args());
  } finally {
    for (const [name, value] of own) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
  }
}

// In a process of its own, because Node.js reads extra certificates only at its start.
test("requests go through the proxy in HTTPS_PROXY, which sees neither the token nor the path", async () => {
  const provider = await DynamicProvider.start({ config: config(), environment: proxied.environment });
  await world
    .stack(provider)
    .up(world.args())
    .finally(() => provider.stop());
  expect(world.live.name).toBe("daily");
  expect(new Set(world.api.requests.map(({ token }) => token))).toEqual(new Set(["pt-test"]));
  expect(new Set(proxied.seen)).toEqual(new Set(["CONNECT api.qoder.invalid:443 connection host proxy-connection"]));
});

test.each(["http://", ""])("a proxy that refuses, as %jHOST:PORT, makes `up` fail with its status", async (scheme) => {
  proxied.refusal = 407;
  const proxy = proxied.environment["HTTPS_PROXY"]?.replace("http://", scheme) ?? "";
  await expect(up({ HTTPS_PROXY: proxy })).rejects.toThrow(/Proxy response \(407\).*Nothing was sent/s);
  expect(proxied.seen).not.toEqual([]);
  expect(world.api.requests).toEqual([]);
});

test.each(["http://", "ftp://proxy.example", "not a proxy"])("`up` names the variable of a bad %j", async (proxy) => {
  await expect(up({ HTTPS_PROXY: proxy })).rejects.toThrow("HTTPS_PROXY names no proxy");
});

test("HTTP_PROXY does not apply to the https address of the API", async () => {
  const environment = { HTTPS_PROXY: "", HTTP_PROXY: proxied.environment["HTTPS_PROXY"] ?? "" };
  await expect(up(environment)).rejects.toThrow(/(ENOTFOUND|EAI_AGAIN).*Nothing was sent/s);
  expect(proxied.seen).toEqual([]);
});

test("a host in NO_PROXY is called directly", async () => {
  await expect(up({ NO_PROXY: ".invalid" })).rejects.toThrow(/(ENOTFOUND|EAI_AGAIN).*Nothing was sent/s);
  expect(proxied.seen).toEqual([]);
});

test("no proxy sees a request to a loopback address", async () => {
  const proxy = proxied.environment["HTTPS_PROXY"] ?? "";
  await up({ HTTP_PROXY: proxy, HTTPS_PROXY: proxy }, { "qoder:baseUrl": world.api.url });
  expect(world.live.name).toBe("daily");
  expect(proxied.seen).toEqual([]);
});
