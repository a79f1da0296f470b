import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";

/**
 * The service that gives a stack the key of its secrets, in the shape of Vault's transit engine. The default, a passphrase,
 * costs each run of the CLI a million rounds of SHA-256, a sixth of the time of a command; the demo and the examples keep the
 * default.
 */
export class KeyService {
  static readonly provider = "hashivault://tests";

  private constructor(private readonly server: Server) {}

  static async start(): Promise<KeyService> {
    const server = createServer(async (request, response) => {
      const { plaintext, ciphertext } = JSON.parse(await text(request));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ data: { plaintext: ciphertext, ciphertext: plaintext } }));
    });
    await new Promise<void>((listening) => void server.listen(0, "127.0.0.1", listening));
    return new KeyService(server);
  }

  get environment(): Readonly<Record<string, string>> {
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("the key service does not listen");
    return { VAULT_SERVER_URL: `http://127.0.0.1:${address.port}`, VAULT_SERVER_TOKEN: "test" };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((stopped) => void this.server.close(stopped));
  }
}
