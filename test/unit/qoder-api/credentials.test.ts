import { type Fields, invalid, type Lab, missing, useLab } from "./lab";

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

/** A new stand-in with an empty vault for each test of the file. */
class CredentialLab {
  vault = "";

  constructor(readonly lab: Lab) {}

  path(id?: string): string {
    return `/vaults/${this.vault}/credentials${id === undefined ? "" : `/${id}`}`;
  }

  create(auth: Fields, fields: Fields = {}) {
    return this.lab.post(this.path(), { auth, ...fields });
  }

  /** Creates a credential and returns its id. */
  async made(auth: Fields, fields?: Fields): Promise<string> {
    const answer = await this.create(auth, fields);
    expect(answer).toMatchObject({ status: 200 });
    return String(answer.body.id);
  }

  update(id: string, body: Fields) {
    return this.lab.post(this.path(id), body);
  }
}

function useCredentialLab(): CredentialLab {
  const inside = new CredentialLab(useLab());
  beforeEach(() => {
    inside.vault = inside.lab.api.vaults.create().id;
  });
  return inside;
}

describe("credentials", () => {
  const inside = useCredentialLab();
  const { lab } = inside;

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
    const created = await inside.create(auth, { display_name: "not kept" });
    const replies = [
      created,
      await lab.get(inside.path(created.body.id)),
      await lab.get(inside.path()),
      await inside.update(String(created.body.id), {}),
      await lab.post(`${inside.path(created.body.id)}/archive`),
    ];
    expect(created.body).toMatchObject({ auth: shown, display_name: null });
    expect(created.body["auth"]).toEqual(shown);
    for (const reply of replies) expect(reply.text).not.toContain("s3cret");
  });
});

const refresh = (members: Fields) => ({ refresh: members });

describe("an update of a credential", () => {
  const inside = useCredentialLab();
  const { lab } = inside;

  test.each<[string, Fields, Fields, string]>([
    ["another type", BEARER, { type: "mcp_oauth", access_token: "t" }, "auth.type"],
    ["no type", BEARER, { token: "t" }, "auth.type"],
    ["another server", BEARER, { ...BEARER, mcp_server_url: "https://b" }, "auth.mcp_server_url"],
    ["another name", VARIABLE, { type: "environment_variable", secret_name: "B" }, "auth.secret_name"],
    ["another client", FULL_OAUTH, { type: "mcp_oauth", ...refresh({ client_id: "b" }) }, "auth.refresh.client_id"],
    ["a first refresh", OAUTH, { type: "mcp_oauth", ...refresh({ refresh_token: "t" }) }, "auth.refresh"],
    ["another resource", FULL_OAUTH, { type: "mcp_oauth", ...refresh({ resource: "b" }) }, "auth.refresh.resource"],
  ])("to %s is refused and changes nothing", async (_what, auth, patch, param) => {
    const id = await inside.made(auth);
    expect(await inside.update(id, { auth: patch })).toEqual(invalid({ param }));
    lab.api.switches.unknownFields = "accept";
    expect(await inside.update(id, { auth: patch })).toEqual(invalid({ param }));
    expect(lab.api.credentials.auth(id)).toEqual(auth);
  });
});

describe("mcp_oauth_validate", () => {
  const inside = useCredentialLab();
  const { lab } = inside;

  test("the service answers the documented example of Validate as printed", async () => {
    const id = await inside.made(OAUTH);
    lab.set("2026-08-19T02:58:16Z");
    const body = JSON.stringify({ error: "invalid_token" });
    expect((await lab.post(`${inside.path(id)}/mcp_oauth_validate`)).body).toEqual({
      credential_id: id,
      vault_id: inside.vault,
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
});

describe("vaults", () => {
  const lab = useLab();
  const create = async (fields: Fields = {}) =>
    String((await lab.post("/vaults", { display_name: "keys", ...fields })).body.id);

  test("the service deletes a vault with its credentials, even if a deployment names the vault", async () => {
    const id = await create();
    const credential = lab.api.credentials.create(id).id;
    const elsewhere = lab.api.credentials.create(await create()).id;
    const deployment = lab.create({ vault_ids: [id] });
    expect((await lab.delete(`/vaults/${id}`)).status).toBe(200);
    expect(await lab.delete(`/vaults/${id}`)).toEqual(missing());
    expect(await lab.get(`/vaults/${id}/credentials/${credential}`)).toEqual(missing());
    expect(lab.api.credentials.all().map((one) => one.id)).toEqual([elsewhere]);
    expect((await lab.get(`/deployments/${deployment}`)).body["vault_ids"]).toEqual([id]);
  });
});
