import {
  type CredentialAuth,
  type CredentialAuthPatch,
  type CredentialPatch,
  createCredentialSchema,
  updateCredentialSchema,
} from "./credential-schemas";
import { type ApiError, invalid } from "./errors";
import { deletions, mergedMetadata } from "./metadata";
import { isObject, parseBody } from "./parse";
import type { Switches } from "./switches";
import type { JsonObject, VaultCredential } from "./wire";

/** "Update a credential": no update changes the target of a credential. */
const FIXED = [["mcp_server_url"], ["secret_name"], ["refresh", "client_id"], ["refresh", "token_endpoint"]];
const RESOURCE = ["refresh", "resource"];
const VARIABLE_SETTINGS = ["networking", "injection_location"];

export function parseCredential(body: unknown, switches: Switches): { auth: JsonObject; metadata: JsonObject } {
  const { auth, metadata = {} } = parseBody(createCredentialSchema, body, switches);
  if (auth.type === "environment_variable" && auth.networking === undefined) {
    if (switches.variableNetworking === "required") {
      throw invalid("Missing required field: auth.networking", "auth.networking");
    }
  }
  return { auth: storedAuth(auth, switches), metadata: mergedMetadata({}, metadata, deletions(true)) };
}

/** Refuses fixed members before it parses the body, also if the switch accepts unknown fields. */
export function parseCredentialPatch(body: unknown, switches: Switches): CredentialPatch {
  const auth = isObject(body) ? body["auth"] : undefined;
  for (const path of fixedMembers(switches)) {
    if (path.reduce<unknown>((value, member) => (isObject(value) ? value[member] : undefined), auth) !== undefined) {
      throw fixed(["auth", ...path].join("."));
    }
  }
  return parseBody(updateCredentialSchema, body, switches);
}

/** "Update a credential" merges: `metadata` by key, and null empties it. */
export function patchedCredential(base: VaultCredential, patch: CredentialPatch, switches: Switches): VaultCredential {
  const { metadata = {} } = patch;
  return {
    ...base,
    auth: patch.auth === undefined ? base.auth : mergedAuth(base.auth, patch.auth, switches),
    metadata: metadata === null ? {} : mergedMetadata(base.metadata, metadata, deletions(false)),
  };
}

function fixedMembers({ refreshResource, variableSettings }: Switches): string[][] {
  const resource = refreshResource === "fixed" ? [RESOURCE] : [];
  return [...FIXED, ...resource, ...(variableSettings === "fixed" ? VARIABLE_SETTINGS.map((name) => [name]) : [])];
}

function fixed(param: string): ApiError {
  return invalid(`Invalid value for ${param}: cannot be changed`, param);
}

function storedAuth(auth: CredentialAuth, switches: Switches): JsonObject {
  if (auth.type !== "mcp_oauth") return keptSettings(auth, switches);
  const { refresh, ...others } = auth;
  return { ...withoutNulls(others), ...(refresh === undefined ? {} : { refresh: withoutNulls(refresh) }) };
}

function mergedAuth(current: JsonObject, patch: CredentialAuthPatch, switches: Switches): JsonObject {
  if (patch.type !== current["type"]) throw fixed("auth.type");
  if (patch.type !== "mcp_oauth") return { ...current, ...keptSettings(patch, switches) };
  const { refresh, ...others } = patch;
  const merged = withoutNulls({ ...current, ...others });
  return refresh === undefined ? merged : { ...merged, refresh: mergedRefresh(current["refresh"], refresh) };
}

function mergedRefresh(
  current: unknown,
  patch: NonNullable<Extract<CredentialAuthPatch, { type: "mcp_oauth" }>["refresh"]>,
): JsonObject {
  if (!isObject(current)) throw invalid("Invalid value for auth.refresh: cannot be added later", "auth.refresh");
  const { token_endpoint_auth: way, ...others } = patch;
  const merged = withoutNulls({ ...current, ...others });
  if (way === undefined) return merged;
  const known = current["token_endpoint_auth"];
  const token_endpoint_auth = { ...(isObject(known) ? known : {}), ...way };
  if (!("client_secret" in token_endpoint_auth)) {
    const param = "auth.refresh.token_endpoint_auth.client_secret";
    throw invalid(`Missing required field: ${param}`, param);
  }
  return { ...merged, token_endpoint_auth };
}

function keptSettings(auth: object, { variableSettings }: Switches): JsonObject {
  const isKept = (name: string) => variableSettings !== "dropped" || !VARIABLE_SETTINGS.includes(name);
  return Object.fromEntries(Object.entries(auth).filter(([name]) => isKept(name)));
}

function withoutNulls(members: object): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
