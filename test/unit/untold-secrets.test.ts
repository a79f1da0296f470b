import { check } from "../../provider/resource/check/check";
import { vaultCredentialKind } from "../../provider/vault-credential/kind";

const server = { type: "static_bearer", mcpServerUrl: "https://mcp.example.com" };
const refresh = {
  clientId: "client",
  tokenEndpoint: "https://auth.example.com/token",
  tokenEndpointAuth: { type: "client_secret_post" },
};
const oauth = { type: "mcp_oauth", mcpServerUrl: "https://mcp.example.com" };

const failures = (before: object | undefined, after: object, isReplacement = false) => {
  const inputs = (auth: object) => ({ vaultId: "vault_1", auth });
  return check(vaultCredentialKind, before === undefined ? {} : inputs(before), inputs(after), isReplacement).failures;
};

test("the check accepts an existing credential without the secrets that an import left out, at any depth", () => {
  expect(failures(server, server)).toEqual([]);
  expect(failures({ ...oauth, refresh }, { ...oauth, refresh })).toEqual([]);
});

test("the check reports missing secrets of a new credential and of a replacement", () => {
  expect(failures(undefined, server)).toEqual(["auth.token: is missing"]);
  expect(failures(undefined, server, true)).toEqual(["auth.token: is missing"]);
  expect(failures(undefined, { ...oauth, refresh })).toEqual([
    "auth.accessToken: is missing",
    "auth.refresh.refreshToken: is missing",
    "auth.refresh.tokenEndpointAuth.clientSecret: is missing",
  ]);
});

test.each<[string, object, object, string]>([
  ["a recorded secret", { ...server, token: "t" }, server, "auth.token: is missing"],
  ["the secret of another type", { type: "environment_variable", secretName: "A" }, server, "auth.token: is missing"],
  ["a member that is no secret", server, { type: "static_bearer" }, "auth.mcpServerUrl: is missing"],
  ["the secret of a new member", oauth, { ...oauth, refresh }, "auth.refresh.refreshToken: is missing"],
])("the check reports an existing credential without %s", (_, before, after, failure) => {
  expect(failures(before, after)).toContain(failure);
});

test("the check refuses the placeholder of an import in place of a token", () => {
  const stands =
    'is the placeholder of a secret that only Qoder knows; keep ignoreChanges: ["auth"] on this resource, or write the secret itself';
  for (const before of [undefined, oauth]) {
    expect(failures(before, { ...oauth, accessToken: "known to Qoder alone" })).toEqual([
      `auth.accessToken: ${stands}`,
    ]);
  }
});
