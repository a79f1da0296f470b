import type { QoderApi } from "../../qoder-api/index";
import { missing, useLab } from "./lab";

const TOOLSET = "agent_toolset_20260401";
const ASK = { type: "always_ask" };
const LIMITED = { type: "limited", allowed_hosts: ["a"] };

describe("a user of the console", () => {
  const lab = useLab();
  const createAgent = async () => {
    const configs = [{ name: "Bash" }, { name: "Read", permission_policy: ASK }];
    const body = { name: "writer", model: "ultimate", metadata: { team: "a" }, tools: [{ type: TOOLSET, configs }] };
    return String((await lab.post("/agents", body)).body.id);
  };
  const createEnvironment = async () =>
    String((await lab.post("/environments", { name: "e", config: { type: "cloud", networking: LIMITED } })).body.id);
  const agent = async (id: string) => (await lab.get(`/agents/${id}`)).body;

  test("disables one tool and sets one policy, and each change makes a new version of the agent", async () => {
    const id = await createAgent();
    lab.api.agents.changeMember(id, ["tools", 0, "configs", 0, "enabled"], false);
    lab.api.agents.changeMember(id, ["tools", 0, "configs", 1, "permission_policy", "type"], "always_allow");
    const configs = [
      { name: "Bash", enabled: false },
      { name: "Read", permission_policy: { type: "always_allow" } },
    ];
    expect(await agent(id)).toMatchObject({ version: 3, tools: [{ type: TOOLSET, configs }] });
    const before = (await lab.get(`/agents/${id}?version=2`)).body;
    expect(before["tools"]).toMatchObject([{ configs: [configs[0], { permission_policy: ASK }] }]);
  });

  test("removes an element of a list, and the networking of an environment", async () => {
    const id = await createEnvironment();
    lab.api.environments.removeMember(id, ["config", "networking", "allowed_hosts", 0]);
    expect((await lab.get(`/environments/${id}`)).body["config"]).toMatchObject({ networking: { allowed_hosts: [] } });
    lab.api.environments.removeMember(id, ["config", "networking"]);
    expect((await lab.get(`/environments/${id}`)).body["config"]).not.toHaveProperty("networking");
  });

  test("changes a filled-in value, adds members and undoes all of these changes", async () => {
    lab.api.switches.modelEcho = "resolved";
    const id = await createAgent();
    const before = await agent(id);
    lab.api.agents.changeMember(id, ["model", "effort"], "low");
    lab.api.agents.changeMember(id, ["tools", 0, "memory"], { limit: 1 });
    lab.api.agents.changeMember(id, ["tools", 1], { type: "later_toolset" });
    expect(await agent(id)).toMatchObject({
      model: { id: "ultimate", effort: "low" },
      tools: [{ type: TOOLSET, memory: { limit: 1 } }, { type: "later_toolset" }],
    });
    lab.api.agents.restoreMembers(id);
    expect(await agent(id)).toEqual({ ...before, version: 5, updated_at: expect.any(String) });
  });

  test("loses a change only to a write of the same field or the same label", async () => {
    const id = await createAgent();
    lab.api.agents.changeMember(id, ["model"], "auto");
    lab.api.agents.changeMember(id, ["metadata", "team"], "b");
    lab.api.agents.changeMember(id, ["metadata", "tier"], "1");
    const { body } = await lab.post(`/agents/${id}`, { version: 4, model: "ultimate", metadata: { team: "a" } });
    expect(body).toMatchObject({ version: 5, model: "ultimate", metadata: { team: "a", tier: "1" } });
    const deployment = lab.create({ description: "d" });
    lab.api.deployments.changeMember(deployment, ["description"], "x");
    expect((await lab.post(`/deployments/${deployment}`, { name: "n" })).body).toMatchObject({ description: "x" });
    expect((await lab.post(`/deployments/${deployment}`, { description: "d" })).body).toMatchObject({
      description: "d",
    });
  });

  test("gets an error for a member that the object does not show", () => {
    const id = lab.create();
    const change = () => lab.api.deployments.changeMember(id, ["schedule", "expression"], "0 0 * * *");
    expect(change).toThrow(`${id} shows no schedule.expression`);
    expect(lab.api.deployments.get(id).schedule).toBeNull();
  });

  test("changes a value that only a GET fills in, and the reply to a write does not show the change", async () => {
    lab.api.switches.fillingIn = "late";
    const body = { name: "e", config: { type: "cloud" } };
    const id = String((await lab.post("/environments", body)).body.id);
    lab.api.environments.changeMember(id, ["config", "packages", "apt"], ["jq"]);
    expect((await lab.post(`/environments/${id}`, { name: "f" })).body["config"]).toEqual({ type: "cloud" });
    expect((await lab.get(`/environments/${id}`)).body["config"]).toMatchObject({ packages: { apt: ["jq"] } });
  });
});

type Kind = "agents" | "environments" | "deployments" | "vaults" | "memoryStores";

describe.each<[Kind, string, (api: QoderApi) => string]>([
  ["agents", "agents", (api) => api.agents.create().id],
  ["environments", "environments", (api) => api.environments.create().id],
  ["deployments", "deployments", (api) => api.deployments.all()[0]?.id ?? ""],
  ["vaults", "vaults", (api) => api.vaults.create().id],
  ["memoryStores", "memory_stores", (api) => api.memoryStores.create().id],
])("the console of %s", (kind, collection, make) => {
  const lab = useLab();
  const name = kind === "vaults" ? "display_name" : "name";
  const made = () => {
    if (kind === "deployments") lab.create();
    const id = make(lab.api);
    lab.api[kind].edit(id, { metadata: { a: "1" } });
    return id;
  };

  test("edits by the rules of the API", () => {
    const id = made();
    const edited = lab.api[kind].edit(id, { [name]: "renamed", metadata: { a: null, b: "2" } });
    expect(edited).toMatchObject({ [name]: "renamed", metadata: { b: "2" } });
    expect(edited.metadata).toEqual({ b: "2" });
    expect(() => lab.api[kind].edit(id, { nonsense: 1 })).toThrow("unknown field");
    lab.api[kind].archive(id);
    expect(() => lab.api[kind].edit(id, { [name]: "n" })).toThrow(" is archived");
  });

  test("overwrites fields without any check, and without a new version", () => {
    const id = made();
    const before = lab.api[kind].get(id);
    const odd = { [name]: "x".repeat(3_000), unheard_of: 1, metadata: { b: 2 } };
    expect(lab.api[kind].overwrite(id, odd)).toMatchObject({ ...before, ...odd, metadata: { a: "1", b: 2 } });
  });

  test("changes a label, and takes this back", () => {
    const id = made();
    expect(lab.api[kind].changeMember(id, ["metadata", "a"], "3").metadata).toEqual({ a: "3" });
    expect(lab.api[kind].restoreMembers(id).metadata).toEqual({ a: "1" });
  });

  test("archives and removes an object, and the log shows no request", async () => {
    const id = made();
    const ids = (objects: { id: string }[]) => objects.map((one) => one.id);
    lab.api[kind].archive(id);
    expect(ids(lab.api[kind].live())).not.toContain(id);
    expect(ids(lab.api[kind].all())).toContain(id);
    lab.api[kind].remove(id);
    expect(ids(lab.api[kind].all())).not.toContain(id);
    expect(lab.api.requests).toEqual([]);
    expect(await lab.get(`/${collection}/${id}`)).toEqual(missing());
  });
});
