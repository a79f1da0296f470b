import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import type * as messages from "@pulumi/pulumi/proto/provider_pb";
import { servedKinds } from "../../provider/plugin-server/kinds";
import { implementationOf } from "../../provider/plugin-server/server";
import { Session } from "../../provider/resource/session/session";
import { SkippingClock } from "./skipping-clock";

const signature = "4dabf18193072939515e22adb298388d";

export function secretOf(value: unknown) {
  return { [signature]: "1b47061264138c4ac30d75fd1eb44270", value };
}

export function isSecret(value: unknown): boolean {
  return Object(value)[signature] !== undefined;
}

/** The text in place of an unknown value. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::project::${type}::${name}`;
}

export type Calls = Readonly<
  Record<string, (call: ServerUnaryCall<never, unknown>, done: sendUnaryData<unknown>) => void>
>;

export function called<Response>(calls: Calls, name: string, request: object): Promise<Response> {
  return new Promise((resolve, reject) => {
    calls[name]?.(Object({ request }), (error, response) =>
      error === null ? resolve(Object(response)) : reject(error),
    );
  });
}

/** A process of the plugin, as the engine calls it. */
export class PluginCalls {
  readonly told: string[] = [];
  readonly #calls: Calls;
  readonly #list: (call: ServerWritableStream<messages.ListRequest, messages.ListResponse>) => void;

  constructor(stack: Readonly<Record<string, string>> = {}, clock = new SkippingClock()) {
    const environment = {
      PULUMI_CONFIG: JSON.stringify(stack),
      QODER_PAT: "pt-test",
      QODER_BASE_URL: stack["qoder:baseUrl"],
    };
    const tell = async ({ text }: { readonly text: string }) => void this.told.push(text);
    const session = new Session({ tell, clock, environment });
    const schema = () => '{"name":"qoder"}';
    const { list, ...calls } = implementationOf({ session, schema, version: "1.2.3", kinds: servedKinds });
    [this.#calls, this.#list] = [calls, list];
  }

  answer<Response>(name: string, request: object): Promise<Response> {
    return called(this.#calls, name, request);
  }

  /** The answers of a list; rejects with its error. */
  list(request: messages.ListRequest): Promise<messages.ListResponse.AsObject[]> {
    const answers: messages.ListResponse.AsObject[] = [];
    return new Promise((resolve, reject) => {
      const write = (one: messages.ListResponse) => void answers.push(one.toObject());
      const emit = (_: string, error: unknown) => reject(error);
      this.#list(Object({ request, write, emit, end: () => resolve(answers) }));
    });
  }
}
