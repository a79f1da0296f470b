import { createRequire } from "node:module";
import { z } from "zod";
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

/** The properties as the provider server answers them. Throws for `undefined`. */
export function answeredStruct(values: Properties): StructMessage {
  return Struct.fromJavaScript(Object(values));
}

/** The properties without the source of the provider. */
export function propertiesOf(message: StructMessage | undefined): Properties {
  const { __provider: _, ...values } = z.record(z.string(), z.unknown()).parse(message?.toJavaScript() ?? {});
  return values;
}
