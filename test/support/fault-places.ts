import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Server as NetServer } from "node:net";
import { z } from "zod";
import { DynamicProvider } from "./dynamic-provider";
import { selfSigned } from "./fault-certificate";

/** Where a request cannot reach the service. */
export type Place = "refused" | "unknown-host" | "self-signed" | "no-tls";

/** One provider for each place. Nothing that is sent from them may arrive. */
export class Places {
  private constructor(
    private readonly providers: Readonly<Record<Place, DynamicProvider>>,
    private readonly servers: readonly Server[],
    private readonly arrived: readonly string[],
  ) {}

  static async open(token: string): Promise<Places> {
    const arrived: string[] = [];
    const record: RequestListener = (request, response) => {
      arrived.push(`${request.method} ${request.url}`);
      response.end("{}");
    };
    const tls = createHttpsServer(selfSigned("127.0.0.1"), record);
    const plain = createHttpServer(record);
    const [tlsPort, plainPort] = await Promise.all([listen(tls), listen(plain)]);
    const start = (baseUrl: string) =>
      DynamicProvider.start({ config: { "qoder:pat": token, "qoder:baseUrl": `${baseUrl}/api/v1/cloud` } });
    const [refused, unknownHost, untrusted, noTls] = await Promise.all([
      start("http://127.0.0.1:1"),
      // RFC 6761: no name below "invalid" ever resolves.
      start("https://api.qoder.invalid"),
      start(`https://127.0.0.1:${tlsPort}`),
      start(`https://127.0.0.1:${plainPort}`),
    ]);
    const providers = { refused, "unknown-host": unknownHost, "self-signed": untrusted, "no-tls": noTls };
    return new Places(providers, [tls, plain], arrived);
  }

  provider(place: Place): DynamicProvider {
    return this.providers[place];
  }

  get received(): readonly string[] {
    return this.arrived;
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.providers).map((provider) => provider.stop()));
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

export async function listen(server: NetServer): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return z.object({ port: z.number() }).parse(server.address()).port;
}
