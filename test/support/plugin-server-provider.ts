import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as statusMessages from "@pulumi/pulumi/proto/status_pb";
import { z } from "zod";
import { pluginType } from "../../provider/kinds/table";
import { type Served, servedKinds } from "../../provider/plugin-server/kinds";
import { Empty } from "../../provider/plugin-server/sdk";
import { implementationOf } from "../../provider/plugin-server/server";
import type { Surroundings } from "../../provider/resource/engine/answer";
import { Session } from "../../provider/resource/session";
import { type DiffAnswer, type Properties, type Provider, ProviderError, type State } from "./provider";
import type { SkippingClock } from "./skipping-clock";
import { type StructMessage, struct } from "./struct";

/** A served kind in the tests. */
interface ServedRow extends Pick<Served, "kind" | "source"> {
  readonly type: string;
}

export interface PluginServerOptions extends Surroundings {
  readonly clock: SkippingClock;
  readonly config: Readonly<Record<string, string>>;
  /** The kind of the resources in the calls. */
  readonly kind: ServedRow;
  /** What other kinds of the same command share with this one. */
  readonly session?: Session;
}

/** The option `customTimeouts` of each resource, which the engine passes with each call. */
const timeLimits = new Map<string, Readonly<Record<string, number>>>();
const limitsSchema = z.record(z.string(), z.number()).catch({});

const signature = "4dabf18193072939515e22adb298388d";
const marked = z.looseObject({ [signature]: z.literal("1b47061264138c4ac30d75fd1eb44270"), value: z.unknown() });

/** The plugin for other languages in this process, called with secrets and with the messages of the engine. */
export class PluginServerProvider implements Provider {
  readonly #calls: Readonly<
    Record<string, (call: ServerUnaryCall<never, unknown>, done: sendUnaryData<unknown>) => void>
  >;
  #configured: Promise<unknown> | undefined;

  constructor(private readonly options: PluginServerOptions) {
    const { tell, clock, environment, kind } = options;
    const { session = new Session({ tell, clock, environment }) } = options;
    const { list: _, ...calls } = implementationOf({
      session,
      schema: () => "{}",
      version: "0.0.0",
      kinds: kindsWith(kind),
    });
    this.#calls = calls;
  }

