import * as settings from "@pulumi/pulumi/runtime/settings";

/**
 * Gives each channel of the SDK in this process connections of its own. The SDK does not close the channels of a program
 * that failed; they go on trying to reach the engine that has ended, and gRPC shares what it knows of an address among
 * all channels of a process. So where a later engine gets the same port, its program would be told at once that there is
 * "No connection established" (@grpc/grpc-js src/subchannel-pool.ts).
 */
export function separateEngineChannels(): void {
  // Not in the SDK's types. Were it gone, this would throw.
  Object.assign(Object(settings).grpcClientOptions, { "grpc.use_local_subchannel_pool": 1 });
}
