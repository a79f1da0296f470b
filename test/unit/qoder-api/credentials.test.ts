import type { Switches } from "../../qoder-api/index";
import {
  BEARER,
  HOSTS,
  METADATA,
  OAUTH,
  PLACES,
  REFRESH,
  SERVER,
  SHOWN_OAUTH,
  SHOWN_REFRESH,
  useCredentialLab,
  VARIABLE,
} from "./credential-lab";
import { conflict, type Fields, missing, times } from "./lab";

describe("credentials", () => {
  const inside = useCredentialLab();
  const { lab } = inside;
  const set = (switches: Partial<Switches>) => Object.assign(lab.api.switches, switches);

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

  test("a vault holds one live credential per server or variable, unless a switch says otherwise", async () => {
    const id = await inside.made(BEARER);
    await inside.made(VARIABLE);
    expect(await inside.create(OAUTH)).toEqual(conflict());
    expect(await inside.create(VARIABLE)).toEqual(conflict());
    set({ duplicateCredentials: "allow" });
    await inside.made(OAUTH);
    set({ duplicateCredentials: "conflict" });
    expect(await lab.post("/vaults/vault_none/credentials", { auth: BEARER })).toEqual(missing());
    const elsewhere = lab.api.vaults.create().id;
    expect((await lab.post(`/vaults/${elsewhere}/credentials`, { auth: BEARER })).status).toBe(200);
    expect(await lab.get(`/vaults/${elsewhere}/credentials/${id}`)).toEqual(missing());
    expect((await lab.get(inside.path())).body.data).toHaveLength(3);
  });

  test("the service refuses more credentials in a vault than the switch allows", async () => {
    set({ credentialsPerVault: 2 });
    const answers = await Promise.all(times(3, (index) => inside.create({ ...VARIABLE, secret_name: `KEY_${index}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 400]);
  });

  test("the console makes a credential, renews its token and changes a label, which an update can set back", async () => {
    const { credentials } = lab.api;
    const { id } = credentials.create(inside.vault, { auth: { ...OAUTH, refresh: REFRESH } });
    expect(credentials.renew(id, "2027-01-01T00:00:00Z").auth).toMatchObject({ expires_at: "2027-01-01T00:00:00Z" });
    credentials.changeMember(id, ["metadata", "team"], "x");
    expect((await lab.get(inside.path(id))).body.metadata).toEqual({ team: "x" });
    expect((await inside.update(id, METADATA)).body.metadata).toEqual(METADATA.metadata);
    expect(() => credentials.edit(id, { auth: BEARER })).toThrow("auth.mcp_server_url: cannot be changed");
    credentials.archive(id);
    expect(credentials.live()).toEqual([]);
    credentials.remove(id);
    expect(await lab.get(inside.path(id))).toEqual(missing());
  });
});
