import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import type * as grpcTypes from "@grpc/grpc-js";
import * as engineServices from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as logMessages from "@pulumi/pulumi/proto/engine_pb";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import { deployments } from "../../provider/kinds/table";
import { type Operation, RpcProvider } from "./rpc-provider";
import { struct } from "./struct";
import { until } from "./until";

// Uses the SDK's own copies: two copies of google-protobuf cannot read each other's messages.
const sdkRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc: typeof grpcTypes = sdkRequire("@grpc/grpc-js");
const { Empty }: { Empty: new () => unknown } = sdkRequire("google-protobuf/google/protobuf/empty_pb.js");

const latePackages = require.resolve("../../tools/pulumi-cli/late-packages.cjs");

interface Logged {
  readonly severity: string;
  readonly text: string;
  readonly urn: string;
}

const { INFO, WARNING, ERROR } = logMessages.LogSeverity;
const severities = new Map<number, string>([
  [INFO, "info"],
  [WARNING, "warning"],
  [ERROR, "error"],
]);

/** The log of the engine, to which plugins send their messages. */
class EngineLog {
  private constructor(
    private readonly server: grpcTypes.Server,
    readonly address: string,
  ) {}

  static async start(show: (logged: Logged) => void): Promise<EngineLog> {
    const server = new grpc.Server();
    server.addService(Object(engineServices).EngineService, {
      log(call: grpcTypes.ServerUnaryCall<logMessages.LogRequest, unknown>, answer: grpcTypes.sendUnaryData<unknown>) {
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

interface DynamicProviderOptions {
  readonly config?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly source?: string;
  /** The address of the engine, HOST:PORT. If left out, the provider starts an engine log of its own. */
  readonly engine?: string;
}

/** The real server of dynamic providers with this package in it, in a process of its own. */
export class DynamicProvider extends RpcProvider {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: services.ResourceProviderClient,
    source: string,
    private readonly engine: EngineLog,
    /** The lines that the process prints, and those that it sends to the engine. */
    readonly output: string[],
  ) {
    super(source);
  }

  static async start(options: DynamicProviderOptions = {}): Promise<DynamicProvider> {
    const { QODER_PAT: _pat, QODER_ACCESS_TOKEN: _token, QODER_BASE_URL: _url, ...inherited } = process.env;
    const server = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const output: string[] = [];
    const engine = await EngineLog.start(({ severity, text }) =>
      output.push(severity === "info" ? text : `${severity}: ${text}`),
    );
    const serverArguments = [server, options.engine ?? engine.address];
    const child = spawn(process.execPath, ["--require", latePackages, ...serverArguments], {
      env: { ...inherited, PULUMI_NODEJS_PROJECT: "project", ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines = createInterface({ input: child.stdout });
    const [port] = z.tuple([z.string()]).parse(await once(lines, "line"));
    const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const provider = new DynamicProvider(child, client, options.source ?? deployments.source, engine, output);
    lines.on("line", (line) => output.push(line));
    createInterface({ input: child.stderr }).on("line", (line) => output.push(line));
    const request = new messages.ConfigureRequest();
    request.setArgs(struct(options.config ?? {}));
    await called((done) => client.configure(request, done));
    return provider;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The present and the highest memory of the process, in MB. Linux only (proc(5)). */
  memory(): { readonly now: number; readonly peak: number } {
    const told = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
    const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(told)?.[1]) / 1024;
    return { now: megabytes("VmRSS"), peak: megabytes("VmHWM") };
  }

  /** Kills the process as a power cut would. */
  async stop(): Promise<void> {
    this.client.close();
    this.engine.stop();
    if (this.hasEnded) {
      return;
    }
    const ended = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await ended;
  }

  /** Closes the pipes that the process prints to, as a kill of the CLI does. */
  deafen(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  /** Waits until the process has printed the text: its output does not arrive together with its answers. */
  async prints(text: string): Promise<void> {
    const printed = () => this.output.join("\n");
    await until(
      () => printed().includes(text),
      () => `the provider prints "${text}"; it printed\n${printed()}`,
    );
  }

  /** Does nothing: the engine sends dynamic providers no create or update of a preview. */
  async announce(): Promise<void> {}

  protected call<Response>(operation: Operation, request: object): Promise<Response> {
    return called((done) => Object(this.client)[operation](request, done));
  }

  /** Ends the process as the engine ends a plugin (pulumi/pulumi sdk/go/common/util/cmdutil, `InterruptChildren`). */
  async end(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.kill("SIGINT");
    await ended;
  }
}

function called<Response>(send: (done: (error: Error | null, response: Response) => void) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}
