import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import { pluginType } from "../../provider/kinds/table";
import { type Served, servedKinds } from "../../provider/plugin-server/kinds";
import { Empty } from "../../provider/plugin-server/sdk";
import { implementationOf } from "../../provider/plugin-server/server";
import type { Surroundings } from "../../provider/resource/engine/answer";
import { Session } from "../../provider/resource/session/session";
import { type Calls, called, secretOf } from "./plugin-calls";
import type { Properties, State } from "./provider";
import { type Operation, RpcProvider } from "./rpc-provider";
import type { SkippingClock } from "./skipping-clock";
import { struct } from "./struct";

interface ServedRow extends Pick<Served, "kind" | "source"> {
  readonly type: string;
}

export interface PluginServerOptions extends Surroundings {
  readonly clock: SkippingClock;
  readonly config: Readonly<Record<string, string>>;
  readonly kind: ServedRow;
  /** What other kinds of the same command share with this one. */
  readonly session?: Session;
}

/** The option `customTimeouts` of each resource, which the engine passes with each call. */
const timeLimits = new Map<string, Readonly<Record<string, number>>>();
const limitsSchema = z.record(z.string(), z.number()).catch({});

/** The plugin for other languages in this process, called with secrets and with the messages of the engine. */
export class PluginServerProvider extends RpcProvider {
  readonly #calls: Calls;
  #configured: Promise<unknown> | undefined;

  constructor(private readonly options: PluginServerOptions) {
    const { tell, clock, environment, kind } = options;
    super(kind.source);
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
  protected override urn({ __origin: origin }: Properties): string {
    const { type } = this.options.kind;
    const urn = typeof origin === "string" ? /urn:.*/s.exec(origin)?.[0] : undefined;
    return (urn ?? `urn:pulumi:dev::project::${type}::daily`).replace(type, pluginType(type));
  }

  protected override limit(values: Properties, operation: Operation): number {
    return timeLimits.get(this.urn(values))?.[operation] ?? 0;
  }

  protected override registered(news: Properties): Properties {
    const { __origin: _, __secrets: recorded, __timeouts: limits, ...args } = news;
    timeLimits.set(this.urn(news), limitsSchema.parse(limits));
    const places = z
      .array(z.tuple([z.string()], z.unknown()))
      .catch([])
      .parse(Object(news["__command"]).secretPlaces);
    const names = [...z.array(z.string()).catch([]).parse(recorded), ...places.map(([name]) => name)];
    return Object.fromEntries(
      Object.entries(args).map(([name, value]) => [name, names.includes(name) ? secretOf(value) : value]),
    );
  }

  /** Recorded outputs have a source, which the tests leave out. */
  protected override recorded(values: Properties): Properties {
    return values;
  }

  async announce(inputs: Properties, state: State | undefined): Promise<void> {
    const request = state === undefined ? this.creation(inputs) : this.change(state, inputs);
    await this.call(state === undefined ? "create" : "update", request.setPreview(true));
  }

  async end(): Promise<void> {
    await this.#configuredCall("cancel", new Empty());
  }

  protected call<Response>(operation: Operation, request: object): Promise<Response> {
    return this.#configuredCall(operation, request);
  }

  async #configuredCall<Response>(name: string, request: object): Promise<Response> {
    this.#configured ??= called(this.#calls, "configure", configureRequest(this.options.config));
    await this.#configured;
    return this.options.clock.during(() => called<Response>(this.#calls, name, request));
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
