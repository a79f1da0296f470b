import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type Server as NetServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { selfSigned } from "./fault-certificate";
import { listen } from "./fault-places";

/** Only the proxy finds this host: no name below "invalid" ever resolves (RFC 6761). */
const host = "api.qoder.invalid";

/** A host behind a proxy, with TLS from end to end, and a plain server behind it. */
export class ProxiedHost {
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
