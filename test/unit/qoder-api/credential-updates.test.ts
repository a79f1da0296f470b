import type { Switches } from "../../qoder-api/index";
import { BEARER, FULL_OAUTH, HOSTS, METADATA, OAUTH, REFRESH, useCredentialLab, VARIABLE } from "./credential-lab";
import { type Fields, invalid, missing } from "./lab";

const refresh = (members: Fields) => ({ refresh: members });
const way = (client_secret?: string) => ({
  token_endpoint_auth: { type: "client_secret_post", ...(client_secret === undefined ? {} : { client_secret }) },
});

describe("an update of a credential", () => {
  const inside = useCredentialLab();
  const { lab } = inside;
  const set = (switches: Partial<Switches>) => Object.assign(lab.api.switches, switches);

  /** The members in the update, and how they are stored if that is another form. */
  test.each<[string, Fields, Fields, Fields?]>([
    ["a token", BEARER, { token: "n" }],
    ["an access token", OAUTH, { access_token: "n" }],
    ["another expiry", OAUTH, { expires_at: "2026-09-01T00:00:00Z" }],
    ["no expiry", OAUTH, { expires_at: null }, { expires_at: undefined }],
    ["a value", VARIABLE, { secret_value: "n" }],
    ["other hosts", { ...VARIABLE, ...HOSTS }, { networking: { type: "unrestricted" } }],
    ["a refresh token", FULL_OAUTH, refresh({ refresh_token: "n" }), refresh({ ...REFRESH, refresh_token: "n" })],
    ["no scope", FULL_OAUTH, refresh({ scope: null }), refresh({ ...REFRESH, scope: undefined })],
    ["another way to authenticate", FULL_OAUTH, refresh(way()), refresh({ ...REFRESH, ...way("s3cret-client") })],
  ])("to %s changes no other member", async (_what, auth, patch, changed = patch) => {
    const id = await inside.made(auth, METADATA);
    const { status, body } = await inside.update(id, { auth: { type: auth["type"], ...patch } });
    expect([status, body.id, body.metadata]).toEqual([200, id, METADATA.metadata]);
    expect(lab.api.credentials.auth(id)).toEqual({ ...auth, ...changed });
  });

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
    set({ unknownFields: "accept" });
    expect(await inside.update(id, { auth: patch })).toEqual(invalid({ param }));
    expect(lab.api.credentials.auth(id)).toEqual(auth);
  });

  test("may contain auth and metadata only, and null removes all labels", async () => {
    const id = await inside.made(BEARER, METADATA);
    expect(await inside.update(id, { display_name: "n" })).toEqual(invalid({ param: "display_name" }));
    expect((await inside.update(id, { metadata: { add: "1" } })).body.metadata).toEqual({ team: "docs", add: "1" });
    expect((await inside.update(id, { metadata: null })).body.metadata).toEqual({});
  });

  test.each([400, 409, 403] as const)("of an archived credential is answered with %s", async (status) => {
    const id = await inside.made(BEARER);
    await lab.post(`${inside.path(id)}/archive`);
    set({ archivedCredentialWrite: status });
    expect((await inside.update(id, { metadata: { a: "1" } })).status).toBe(status);
    expect((await lab.post(`${inside.path(id)}/archive`)).status).toBe(409);
  });
});

describe("mcp_oauth_validate", () => {
  const inside = useCredentialLab();
  const { lab } = inside;
  const validated = (id: string) => lab.post(`${inside.path(id)}/mcp_oauth_validate`);
  const validate = async (id: string) => (await validated(id)).body;

  test("the service answers the documented example of Validate as printed", async () => {
    const id = await inside.made(OAUTH);
    lab.set("2026-08-19T02:58:16Z");
    const body = JSON.stringify({ error: "invalid_token" });
    expect(await validate(id)).toEqual({
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

  test("a working token is valid, and the service renews an expired token", async () => {
    const id = await inside.made(FULL_OAUTH);
    const valid = { status: "valid", has_refresh_token: true, mcp_probe: null };
    expect(await validate(id)).toMatchObject({ ...valid, refresh: null });
    lab.set("2026-08-19T02:58:16Z");
    expect(await validate(id)).toMatchObject({ ...valid, refresh: { status: "succeeded" } });
    expect(lab.api.credentials.get(id).auth["expires_at"]).toBe("2026-08-19T03:58:16Z");
  });

  test("the console sets the verdict of the MCP server on a token", async () => {
    const id = await inside.made(FULL_OAUTH);
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

  test("the service refuses to validate a variable, an archived and an unknown credential", async () => {
    expect(await validated(await inside.made(VARIABLE))).toEqual(invalid());
    const id = await inside.made(BEARER);
    expect(await lab.post(`${inside.path(id)}/mcp_oauth_validate`, { x: 1 })).toEqual(invalid({ param: "x" }));
    await lab.post(`${inside.path(id)}/archive`);
    expect(await validated(id)).toEqual(invalid());
    expect(await validated("vcred_none")).toEqual(missing());
  });
});
