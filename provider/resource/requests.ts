import type { JsonObject } from "../api/schema";
import type { ApiRequest } from "../api/transport";

/** Where the objects of a kind are. */
interface Addressed {
  readonly collection: string;
  readonly within?: { readonly collection: string };
  readonly upload?: { readonly versions?: { readonly path: string } };
  betas?(body: JsonObject): readonly string[];
}

// What is sent and what a preview shows of it are made here, so that the two cannot disagree.

/** Without an idempotency key. */
export function createRequest(kind: Addressed, body: JsonObject, holder: string = ""): ApiRequest {
  const betas = kind.betas?.(body) ?? [];
  const { collection, within } = kind;
  const path = within === undefined ? [collection] : [within.collection, holder, collection];
  return { method: "POST", path, body, betas, repeat: "only-if-refused" };
}

function pathOf({ collection, within }: Addressed, id: string): string[] {
  const [holder = "", own = ""] = id.split("/");
  return within === undefined ? [collection, id] : [within.collection, holder, collection, own];
}

export function getRequest(kind: Addressed, id: string): ApiRequest {
  return { method: "GET", path: pathOf(kind, id), repeat: "safe" };
}

/** A merge patch through POST: members that are absent keep their value ("Update a deployment"). */
export function updateRequest(kind: Addressed, id: string, patch: JsonObject): ApiRequest {
  const betas = kind.betas?.(patch) ?? [];
  return { method: "POST", path: pathOf(kind, id), body: patch, betas, repeat: "safe" };
}

/** Other files for an object of a kind with versions. A try that is open is looked into before another one. */
export function versionRequest(kind: Addressed, id: string, body: JsonObject): ApiRequest {
  const last = kind.upload?.versions?.path ?? "";
  return { method: "POST", path: [...pathOf(kind, id), last], body, repeat: "only-if-refused" };
}

/** A change that is a request of its own. */
export function actionRequest(kind: Addressed, id: string, action: string): ApiRequest {
  return { method: "POST", path: [...pathOf(kind, id), action], repeat: "safe" };
}

/** What ends an object: for ever, and with all that was in it where it is deleted. */
export function endRequest(kind: Addressed, id: string, isDeleted: boolean): ApiRequest {
  return isDeleted ? { method: "DELETE", path: pathOf(kind, id), repeat: "safe" } : actionRequest(kind, id, "archive");
}

/** What the own part of an id is, behind that of the holder. */
export function ownId(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}
