import { z } from "zod";
import { type ApiError, conflict, invalid } from "./errors";
import { ManagedObjects, type StoredObject } from "./managed-objects";
import { atMost, deletions, isObject, mergedMetadata, metadata, parseBody } from "./parse";
import { type Service, wholeSeconds } from "./service";
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
type CredentialPatch = z.infer<typeof updateCredentialSchema>;

/** "Update a credential": no update changes the target of a credential. */
const FIXED = [
  ["mcp_server_url"],
  ["secret_name"],
  ["refresh", "client_id"],
  ["refresh", "token_endpoint"],
  ["refresh", "resource"],
];

function parseCredential(body: unknown, switches: Switches): { auth: JsonObject; metadata: JsonObject } {
  const { auth, metadata = {} } = parseBody(createCredentialSchema, body, switches);
  return { auth: storedAuth(auth), metadata: mergedMetadata({}, metadata, deletions(true)) };
}

/** Refuses fixed members before it parses the body, also if the switch accepts unknown fields. */
function parseCredentialPatch(body: unknown, switches: Switches): CredentialPatch {
  const auth = isObject(body) ? body["auth"] : undefined;
  for (const path of FIXED) {
    if (path.reduce<unknown>((value, member) => (isObject(value) ? value[member] : undefined), auth) !== undefined) {
      throw fixed(["auth", ...path].join("."));
    }
  }
  return parseBody(updateCredentialSchema, body, switches);
}

