import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import { deployments } from "../../provider/kinds/table";
import { EngineLog } from "./engine-log";
import {
  type DiffAnswer,
  type InitFailure,
  type Properties,
  type Provider,
  ProviderError,
  type State,
} from "./provider";
import { propertiesOf, struct } from "./struct";
import { until } from "./until";

// Uses the SDK's own copies: two copies of google-protobuf cannot read each other's messages.
const sdkRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc: typeof import("@grpc/grpc-js") = sdkRequire("@grpc/grpc-js");
const status: {
  Status: { deserializeBinary(bytes: Uint8Array): { getDetailsList(): { getValue_asU8(): Uint8Array }[] } };
} = sdkRequire("./proto/status_pb.js");

const latePackages = require.resolve("../../tools/pulumi-cli/late-packages.cjs");

export interface DynamicProviderOptions {
  readonly config?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly source?: string;
  /** The address of the engine, HOST:PORT. If left out, the provider starts an engine log of its own. */
  readonly engine?: string;
}

/** The real server of dynamic providers with this package in it, in a process of its own. */
export class DynamicProvider implements Provider {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: services.ResourceProviderClient,
    private readonly source: string,
    private readonly engine: EngineLog,
    /** The lines that the process prints, and those that it sends to the engine. */
    readonly output: string[],
  ) {}

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
    await call((done) => client.configure(request, done));
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

  async check(news: Properties, olds: Properties = {}): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new messages.CheckRequest();
    request.setOlds(struct(this.#withSource(olds)));
    request.setNews(struct(this.#withSource(news)));
    const response = await call<messages.CheckResponse>((done) => this.client.check(request, done));
    const failures = response.getFailuresList().map((failure) => {
      // If a failure names a property, the engine prints its value, and "value {<nil>}" for a nested one.
      expect(failure.getProperty()).toBe("");
      return failure.getReason();
    });
    return { inputs: propertiesOf(response.getInputs()), failures };
  }

  async diff(id: string, oldOutputs: Properties, news: Properties): Promise<DiffAnswer> {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(struct(this.#withSource(oldOutputs)));
    request.setNews(struct(this.#withSource(news)));
    const response = await call<messages.DiffResponse>((done) => this.client.diff(request, done));
    const { DIFF_UNKNOWN, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    const verdict = response.getChanges();
    return {
      changes: verdict === DIFF_NONE ? "none" : verdict === DIFF_UNKNOWN ? "drawn by the engine" : "some",
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  /** Does nothing: the engine sends dynamic providers no create or update of a preview. */
  async announce(): Promise<void> {}

  async create(inputs: Properties): Promise<State> {
    const request = new messages.CreateRequest();
    request.setProperties(struct(this.#withSource(inputs)));
    const response = await call<messages.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), inputs, outputs: propertiesOf(response.getProperties()) };
  }

  async update(state: State, news: Properties): Promise<State> {
    const request = new messages.UpdateRequest();
    request.setId(state.id);
    request.setOlds(struct(this.#withSource(state.outputs)));
    request.setNews(struct(this.#withSource(news)));
    const response = await call<messages.UpdateResponse>((done) => this.client.update(request, done));
    return { id: state.id, inputs: news, outputs: propertiesOf(response.getProperties()) };
  }

  async read(id: string, oldOutputs: Properties): Promise<State | undefined> {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(struct(this.#withSource(oldOutputs)));
    const response = await call<messages.ReadResponse>((done) => this.client.read(request, done));
    if (response.getId() === "") {
      return undefined;
    }
    return {
      id: response.getId(),
      inputs: propertiesOf(response.getInputs()),
      outputs: propertiesOf(response.getProperties()),
    };
  }

  async delete(state: State): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(state.id);
    request.setProperties(struct(this.#withSource(state.outputs)));
    await call((done) => this.client.delete(request, done));
  }

  /** Ends the process as the engine ends a plugin (pulumi/pulumi sdk/go/common/util/cmdutil, `InterruptChildren`). */
  async end(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.kill("SIGINT");
    await ended;
  }

  #withSource(values: Properties): Properties {
    return { __provider: this.source, ...values };
  }
}

interface ServiceError extends Error {
  readonly details?: string;
  readonly metadata?: { get(name: string): (string | Buffer)[] };
}

function call<Response>(
  send: (done: (error: ServiceError | null, response: Response) => void) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => (error === null ? resolve(response) : reject(providerError(error))));
  });
}

function providerError(error: ServiceError): ProviderError {
  return new ProviderError(error.details ?? error.message, initFailure(error));
}

function initFailure(error: ServiceError): InitFailure | undefined {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (bytes === undefined || typeof bytes === "string") {
    return undefined;
  }
  const [detail] = status.Status.deserializeBinary(new Uint8Array(bytes)).getDetailsList();
  if (detail === undefined) {
    return undefined;
  }
  const failure = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  const held = failure.getProperties();
  const source = held?.toJavaScript()["__provider"];
  return { id: failure.getId(), outputs: propertiesOf(held), source, reasons: failure.getReasonsList() };
}
