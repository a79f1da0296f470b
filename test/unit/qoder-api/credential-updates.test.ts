import type { Switches } from "../../qoder-api/index";
import { BEARER, HOSTS, invalid, METADATA, OAUTH, REFRESH, useCredentialLab, VARIABLE } from "./credential-lab";
import type { Fields } from "./lab";

describe("an update of a credential", () => {
  const inside = useCredentialLab();
  const { lab } = inside;
  const set = (switches: Partial<Switches>) => Object.assign(lab.api.switches, switches);

  test.each<[string, Fields, Fields, Fields]>([
    ["a token", BEARER, { token: "n" }, { token: "n" }],
    ["an access token", OAUTH, { access_token: "n" }, { access_token: "n" }],
    ["another expiry", OAUTH, { expires_at: "2026-09-01T00:00:00Z" }, { expires_at: "2026-09-01T00:00:00Z" }],
    ["no expiry", OAUTH, { expires_at: null }, { expires_at: undefined }],
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
  ])("to %s changes no other member", async (_what, auth, patch, changed) => {
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
    [
      "another client",
      { ...OAUTH, refresh: REFRESH },
      { type: "mcp_oauth", refresh: { client_id: "b" } },
      "auth.refresh.client_id",
    ],
    [
      "a refresh, for a credential without one",
      OAUTH,
      { type: "mcp_oauth", refresh: { refresh_token: "t" } },
      "auth.refresh",
    ],
    [
      "another resource",
      { ...OAUTH, refresh: REFRESH },
      { type: "mcp_oauth", refresh: { resource: "b" } },
      "auth.refresh.resource",
    ],
  ])("to %s is refused and changes nothing", async (_what, auth, patch, param) => {
    const id = await inside.made(auth);
    expect(await inside.update(id, { auth: patch })).toEqual(invalid(param));
    set({ unknownFields: "accept" });
    expect(await inside.update(id, { auth: patch })).toEqual(invalid(param));
    expect(lab.api.credentials.auth(id)).toEqual(auth);
  });

  test("may contain auth and metadata only, and null removes all labels", async () => {
    const id = await inside.made(BEARER, METADATA);
    expect(await inside.update(id, { display_name: "n" })).toEqual(invalid("display_name"));
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