/** "Update a credential" merges: `metadata` by key, and null empties it. */
function patchedCredential(
  base: VaultCredential,
  patch: CredentialPatch,
  { credentialUpdate }: Switches,
): VaultCredential {
  const { metadata = {} } = patch;
  const { type = null, secret_name = null } = base.auth;
  const kept = credentialUpdate === "merge" ? base.auth : withoutNulls({ type, secret_name });
  return {
    ...base,
    auth: patch.auth === undefined ? base.auth : mergedAuth(kept, patch.auth),
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

export interface StoredCredential extends StoredObject {
  /** `auth` with its secrets, which no reply shows. */
  fields: VaultCredential;
}

/** "Get a credential": no reply shows these members. */
const WRITE_ONLY = ["token", "access_token", "refresh_token", "client_secret", "secret_value"];

/** The defaults of each type; in the types of the official clients, they may be null. */
const UNSET: Record<string, JsonObject> = {
  static_bearer: {},
  mcp_oauth: { expires_at: null, refresh: null },
  environment_variable: { networking: { type: "unrestricted" } },
};

export class Credentials extends ManagedObjects<StoredCredential, VaultCredential> {
  constructor(service: Service) {
    super(service, {
      noun: "Credential",
      type: "vault_credential",
      archiveTwice: (switches) => switches.archiveElsewhereTwice,
      archivedWrite: 400,
    });
  }

  create(vault: StoredObject, body: unknown): StoredCredential {
    const { switches } = this.service;
    if (vault.fields.archived_at !== null) throw conflict("Vault is archived");
    const given = parseCredential(body, switches);
    this.#refuseDuplicate(vault, given.auth);
    return this.place(vault, given);
  }

  place({ id: vault_id, owner }: StoredObject, overrides: Partial<VaultCredential>): StoredCredential {
    const fields = { ...this.#blank(vault_id), ...overrides };
    return this.add({ id: fields.id, owner, fields });
  }

  update(stored: StoredCredential, body: unknown): StoredCredential {
    const { switches } = this.service;
    this.refuseArchived(stored);
    const patch = parseCredentialPatch(body, switches);
    return this.apply(stored, patch, () => patchedCredential(stored.fields, patch, switches));
  }

  /** "Validate a credential": the service asks the MCP server. */
  validate(stored: StoredCredential): JsonObject {
    this.refuseArchived(stored);
    if (stored.fields.auth["mcp_server_url"] === undefined) {
      throw invalid("Credential has no MCP server to be validated with.");
    }
    const { answer, renewal } = credentialValidation(stored.fields, this.service.clock());
    this.renew(stored, renewal);
    return answer;
  }

  /** Stores a new token, which the service gets by itself before the old one expires. */
  renew(stored: StoredCredential, renewal: JsonObject): void {
    const { fields } = stored;
    fields.auth = { ...fields.auth, ...renewal };
    this.work(stored, "a renewal of a token");
  }

  removeAllOf(vaultId: string): void {
    for (const { id, fields } of this.all()) if (fields.vault_id === vaultId) this.remove(id);
  }

  override nameOf({ display_name: name }: VaultCredential): string | null {
    return name;
  }

  protected render({ fields }: StoredCredential, switches: Switches): VaultCredential {
    const auth = withoutSecrets(fields.auth);
    return structuredClone({ ...fields, auth: switches.fillDefaults ? withUnset(auth) : auth });
  }

  #refuseDuplicate(vault: StoredObject, auth: JsonObject): void {
    if (this.service.switches.duplicateCredentials === "allow") return;
    const others = this.live().filter(({ fields }) => fields.vault_id === vault.id);
    for (const member of ["mcp_server_url", "secret_name"]) {
      const isTaken = (other: StoredCredential) => other.fields.auth[member] === auth[member];
      if (auth[member] !== undefined && others.some(isTaken)) {
        throw conflict(`The vault already has an active credential with this ${member}.`);
      }
    }
  }

  #blank(vault_id: string): VaultCredential {
    return {
      ...this.newborn(this.service.makeId("vcred")),
      type: "vault_credential",
      vault_id,
      auth: { type: "static_bearer", mcp_server_url: "https://example.com/mcp", token: "token" },
      display_name: null,
    };
  }
}

function withoutSecrets(members: JsonObject): JsonObject {
  const shown = Object.entries(members).filter(([name]) => !WRITE_ONLY.includes(name));
  return Object.fromEntries(shown.map(([name, value]) => [name, isObject(value) ? withoutSecrets(value) : value]));
}

function withUnset(auth: JsonObject): JsonObject {
  const { refresh } = auth;
  const filled = isObject(refresh) ? { refresh: { scope: null, resource: null, ...refresh } } : {};
  return { ...UNSET[String(auth["type"])], ...auth, ...filled };
}

const HOUR_MILLISECONDS = 60 * 60 * 1000;

/**
 * "Validate a credential": `mcp_probe` is the failed step, and `refresh` the following exchange of the refresh token. The
 * service renews an expired token if the credential has a refresh token; `renewal` has the new members.
 */
function credentialValidation(
  { id, vault_id, auth }: VaultCredential,
  now: Date,
): { answer: JsonObject; renewal: JsonObject } {
  const hasRefreshToken = isObject(auth["refresh"]) && auth["refresh"]["refresh_token"] !== undefined;
  const isOver = Date.parse(String(auth["expires_at"])) <= now.getTime();
  const isValid = !isOver || hasRefreshToken;
  const isRenewed = isOver && hasRefreshToken;
  const answer = {
    credential_id: id,
    vault_id,
    type: "vault_credential_validation",
    status: isValid ? "valid" : "invalid",
    validated_at: wholeSeconds(now),
    has_refresh_token: hasRefreshToken,
    refresh: refreshOf(isValid, isRenewed),
    mcp_probe: isValid ? null : { method: "initialize", http_response: json(401, { error: "invalid_token" }) },
  };
  const renewal = {
    access_token: `renewed at ${now.toISOString()}`,
    expires_at: wholeSeconds(new Date(now.getTime() + HOUR_MILLISECONDS)),
  };
  return { answer, renewal: isRenewed ? renewal : {} };
}

function refreshOf(isValid: boolean, isRenewed: boolean): JsonObject | null {
  if (isRenewed) return { status: "succeeded", http_response: json(200, {}) };
  return isValid ? null : { status: "no_refresh_token", http_response: null };
}

function json(status_code: number, body: JsonObject): JsonObject {
  return { status_code, content_type: "application/json", body: JSON.stringify(body), body_truncated: false };
}
