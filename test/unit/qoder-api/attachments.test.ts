import { type Fields, refused, useLab } from "./lab";

const store = (memory_store_id: string) => ({ resources: [{ type: "memory_store", memory_store_id }] });
const file = (file_id: string) => ({ resources: [{ type: "file", file_id }] });

describe("vaults, memory stores and files of a deployment", () => {
  const lab = useLab();
  const archivedVault = () => lab.api.vaults.archive(lab.api.vaults.create().id).id;
  const archivedStore = () => lab.api.memoryStores.archive(lab.api.memoryStores.create().id).id;
  const deletedVault = async () => {
    const { id } = lab.api.vaults.create();
    await lab.delete(`/vaults/${id}`);
    return id;
  };

  test.each<[string, () => Promise<Fields> | Fields, string]>([
    ["an unknown vault", () => ({ vault_ids: ["vault_none"] }), "vault_not_found_error"],
    ["a deleted vault", async () => ({ vault_ids: [await deletedVault()] }), "vault_not_found_error"],
    ["an archived vault", () => ({ vault_ids: [archivedVault()] }), "vault_archived_error"],
    ["an unknown store", () => store("memstore_none"), "session_resource_not_found_error"],
    ["an archived store", () => store(archivedStore()), "memory_store_archived_error"],
    ["an unknown file", () => file("file_none"), "file_not_found_error"],
  ])("a deployment can name %s, but its runs get an error and no session", async (_what, named, type) => {
    const { status, body } = await lab.post("/deployments", lab.body(await named()));
    expect(status).toBe(200);
    const run = await lab.post(`/deployments/${body.id}/run`);
    expect(run).toMatchObject({ status: 200, body: { session_id: null, error: { type } } });
    lab.api.switches.attachments = "unchecked";
    expect((await lab.post(`/deployments/${body.id}/run`)).body.session_id).toMatch(/^sess_/);
  });

  test("if the service checks them in a write, it refuses missing and archived ones", async () => {
    lab.api.switches.attachments = "at-write";
    const sent = (fields: Fields) => lab.post("/deployments", lab.body(fields));
    const vault = lab.api.vaults.create().id;
    const vaults = (id: string) => ({ vault_ids: [vault, id] });
    expect(await sent(vaults("vault_none"))).toEqual(refused(404, "not_found_error", { param: "vault_ids.1" }));
    expect(await sent(vaults(archivedVault()))).toEqual(
      refused(400, "invalid_request_error", { param: "vault_ids.1", message: "Vault is archived." }),
    );
    expect(await sent(store("memstore_none"))).toEqual(
      refused(404, "not_found_error", { param: "resources.0.memory_store_id" }),
    );
    const resources = [
      ...file(String(lab.api.files.create()["id"])).resources,
      { type: "github_repository", url: "https://x/y" },
    ];
    const made = await sent({ vault_ids: [vault], resources });
    expect(made.status).toBe(200);
    expect((await lab.post(`/deployments/${made.body.id}/run`)).body["error"]).toBeNull();
  });
});
