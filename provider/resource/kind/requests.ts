import type { JsonObject } from "../../api/schema";
import type { ApiRequest } from "../../api/transport";
import type { Properties } from "./program-values";

interface Addressed {
  readonly collection: string;
  readonly within?: { readonly collection: string };
  readonly documentsKey?: true;
  readonly upload?: { readonly versions?: { readonly path: string } };
  betas?(values: Properties): readonly string[];
}

// This file builds the requests both for sending and for previews, so that the two cannot disagree.

/** The create without its idempotency key. */
export function createRequest(kind: Addressed, body: JsonObject, parent: string = ""): ApiRequest {
  const betas = kind.betas?.(body) ?? [];
  const { collection, documentsKey, within } = kind;
  const repeat = documentsKey ? "safe" : "only-if-refused";
  const path = within === undefined ? [collection] : [within.collection, parent, collection];
  return { method: "POST", path, body, betas, repeat };
}

function pathOf({ collection, within }: Addressed, id: string): string[] {
  const [parent = "", own = ""] = id.split("/");
  return within === undefined ? [collection, id] : [within.collection, parent, collection, own];
}

export function getRequest(kind: Addressed, id: string): ApiRequest {
  return { method: "GET", path: pathOf(kind, id), repeat: "safe" };
}

/** The GET of a version of the object. */
export function getVersionRequest(
  kind: Addressed & { readonly versions?: string },
  id: string,
  version: number | string,
): ApiRequest {
  const request = getRequest(kind, id);
  return kind.versions === undefined
    ? { ...request, query: { version: String(version) } }
    : { ...request, path: [...request.path, kind.versions, String(version)] };
}

/** A merge patch by POST: absent members keep their values ("Update a deployment"). `wanted`: the arguments after the update. */
export function updateRequest(kind: Addressed, id: string, patch: JsonObject, wanted: Properties = patch): ApiRequest {
  const betas = kind.betas?.(wanted) ?? [];
  return { method: "POST", path: pathOf(kind, id), body: patch, betas, repeat: "safe" };
}

/** The upload of a new version. After a lost answer, the caller reads the object before another try. */
export function versionRequest(kind: Addressed, id: string, body: JsonObject): ApiRequest {
  const last = kind.upload?.versions?.path ?? "";
  // No page says that a key counts here, so a second request may add a second version.
  return { method: "POST", path: [...pathOf(kind, id), last], body, repeat: "only-if-refused" };
}

export function actionRequest(kind: Addressed, id: string, action: string): ApiRequest {
  return { method: "POST", path: [...pathOf(kind, id), action], repeat: "safe" };
}

/** Archives or deletes the object; neither can be undone. A delete also removes the objects inside it. */
export function endRequest(kind: Addressed, id: string, isDeleted: boolean): ApiRequest {
  return isDeleted ? { method: "DELETE", path: pathOf(kind, id), repeat: "safe" } : actionRequest(kind, id, "archive");
}

/** The own part of an id, without the id of the enclosing object. */
export function ownId(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}

/** The id of the enclosing object in an id; undefined for a kind without one. */
export function parentOfId({ within }: Addressed, id: string): string | undefined {
  return within === undefined ? undefined : id.slice(0, Math.max(id.indexOf("/"), 0));
}
