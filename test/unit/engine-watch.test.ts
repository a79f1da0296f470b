import { once } from "node:events";
import { createServer } from "node:net";
import timers from "node:timers/promises";
import { z } from "zod";
import { engineAddress, watchEngine } from "../../provider/resource/engine/watch";

/** What happens while the process waits before it asks the engine a second time. */
let meanwhile = async (): Promise<unknown> => undefined;
beforeEach(() => {
  jest.resetModules();
  jest.doMock("node:timers/promises", () => ({ ...timers, setTimeout: () => meanwhile() }));
});
afterEach(() => {
  jest.dontMock("node:timers/promises");
  jest.restoreAllMocks();
});

test.each([
  ["continues if the engine refuses one connection only", true],
  ["ends if the engine refuses two in a row", false],
])("a provider process %s", async (_, listensAgain) => {
  const fresh: typeof import("../../provider/resource/engine/watch") = require("../../provider/resource/engine/watch");
  const server = createServer((connection) => connection.destroy());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const listening = once(server, "connection");
  // Only the test asks, so that nothing depends on the time that it takes.
  jest.spyOn(globalThis, "setInterval").mockReturnValue(setTimeout(() => {}, 0));
  const end = jest.fn();
  const endIfGone = fresh.watchEngine({ host: "127.0.0.1", port }, end);
  await listening;
  await once(server.close(), "close");
  meanwhile = async () => listensAgain && once(server.listen(port, "127.0.0.1"), "listening");
  await endIfGone();
  expect(end).toHaveBeenCalledTimes(listensAgain ? 0 : 1);
  server.close();
});

const engine = { host: "127.0.0.1", port: 4_000 };

test.each([
  [["127.0.0.1:4000"], engine],
  [["localhost:4000"], { ...engine, host: "localhost" }],
  [["[::1]:4000"], { ...engine, host: "::1" }],
  [["--verbose", "10.0.0.1:80", "127.0.0.1:4000", "more"], engine],
  [[], undefined],
  [["192.0.2.1:4000", "127.0.0.1.example:4000"], undefined],
  [["--engine=127.0.0.1:4000", "http://127.0.0.1:4000"], undefined],
])("a provider process with the arguments %j watches the engine %j", (given, found) => {
  expect(engineAddress(given)).toEqual(found);
});

test("a provider process that watches no engine never ends for it", async () => {
  const end = jest.fn();
  await watchEngine(undefined, end)();
  expect(end).not.toHaveBeenCalled();
});
