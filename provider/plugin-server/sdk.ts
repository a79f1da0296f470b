import { createRequire } from "node:module";

// The SDK's own copies: two copies of google-protobuf do not understand each other's messages. The SDK itself is not loaded, which
// would take most of the time in which the plugin starts. `npm run plugin` puts these files into the archive in place of this one.
const sdkRequire = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export const grpc: typeof import("@grpc/grpc-js") = sdkRequire("@grpc/grpc-js");
export const { Struct }: typeof import("google-protobuf/google/protobuf/struct_pb") = sdkRequire(
  "google-protobuf/google/protobuf/struct_pb",
);
export const { Any }: typeof import("google-protobuf/google/protobuf/any_pb") = sdkRequire(
  "google-protobuf/google/protobuf/any_pb",
);
export const { Empty }: typeof import("google-protobuf/google/protobuf/empty_pb") = sdkRequire(
  "google-protobuf/google/protobuf/empty_pb",
);
export const messages: typeof import("@pulumi/pulumi/proto/provider_pb") = sdkRequire("./proto/provider_pb.js");
export const services: typeof import("@pulumi/pulumi/proto/provider_grpc_pb") =
  sdkRequire("./proto/provider_grpc_pb.js");
export const pluginMessages: typeof import("@pulumi/pulumi/proto/plugin_pb") = sdkRequire("./proto/plugin_pb.js");
export const engineMessages: typeof import("@pulumi/pulumi/proto/engine_pb") = sdkRequire("./proto/engine_pb.js");
export const engineServices: typeof import("@pulumi/pulumi/proto/engine_grpc_pb") =
  sdkRequire("./proto/engine_grpc_pb.js");
export const statusMessages: typeof import("@pulumi/pulumi/proto/status_pb") = sdkRequire("./proto/status_pb.js");
