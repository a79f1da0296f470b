import { createRequire } from "node:module";
import type { Server } from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/resource_pb";
import { getMonitor, resetOptions } from "@pulumi/pulumi/runtime/settings";
import { separateEngineChannels } from "../../support/engine-channels";

// The copy that the SDK loads, see `struct.ts`.
const sdkRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc: typeof import("@grpc/grpc-js") = sdkRequire("@grpc/grpc-js");

const servers: Server[] = [];
const channels: { close(): void }[] = [];
afterEach(() => {
  for (const channel of channels) {
    channel.close();
  }
  for (const server of servers) {
    server.forceShutdown();
  }
});

/** An engine that answers the first request of a program. */
async function engineOn(port: number) {
  const server = new grpc.Server();
  servers.push(server);
  server.addService(services.ResourceMonitorService, {
    supportsFeature: (_: unknown, answer: (error: null, response: messages.SupportsFeatureResponse) => void) =>
      answer(null, new messages.SupportsFeatureResponse()),
  });
  const credentials = grpc.ServerCredentials.createInsecure();
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentials, (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });
  return { port: bound, end: () => server.forceShutdown() };
}

/** Starts a program with the engine on this port; the function sends a request and gives the answer. */
function program(port: number) {
  resetOptions("project", "stack", -1, "", `127.0.0.1:${port}`, false, "");
  const monitor = getMonitor();
  // The SDK keeps the last channel only. The type of the monitor has no `close`.
  channels.push(Object(monitor));
  return () =>
    new Promise<string>((resolve) => {
      monitor?.supportsFeature(new messages.SupportsFeatureRequest(), (error) =>
        resolve(error?.message ?? "an answer"),
      );
    });
}

test("a program reaches its engine on the port of an engine that an earlier program of this process lost", async () => {
  separateEngineChannels();
  const first = await engineOn(0);
  const lost = program(first.port);
  expect(await lost()).toBe("an answer");
  first.end();
  expect(await lost()).toContain("UNAVAILABLE");
  const second = await engineOn(first.port);
  expect(await program(second.port)()).toBe("an answer");
});
