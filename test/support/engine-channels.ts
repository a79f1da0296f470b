import * as settings from "@pulumi/pulumi/runtime/settings";

/**
 * Gives each channel of the SDK in this process connections of its own. The SDK does not close the channels of a failed
 * program, which keep trying to reach the ended engine, and gRPC shares their knowledge of an address among all channels of a
 * process. If a later engine got the same port, its program would fail at once with "No connection established" (@grpc/grpc-js
 * src/subchannel-pool.ts).
 */
export function separateEngineChannels(): void {
  // The SDK's types lack this member. If the SDK removed it, this line would throw.
  Object.assign(Object(settings).grpcClientOptions, { "grpc.use_local_subchannel_pool": 1 });
}
