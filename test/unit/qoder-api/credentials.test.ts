import type { Switches } from "../../qoder-api/index";
import { type Fields, keys, refused, times, useLab } from "./lab";

const SERVER = "https://example.com/mcp-stream";
const METADATA = { metadata: { team: "docs" } };
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
const VARIABLE = { type: "environment_variable", secret_name: "API_KEY", secret_value: "s3cret-value" };
const HOSTS = { networking: { type: "limited", allowed_hosts: ["b.example.com", "a.example.com"] } };
const PLACES = { injection_location: { header: true, body: false } };

describe("credentials", () => {
  const lab = useLab();
  let vault = "";
  beforeEach(() => {
    vault = lab.api.vaults.create().id;
  });
  const set = (switches: Partial<Switches>) => Object.assign(lab.api.switches, switches);
  const path = (id?: string) => `/vaults/${vault}/credentials${id === undefined ? "" : `/${id}`}`;
  const create = (auth: Fields, fields: Fields = {}) => lab.post(path(), { auth, ...fields });
  const made = async (auth: Fields, fields?: Fields) => {
    const answer = await create(auth, fields);
    expect(answer).toMatchObject({ status: 200 });
    return String(answer.body.id);
  };
  const update = (id: string, body: Fields) => lab.post(path(id), body);
  const invalid = (param?: string) => refused(400, "invalid_request_error", param === undefined ? {} : { param });

  test("the examples of Create, Update, Archive and Delete are answered as printed", async () => {
    const created = await create(BEARER, METADATA);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^vcred_[0-9a-f]{32}$/),
      type: "vault_credential",
      vault_id: vault,
      auth: { type: "static_bearer", mcp_server_url: SERVER },
      display_name: null,
      ...METADATA,
      archived_at: null,
      created_at: expect.stringMatching(/^2026-06-14T08:53:32/),
      updated_at: created.body["created_at"],
    });
    const id = String(created.body.id);
    lab.set("2026-06-14T09:00:00.5Z");
    const rotated = await update(id, {
      auth: { type: "static_bearer", token: "n3w" },
      metadata: { team: null, by: "ops" },
    });
    const updated_at = expect.stringMatching(/^2026-06-14T09:00:00\.5/);
    expect(rotated.body).toEqual({ ...created.body, metadata: { by: "ops" }, updated_at });
    expect(lab.api.credentials.auth(id)).toEqual({ ...BEARER, token: "n3w" });
    expect((await lab.get(path(id))).body).toEqual(rotated.body);
    expect((await lab.get(path())).body.data).toEqual([rotated.body]);
    const archived = await lab.post(`${path(id)}/archive`);
    expect(archived.body).toMatchObject({ id, archived_at: archived.body.updated_at });
    expect((await lab.get(path())).body.data).toEqual([]);
    expect((await lab.get(`${path()}?include_archived=true`)).body.data).toEqual([archived.body]);
    expect((await lab.delete(path(id))).body).toEqual({ id, type: "vault_credential_deleted" });
    expect(await lab.get(path(id))).toEqual(refused(404, "not_found_error"));
  });

  test.each<[string, Fields, Fields]>([
    ["a bearer token", BEARER, { type: "static_bearer", mcp_server_url: SERVER }],
    ["OAuth", { ...OAUTH, refresh: REFRESH }, { ...SHOWN_OAUTH, refresh: SHOWN_REFRESH }],
    ["OAuth that nothing renews", OAUTH, SHOWN_OAUTH],
    ["OAuth without an end", { ...OAUTH, expires_at: null }, { type: "mcp_oauth", mcp_server_url: SERVER }],
    ["a variable", VARIABLE, { type: "environment_variable", secret_name: "API_KEY" }],
    [
      "a variable for some hosts",
      { ...VARIABLE, ...HOSTS, ...PLACES },
      { type: "environment_variable", secret_name: "API_KEY", ...HOSTS, ...PLACES },
    ],
  ])("%s is shown without its secrets, in every reply", async (_what, auth, shown) => {
    const created = await create(auth, { display_name: "not kept" });
    const replies = [
      created,
      await lab.get(path(created.body.id)),
      await lab.get(path()),
      await update(String(created.body.id), {}),
      await lab.post(`${path(created.body.id)}/archive`),
    ];
    expect(created.body).toMatchObject({ auth: shown, display_name: null });
    expect(created.body["auth"]).toEqual(shown);
    for (const reply of replies) expect(reply.text).not.toContain("s3cret");
  });

  test.each<[string, Fields, string]>([
    ["no kind", { mcp_server_url: SERVER, token: "t" }, "auth.type"],
    ["an unknown kind", { type: "basic" }, "auth.type"],
    ["no server", { type: "static_bearer", token: "t" }, "auth.mcp_server_url"],
    ["a server that is too long", { ...BEARER, mcp_server_url: `https://${"x".repeat(2048)}` }, "auth.mcp_server_url"],
    ["no token", { type: "static_bearer", mcp_server_url: SERVER }, "auth.token"],
    ["an empty token", { ...BEARER, token: "" }, "auth.token"],
    ["a protocol", { ...BEARER, protocol: "sse" }, "auth.protocol"],
    ["an end that is no time", { ...OAUTH, expires_at: "tomorrow" }, "auth.expires_at"],
    [
      "a refresh without its token",
      { ...OAUTH, refresh: { ...REFRESH, refresh_token: undefined } },
      "auth.refresh.refresh_token",
    ],
    [
      "a client without its secret",
      { ...OAUTH, refresh: { ...REFRESH, token_endpoint_auth: { type: "client_secret_post" } } },
      "auth.refresh.token_endpoint_auth.client_secret",
    ],
    ["a name that no variable has", { ...VARIABLE, secret_name: "API-KEY" }, "auth.secret_name"],
    ["no value", { ...VARIABLE, secret_value: "" }, "auth.secret_value"],
    ["limits without hosts", { ...VARIABLE, networking: { type: "limited" } }, "auth.networking.allowed_hosts"],
  ])("%s is refused", async (_what, auth, param) => {
    expect(await create(auth)).toEqual(invalid(param));
    expect(lab.api.credentials.all()).toEqual([]);
  });

  test("the body must have auth, and labels within the limits", async () => {
    expect(await lab.post(path(), METADATA)).toEqual(invalid("auth"));
    expect(await create(BEARER, { metadata: keys(17) })).toEqual(invalid("metadata"));
    expect(await lab.post("/vaults/vault_none/credentials", { auth: BEARER })).toEqual(refused(404, "not_found_error"));
  });

  test.each<[string, Fields, Fields, Fields]>([
    ["a token", BEARER, { token: "n" }, { token: "n" }],
    ["an access token", OAUTH, { access_token: "n" }, { access_token: "n" }],
    ["an end", OAUTH, { expires_at: "2026-09-01T00:00:00Z" }, { expires_at: "2026-09-01T00:00:00Z" }],
    ["no end", OAUTH, { expires_at: null }, { expires_at: undefined }],
    ["a value", VARIABLE, { secret_value: "n" }, { secret_value: "n" }],
    [
      "other hosts",
      { ...VARIABLE, ...HOSTS },
      { networking: { type: "unrestricted" } },
      { networking: { type: "unrestricted" } },
    ],
    [
      "a refresh token",
      { ...OAUTH, refresh: REFRESH },
      { refresh: { refresh_token: "n" } },
      { refresh: { ...REFRESH, refresh_token: "n" } },
    ],
    [
      "no scope",
      { ...OAUTH, refresh: REFRESH },
      { refresh: { scope: null } },
      { refresh: { ...REFRESH, scope: undefined } },
    ],
    [
      "another way to authenticate",
      { ...OAUTH, refresh: REFRESH },
      { refresh: { token_endpoint_auth: { type: "client_secret_post" } } },
      { refresh: { ...REFRESH, token_endpoint_auth: { type: "client_secret_post", client_secret: "s3cret-client" } } },
    ],
  ])("an update to %s changes that alone", async (_what, auth, patch, changed) => {
    const id = await made(auth, METADATA);
    const { status, body } = await update(id, { auth: { type: auth["type"], ...patch } });
    expect([status, body.id, body.metadata]).toEqual([200, id, METADATA.metadata]);
    expect(lab.api.credentials.auth(id)).toEqual({ ...auth, ...changed });
  });

  test.each<[string, Fields, Fields, string]>([
    ["another kind", BEARER, { type: "mcp_oauth", access_token: "t" }, "auth.type"],
    ["no kind", BEARER, { token: "t" }, "auth.type"],
    ["another server", BEARER, { ...BEARER, mcp_server_url: "https://b" }, "auth.mcp_server_url"],
    ["another name", VARIABLE, { type: "environment_variable", secret_name: "B" }, "auth.secret_name"],
    [
      "another client",
      { ...OAUTH, refresh: REFRESH },
      { type: "mcp_oauth", refresh: { client_id: "b" } },
      "auth.refresh.client_id",
    ],
    ["a refresh that was not there", OAUTH, { type: "mcp_oauth", refresh: { refresh_token: "t" } }, "auth.refresh"],
    [
      "another resource",
      { ...OAUTH, refresh: REFRESH },
      { type: "mcp_oauth", refresh: { resource: "b" } },
      "auth.refresh.resource",
    ],
  ])("an update to %s is refused and changes nothing", async (_what, auth, patch, param) => {
    const id = await made(auth);
    expect(await update(id, { auth: patch })).toEqual(invalid(param));
    set({ unknownFields: "accept" });
    expect(await update(id, { auth: patch })).toEqual(invalid(param));
    expect(lab.api.credentials.auth(id)).toEqual(auth);
  });

  test("an update takes auth and metadata alone, and null empties the labels", async () => {
    const id = await made(BEARER, METADATA);
    expect(await update(id, { display_name: "n" })).toEqual(invalid("display_name"));
    expect((await update(id, { metadata: { add: "1" } })).body.metadata).toEqual({ team: "docs", add: "1" });
    expect((await update(id, { metadata: null })).body.metadata).toEqual({});
  });

  test.each([400, 409, 403] as const)("an archived credential answers an update with %s", async (status) => {
    const id = await made(BEARER);
    await lab.post(`${path(id)}/archive`);
    set({ archivedCredentialWrite: status });
    expect((await update(id, { metadata: { a: "1" } })).status).toBe(status);
    expect((await lab.post(`${path(id)}/archive`)).status).toBe(409);
  });

  test("a vault has one live credential for a server or a variable, unless told otherwise", async () => {
    const id = await made(BEARER);
    await made(VARIABLE);
    expect(await create(OAUTH)).toEqual(refused(409, "conflict_error"));
    expect(await create(VARIABLE)).toEqual(refused(409, "conflict_error"));
    set({ duplicateCredentials: "allow" });
    await made(OAUTH);
    set({ duplicateCredentials: "conflict" });
    const elsewhere = lab.api.vaults.create().id;
    expect((await lab.post(`/vaults/${elsewhere}/credentials`, { auth: BEARER })).status).toBe(200);
    expect(await lab.get(`/vaults/${elsewhere}/credentials/${id}`)).toEqual(refused(404, "not_found_error"));
    expect((await lab.get(path())).body.data).toHaveLength(3);
  });

  test("a vault holds as many credentials as the switch says", async () => {
    set({ credentialsPerVault: 2 });
    const answers = await Promise.all(times(3, (index) => create({ ...VARIABLE, secret_name: `KEY_${index}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 400]);
  });

  test("switches decide what becomes of the hosts of a variable", async () => {
    set({ variableNetworking: "required" });
    expect(await create(VARIABLE)).toEqual(invalid("auth.networking"));
    set({ variableSettings: "fixed" });
    const id = await made({ ...VARIABLE, ...HOSTS });
    expect(await update(id, { auth: { type: VARIABLE.type, ...HOSTS } })).toEqual(invalid("auth.networking"));
    set({ variableSettings: "dropped" });
    const { body } = await create({ ...VARIABLE, secret_name: "OTHER", ...HOSTS });
    expect(body["auth"]).toEqual({ type: VARIABLE.type, secret_name: "OTHER" });
  });

  test("switches decide what is filled in, in which order and with what message", async () => {
    set({ fillDefaults: true, listOrder: "reversed", addedMembers: "objects" });
    const added = { revision: "r1" };
    const { body } = await create({ ...VARIABLE, ...HOSTS });
    const allowed_hosts = ["a.example.com", "b.example.com"];
    expect(body["auth"]).toMatchObject({ networking: { type: "limited", allowed_hosts, ...added }, ...added });
    set({ addedMembers: "none", fillingIn: "late" });
    const id = await made({ ...OAUTH, expires_at: null });
    const unset = { type: "mcp_oauth", mcp_server_url: SERVER, expires_at: null, refresh: null };
    expect((await lab.get(path(id))).body["auth"]).toEqual(unset);
    set({ credentialMessages: "neutral" });
    expect(await create({ ...BEARER, token: "" })).toEqual(
      refused(400, "invalid_request_error", { message: "Invalid credential." }),
    );
  });

  test("the console makes a credential, renews its token, and changes a label that an update then carries", async () => {
    const { credentials } = lab.api;
    const { id } = credentials.create(vault, { auth: { ...OAUTH, refresh: REFRESH } });
    expect(credentials.renew(id, "2027-01-01T00:00:00Z").auth).toMatchObject({ expires_at: "2027-01-01T00:00:00Z" });
    credentials.changeMember(id, ["metadata", "team"], "x");
    expect((await lab.get(path(id))).body.metadata).toEqual({ team: "x" });
    expect((await update(id, METADATA)).body.metadata).toEqual(METADATA.metadata);
    expect(() => credentials.edit(id, { auth: BEARER })).toThrow("auth.mcp_server_url: cannot be changed");
    credentials.archive(id);
    expect(credentials.live()).toEqual([]);
    credentials.remove(id);
    expect(await lab.get(path(id))).toEqual(refused(404, "not_found_error"));
  });

  describe("mcp_oauth_validate", () => {
    const validate = async (id: string) => (await lab.post(`${path(id)}/mcp_oauth_validate`)).body;

    test("the example of Validate is answered as printed", async () => {
      const id = await made(OAUTH);
      lab.set("2026-08-19T02:58:16Z");
      const body = JSON.stringify({ error: "invalid_token" });
      expect(await validate(id)).toEqual({
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

    test("a token that works is valid, and one that has ended is renewed", async () => {
      const id = await made({ ...OAUTH, refresh: REFRESH });
      const valid = { status: "valid", has_refresh_token: true, mcp_probe: null };
      expect(await validate(id)).toMatchObject({ ...valid, refresh: null });
      lab.set("2026-08-19T02:58:16Z");
      expect(await validate(id)).toMatchObject({ ...valid, refresh: { status: "succeeded" } });
      expect(lab.api.credentials.get(id).auth["expires_at"]).toBe("2026-08-19T03:58:16Z");
    });

    test("the console says what the server makes of a token", async () => {
      const id = await made({ ...OAUTH, refresh: REFRESH });
      lab.api.credentials.verdict(id, "unknown");
      expect(await validate(id)).toMatchObject({
        status: "unknown",
        refresh: null,
        mcp_probe: { method: "initialize" },
      });
      lab.api.credentials.verdict(id, "invalid");
      expect(await validate(id)).toMatchObject({ status: "invalid", refresh: { status: "failed" } });
      lab.api.credentials.verdict(id);
      expect(await validate(id)).toMatchObject({ status: "valid" });
    });

    test("a variable, an archived credential and one that is not there are refused", async () => {
      const validated = (id: string) => lab.post(`${path(id)}/mcp_oauth_validate`);
      expect(await validated(await made(VARIABLE))).toEqual(invalid());
      const id = await made(BEARER);
      expect(await lab.post(`${path(id)}/mcp_oauth_validate`, { x: 1 })).toEqual(invalid("x"));
      await lab.post(`${path(id)}/archive`);
      expect(await validated(id)).toEqual(invalid());
      expect(await validated("vcred_none")).toEqual(refused(404, "not_found_error"));
    });
  });
});
