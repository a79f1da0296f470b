import { conflict, type Fields, missing, useLab } from "./lab";

const bearer = { auth: { type: "static_bearer", mcp_server_url: "https://example.com/mcp", token: "s3cret" } };

describe("vaults", () => {
  const lab = useLab();
  const create = async (fields: Fields = {}) =>
    String((await lab.post("/vaults", { display_name: "keys", ...fields })).body.id);

  test("the service has no update of a vault", async () => {
    const id = await create();
    expect(await lab.post(`/vaults/${id}`, { display_name: "n" })).toEqual(missing());
    lab.api.switches.vaultUpdate = 405;
    expect((await lab.post(`/vaults/${id}`, { display_name: "n" })).status).toBe(405);
    expect(lab.api.vaults.get(id).display_name).toBe("keys");
  });

  test("an archived vault refuses credentials, and can be deleted", async () => {
    const { id } = lab.api.vaults.archive(await create());
    expect(await lab.post(`/vaults/${id}/credentials`, bearer)).toEqual(conflict());
    expect((await lab.delete(`/vaults/${id}`)).body).toEqual({ id, type: "vault_deleted" });
    expect(await lab.get(`/vaults/${id}`)).toEqual(missing());
  });

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

  test("a repeated idempotency key repeats the answer of a removal", async () => {
    const path = `/vaults/${await create()}`;
    const removal = { headers: { "idempotency-key": "r" } };
    const removed = await lab.delete(path, removal);
    expect(removed.status).toBe(200);
    expect((await lab.delete(path, removal)).body).toEqual(removed.body);
  });
});
