import { type Call, type Fields, refused, useLab } from "./lab";

const NO_PACKAGES = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };
const SCRIPT = "set -euo pipefail\ncd /data/workspace/repo && pnpm install --frozen-lockfile";

const cloud = (fields: Fields = {}) => ({ config: { type: "cloud", ...fields } });
const shown = (fields: Fields = {}) => cloud({ packages: NO_PACKAGES, ...fields });
const selfHosted = (fields: Fields = {}) => ({ config: { type: "self_hosted", ...fields } });

describe("environments", () => {
  const lab = useLab({ tokens: { "pt-test": "default", "pt-other": "other" } });
  const create = (fields: Fields = {}) => lab.post("/environments", { name: "sandbox", ...cloud(), ...fields });
  const update = (fields: Fields) => lab.post(`/environments/${lab.environment}`, fields);

  test("the service answers the documented examples of Create, Update and Delete as printed", async () => {
    const body = { name: "doc-test-env", ...cloud({ packages: { apt: ["curl"] } }) };
    const created = await lab.post("/environments", body);
    expect(created).toMatchObject({ status: 200 });
    expect(created.body).toEqual({
      id: expect.stringMatching(/^env_[0-9a-f]{32}$/),
      type: "environment",
      name: "doc-test-env",
      description: "",
      ...cloud({ packages: { ...NO_PACKAGES, apt: ["curl"] } }),
      metadata: {},
      archived_at: null,
      created_at: expect.stringMatching(/^2026-06-14T08:53:32(\.\d{0,5}[1-9])?Z$/),
      updated_at: created.body["created_at"],
    });
    lab.set("2026-06-14T09:00:00.5Z");
    const path = `/environments/${created.body.id}`;
    const change = { description: "Environment used for API documentation testing" };
    const updated = await lab.post(path, change);
    const updated_at = expect.stringMatching(/^2026-06-14T09:00:00\.5/);
    expect(updated.body).toEqual({ ...created.body, ...change, updated_at });
    expect((await lab.get(path)).body).toEqual(updated.body);
    expect((await lab.delete(path)).body).toEqual({ id: created.body.id, type: "environment_deleted" });
    expect(await lab.get(path)).toEqual(refused(404, "not_found_error"));
    expect(await lab.delete(path)).toEqual(refused(404, "not_found_error"));
  });

  test("an update replaces the whole config, merges metadata by key and keeps every other field", async () => {
    const id = (await create({ ...cloud({ setup_script: SCRIPT }), metadata: { keep: "1", drop: "2" } })).body.id;
    const patched = async (patch: Fields) => (await lab.post(`/environments/${id}`, patch)).body;
    const pip = cloud({ packages: { pip: ["requests"] } });
    expect(await patched({ metadata: { drop: null, add: "" } })).toMatchObject(shown({ setup_script: SCRIPT }));
    const body = await patched(pip);
    expect(body["config"]).toEqual(cloud({ packages: { ...NO_PACKAGES, pip: ["requests"] } }).config);
    expect(body.metadata).toEqual({ keep: "1", add: "" });
    lab.api.switches.environmentConfigUpdate = "merge";
    const merged = await patched(cloud({ setup_script: SCRIPT }));
    expect(merged["config"]).toMatchObject({ packages: { pip: ["requests"] }, setup_script: SCRIPT });
    lab.api.switches.emptyEnvironmentMetadata = "delete";
    expect((await patched({ metadata: { add: "" } })).metadata).toEqual({ keep: "1" });
    expect(await patched({ description: "d" })).toMatchObject({ description: "d" });
    expect(await patched({ description: null })).toMatchObject({ description: "" });
  });

  test("an empty update changes nothing, not even updated_at, unless a switch says otherwise", async () => {
    lab.set("2026-06-14T09:00:00Z");
    const before = lab.api.environments.get(lab.environment);
    expect((await update({})).body).toEqual(before);
    lab.api.switches.emptyPatchBumpsUpdatedAt = true;
    expect((await update({})).body.updated_at).toMatch(/^2026-06-14T09:00:00/);
  });

  test("lists leave out an archived environment, and the service refuses to update it but deletes it", async () => {
    const { id } = (await create()).body;
    const { body } = await lab.post(`/environments/${id}/archive`);
    expect(body).toMatchObject({ archived_at: body.updated_at, name: "sandbox" });
    const twice = refused(409, "conflict_error", { message: "Environment is already archived" });
    expect(await lab.post(`/environments/${id}/archive`)).toEqual(twice);
    for (const [status, type] of [
      [409, "conflict_error"],
      [403, "permission_error"],
    ] as const) {
      lab.api.switches.archivedWrite = status;
      expect(await lab.post(`/environments/${id}`, { name: "n" })).toEqual(refused(status, type));
    }
    expect((await lab.get("/environments")).body.data).toEqual([lab.api.environments.get(lab.environment)]);
    expect((await lab.get("/environments?include_archived=true&limit=1")).body.data).toEqual([body]);
    expect(await lab.delete(`/environments/${id}`)).toMatchObject({ status: 200 });
  });

  test("the service refuses to delete an environment with a session, even after its deployment is gone", async () => {
    const path = `/environments/${lab.environment}`;
    const id = lab.create();
    lab.api.agents.archive(lab.agent);
    lab.api.deployments.run(id);
    const agent = lab.api.agents.create().id;
    const elsewhere = (await create()).body.id;
    lab.api.deployments.run(lab.create({ name: "elsewhere", agent, environment_id: elsewhere }));
    const unused = (await create()).body.id;
    lab.create({ name: "never run", agent, environment_id: unused });
    expect(await lab.delete(`/environments/${unused}`)).toMatchObject({ status: 200 });
    const refusal = refused(409, "invalid_request_error", { message: expect.stringContaining("still referenced") });
    lab.api.deployments.remove(lab.api.deployments.all()[1]?.id ?? "");
    expect(await lab.delete(`/environments/${elsewhere}`)).toEqual(refusal);
    // A run without a session does not use its environment.
    expect(await lab.delete(path)).toMatchObject({ status: 200 });
    expect(lab.api.deployments.run(id).error).toMatchObject({ type: "agent_archived_error" });
  });

  test("another account and another workspace neither see nor change an environment", async () => {
    const strangers: Call[] = [{ token: "pt-other" }, { headers: { "qoder-workspace-id": "ws_2" } }];
    const path = `/environments/${lab.environment}`;
    for (const stranger of strangers) {
      const missing = refused(404, "not_found_error");
      expect(await lab.get(path, stranger)).toEqual(missing);
      expect(await lab.post(path, { name: "n" }, stranger)).toEqual(missing);
      expect(await lab.post(`${path}/archive`, undefined, stranger)).toEqual(missing);
      expect(await lab.delete(path, stranger)).toEqual(missing);
      expect((await lab.get("/environments", stranger)).body.data).toEqual([]);
    }
  });

  test("a new environment that is still hidden answers 404, and a deployment can already name it", async () => {
    lab.api.switches.hiddenForMs = 1_000;
    expect(await lab.get(`/environments/${lab.environment}`)).toEqual(refused(404, "not_found_error"));
    expect(await update({ name: "n" })).toEqual(refused(404, "not_found_error"));
    expect((await lab.post("/deployments", lab.body())).status).toBe(200);
    lab.set("2026-06-14T08:53:33Z");
    expect((await lab.get(`/environments/${lab.environment}`)).status).toBe(200);
  });

  test("two creates with the same idempotency key make one environment, unless a switch ignores keys", async () => {
    const key = { headers: { "idempotency-key": "k" } };
    const body = { name: "sandbox", ...cloud() };
    const first = await lab.post("/environments", body, key);
    expect((await lab.post("/environments", body, key)).body).toEqual(first.body);
    lab.api.switches.idempotencyKeysElsewhere = "ignore";
    expect((await lab.post("/environments", body, key)).body.id).not.toBe(first.body.id);
  });

  test("the console edits by the API's rules, overwrites without rules and removes, and logs no request", async () => {
    const { environments } = lab.api;
    const { id } = environments.create({ metadata: { a: "1" } });
    expect(environments.edit(id, { metadata: { b: "2" } }).metadata).toEqual({ a: "1", b: "2" });
    expect(() => environments.edit(id, { config: {} })).toThrow("Missing required field: config.type");
    const odd = { unheard_of: 1, metadata: { a: 1 }, ...selfHosted({ strange: true }) };
    expect(environments.overwrite(id, odd)).toMatchObject({ ...odd, metadata: { a: 1, b: "2" } });
    environments.archive(id);
    expect([environments.live().length, environments.all().length]).toEqual([1, 2]);
    environments.remove(id);
    expect(lab.api.requests).toEqual([]);
    expect(await lab.get(`/environments/${id}`)).toEqual(refused(404, "not_found_error"));
  });
});
