import type { ServiceError } from "@grpc/grpc-js";
import { Unfinished } from "./resources";
import { Any, grpc, messages, statusMessages } from "./sdk";
import { structOf } from "./structs";

/** An error as the engine reads it: one that leaves an object behind tells of it, so that the object reaches the state. */
export function failureOf(error: unknown): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  const code = grpc.status.UNKNOWN;
  const metadata = new grpc.Metadata();
  if (error instanceof Unfinished) {
    const detail = new messages.ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(structOf(error.outputs));
    detail.setReasonsList([...error.reasons]);
    const packed = new Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new statusMessages.Status();
    status.setCode(code);
    status.setMessage(message);
    status.addDetails(packed);
    metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return { code, details: message, metadata };
}
