import { parseCredential, parseCredentialPatch, patchedCredential } from "./credential-input";
import { conflict, invalid } from "./errors";
import { ManagedObjects, type StoredObject } from "./managed-objects";
import { isObject } from "./parse";
import { type Service, wholeSeconds } from "./service";
import type { Switches } from "./switches";
import type { JsonObject, VaultCredential } from "./wire";

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

  /** Adds an object without any check. */
  place({ id: vault_id, owner }: StoredObject, overrides: Partial<VaultCredential>): StoredCredential {
    const fields = { ...this.#blank(vault_id), ...overrides };
    return this.add({ id: fields.id, owner, fields });
  }

  update(stored: StoredCredential, body: unknown): StoredCredential {
    const { switches } = this.service;
    this.refuseArchived(stored);
    const patch = parseCredentialPatch(body, switches);
    return this.apply(stored, patch, () => patchedCredential(stored.fields, patch));
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
  renew({ fields }: StoredCredential, renewal: JsonObject): void {
    fields.auth = { ...fields.auth, ...renewal };
  }

  removeAllOf(vaultId: string): void {
    for (const { id, fields } of this.all()) if (fields.vault_id === vaultId) this.remove(id);
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
