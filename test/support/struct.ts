import { createRequire } from "node:module";
import type { Properties } from "./provider";

// Uses the SDK's own copy: two copies of google-protobuf cannot read each other's messages.
const sdkRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const { Struct }: typeof import("google-protobuf/google/protobuf/struct_pb") = sdkRequire(
  "google-protobuf/google/protobuf/struct_pb",
);

export type StructMessage = InstanceType<typeof Struct>;

/** The properties as the engine sends them. The engine is written in Go and has no `undefined`. */
export function struct(values: object): StructMessage {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}

export function withoutSource({ __provider: _, ...values }: Properties): Properties {
  return values;
}

/** The copy that `struct` and `toJavaScript` make of properties, in a tenth of their time. */
export function asReceived(values: object): Properties {
  return asAnswered(JSON.parse(JSON.stringify(values)));
}

/** The copy that `Struct.fromJavaScript` and `toJavaScript` make of an answer. Throws for values that a Struct cannot hold. */
export function asAnswered(values: object): Properties {
  const names: string[] = [];
  for (const name in values) {
    names.push(name);
  }
  // A Struct sorts its members by name.
  return Object.fromEntries(names.sort().map((name) => [name, copied(Reflect.get(values, name))]));
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(copied);
  }
  if (typeof value === "object" && value !== null) {
    return asAnswered(value);
  }
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) {
    return value;
  }
  throw new Error(`A Struct holds no ${typeof value}.`);
}