  /** The URN of the resource, from its origin in the tests. */
  #urn({ __origin: origin }: Properties): string {
    const { type } = this.options.kind;
    const urn = typeof origin === "string" ? /urn:.*/s.exec(origin)?.[0] : undefined;
    return (urn ?? `urn:pulumi:dev::project::${type}::daily`).replace(type, pluginType(type));
  }

  async check(news: Properties, olds: Properties = {}): Promise<{ inputs: Properties; failures: string[] }> {
    const { __origin: _, __secrets: recorded, __timeouts: limits, ...args } = news;
    timeLimits.set(this.#urn(news), limitsSchema.parse(limits));
    const places = z
      .array(z.tuple([z.string()], z.unknown()))
      .catch([])
      .parse(Object(news["__command"]).secretPlaces);
    const names = [...z.array(z.string()).catch([]).parse(recorded), ...places.map(([name]) => name)];
    const request = new messages.CheckRequest();
    request.setUrn(this.#urn(news));
    request.setOlds(struct(olds));
    request.setNews(
      struct(
        Object.fromEntries(
          Object.entries(args).map(([name, value]) => [name, names.includes(name) ? secretOf(value) : value]),
        ),
      ),
    );
    const response = await this.#call<InstanceType<typeof messages.CheckResponse>>("check", request);
    return {
      inputs: valuesOf(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.getReason()),
    };
  }

  async diff(id: string, oldOutputs: Properties, news: Properties): Promise<DiffAnswer> {
    const request = new messages.DiffRequest();
    request.setUrn(this.#urn(news));
    request.setId(id);
    request.setOlds(struct(oldOutputs));
    request.setNews(struct(news));
    const response = await this.#call<InstanceType<typeof messages.DiffResponse>>("diff", request);
    const { DIFF_UNKNOWN, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    const verdict = response.getChanges();
    return {
      changes: verdict === DIFF_NONE ? "none" : verdict === DIFF_UNKNOWN ? "drawn by the engine" : "some",
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async announce(inputs: Properties, state: State | undefined): Promise<void> {
    const request = state === undefined ? this.#creation(inputs) : this.#change(state, inputs);
    request.setPreview(true);
    await this.#call(state === undefined ? "create" : "update", request);
  }

  async create(inputs: Properties): Promise<State> {
    const response = await this.#call<InstanceType<typeof messages.CreateResponse>>("create", this.#creation(inputs));
    return { id: response.getId(), inputs, outputs: valuesOf(response.getProperties()) };
  }

  #creation(inputs: Properties) {
    const request = new messages.CreateRequest();
    request.setUrn(this.#urn(inputs));
    request.setTimeout(timeLimits.get(this.#urn(inputs))?.["create"] ?? 0);
    request.setProperties(struct(inputs));
    return request;
  }

  #ignored: readonly string[] = [];
  ignore(names: readonly string[]): void {
    this.#ignored = names;
  }

  async update(state: State, news: Properties): Promise<State> {
    const response = await this.#call<InstanceType<typeof messages.UpdateResponse>>(
      "update",
      this.#change(state, news),
    );
    return { id: state.id, inputs: news, outputs: valuesOf(response.getProperties()) };
  }

  #change(state: State, news: Properties) {
    const request = new messages.UpdateRequest();
    request.setUrn(this.#urn(news));
    request.setTimeout(timeLimits.get(this.#urn(news))?.["update"] ?? 0);
    request.setId(state.id);
    request.setOlds(struct(state.outputs));
    request.setNews(struct(news));
    request.setIgnorechangesList([...this.#ignored]);
    return request;
  }

  async read(id: string, oldOutputs: Properties): Promise<State | undefined> {
    const request = new messages.ReadRequest();
    request.setUrn(this.#urn(oldOutputs));
    request.setTimeout(timeLimits.get(this.#urn(oldOutputs))?.["update"] ?? 0);
    request.setId(id);
    // Recorded outputs have a source, which the tests leave out.
    const recorded = Object.keys(oldOutputs).length === 0 ? {} : { __provider: this.options.kind.source };
    request.setProperties(struct({ ...oldOutputs, ...recorded }));
    const response = await this.#call<InstanceType<typeof messages.ReadResponse>>("read", request);
    return response.getId() === ""
      ? undefined
      : { id: response.getId(), inputs: valuesOf(response.getInputs()), outputs: valuesOf(response.getProperties()) };
  }

  async delete(state: State): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setUrn(this.#urn(state.outputs));
    request.setTimeout(timeLimits.get(this.#urn(state.outputs))?.["delete"] ?? 0);
    request.setId(state.id);
    request.setProperties(struct(state.outputs));
    await this.#call("delete", request);
  }

  async end(): Promise<void> {
    await this.#call("cancel", new Empty());
  }

  async #call<Response>(name: string, request: object): Promise<Response> {
    this.#configured ??= this.#send("configure", configureRequest(this.options.config));
    await this.#configured;
    return this.options.clock.during(() => this.#send<Response>(name, request));
  }

  #send<Response>(name: string, request: object): Promise<Response> {
    return new Promise((resolve, reject) => {
      const call = Object({ request });
      this.#calls[name]?.(call, (error, response) => {
        if (error === null) {
          resolve(Object(response));
        } else {
          reject(providerError(Object(error)));
        }
      });
    });
  }
}

/** The served kinds, with the tests' own kind. The tests may declare skills and files by their digests, which are read already. */
function kindsWith({ type, kind, source }: ServedRow): Readonly<Record<string, Served>> {
  const name = type.split(":").at(-1) ?? "";
  const served = servedKinds[name];
  const reads: Served["reads"] = (args, named) => {
    const { __command: command, ...given } = args;
    return served?.reads === undefined || "digest" in args || "files" in args
      ? { given, read: Object(command).source }
      : served.reads(args, named);
  };
  const { label, noun, collection, idPrefix } = kind;
  const row = { label, noun, collection, idPrefix, type, source, kind, reads };
  return { ...servedKinds, [name]: ["Skill", "File"].includes(name) ? { ...row, ...served, reads } : (served ?? row) };
}

function configureRequest(config: Readonly<Record<string, string>>) {
  const request = new messages.ConfigureRequest();
  request.setArgs(struct(config));
  return request;
}

function secretOf(value: unknown) {
  return { [signature]: "1b47061264138c4ac30d75fd1eb44270", value };
}

function providerError({
  details,
  metadata,
}: {
  details: string;
  metadata: { get(name: string): (string | Buffer)[] };
}) {
  const [bytes] = metadata.get("grpc-status-details-bin");
  if (bytes === undefined || typeof bytes === "string") {
    return new ProviderError(details, undefined);
  }
  const [detail] = statusMessages.Status.deserializeBinary(new Uint8Array(bytes)).getDetailsList();
  const failure = messages.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
  const source = failure.getProperties()?.toJavaScript()["__provider"];
  const outputs = valuesOf(failure.getProperties());
  return new ProviderError(details, { id: failure.getId(), outputs, source, reasons: failure.getReasonsList() });
}

/** The values as the tests compare them: without `__provider` and without marks of secrets. */
function valuesOf(message: StructMessage | undefined): Properties {
  const { __provider: _, ...values } = z.record(z.string(), z.unknown()).parse(message?.toJavaScript() ?? {});
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
}

/** The value without marks of secrets, as a dynamic provider gets it. */
export function plain(value: unknown): unknown {
  const { success, data } = marked.safeParse(value);
  if (success) {
    return plain(data["value"]);
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
    : value;
}
