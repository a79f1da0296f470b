import type { ServiceError } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as statusMessages from "@pulumi/pulumi/proto/status_pb";
import { isObject, type Properties } from "../resource/kind/program-values";
import { leftBehind, type Resources } from "./resources";
import { Any, grpc, Struct } from "./sdk";

type StructMessage = InstanceType<typeof Struct>;

/** The error for the engine. If it leaves an object behind, it contains the object, so that the engine records it. */
export function failureOf(error: unknown): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  const [code, metadata] = [grpc.status.UNKNOWN, new grpc.Metadata()];
  const { data: left } = leftBehind.safeParse(error);
  if (left !== undefined) {
    const failed = new messages.ErrorResourceInitFailed().setId(left.id).setReasonsList(left.reasons);
    const detail = new Any();
    detail.pack(failed.setProperties(structOf(left.properties)).serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new statusMessages.Status().setCode(code).setMessage(message).setDetailsList([detail]);
    metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return { code, details: message, metadata };
}

export function checkResponse({
  inputs,
  failures,
}: {
  readonly inputs: Properties;
  readonly failures: readonly string[];
}) {
  // `property` stays empty: the engine prints the value of the property that is named, even if it is a token.
  const shown = failures.map((reason) => new messages.CheckFailure().setReason(reason));
  return new messages.CheckResponse().setInputs(structOf(inputs)).setFailuresList(shown);
}

export function diffResponse({
  changes,
  replaces = [],
  deleteBeforeReplace = false,
}: Awaited<ReturnType<Resources["diff"]>>) {
  const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = messages.DiffResponse.DiffChanges;
  // For an unknown verdict the engine itself compares each member, and applies `replaceOnChanges`.
  const verdict = changes === undefined ? DIFF_UNKNOWN : changes ? DIFF_SOME : DIFF_NONE;
  const response = new messages.DiffResponse().setChanges(verdict).setReplacesList(replaces);
  return response.setDeletebeforereplace(deleteBeforeReplace);
}

export function valuesIn(message: StructMessage | undefined): Properties {
  const values: unknown = message?.toJavaScript();
  return isObject(values) ? values : {};
}

/** The message without undefined members, which the library refuses. */
export function structOf(values: Properties): StructMessage {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}
