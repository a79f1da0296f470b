import { type Fields, invalid, missing, useLab } from "./lab";

const SCHEDULE = { type: "cron", expression: "30 9 * * 1-5", timezone: "Asia/Shanghai" };

describe("deployments", () => {
  const lab = useLab();
  const update = async (id: string, patch: Fields) => lab.post(`/deployments/${id}`, patch);

  test("an agent sent as a string is pinned to its current version, and pinned anew when sent again", async () => {
    const id = lab.create();
    expect(lab.api.agents.bumpVersion(lab.agent)).toBe(2);
    expect((await update(id, { name: "other" })).body.agent).toMatchObject({ version: 1 });
    expect((await update(id, { agent: lab.agent })).body.agent?.version).toBe(2);
    const pinned = { id: lab.agent, type: "agent", version: 1 };
    expect((await update(id, { agent: pinned })).body.agent).toEqual(pinned);
    expect((await lab.get(`/agents/${lab.agent}?version=1`)).body["version"]).toBe(1);
    expect(await update(id, { agent: { ...pinned, version: 3 } })).toEqual(missing());
  });

  test("the service keeps credentials of resources without showing them, even if an update omits them", async () => {
    const github = { type: "github_repository", url: "https://github.com/a/b.git" };
    const git = { type: "git_repository", url: "https://git.example/a" };
    lab.api.switches.repositoryToken = "required";
    const resources = [
      { ...github, authorization_token: "ghp_1" },
      { ...git, password: "p" },
    ];
    const created = await lab.post("/deployments", lab.body({ resources }));
    expect(created.body.resources).toEqual([github, git]);
    expect((await update(String(created.body.id), { resources: [github] })).body.resources).toEqual([github]);
    expect((await update(String(created.body.id), { resources: [] })).body.resources).toEqual([]);
    expect(await update(String(created.body.id), { resources: [github] })).toEqual(
      invalid({ param: "resources.0.authorization_token" }),
    );
  });

  test("a run starts a session, sets last_run_at and keeps updated_at", async () => {
    const id = lab.create({ schedule: SCHEDULE });
    expect(lab.api.deployments.get(id).schedule).not.toHaveProperty("last_run_at");
    lab.set("2026-06-14T08:54:06.5Z");
    const { body: run } = await lab.post(`/deployments/${id}/run`);
    expect(run).toEqual({
      agent: { id: lab.agent, type: "agent", version: 1 },
      created_at: "2026-06-14T08:54:06Z",
      deployment_id: id,
      error: null,
      id: expect.stringMatching(/^drun_/),
      session_id: expect.stringMatching(/^sess_/),
      trigger_context: { type: "manual" },
      type: "deployment_run",
    });
    expect(lab.api.deployments.get(id)).toMatchObject({
      schedule: { last_run_at: "2026-06-14T08:54:06Z" },
      updated_at: "2026-06-14T08:53:32Z",
    });
    for (const path of [`/deployments/${id}/runs/${run.id}`, `/deployment_runs/${run.id}`]) {
      expect((await lab.get(path)).body).toEqual(run);
    }
    lab.api.agents.archive(lab.agent);
    const { body: failed } = await lab.post(`/deployments/${id}/run`);
    expect(failed).toMatchObject({ session_id: null, error: { type: "agent_archived_error" } });
    expect((await lab.get("/deployment_runs?has_error=true")).body.data).toEqual([failed]);
    const other = lab.create({ name: "other", agent: lab.api.agents.create().id });
    expect(await lab.get(`/deployments/${other}/runs/${run.id}`)).toEqual(missing());
  });

  test("generation 1 counts runs in the stats and shows the status of a run", async () => {
    lab.api.switches.generation = 1;
    const id = lab.create({ schedule: SCHEDULE });
    const run = await lab.post(`/deployments/${id}/run`);
    const extras = { attempt: 1, started_at: "2026-06-14T08:53:32Z", turn_id: expect.stringMatching(/^turn_/) };
    expect(run.body).toMatchObject({ status: "running", cas_run_extras: extras });
    const { body } = await lab.get(`/deployments/${id}`);
    const stats = { total_runs: 1, total_failures: 0, last_triggered_at: "2026-06-14T08:53:32Z" };
    expect(body.metadata).toMatchObject({ cas_config: { stats } });
    lab.set("2026-06-14T08:54:00Z");
    const completed = {
      id: run.body.id,
      status: "completed",
      completed_at: "2026-06-14T08:53:49.268Z",
      duration_ms: 17_268,
    };
    expect((await lab.get("/deployment_runs?status=completed")).body.data).toMatchObject([completed]);
    expect((await lab.get(`/deployments/${id}/runs?status=running`)).body.data).toEqual([]);
  });

  test.each<[string, () => Fields, string]>([
    ["an unknown vault", () => ({ vault_ids: ["vault_none"] }), "vault_not_found_error"],
    ["an archived vault", () => ({ vault_ids: [archivedVault()] }), "vault_archived_error"],
    ["an unknown store", () => store("memstore_none"), "session_resource_not_found_error"],
    ["an archived store", () => store(archivedStore()), "memory_store_archived_error"],
    ["an unknown file", () => ({ resources: [{ type: "file", file_id: "file_none" }] }), "file_not_found_error"],
  ])("a deployment can name %s, but its runs get an error and no session", async (_what, named, type) => {
    const { status, body } = await lab.post("/deployments", lab.body(named()));
    expect(status).toBe(200);
    const run = await lab.post(`/deployments/${body.id}/run`);
    expect(run).toMatchObject({ status: 200, body: { session_id: null, error: { type } } });
  });

  const archivedVault = () => lab.api.vaults.archive(lab.api.vaults.create().id).id;
  const store = (memory_store_id: string) => ({ resources: [{ type: "memory_store", memory_store_id }] });
  const archivedStore = () => lab.api.memoryStores.archive(lab.api.memoryStores.create().id).id;
});
