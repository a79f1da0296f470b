import { createRequire } from "node:module";

// Uses the SDK's own copies: two copies of google-protobuf cannot read each other's messages, and not every package manager lets this
// package import them. `npm run plugin` puts these packages into the archive in place of this file.
const sdkRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const wellKnown = (name: string) => sdkRequire(`google-protobuf/google/protobuf/${name}_pb`);

export const grpc: typeof import("@grpc/grpc-js") = sdkRequire("@grpc/grpc-js");
export const { Struct }: typeof import("google-protobuf/google/protobuf/struct_pb") = wellKnown("struct");
export const { Any }: typeof import("google-protobuf/google/protobuf/any_pb") = wellKnown("any");
export const { Empty }: typeof import("google-protobuf/google/protobuf/empty_pb") = wellKnown("empty");
