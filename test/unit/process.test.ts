import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { z } from "zod";
import { engineAddress, watchEngine } from "../../provider/resource/engine/watch";

let server: Server;
let port: number;
let ended: number;
const end = () => {
  ended += 1;
};
let looks: jest.SpyInstance<NodeJS.Timeout>;
beforeEach(async () => {
  looks = jest.spyOn(globalThis, "setInterval");
  ended = 0;
  server = createServer((connection) => connection.on("error", () => {}).destroy());
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = z.object({ port: z.number() }).parse(server.address()).port;
});
afterEach(() => {
  // The provider looks for the engine until the provider's process ends.
  for (const { value } of looks.mock.results) {
    clearInterval(value);
  }
  looks.mockRestore();
  server.close();
});

async function close(): Promise<void> {
  await new Promise((closed) => server.close(closed));
}

test.each([
  ["an IPv4 address", (at: number) => [`127.0.0.1:${at}`]],
  ["a host name", (at: number) => [`localhost:${at}`]],
  ["an address after others", (at: number) => ["--verbose", "10.0.0.1:80", `127.0.0.1:${at}`, "more"]],
])("the provider ends when the engine at %s is gone", async (_, argumentsWith) => {
  const look = watchEngine(engineAddress(argumentsWith(port)), end);
  await look();
  expect(ended).toBe(0);
  await close();
  await look();
  expect(ended).toBe(1);
});

test.each([
  ["no arguments", () => []],
  ["another machine's address", (at: number) => [`192.0.2.1:${at}`, `127.0.0.1.example:${at}`]],
  ["an address without a port", () => ["127.0.0.1", "127.0.0.1:", "127.0.0.1:70000"]],
  ["an address within another argument", (at: number) => [`--engine=127.0.0.1:${at}`, `http://127.0.0.1:${at}`]],
])("the provider watches no engine with %s", async (_, argumentsWith) => {
  const look = watchEngine(engineAddress(argumentsWith(port)), end);
  const connections: unknown[] = [];
  server.on("connection", (connection) => connections.push(connection));
  await look();
  await close();
  await look();
  expect(connections).toEqual([]);
  expect(ended).toBe(0);
});
