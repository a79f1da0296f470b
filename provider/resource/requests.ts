import type { JsonObject } from "../api/schema";
import type { ApiRequest } from "../api/transport";

interface Addressed {
  readonly collection: string;
  betas?(body: JsonObject): readonly string[];
}

// What is sent and what a preview shows of it are made here, so that the two cannot disagree.

/** Without an idempotency key. */
export function createRequest(kind: Addressed, body: JsonObject): ApiRequest {
  const betas = kind.betas?.(body) ?? [];
  return { method: "POST", path: [kind.collection], body, betas, repeat: "only-if-refused" };
}

export function getRequest({ collection }: Addressed, id: string): ApiRequest {
  return { method: "GET", path: [collection, id], repeat: "safe" };
}

/** A merge patch through POST: members that are absent keep their value ("Update a deployment"). */
export function updateRequest(kind: Addressed, id: string, patch: JsonObject): ApiRequest {
  const betas = kind.betas?.(patch) ?? [];
  return { method: "POST", path: [kind.collection, id], body: patch, betas, repeat: "safe" };
}

/** A change that is a request of its own. */
export function actionRequest({ collection }: Addressed, id: string, action: string): ApiRequest {
  return { method: "POST", path: [collection, id, action], repeat: "safe" };
}

export function archiveRequest(kind: Addressed, id: string): ApiRequest {
  return actionRequest(kind, id, "archive");
}
