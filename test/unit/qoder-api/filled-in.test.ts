import type { Switches } from "../../qoder-api/index";
import { type Fields, useLab } from "./lab";

const LIMITS = { allowed_hosts: [], allow_package_managers: false, allow_mcp_servers: false };
const NO_PACKAGES = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };
const OPEN = { type: "cloud", networking: { type: "unrestricted" } };
const TOOLSET = "agent_toolset_20260401";
const OUTCOME = { type: "user.define_outcome", description: "d", rubric: { type: "text", content: "r" } };
const FILE = { type: "file", file_id: "file_1" };
const STORE = { type: "memory_store", memory_store_id: "memstore_1" };
const ADDED = { revision: "r1" };

describe("values that the service fills in", () => {
  const lab = useLab();
  const set = (switches: Partial<Switches>) => Object.assign(lab.api.switches, switches);
  const create = async (collection: string, fields: Fields) => {
    const answer = await lab.post(`/${collection}`, { name: "new", ...fields });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  };
  const createAgent = (fields: Fields = {}) => create("agents", { model: "ultimate", ...fields });
  const createEnvironment = (config: Fields) => create("environments", { config });
  const createDeployment = (fields: Fields) => create("deployments", lab.body(fields));

  test("the service adds the default settings to a model that was sent by id alone, if the model has some", async () => {
    set({ modelEcho: "resolved" });
    expect((await createAgent())["model"]).toEqual({ id: "ultimate", effort: "high", context_window: 200_000 });
    expect((await createAgent({ model: "auto" }))["model"]).toEqual({ id: "auto" });
    const chosen = { id: "ultimate", effort: "low" };
    expect((await createAgent({ model: chosen }))["model"]).toEqual(chosen);
  });

  test("the service shows a skill without a version with its newest version", async () => {
    const pinned = { type: "custom", skill_id: "skill_2", version: "1" };
    const sent = [{ type: "custom", skill_id: "skill_1" }, pinned];
    expect((await createAgent({ skills: sent }))["skills"]).toEqual(sent);
    set({ skillVersions: "resolved" });
    const { skills } = await createAgent({ skills: sent });
    expect(skills).toEqual([{ ...sent[0], version: expect.stringMatching(/^\d{16}$/) }, pinned]);
  });

  test("the service adds an unknown member to each skill, tool and team member", async () => {
    set({ addedMembers: "elements" });
    const skill = { type: "custom", skill_id: "skill_1" };
    const tool = { type: TOOLSET, configs: [{ name: "Bash" }] };
    const custom = { type: "custom", name: "ask", description: "d", input_schema: { type: "object" } };
    const agents = [{ type: "self" }, "agent_b"];
    const body = await createAgent({
      skills: [skill],
      tools: [tool, custom],
      multiagent: { type: "coordinator", agents },
    });
    expect(body).toMatchObject({
      skills: [{ ...skill, ...ADDED }],
      tools: [tool, custom].map((t) => ({ ...t, ...ADDED })),
    });
    expect(body["multiagent"]).toEqual({ type: "coordinator", agents: [{ type: "self", ...ADDED }, "agent_b"] });
  });

  test("the service adds an unknown member to each object of the arguments, but not to labels and schemas", async () => {
    set({ addedMembers: "objects", scheduleNull: "accept" });
    const schedule = { type: "cron", expression: "0 9 * * *", timezone: "UTC" };
    const budget = { type: "limit", max_credit_cost: "1" };
    const deployment = await createDeployment({
      ...{ schedule, budget, initial_events: [OUTCOME], resources: [FILE], metadata: { team: "a" } },
    });
    expect(deployment).toMatchObject({
      agent: { id: lab.agent, ...ADDED },
      schedule: { ...schedule, ...ADDED },
      budget: { ...budget, ...ADDED },
      initial_events: [{ ...ADDED, rubric: { type: "text", content: "r", ...ADDED } }],
      resources: [{ ...FILE, ...ADDED }],
    });
    expect(deployment.metadata).toEqual({ team: "a" });
    const environment = await createEnvironment(OPEN);
    const networking = { type: "unrestricted", ...ADDED };
    expect(environment["config"]).toEqual({
      type: "cloud",
      ...ADDED,
      networking,
      packages: { ...NO_PACKAGES, ...ADDED },
    });
    const input_schema = { type: "object", properties: { q: { type: "string" } } };
    const custom = { type: "custom", name: "ask", description: "d", input_schema };
    const policy = { type: "always_ask" };
    const toolset = { type: TOOLSET, configs: [{ name: "Bash", permission_policy: policy }] };
    const agent = await createAgent({ model: { id: "ultimate" }, tools: [custom, toolset] });
    expect(agent["model"]).toEqual({ id: "ultimate", ...ADDED });
    const configs = [{ name: "Bash", permission_policy: { ...policy, ...ADDED }, ...ADDED }];
    expect(agent["tools"]).toEqual([
      { ...custom, ...ADDED },
      { type: TOOLSET, configs, ...ADDED },
    ]);
  });

  test("generation 1 adds the unknown member to cas_config, not to the labels", async () => {
    set({ addedMembers: "objects", generation: 1 });
    const { metadata } = await createDeployment({ metadata: { team: "a" } });
    expect(metadata).toMatchObject({ team: "a", cas_config: { ...ADDED, config: ADDED } });
    expect(metadata).not.toHaveProperty("revision");
    expect(metadata).not.toHaveProperty("cas_config.stats.revision");
  });

  test("the service changes the order of a list only if the order has no meaning", async () => {
    set({ listOrder: "reversed" });
    const networking = { type: "limited", allowed_hosts: ["b", "a"] };
    const environment = await createEnvironment({ type: "cloud", networking, packages: { apt: ["jq", "git"] } });
    expect(environment["config"]).toMatchObject({
      networking: { allowed_hosts: ["a", "b"] },
      packages: { apt: ["git", "jq"] },
    });
    const tool = { type: TOOLSET, enabled_tools: ["Bash", "Read"], disallowed_tools: ["Grep", "Glob"] };
    const configs = [{ name: "Bash" }, { name: "Read" }];
    const { tools } = await createAgent({ tools: [{ ...tool, configs }] });
    expect(tools).toEqual([
      {
        ...{ type: TOOLSET, enabled_tools: ["Read", "Bash"], disallowed_tools: ["Glob", "Grep"] },
        configs: [{ name: "Read" }, { name: "Bash" }],
      },
    ]);
    const deployment = await createDeployment({ vault_ids: ["vault_b", "vault_a"], resources: [FILE, STORE] });
    expect(deployment).toMatchObject({ vault_ids: ["vault_a", "vault_b"], resources: [FILE, STORE] });
  });

  test("a service that fills in late answers a write with the sent values and a GET with the documented defaults", async () => {
    set({ fillingIn: "late", unrestrictedNetworking: "with-limits" });
    const environment = await createEnvironment({ type: "cloud" });
    expect(environment["config"]).toEqual({ type: "cloud" });
    const path = `/environments/${environment.id}`;
    const config = { type: "cloud", networking: { type: "limited", ...LIMITS }, packages: NO_PACKAGES };
    expect((await lab.get(path)).body["config"]).toEqual(config);
    expect((await lab.get("/environments")).body.data?.[0]).toMatchObject({ id: environment.id, config });
    const { body } = await lab.post(path, { config: { type: "cloud", packages: { apt: ["jq"] } } });
    expect(body["config"]).toEqual({ type: "cloud", packages: { apt: ["jq"] } });
    const tools = [{ type: TOOLSET }];
    const agent = await createAgent({ tools });
    expect(agent["tools"]).toEqual(tools);
    expect((await lab.get(`/agents/${agent.id}`)).body["tools"]).toMatchObject([{ configs: [], default_config: {} }]);
    const deployment = await createDeployment({ resources: [FILE], initial_events: [OUTCOME] });
    expect(deployment).toMatchObject({ resources: [FILE], initial_events: [OUTCOME] });
    expect((await lab.get(`/deployments/${deployment.id}`)).body).toMatchObject({
      resources: [{ ...FILE, mount_path: "/mnt/session/uploads/file_1" }],
      initial_events: [{ ...OUTCOME, max_iterations: 3 }],
    });
  });
});
