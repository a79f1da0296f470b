import { type Fields, missing, refused, useLab } from "./lab";

const NO_PACKAGES = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };
const SCRIPT = "set -euo pipefail\ncd /data/workspace/repo && pnpm install --frozen-lockfile";

const cloud = (fields: Fields = {}) => ({ config: { type: "cloud", ...fields } });
const shown = (fields: Fields = {}) => cloud({ packages: NO_PACKAGES, ...fields });

describe("environments", () => {
  const lab = useLab();
  const create = (fields: Fields = {}) => lab.post("/environments", { name: "sandbox", ...cloud(), ...fields });

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
    expect(await lab.get(path)).toEqual(missing());
    expect(await lab.delete(path)).toEqual(missing());
  });

  test("an update replaces the whole config, merges metadata by key and keeps every other field", async () => {
    const id = (await create({ ...cloud({ setup_script: SCRIPT }), metadata: { keep: "1", drop: "2" } })).body.id;
    const patched = async (patch: Fields) => (await lab.post(`/environments/${id}`, patch)).body;
    const pip = cloud({ packages: { pip: ["requests"] } });
    expect(await patched({ metadata: { drop: null, add: "" } })).toMatchObject(shown({ setup_script: SCRIPT }));
    const body = await patched(pip);
    expect(body["config"]).toEqual(cloud({ packages: { ...NO_PACKAGES, pip: ["requests"] } }).config);
    expect(body.metadata).toEqual({ keep: "1", add: "" });
    expect(await patched({ description: "d" })).toMatchObject({ description: "d" });
    expect(await patched({ description: null })).toMatchObject({ description: "" });
  });

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
});
