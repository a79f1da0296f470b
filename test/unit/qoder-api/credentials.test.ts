import { type Fields, invalid, missing, useLab } from "./lab";

/** Bodies of creates, whose secrets no reply may show, and as `SHOWN_…` the replies to them. */
const SERVER = "https://example.com/mcp-stream";
const BEARER = { type: "static_bearer", mcp_server_url: SERVER, token: "s3cret-token" };
const SHOWN_REFRESH = {
  client_id: "oauth-client-id",
  token_endpoint: "https://auth.example.com/oauth/token",
  token_endpoint_auth: { type: "client_secret_basic" },
  resource: "https://mcp.example.com/mcp",
  scope: "mcp.read mcp.write",
};
const REFRESH = {
  ...SHOWN_REFRESH,
  refresh_token: "s3cret-refresh",
  token_endpoint_auth: { type: "client_secret_basic", client_secret: "s3cret-client" },
};
const SHOWN_OAUTH = { type: "mcp_oauth", mcp_server_url: SERVER, expires_at: "2026-08-16T08:00:00Z" };
const OAUTH = { ...SHOWN_OAUTH, access_token: "s3cret-access" };
const FULL_OAUTH = { ...OAUTH, refresh: REFRESH };
const VARIABLE = { type: "environment_variable", secret_name: "API_KEY", secret_value: "s3cret-value" };
const HOSTS = { networking: { type: "limited", allowed_hosts: ["b.example.com", "a.example.com"] } };
const PLACES = { injection_location: { header: true, body: false } };

const lab = useLab();
let vault = "";
beforeEach(() => {
  vault = lab.api.vaults.create().id;
});

const pathOf = (id?: unknown) => `/vaults/${vault}/credentials${id === undefined ? "" : `/${id}`}`;
const create = (auth: Fields, fields: Fields = {}) => lab.post(pathOf(), { auth, ...fields });
const made = async (auth: Fields) => String((await create(auth)).body.id);
const update = (id: string, body: Fields) => lab.post(pathOf(id), body);

describe("credentials", () => {
  test.each<[string, Fields, Fields]>([
    ["a bearer token", BEARER, { type: "static_bearer", mcp_server_url: SERVER }],
    ["OAuth", { ...OAUTH, refresh: REFRESH }, { ...SHOWN_OAUTH, refresh: SHOWN_REFRESH }],
    ["OAuth without a refresh", OAUTH, SHOWN_OAUTH],
    ["OAuth without an expiry", { ...OAUTH, expires_at: null }, { type: "mcp_oauth", mcp_server_url: SERVER }],
    ["a variable", VARIABLE, { type: "environment_variable", secret_name: "API_KEY" }],
    [
      "a variable for some hosts",
      { ...VARIABLE, ...HOSTS, ...PLACES },
      { type: "environment_variable", secret_name: "API_KEY", ...HOSTS, ...PLACES },
    ],
  ])("no reply shows the secrets of %s", async (_what, auth, shown) => {
    const created = await create(auth, { display_name: "not kept" });
    const replies = [
      created,
      await lab.get(pathOf(created.body.id)),
      await lab.get(pathOf()),
      await update(String(created.body.id), {}),
      await lab.post(`${pathOf(created.body.id)}/archive`),
    ];
    expect(created.body).toMatchObject({ auth: shown, display_name: null });
    expect(created.body["auth"]).toEqual(shown);
    for (const reply of replies) expect(reply.text).not.toContain("s3cret");
  });
});

const refresh = (members: Fields) => ({ refresh: members });

describe("an update of a credential", () => {
  test.each<[string, Fields, Fields, string]>([
    ["another type", BEARER, { type: "mcp_oauth", access_token: "t" }, "auth.type"],
    ["no type", BEARER, { token: "t" }, "auth.type"],
    ["another server", BEARER, { ...BEARER, mcp_server_url: "https://b" }, "auth.mcp_server_url"],
    ["another name", VARIABLE, { type: "environment_variable", secret_name: "B" }, "auth.secret_name"],
    ["another client", FULL_OAUTH, { type: "mcp_oauth", ...refresh({ client_id: "b" }) }, "auth.refresh.client_id"],
    ["a first refresh", OAUTH, { type: "mcp_oauth", ...refresh({ refresh_token: "t" }) }, "auth.refresh"],
    ["another resource", FULL_OAUTH, { type: "mcp_oauth", ...refresh({ resource: "b" }) }, "auth.refresh.resource"],
  ])("to %s is refused and changes nothing", async (_what, auth, patch, param) => {
    const id = await made(auth);
    expect(await update(id, { auth: patch })).toEqual(invalid({ param }));
    lab.api.switches.unknownFields = "accept";
    expect(await update(id, { auth: patch })).toEqual(invalid({ param }));
    expect(lab.api.credentials.auth(id)).toEqual(auth);
  });
});

test("the service answers the documented example of Validate as printed", async () => {
  const id = await made(OAUTH);
  lab.set("2026-08-19T02:58:16Z");
  const body = JSON.stringify({ error: "invalid_token" });
  expect((await lab.post(`${pathOf(id)}/mcp_oauth_validate`)).body).toEqual({
    credential_id: id,
    vault_id: vault,
    type: "vault_credential_validation",
    status: "invalid",
    validated_at: "2026-08-19T02:58:16Z",
    has_refresh_token: false,
    refresh: { status: "no_refresh_token", http_response: null },
    mcp_probe: {
      method: "initialize",
      http_response: { status_code: 401, content_type: "application/json", body, body_truncated: false },
    },
  });
});

test("the service deletes a vault with its credentials, even if a deployment names the vault", async () => {
  const credential = lab.api.credentials.create(vault).id;
  const elsewhere = lab.api.credentials.create(lab.api.vaults.create().id).id;
  const deployment = lab.create({ vault_ids: [vault] });
  expect((await lab.delete(`/vaults/${vault}`)).status).toBe(200);
  expect(await lab.delete(`/vaults/${vault}`)).toEqual(missing());
  expect(await lab.get(pathOf(credential))).toEqual(missing());
  expect(lab.api.credentials.all().map((one) => one.id)).toEqual([elsewhere]);
  expect((await lab.get(`/deployments/${deployment}`)).body["vault_ids"]).toEqual([vault]);
});
