import { createRequire } from "node:module";
import type * as grpcModule from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/engine_pb";

// Uses the SDK's own copies: two copies cannot read each other's messages.
const sdkRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc: typeof grpcModule = sdkRequire("@grpc/grpc-js");
const { Empty }: { Empty: new () => unknown } = sdkRequire("google-protobuf/google/protobuf/empty_pb.js");

export interface Logged {
  readonly severity: string;
  readonly text: string;
  readonly urn: string;
}

const { INFO, WARNING, ERROR } = messages.LogSeverity;
const severities = new Map<number, string>([
  [INFO, "info"],
  [WARNING, "warning"],
  [ERROR, "error"],
]);

/** The log of the engine, to which plugins send their messages. */
export class EngineLog {
  private constructor(
    private readonly server: grpcModule.Server,
    /** The address of the log, as HOST:PORT. */
    readonly address: string,
  ) {}

  static async start(show: (logged: Logged) => void): Promise<EngineLog> {
    const server = new grpc.Server();
    server.addService(Object(services).EngineService, {
      log(call: grpcModule.ServerUnaryCall<messages.LogRequest, unknown>, answer: grpcModule.sendUnaryData<unknown>) {
        const { request } = call;
        show({
          severity: severities.get(request.getSeverity()) ?? "unknown",
          text: request.getMessage(),
          urn: request.getUrn(),
        });
        answer(null, new Empty());
      },
    });
    const port = await new Promise<number>((bound, failed) =>
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
        error === null ? bound(port) : failed(error),
      ),
    );
    return new EngineLog(server, `127.0.0.1:${port}`);
  }

  stop(): void {
    this.server.forceShutdown();
  }
}
