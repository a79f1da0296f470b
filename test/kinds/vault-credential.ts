import { vaultCredentials } from "../../provider/kinds/table";
import { vaultCredentialKind } from "../../provider/vault-credential/kind";
import { type ArgumentRow, inMember } from "./argument-row";
import { acknowledge, adopt, metadata } from "./common";
import { kindRow } from "./kind-row";

const bearer = { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: "mcp-one" };
const refresh = {
  clientId: "client",
  refreshToken: "refresh-one",
  tokenEndpoint: "https://login.example.com/token",
  tokenEndpointAuth: { type: "client_secret_basic", clientSecret: "secret-one" },
  scope: "read",
};
const oauth = { type: "mcp_oauth", mcpServerUrl: "https://mcp.example.com", accessToken: "access-one", refresh };
const variable = { type: "environment_variable", secretName: "API_KEY", secretValue: "value-one" };
const wireVariable = { type: "environment_variable", secret_name: "API_KEY" };

const open = { ...variable, networking: { type: "unrestricted" } };
const limited = { type: "limited", allowed_hosts: ["a.example.com"] };

const auth: ArgumentRow = {
  leftOut: "refused",
  value: open,
  sent: { auth: { ...wireVariable, secret_value: "value-one", networking: { type: "unrestricted" } } },
  removed: {},
  shown: { auth: { ...wireVariable, networking: { type: "unrestricted" } } },
  described: { type: "environment_variable", secretName: "API_KEY", networking: { type: "unrestricted" } },
  edited: {
    by: { auth: { type: "environment_variable", networking: limited } },
    to: { ...open, networking: { type: "limited", allowedHosts: ["a.example.com"] } },
    repaired: { auth: { type: "environment_variable", networking: { type: "unrestricted" } } },
  },
  same: inMember("auth", [
    [bearer, { type: "static_bearer", mcp_server_url: "https://mcp.example.com" }],
    [
      { ...oauth, refresh: undefined },
      { type: "mcp_oauth", mcp_server_url: "https://mcp.example.com", expires_at: "2027-01-01T00:00:00Z" },
    ],
    [variable, { ...wireVariable, networking: { type: "unrestricted" } }],
  ]),
  drift: inMember("auth", [
    [bearer, { type: "static_bearer", mcp_server_url: "https://elsewhere.example.com" }],
    [
      { ...oauth, refresh: undefined, expiresAt: "2026-12-01T00:00:00Z" },
      { type: "mcp_oauth", mcp_server_url: "https://mcp.example.com", expires_at: "2027-01-01T00:00:00Z" },
    ],
    [variable, { ...wireVariable, networking: { type: "limited", allowed_hosts: ["a.example.com"] } }],
  ]),
  mistakes: [
    [{ ...bearer, token: "" }, "auth.token: is empty"],
    [{ type: "static_bearer", token: "t" }, "auth.mcpServerUrl: is missing"],
    [{ ...bearer, type: "bearer" }, "auth.type: is not one of static_bearer, mcp_oauth, environment_variable"],
    [
      { ...variable, secretName: "1_KEY" },
      "auth.secretName: is not a variable name: letters, digits and _, not starting with a digit",
    ],
    [
      { ...oauth, refresh: { ...refresh, tokenEndpointAuth: { type: "none", clientSecret: "s" } } },
      "auth.refresh.tokenEndpointAuth.clientSecret: is not known here; known are type",
    ],
    [{ ...oauth, expiresAt: "tomorrow" }, 'auth.expiresAt: write a time such as "2026-11-25T00:00:00Z"'],
  ],
};

const changed = (what: string, before: object, after: object, sent: object) => ({
  what,
  before: { auth: before },
  after: { auth: after },
  sent: { auth: { type: "type" in after ? String(after.type) : "", ...sent } },
});

/** In the state the id of a credential follows the id of its vault. */
const ownId = (id: string) => id.split("/").at(-1) ?? "";

export const vaultCredential = kindRow(vaultCredentialKind, vaultCredentials, {
  hasNoLookUp: true,
  renamed: "never",
  steps: [{ metadata: { team: "daily" } }, { metadata: { team: "nightly" } }],
  sendsWhenAdopted: true,
  place: "/vaults/vault_a/credentials",
  least: { vaultId: "vault_a", auth: bearer },
  rows: { auth, metadata, adopt: { ...adopt, value: "vault_a/vcred_x" }, acknowledge },
  changes: [
    changed("a token", bearer, { ...bearer, token: "mcp-two" }, { token: "mcp-two" }),
    changed("an access token", oauth, { ...oauth, accessToken: "access-two" }, { access_token: "access-two" }),
    changed(
      "a refresh token",
      oauth,
      { ...oauth, refresh: { ...refresh, refreshToken: "refresh-two" } },
      { refresh: { refresh_token: "refresh-two" } },
    ),
    changed(
      "a scope to no value",
      oauth,
      { ...oauth, refresh: { ...refresh, scope: undefined } },
      { refresh: { scope: null } },
    ),
    changed(
      "the value of a variable",
      variable,
      { ...variable, secretValue: "value-two" },
      { secret_value: "value-two" },
    ),
    {
      what: "a token and a label at once",
      before: { auth: bearer, metadata: { team: "a" } },
      after: { auth: { ...bearer, token: "mcp-two" }, metadata: { team: "b" } },
      sent: { auth: { type: "static_bearer", token: "mcp-two" }, metadata: { team: "b" } },
    },
    {
      what: "another version of the same secret",
      before: { auth: bearer, secretVersion: 1 },
      after: { auth: bearer, secretVersion: 2 },
      sent: { auth: { type: "static_bearer", token: "mcp-one" } },
    },
  ],
  replacing: {
    vaultId: { value: "vault_a", others: ["vault_b"] },
  },
  about: ["vault"],
  secret: (token) => ({ auth: { ...bearer, token } }),
  prepare(api) {
    for (const id of ["vault_a", "vault_b"]) {
      if (!api.vaults.all().some((one) => one.id === id)) {
        api.vaults.create({ id, display_name: id });
      }
    }
  },
  console({ credentials }) {
    const placed = (one: ReturnType<typeof credentials.get>) => ({ ...one, id: `${one.vault_id}/${one.id}` });
    return {
      get: (id) => placed(credentials.get(ownId(id))),
      all: () => credentials.all().map(placed),
      live: () => credentials.live().map(placed),
      edit: (id, body) => placed(credentials.edit(ownId(id), body)),
      archive: (id) => placed(credentials.archive(ownId(id))),
      changeMember: (id, ...change) => credentials.changeMember(ownId(id), ...change),
      restoreMembers: (id) => credentials.restoreMembers(ownId(id)),
      remove: (id) => credentials.remove(ownId(id)),
    };
  },
});
