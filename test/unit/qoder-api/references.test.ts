import { type Fields, invalid, refused, useLab } from "./lab";

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
  });
});

describe("skills and models of an agent", () => {
  const lab = useLab();
  const create = (fields: Fields) => lab.post("/agents", { name: "agent", model: "ultimate", ...fields });
  const withSkill = (skill_id: string, version?: string) => ({
    skills: [{ type: "custom", skill_id, ...(version === undefined ? {} : { version }) }],
  });

  test("a create and an update with an unknown version of a skill are refused", async () => {
    const { id, latest_version } = lab.api.skills.create();
    const refusal = invalid({ param: "skills.0.version" });
    expect(await create(withSkill(id, "1"))).toEqual(refusal);
    const agent = await create(withSkill(id, String(latest_version)));
    expect(agent).toMatchObject({ status: 200, body: withSkill(id, String(latest_version)) });
    const update = (fields: Fields) => lab.post(`/agents/${agent.body.id}`, { version: 1, ...fields });
    expect(await update(withSkill(id, "1"))).toEqual(refusal);
    expect((await update(withSkill(id, "latest"))).status).toBe(200);
    lab.api.skills.removeVersion(id, String(latest_version));
    expect(await create(withSkill(id, String(latest_version)))).toEqual(refusal);
  });
});

describe("environments", () => {
  const lab = useLab();

  test("the service refuses to delete an environment with a session, even after its deployment is gone", async () => {
    const path = `/environments/${lab.environment}`;
    const id = lab.create();
    lab.api.agents.archive(lab.agent);
    lab.api.deployments.run(id);
    const agent = lab.api.agents.create().id;
    const elsewhere = (await lab.send("environments")).body.id;
    lab.api.deployments.run(lab.create({ name: "elsewhere", agent, environment_id: elsewhere }));
    const unused = (await lab.send("environments")).body.id;
    lab.create({ name: "never run", agent, environment_id: unused });
    expect(await lab.delete(`/environments/${unused}`)).toMatchObject({ status: 200 });
    const refusal = refused(409, "invalid_request_error", { message: expect.stringContaining("still referenced") });
    lab.api.deployments.remove(lab.api.deployments.all()[1]?.id ?? "");
    expect(await lab.delete(`/environments/${elsewhere}`)).toEqual(refusal);
    // A run without a session does not use its environment.
    expect(await lab.delete(path)).toMatchObject({ status: 200 });
    expect(lab.api.deployments.run(id).error).toMatchObject({ type: "agent_archived_error" });
  });
});
