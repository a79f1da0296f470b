import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Server as NetServer } from "node:net";
import { z } from "zod";
import { selfSigned } from "./fault-certificate";

/** The places at which a request cannot reach the service. */
export type Place = "refused" | "unknown-host" | "self-signed" | "no-tls";

/** The servers of these places. No request may arrive there. */
export class Places {
  private constructor(
    private readonly urls: Readonly<Record<Place, string>>,
    private readonly servers: readonly Server[],
    private readonly arrived: readonly string[],
  ) {}

  static async open(): Promise<Places> {
    const arrived: string[] = [];
    const record: RequestListener = (request, response) => {
      arrived.push(`${request.method} ${request.url}`);
      response.end("{}");
    };
    const tls = createHttpsServer(selfSigned("127.0.0.1"), record);
    const plain = createHttpServer(record);
    const [tlsPort, plainPort] = await Promise.all([listen(tls), listen(plain)]);
    const urls = {
      refused: "http://127.0.0.1:1",
      // No name below "invalid" ever resolves (RFC 6761).
      "unknown-host": "https://api.qoder.invalid",
      "self-signed": `https://127.0.0.1:${tlsPort}`,
      "no-tls": `https://127.0.0.1:${plainPort}`,
    };
    return new Places(urls, [tls, plain], arrived);
  }

  baseUrl(place: Place): string {
    return `${this.urls[place]}/api/v1/cloud`;
  }

  get received(): readonly string[] {
    return this.arrived;
  }

  close(): void {
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
