import { once } from "node:events";
import { createServer } from "node:net";
import timers from "node:timers/promises";
import { z } from "zod";

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
  const {
    watchEngine,
  }: typeof import("../../provider/resource/engine/watch") = require("../../provider/resource/engine/watch");
  const server = createServer((connection) => connection.destroy());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const listening = once(server, "connection");
  // Only the test asks, so that nothing depends on the time that it takes.
  jest.spyOn(globalThis, "setInterval").mockReturnValue(setTimeout(() => {}, 0));
  const end = jest.fn();
  const endIfGone = watchEngine({ host: "127.0.0.1", port }, end);
  await listening;
  await once(server.close(), "close");
  meanwhile = async () => listensAgain && once(server.listen(port, "127.0.0.1"), "listening");
  await endIfGone();
  expect(end).toHaveBeenCalledTimes(listensAgain ? 0 : 1);
  server.close();
});
