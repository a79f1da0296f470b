import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as statusMessages from "@pulumi/pulumi/proto/status_pb";
import { z } from "zod";
import { type DiffAnswer, type Properties, type Provider, ProviderError, type State } from "./provider";
import { type StructMessage, struct } from "./struct";

const signature = "4dabf18193072939515e22adb298388d";
const marked = z.looseObject({ [signature]: z.literal("1b47061264138c4ac30d75fd1eb44270"), value: z.unknown() });

export type Operation = "check" | "diff" | "create" | "update" | "read" | "delete";

/** A provider that gets the calls of the engine as messages, in this process or in one of its own. */
export abstract class RpcProvider implements Provider {
  #ignored: readonly string[] = [];

  protected constructor(protected readonly source: string) {}

  /** Sends a message. Rejects with an error of the server. */
  protected abstract call<Response>(operation: Operation, request: object): Promise<Response>;
  abstract announce(inputs: Properties, state: State | undefined): Promise<void>;
  abstract end(): Promise<void>;

  /** The URN of the resource; the server of dynamic providers reads none. */
  protected urn(_values: Properties): string {
    return "";
  }

  /** The option `customTimeouts` of the resource, in seconds. */
  protected limit(_values: Properties, _operation: Operation): number {
    return 0;
  }

  /** The inputs as the program registers them. */
  protected registered(news: Properties): Properties {
    return this.recorded(news);
  }

  /** The values as the engine has them in its state. */
  protected recorded(values: Properties): Properties {
    return { __provider: this.source, ...values };
  }

  async check(news: Properties, olds: Properties = {}): Promise<{ inputs: Properties; failures: string[] }> {
    const request = new messages.CheckRequest().setUrn(this.urn(news)).setOlds(struct(this.recorded(olds)));
    const response = await this.#send<messages.CheckResponse>("check", request.setNews(struct(this.registered(news))));
    const failures = response.getFailuresList().map((failure) => {
      // If a failure names a property, the engine prints its value, and "value {<nil>}" for a nested one.
      expect(failure.getProperty()).toBe("");
      return failure.getReason();
    });
    return { inputs: valuesOf(response.getInputs()), failures };
  }

  async diff(id: string, oldOutputs: Properties, news: Properties): Promise<DiffAnswer> {
    const request = new messages.DiffRequest().setUrn(this.urn(news)).setId(id);
    request.setOlds(struct(this.recorded(oldOutputs))).setNews(struct(this.recorded(news)));
    request.setIgnorechangesList([...this.#ignored]);
    const response = await this.#send<messages.DiffResponse>("diff", request);
    const { DIFF_UNKNOWN, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    const verdict = response.getChanges();
    return {
      changes: verdict === DIFF_NONE ? "none" : verdict === DIFF_UNKNOWN ? "drawn by the engine" : "some",
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(inputs: Properties): Promise<State> {
    const response = await this.#send<messages.CreateResponse>("create", this.creation(inputs));
    return { id: response.getId(), inputs, outputs: valuesOf(response.getProperties()) };
  }

  protected creation(inputs: Properties): messages.CreateRequest {
    const request = new messages.CreateRequest().setUrn(this.urn(inputs)).setTimeout(this.limit(inputs, "create"));
    return request.setProperties(struct(this.recorded(inputs)));
  }

  ignore(names: readonly string[]): void {
    this.#ignored = names;
  }

  async update(state: State, news: Properties): Promise<State> {
    const response = await this.#send<messages.UpdateResponse>("update", this.change(state, news));
    return { id: state.id, inputs: news, outputs: valuesOf(response.getProperties()) };
  }

  protected change({ id, outputs }: State, news: Properties): messages.UpdateRequest {
    const request = new messages.UpdateRequest().setUrn(this.urn(news)).setTimeout(this.limit(news, "update"));
    request
      .setId(id)
      .setOlds(struct(this.recorded(outputs)))
      .setNews(struct(this.recorded(news)));
    return request.setIgnorechangesList([...this.#ignored]);
  }

  async read(id: string, oldOutputs: Properties): Promise<State | undefined> {
    const request = new messages.ReadRequest()
      .setUrn(this.urn(oldOutputs))
      .setTimeout(this.limit(oldOutputs, "update"));
    // An import has no outputs.
    const recorded = Object.keys(oldOutputs).length === 0 ? {} : { __provider: this.source };
    request.setId(id).setProperties(struct({ ...recorded, ...this.recorded(oldOutputs) }));
    const response = await this.#send<messages.ReadResponse>("read", request);
    return response.getId() === ""
      ? undefined
      : { id: response.getId(), inputs: valuesOf(response.getInputs()), outputs: valuesOf(response.getProperties()) };
  }

  async delete({ id, outputs }: State): Promise<void> {
    const request = new messages.DeleteRequest().setUrn(this.urn(outputs)).setTimeout(this.limit(outputs, "delete"));
    await this.#send("delete", request.setId(id).setProperties(struct(this.recorded(outputs))));
  }

  #send<Response>(operation: Operation, request: object): Promise<Response> {
    return this.call<Response>(operation, request).catch((error: unknown) => {
      throw providerError(Object(error));
    });
  }
}

interface ServiceError {
  readonly message: string;
  readonly details?: string;
  readonly metadata?: { get(name: string): (string | Buffer)[] };
}

function providerError({ message, details = message, metadata }: ServiceError): ProviderError {
  const [bytes] = metadata?.get("grpc-status-details-bin") ?? [];
  if (bytes === undefined || typeof bytes === "string") {
    return new ProviderError(details, undefined);
  }
  const [detail] = statusMessages.Status.deserializeBinary(new Uint8Array(bytes)).getDetailsList();
  if (detail === undefined) {
    return new ProviderError(details, undefined);
  }
  const failure = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  const held = failure.getProperties();
  const source = held?.toJavaScript()["__provider"];
  const reasons = failure.getReasonsList();
  return new ProviderError(details, { id: failure.getId(), outputs: valuesOf(held), source, reasons });
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
