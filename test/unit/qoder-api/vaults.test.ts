import { type Call, type Fields, keys, refused, useLab } from "./lab";

const missing = refused(404, "not_found_error");
const bearer = { auth: { type: "static_bearer", mcp_server_url: "https://example.com/mcp", token: "s3cret" } };

describe("vaults", () => {
  const lab = useLab({ tokens: { "pt-test": "default", "pt-other": "other" } });
  const create = async (fields: Fields = {}) =>
    String((await lab.post("/vaults", { display_name: "keys", ...fields })).body.id);

  test("the service answers the documented example of Create as printed; other replies have no credentials", async () => {
    const body = { display_name: "my-mcp-vault", metadata: { team: "docs" } };
    const created = await lab.post("/vaults", body);
    expect(created).toMatchObject({ status: 200 });
    const vault = {
      id: expect.stringMatching(/^vault_[0-9a-f]{32}$/),
      type: "vault",
      ...body,
      archived_at: null,
      created_at: expect.stringMatching(/^2026-06-14T08:53:32(\.\d{0,5}[1-9])?Z$/),
      updated_at: created.body["created_at"],
    };
    expect(created.body).toEqual({ ...vault, credentials: [] });
    expect((await lab.get(`/vaults/${created.body.id}`)).body).toEqual(vault);
    expect((await lab.get("/vaults")).body.data).toEqual([vault]);
  });

  test.each<[Fields, string]>([
    [{}, "display_name"],
    [{ display_name: "" }, "display_name"],
    [{ display_name: "x".repeat(256) }, "display_name"],
    [{ display_name: "v", credentials: [] }, "credentials"],
    [{ display_name: "v", metadata: keys(17) }, "metadata"],
    [{ display_name: "v", metadata: { a: 1 } }, "metadata.a"],
  ])("a create with %j is refused because of %s", async (body, param) => {
    expect(await lab.post("/vaults", body)).toEqual(refused(400, "invalid_request_error", { param }));
  });

  test("the service has no update of a vault", async () => {
    const id = await create();
    expect(await lab.post(`/vaults/${id}`, { display_name: "n" })).toEqual(missing);
    lab.api.switches.vaultUpdate = 405;
    expect((await lab.post(`/vaults/${id}`, { display_name: "n" })).status).toBe(405);
    expect(lab.api.vaults.get(id).display_name).toBe("keys");
  });

  test("an archived vault can be read and deleted, is not in lists and refuses credentials", async () => {
    const id = await create();
    const { body } = await lab.post(`/vaults/${id}/archive`);
    expect(body).toMatchObject({ archived_at: body.updated_at, display_name: "keys" });
    expect((await lab.get(`/vaults/${id}`)).body).toEqual(body);
    const twice = refused(409, "conflict_error", { message: "Vault is already archived" });
    expect(await lab.post(`/vaults/${id}/archive`)).toEqual(twice);
    lab.api.switches.archiveElsewhereTwice = 200;
    expect((await lab.post(`/vaults/${id}/archive`)).body).toEqual(body);
    expect((await lab.get("/vaults")).body.data).toEqual([]);
    expect((await lab.get("/vaults?include_archived=true")).body.data).toEqual([body]);
    expect(await lab.post(`/vaults/${id}/credentials`, bearer)).toEqual(refused(409, "conflict_error"));
    expect((await lab.delete(`/vaults/${id}`)).body).toEqual({ id, type: "vault_deleted" });
    expect(await lab.get(`/vaults/${id}`)).toEqual(missing);
  });

  test("the service deletes a vault with its credentials, even if a deployment names the vault", async () => {
    const id = await create();
    const credential = lab.api.credentials.create(id).id;
    const elsewhere = lab.api.credentials.create(await create()).id;
    const deployment = lab.create({ vault_ids: [id] });
    expect((await lab.delete(`/vaults/${id}`)).status).toBe(200);
    expect(await lab.delete(`/vaults/${id}`)).toEqual(missing);
    expect(await lab.get(`/vaults/${id}/credentials/${credential}`)).toEqual(missing);
    expect(lab.api.credentials.all().map((one) => one.id)).toEqual([elsewhere]);
    expect((await lab.get(`/deployments/${deployment}`)).body["vault_ids"]).toEqual([id]);
  });

  test("a removal is answered with 204 and no body, if a switch follows the first pages", async () => {
    lab.api.switches.deleteReply = "empty";
    expect(await lab.delete(`/vaults/${await create()}`)).toMatchObject({ status: 204, text: "" });
    expect(lab.api.vaults.all()).toEqual([]);
  });

  test("archiving a vault keeps its credentials live, or archives them if a switch says so", async () => {
    const [kept, gone] = [await create(), await create()];
    const credentials = [kept, gone].map((vault) => lab.api.credentials.create(vault).id);
    await lab.post(`/vaults/${kept}/archive`);
    lab.api.switches.archivedVault = "archive-credentials";
    await lab.post(`/vaults/${gone}/archive`);
    expect(lab.api.credentials.live().map(({ id }) => id)).toEqual([credentials[0]]);
  });

  test("a list has pages and filters by the whole name, or by a part of it if a switch says so", async () => {
    const ids = [await create({ display_name: "a key" }), await create({ display_name: "b key" })].reverse();
    const list = async (query: string) => (await lab.get(`/vaults?${query}`)).body.data?.map(({ id }) => id);
    expect(await list("limit=1")).toEqual([ids[0]]);
    expect(await list(`limit=1&page=${ids[0]}`)).toEqual([ids[1]]);
    expect(await list(`before_id=${ids[1]}`)).toEqual([ids[0]]);
    expect(await list("name=a%20key")).toEqual([ids[1]]);
    expect(await list("name=KEY")).toEqual([]);
    lab.api.switches.nameFilter = "part";
    expect(await list("name=KEY")).toEqual(ids);
    expect(await lab.get("/vaults?limit=101")).toEqual(refused(400, "invalid_request_error"));
  });

  test("two vaults may share a name, unless a switch forbids it", async () => {
    await create();
    expect((await lab.post("/vaults", { display_name: "keys" })).status).toBe(200);
    lab.api.switches.duplicateNamesElsewhere = "conflict";
    const message = "A vault named 'keys' already exists.";
    expect(await lab.post("/vaults", { display_name: "keys" })).toEqual(refused(409, "conflict_error", { message }));
  });

  test("another account and another workspace neither see nor remove a vault and its credentials", async () => {
    const id = await create();
    const credential = lab.api.credentials.create(id).id;
    const strangers: Call[] = [{ token: "pt-other" }, { headers: { "qoder-workspace-id": "ws_2" } }];
    for (const stranger of strangers) {
      expect((await lab.get("/vaults", stranger)).body.data).toEqual([]);
      for (const path of [`/vaults/${id}`, `/vaults/${id}/credentials/${credential}`]) {
        expect(await lab.get(path, stranger)).toEqual(missing);
        expect(await lab.delete(path, stranger)).toEqual(missing);
        expect(await lab.post(`${path}/archive`, undefined, stranger)).toEqual(missing);
      }
      expect(await lab.get(`/vaults/${id}/credentials`, stranger)).toEqual(missing);
      expect(await lab.post(`/vaults/${id}/credentials`, bearer, stranger)).toEqual(missing);
    }
  });

  test("a repeated idempotency key makes no second vault and repeats the answer of a removal, unless keys are ignored", async () => {
    const key = { headers: { "idempotency-key": "k" } };
    const first = await lab.post("/vaults", { display_name: "keys" }, key);
    expect((await lab.post("/vaults", { display_name: "keys" }, key)).body).toEqual(first.body);
    const removal = { headers: { "idempotency-key": "r" } };
    const removed = await lab.delete(`/vaults/${first.body.id}`, removal);
    expect((await lab.delete(`/vaults/${first.body.id}`, removal)).body).toEqual(removed.body);
    lab.api.switches.idempotencyKeysElsewhere = "ignore";
    expect((await lab.post("/vaults", { display_name: "keys" }, key)).body.id).not.toBe(first.body.id);
  });

  test("faults and hiding apply to vaults as to agents", async () => {
    lab.api.fault({ kind: "status", status: 503, path: "/vaults", method: "POST" });
    expect((await lab.post("/vaults", { display_name: "keys" })).status).toBe(503);
    lab.api.switches.hiddenForMs = 1_000;
    const id = await create();
    expect(await lab.get(`/vaults/${id}`)).toEqual(missing);
    lab.set("2026-06-14T08:53:33Z");
    expect((await lab.get(`/vaults/${id}`)).status).toBe(200);
  });

  test("the console renames, labels, archives and removes a vault, and logs no request", () => {
    const { vaults } = lab.api;
    const { id } = vaults.create({ metadata: { a: "1" } });
    const edited = vaults.edit(id, { display_name: "renamed", metadata: { a: null, b: "2" } });
    expect(edited).toMatchObject({ display_name: "renamed", metadata: { b: "2" } });
    expect(vaults.overwrite(id, { display_name: "again" }).display_name).toBe("again");
    expect(vaults.changeMember(id, ["metadata", "b"], "3").metadata).toEqual({ b: "3" });
    expect(vaults.restoreMembers(id).metadata).toEqual({ b: "2" });
    vaults.archive(id);
    expect([vaults.live(), vaults.all().length]).toEqual([[], 1]);
    expect(() => vaults.edit(id, { display_name: "n" })).toThrow("Vault is archived");
    vaults.remove(id);
    expect([vaults.all(), lab.api.requests]).toEqual([[], []]);
  });
});
