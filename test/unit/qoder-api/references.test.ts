import { type Fields, invalid, missing, refused, useLab } from "./lab";

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
  const run = async (fields: Fields) => {
    const { id } = (await create(fields)).body;
    return lab.api.deployments.run(lab.create({ agent: id, name: `of ${id}` }));
  };

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

  test("the service deletes a skill that an agent names, and the agent's runs then fail", async () => {
    const { id } = lab.api.skills.create();
    expect(await run(withSkill("skill_none"))).toMatchObject({ error: null });
    const agent = (await create(withSkill(id))).body.id;
    const deployment = lab.create({ agent });
    expect((await lab.delete(`/skills/${id}`)).status).toBe(200);
    expect((await lab.get(`/agents/${agent}`)).body).toMatchObject(withSkill(id));
    const { body } = await lab.post(`/deployments/${deployment}/run`);
    expect(body).toMatchObject({ session_id: null, error: { type: "skill_not_found_error" } });
  });

  test("a switch makes the service show a skill without a version with its newest version", async () => {
    lab.api.switches.skillVersions = "resolved";
    const { id, latest_version } = lab.api.skills.create();
    const agent = await create(withSkill(id));
    expect(agent.body).toMatchObject(withSkill(id, String(latest_version)));
    const { version } = lab.api.skills.addVersion(id);
    expect((await lab.get(`/agents/${agent.body.id}`)).body).toMatchObject(withSkill(id, version));
  });
});

describe("versions and models", () => {
  const lab = useLab();

  test("a GET reads every version by its number, and a list shows the newest version first", async () => {
    const id = String((await lab.send("agents")).body.id);
    const [first, second] = [
      lab.api.agents.get(id),
      (await lab.post(`/agents/${id}`, { version: 1, name: "second" })).body,
    ];
    expect((await lab.get(`/agents/${id}?version=1`)).body).toEqual(first);
    expect((await lab.get(`/agents/${id}?version=2`)).body).toEqual(second);
    expect(await lab.get(`/agents/${id}?version=3`)).toEqual(missing());
    for (const version of ["0", "x"]) {
      expect(await lab.get(`/agents/${id}?version=${version}`)).toEqual(invalid());
    }
    const { body } = await lab.get(`/agents/${id}/versions`);
    expect(body).toEqual({ data: [second, first], first_id: "2", last_id: "1", has_more: false, next_page: null });
    const page = await lab.get(`/agents/${id}/versions?limit=1`);
    expect(page.body).toMatchObject({ data: [second], has_more: true, next_page: "2" });
    expect((await lab.get(`/agents/${id}/versions?page=2`)).body.data).toEqual([first]);
    expect(await lab.get("/agents/agent_none/versions")).toEqual(missing());
  });

  test("a list shows all enabled models of the account in one page", async () => {
    const { body } = await lab.get("/models?limit=1");
    expect(body).toEqual({
      data: [
        {
          id: "ultimate",
          type: "model",
          display_name: "Ultimate",
          source: "system",
          is_enabled: true,
          is_new: false,
          price_factor: 1.6,
          efforts: ["low", "medium", "high", "xhigh", "max"],
          default_effort: "high",
          max_input_tokens: 1_000_000,
          default_context_window: 200_000,
          available_context_windows: [200_000, 400_000, 1_000_000],
        },
        expect.objectContaining({ id: "auto" }),
      ],
      has_more: false,
    });
    const [first] = lab.api.models;
    if (first !== undefined) first.is_enabled = false;
    expect((await lab.get("/models")).body.data?.map(({ id }) => id)).toEqual(["auto"]);
    expect(await lab.get("/models", { token: "pt-none" })).toEqual(refused(401, "authentication_error"));
  });
});

describe("environments", () => {
  const lab = useLab();

  test("the service deletes an archived environment", async () => {
    const { id } = lab.api.environments.archive(lab.environment);
    expect(await lab.delete(`/environments/${id}`)).toMatchObject({ status: 200 });
  });

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
