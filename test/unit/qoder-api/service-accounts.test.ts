import { request } from "undici";
import { z } from "zod";
import { type Fields, invalid, refused, useLab } from "./lab";

const BODY = { grant_type: "client_credentials", audience: "qoder", scope: "qca.access", ttl_seconds: 3600 };
const PATH = "/api/v1/serviceToken/exchange";
const tokenSchema = z.looseObject({ access_token: z.string().default("") });

describe("the key of a service account", () => {
  const lab = useLab({ tokens: { "pt-test": "default", "pt-other": "other" } });

  const exchange = async (key: string, fields: Fields = {}) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const body = JSON.stringify({ ...BODY, ...fields });
    const answer = await request(lab.api.exchangeHost + PATH, { method: "POST", headers, body });
    return { status: answer.statusCode, body: tokenSchema.parse(await answer.body.json()) };
  };
  const tokenOf = async (key: string, fields?: Fields) => (await exchange(key, fields)).body.access_token;
  const statusWith = async (token: string) => (await lab.get("/agents", { token })).status;

  test("is exchanged for a JWT, which works for the account until it expires", async () => {
    const { key } = lab.api.serviceAccounts.create();
    const { status, body } = await exchange(key);
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        token_type: "Bearer",
        expires_in: 3600,
        expires_at: "2026-06-14T09:53:32.000Z",
      },
    ]);
    const token = body.access_token;
    expect((await lab.get(`/agents/${lab.agent}`, { token })).status).toBe(200);
    lab.set("2026-06-14T09:53:31Z");
    expect(await statusWith(token)).toBe(200);
    lab.set("2026-06-14T09:53:32Z");
    expect(await lab.get("/agents", { token })).toEqual(refused(401, "authentication_error"));
  });

  test.each<[string, Fields]>([
    ["another grant type", { grant_type: "password" }],
    ["another audience", { audience: "other" }],
    ["no scope", { scope: "" }],
    ["a lifetime of zero", { ttl_seconds: 0 }],
    ["a lifetime above twelve hours", { ttl_seconds: 43_201 }],
    ["a lifetime that is not a number", { ttl_seconds: "3600" }],
  ])("is not exchanged by a request with %s", async (_what, fields) => {
    const { key } = lab.api.serviceAccounts.create();
    expect(await exchange(key, fields)).toEqual(invalid());
  });

  test("is refused once it is revoked, but its tokens work until the console ends them", async () => {
    const { id, key } = lab.api.serviceAccounts.create();
    const token = await tokenOf(key);
    lab.api.serviceAccounts.revoke(id);
    expect(await exchange(key)).toEqual(refused(401, "authentication_error"));
    expect(await statusWith(token)).toBe(200);
    lab.api.serviceAccounts.endTokens(id);
    expect(await statusWith(token)).toBe(401);
  });
});
