import { createRequire } from "node:module";
import { z } from "zod";
import type { Properties } from "./provider";

// The SDK's own copy: two copies of google-protobuf do not understand each other's messages.
const sdkRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const { Struct }: typeof import("google-protobuf/google/protobuf/struct_pb") = sdkRequire(
  "google-protobuf/google/protobuf/struct_pb",
);

export type StructMessage = InstanceType<typeof Struct>;

/** As the engine, which is written in Go, sends properties: it knows no `undefined`. */
export function struct(values: object): StructMessage {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}

/** As the provider server answers properties; `undefined` is none, and throws. */
export function answeredStruct(values: Properties): StructMessage {
  return Struct.fromJavaScript(Object(values));
}

/** Without the source of the provider. */
export function propertiesOf(message: StructMessage | undefined): Properties {
  const { __provider: _, ...values } = z.record(z.string(), z.unknown()).parse(message?.toJavaScript() ?? {});
  return values;
}
