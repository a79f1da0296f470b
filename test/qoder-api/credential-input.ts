import { z } from "zod";
import { type ApiError, invalid } from "./errors";
import { deletions, mergedMetadata, metadata } from "./metadata";
import { atMost, isObject, parseBody } from "./parse";
import type { Switches } from "./switches";
import type { JsonObject, VaultCredential } from "./wire";

/** The bodies of "Create a credential" and "Update a credential". */

const text = z.string().min(1, "must not be empty");
const url = text.refine(atMost(2048), "must be at most 2048 characters");
const instant = z.iso.datetime({ offset: true }).nullable().optional();
const clearable = z.string().nullable().optional();

const tokenEndpointAuth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("client_secret_basic"), client_secret: text }),
  z.strictObject({ type: z.literal("client_secret_post"), client_secret: text }),
]);

const tokenEndpointAuthPatch = z.strictObject({
  type: z.enum(["client_secret_basic", "client_secret_post"]),
  client_secret: text.optional(),
});

const refresh = z.strictObject({
  client_id: text,
  refresh_token: text,
  token_endpoint: url,
  token_endpoint_auth: tokenEndpointAuth,
  scope: clearable,
  resource: clearable,
});

const refreshPatch = z.strictObject({
  refresh_token: text.optional(),
  scope: clearable,
  resource: clearable,
  token_endpoint_auth: tokenEndpointAuthPatch.optional(),
});

const variableSettings = {
  networking: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("unrestricted") }),
      z.strictObject({ type: z.literal("limited"), allowed_hosts: z.array(z.string()) }),
    ])
    .optional(),
  injection_location: z
    .strictObject({ header: z.boolean().nullable().optional(), body: z.boolean().nullable().optional() })
    .optional(),
};

const secretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of a variable");

const auth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("static_bearer"), mcp_server_url: url, token: text }),
  z.strictObject({
    type: z.literal("mcp_oauth"),
    mcp_server_url: url,
    access_token: text,
    expires_at: instant,
    refresh: refresh.optional(),
  }),
  z.strictObject({
    type: z.literal("environment_variable"),
    secret_name: secretName,
    secret_value: text,
    ...variableSettings,
  }),
]);

const authPatch = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("static_bearer"), token: text.optional() }),
  z.strictObject({
    type: z.literal("mcp_oauth"),
    access_token: text.optional(),
    expires_at: instant,
    refresh: refreshPatch.optional(),
  }),
  z.strictObject({ type: z.literal("environment_variable"), secret_value: text.optional(), ...variableSettings }),
]);

const createCredentialSchema = z.strictObject({
  auth,
  // The service accepts this member for older clients, and does not store it.
  display_name: z.string().nullable().optional(),
  metadata: metadata.optional(),
});

const updateCredentialSchema = z.strictObject({
  auth: authPatch.optional(),
  metadata: metadata.nullable().optional(),
});

type CredentialAuth = z.infer<typeof auth>;
type CredentialAuthPatch = z.infer<typeof authPatch>;
export type CredentialPatch = z.infer<typeof updateCredentialSchema>;

/** "Update a credential": no update changes the target of a credential. */
const FIXED = [
  ["mcp_server_url"],
  ["secret_name"],
  ["refresh", "client_id"],
  ["refresh", "token_endpoint"],
  ["refresh", "resource"],
];

export function parseCredential(body: unknown, switches: Switches): { auth: JsonObject; metadata: JsonObject } {
  const { auth, metadata = {} } = parseBody(createCredentialSchema, body, switches);
  return { auth: storedAuth(auth), metadata: mergedMetadata({}, metadata, deletions(true)) };
}

/** Refuses fixed members before it parses the body, also if the switch accepts unknown fields. */
export function parseCredentialPatch(body: unknown, switches: Switches): CredentialPatch {
  const auth = isObject(body) ? body["auth"] : undefined;
  for (const path of FIXED) {
    if (path.reduce<unknown>((value, member) => (isObject(value) ? value[member] : undefined), auth) !== undefined) {
      throw fixed(["auth", ...path].join("."));
    }
  }
  return parseBody(updateCredentialSchema, body, switches);
}

/** "Update a credential" merges: `metadata` by key, and null empties it. */
export function patchedCredential(base: VaultCredential, patch: CredentialPatch): VaultCredential {
  const { metadata = {} } = patch;
  return {
    ...base,
    auth: patch.auth === undefined ? base.auth : mergedAuth(base.auth, patch.auth),
    metadata: metadata === null ? {} : mergedMetadata(base.metadata, metadata, deletions(false)),
  };
}

function fixed(param: string): ApiError {
  return invalid(`Invalid value for ${param}: cannot be changed`, param);
}

function storedAuth(auth: CredentialAuth): JsonObject {
  if (auth.type !== "mcp_oauth") return { ...auth };
  const { refresh, ...others } = auth;
  return { ...withoutNulls(others), ...(refresh === undefined ? {} : { refresh: withoutNulls(refresh) }) };
}

function mergedAuth(current: JsonObject, patch: CredentialAuthPatch): JsonObject {
  if (patch.type !== current["type"]) throw fixed("auth.type");
  if (patch.type !== "mcp_oauth") return { ...current, ...patch };
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

function withoutNulls(members: object): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
