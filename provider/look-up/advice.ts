import { isServerFailure, QoderApiError, QoderConnectionError, QoderReplyError } from "../api/errors";
import { type AdvisedKind, advice, sentences, whoAsked } from "../resource/engine/advice";

/** What the person who reads the error of a look-up can do about it; empty where the message says so itself. */
export function adviceOn(error: unknown, kind: AdvisedKind): string {
  if (error instanceof QoderConnectionError) {
    return "Check the network and the base URL (qoder:baseUrl), then run the same command again";
  }
  if (error instanceof QoderReplyError) {
    return "Check that qoder:baseUrl is the API's own address";
  }
  const own = error instanceof QoderApiError ? adviceOnStatus(error, kind.noun) : undefined;
  return own ?? advice(error, "look-up", kind);
}

/** Where a resource would be told of its state, or of what its last request may have done; undefined where it would not. */
function adviceOnStatus(error: QoderApiError, noun: string): string | undefined {
  if (error.status === 401) {
    return sentences(
      whoAsked(error),
      "Set a valid one: `pulumi config set --secret qoder:pat`, QODER_ACCESS_TOKEN, or the pat of the QoderProvider",
    );
  }
  if (error.isNotFound) {
    return sentences(
      whoAsked(error),
      `Check the id, and that the token belongs to the account and workspace of the ${noun} (qoder:pat, qoder:workspaceId)`,
    );
  }
  if (error.status === 404) {
    return "Check the path of the base URL (qoder:baseUrl)";
  }
  return isServerFailure(error) ? "The service failed; run the same command again later" : undefined;
}
