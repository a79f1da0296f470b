import { BEARER, invalid, OAUTH, REFRESH, useCredentialLab, VARIABLE } from "./credential-lab";
import { refused } from "./lab";

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
    const id = await inside.made({ ...OAUTH, refresh: REFRESH });
    const valid = { status: "valid", has_refresh_token: true, mcp_probe: null };
    expect(await validate(id)).toMatchObject({ ...valid, refresh: null });
    lab.set("2026-08-19T02:58:16Z");
    expect(await validate(id)).toMatchObject({ ...valid, refresh: { status: "succeeded" } });
    expect(lab.api.credentials.get(id).auth["expires_at"]).toBe("2026-08-19T03:58:16Z");
  });

  test("the console sets the verdict of the MCP server on a token", async () => {
    const id = await inside.made({ ...OAUTH, refresh: REFRESH });
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
    expect(await lab.post(`${inside.path(id)}/mcp_oauth_validate`, { x: 1 })).toEqual(invalid("x"));
    await lab.post(`${inside.path(id)}/archive`);
    expect(await validated(id)).toEqual(invalid());
    expect(await validated("vcred_none")).toEqual(refused(404, "not_found_error"));
  });
});
