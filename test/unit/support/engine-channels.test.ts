import { createRequire } from "node:module";
import type { Server } from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/resource_pb";
import { getMonitor, resetOptions } from "@pulumi/pulumi/runtime/settings";
import { separateEngineChannels } from "../../support/engine-channels";

// The SDK's own copy, see `struct.ts`.
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

/** The part of an engine that a program asks first. */
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

/** What a program that starts now hears from the engine on this port. */
function program(port: number) {
  resetOptions("project", "stack", -1, "", `127.0.0.1:${port}`, false, "");
  const monitor = getMonitor();
  // The SDK keeps the last one only, and its type says nothing of this.
  channels.push(Object(monitor));
  return () =>
    new Promise<string>((resolve) => {
      monitor?.supportsFeature(new messages.SupportsFeatureRequest(), (error) =>
        resolve(error?.message ?? "an answer"),
      );
    });
}

test("a program reaches its engine on a port where an earlier program of this process has lost its own", async () => {
  separateEngineChannels();
  const first = await engineOn(0);
  const lost = program(first.port);
  expect(await lost()).toBe("an answer");
  first.end();
  expect(await lost()).toContain("UNAVAILABLE");
  const second = await engineOn(first.port);
  expect(await program(second.port)()).toBe("an answer");
});
