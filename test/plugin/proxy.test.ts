import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type Server as NetServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { DynamicProvider } from "../support/dynamic-provider";
import { selfSigned } from "../support/fault-certificate";
import { listen } from "../support/fault-places";
import { World } from "../support/world";

/** Only the proxy finds this host: no name below "invalid" ever resolves (RFC 6761). */
const host = "api.qoder.invalid";

/** A host behind a proxy, with TLS from end to end, and a plain server behind it. */
class ProxiedHost {
  /** The unencrypted parts of the requests that the proxy sees: method, target and names of headers. */
  readonly seen: string[] = [];
  /** The status with which the proxy refuses to connect; undefined if it connects. */
  refusal: number | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-proxy-"));
  readonly #servers: NetServer[] = [];

  readonly baseUrl = `https://${host}/api/v1/cloud`;
  /** The environment of processes that must use the proxy. */
  environment: Readonly<Record<string, string>> = {};

  static async before(plainUrl: string): Promise<ProxiedHost> {
    const proxied = new ProxiedHost();
    await proxied.#open(new URL(plainUrl));
    return proxied;
  }

  async #open(plain: URL): Promise<void> {
    const certificate = selfSigned(host);
    const trusted = join(this.#folder, "certificate.pem");
    writeFileSync(trusted, certificate.cert);
    const tls = createTlsServer(certificate, (socket) =>
      this.#join(socket, connect(Number(plain.port), plain.hostname)),
    );
    const tlsPort = await listen(tls);
    const proxy = createServer();
    proxy.on("connect", ({ method, url, headers }, socket: Socket) => {
      this.seen.push(`${method} ${url} ${Object.keys(headers).sort().join(" ")}`);
      if (this.refusal !== undefined) {
        socket.end(`HTTP/1.1 ${this.refusal} No\r\n\r\n`);
        return;
      }
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      this.#join(socket, connect(tlsPort, "127.0.0.1"));
    });
    const proxyPort = await listen(proxy);
    this.#servers.push(tls, proxy);
    this.environment = { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`, NO_PROXY: "", NODE_EXTRA_CA_CERTS: trusted };
  }

  #join(one: Socket, other: Socket): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      this.#sockets.add(from);
      from.on("error", () => to.destroy()).pipe(to);
    }
  }

  close(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    for (const server of this.#servers) {
      server.close();
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

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
