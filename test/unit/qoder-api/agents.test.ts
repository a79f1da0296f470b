import { type Call, type Fields, refused, useLab } from "./lab";

const TOOLSET = {
  type: "agent_toolset_20260401",
  enabled_tools: ["Bash", "Read", "Write", "Edit", "Glob", "Grep", "WebFetch", "WebSearch"],
};
const SERVER = { type: "url", name: "weather-service", url: "https://mcp.example.com/mcp" };
const MINIMAL = { name: "doc-test-agent", model: "ultimate" };
const EXAMPLE = {
  ...MINIMAL,
  system: "You are a documentation testing assistant.",
  tools: [TOOLSET],
  mcp_servers: [SERVER],
};
const CHANGE = {
  name: "doc-test-agent-updated",
  model: "ultimate",
  system: "You are an updated documentation testing assistant.",
  description: "Used for API documentation testing",
  version: 1,
};

describe("agents", () => {
  const lab = useLab({ tokens: { "pt-test": "default", "pt-other": "other" } });
  const create = async (fields: Fields = {}) => {
    const { body } = await lab.post("/agents", { ...MINIMAL, ...fields });
    return String(body.id);
  };
  const update = (id: string, fields: Fields) => lab.post(`/agents/${id}`, { version: 1, ...fields });

  test("the service answers the documented examples of Create, Update, Get and Archive as printed", async () => {
    lab.set("2026-05-18T15:26:39.616Z");
    const created = await lab.post("/agents", EXAMPLE);
    expect(created).toMatchObject({ status: 200 });
    expect(created.body).toEqual({
      ...EXAMPLE,
      id: expect.stringMatching(/^agent_[0-9a-f]{32}$/),
      type: "agent",
      description: "",
      skills: [],
      metadata: {},
      multiagent: null,
      version: 1,
      archived_at: null,
      created_at: expect.stringMatching(/^2026-05-18T15:26:39\.616\d{0,2}[1-9]Z$/),
      updated_at: created.body["created_at"],
    });
    const path = `/agents/${created.body.id}`;
    lab.set("2026-05-18T15:27:07.967Z");
    const updated = await lab.post(path, { ...CHANGE, tools: [], mcp_servers: [] });
    const now = expect.stringMatching(/^2026-05-18T15:27:07\.967\d{0,2}[1-9]Z$/);
    const expected = { ...created.body, ...CHANGE, tools: [], mcp_servers: [], version: 2, updated_at: now };
    expect(updated.body).toEqual(expected);
    expect((await lab.get(path)).body).toEqual(updated.body);
    lab.set("2026-05-18T15:27:22.698Z");
    const archived = await lab.post(`${path}/archive`);
    const then = archived.body["archived_at"];
    expect(archived.body).toEqual({ ...updated.body, archived_at: expect.any(String), updated_at: then });
    expect((await lab.get(path)).body).toEqual(archived.body);
  });

  test("an update replaces whole arrays, merges metadata by key, clears texts and keeps every other field", async () => {
    const skill = { type: "custom", skill_id: "skill_019e5d133c057536872f745e0b6dbd5d" };
    const full = { ...EXAMPLE, description: "d", skills: [skill], metadata: { keep: "1", drop: "2" } };
    const id = await create(full);
    const { body } = await update(id, {
      metadata: { drop: null, add: "" },
      tools: [{ ...TOOLSET, enabled_tools: [] }],
    });
    expect(body).toMatchObject({ ...full, tools: [{ ...TOOLSET, enabled_tools: [] }], metadata: {}, version: 2 });
    expect(body.metadata).toEqual({ keep: "1", add: "" });
    const empty = { tools: [], mcp_servers: [], skills: [] };
    const cleared = await update(id, { version: 2, ...empty, system: "", description: null });
    expect(cleared.body).toMatchObject({ ...empty, system: "", description: "", model: "ultimate", version: 3 });
  });

  test("a GET reads every version by its number, and a list shows the newest version first", async () => {
    const id = await create();
    const [first, second] = [lab.api.agents.get(id), (await update(id, { name: "second" })).body];
    expect((await lab.get(`/agents/${id}?version=1`)).body).toEqual(first);
    expect((await lab.get(`/agents/${id}?version=2`)).body).toEqual(second);
    expect(await lab.get(`/agents/${id}?version=3`)).toEqual(refused(404, "not_found_error"));
    for (const version of ["0", "x"]) {
      expect(await lab.get(`/agents/${id}?version=${version}`)).toEqual(refused(400, "invalid_request_error"));
    }
    const { body } = await lab.get(`/agents/${id}/versions`);
    expect(body).toEqual({ data: [second, first], first_id: "2", last_id: "1", has_more: false, next_page: null });
    const page = await lab.get(`/agents/${id}/versions?limit=1`);
    expect(page.body).toMatchObject({ data: [second], has_more: true, next_page: "2" });
    expect((await lab.get(`/agents/${id}/versions?page=2`)).body.data).toEqual([first]);
    expect(await lab.get("/agents/agent_none/versions")).toEqual(refused(404, "not_found_error"));
  });

  test("an update without the current version number is refused, unless a switch makes the number optional", async () => {
    const id = await create();
    expect(await lab.post(`/agents/${id}`, { name: "n" })).toEqual(
      refused(400, "invalid_request_error", { message: "Missing required field: version", param: "version" }),
    );
    expect(await update(id, { name: "n" })).toMatchObject({ status: 200 });
    const stale = refused(409, "conflict_error", { message: "Version conflict" });
    expect(await update(id, { name: "m" })).toEqual(stale);
    expect(lab.api.agents.get(id)).toMatchObject({ name: "n", version: 2 });
    lab.api.switches.agentVersion = "optional";
    expect((await lab.post(`/agents/${id}`, { name: "m" })).body).toMatchObject({ name: "m", version: 3 });
    expect(await update(id, { name: "o" })).toEqual(stale);
  });

  test("an update without a change makes a new version, unless a switch says otherwise", async () => {
    const id = await create({ metadata: { a: "1" } });
    lab.set("2026-06-14T09:00:00Z");
    const nothings = [{}, { name: MINIMAL.name }, { metadata: { a: "1", b: null } }];
    for (const [index, nothing] of nothings.entries()) {
      expect((await update(id, { version: index + 1, ...nothing })).body["version"]).toBe(index + 2);
    }
    lab.api.switches.unchangedAgent = "same-version";
    const before = lab.api.agents.get(id);
    for (const nothing of nothings) expect((await update(id, { version: 4, ...nothing })).body).toEqual(before);
  });

  test("lists leave out an archived agent, and the service refuses to write it", async () => {
    const id = await create();
    const { body } = await lab.post(`/agents/${id}/archive`);
    expect(await update(id, { name: "n" })).toEqual(refused(409, "conflict_error", { message: "Agent is archived" }));
    expect((await lab.get("/agents?include_archived=true")).body.data?.[0]).toEqual(body);
    expect((await lab.get("/agents")).body.data).toEqual([lab.api.agents.get(lab.agent)]);
    const twice = refused(409, "conflict_error", { message: "Agent is already archived" });
    expect(await lab.post(`/agents/${id}/archive`)).toEqual(twice);
    lab.set("2026-06-14T09:00:00Z");
    lab.api.switches.archiveAgentTwice = 200;
    expect(await lab.post(`/agents/${id}/archive`)).toMatchObject({ status: 200, body });
    lab.api.switches.archivedWrite = 403;
    expect(await update(id, { name: "n" })).toEqual(refused(403, "permission_error"));
  });

  test("a list has pages and filters by time of creation", async () => {
    lab.set("2026-06-14T09:00:00Z");
    const newer = await create();
    const ids = async (query: string) => (await lab.get(`/agents?${query}`)).body.data?.map(({ id }) => id);
    expect(await ids("")).toEqual([newer, lab.agent]);
    expect(await ids("created_at[gte]=2026-06-14T09:00:00Z")).toEqual([newer]);
    expect(await ids("created_at[lte]=2026-06-14T08:59:59Z")).toEqual([lab.agent]);
    const { body } = await lab.get("/agents?limit=1");
    expect(body).toMatchObject({ first_id: newer, last_id: newer, has_more: true, next_page: newer });
    expect(await ids(`page=${body.next_page}`)).toEqual([lab.agent]);
    expect(await lab.get("/agents?limit=101")).toEqual(refused(400, "invalid_request_error"));
  });

  test("another account and another workspace neither see nor change an agent", async () => {
    const strangers: Call[] = [{ token: "pt-other" }, { headers: { "qoder-workspace-id": "ws_2" } }];
    for (const stranger of strangers) {
      const missing = refused(404, "not_found_error");
      expect(await lab.get(`/agents/${lab.agent}`, stranger)).toEqual(missing);
      expect(await lab.get(`/agents/${lab.agent}/versions`, stranger)).toEqual(missing);
      expect(await lab.post(`/agents/${lab.agent}`, { version: 1, name: "n" }, stranger)).toEqual(missing);
      expect(await lab.post(`/agents/${lab.agent}/archive`, undefined, stranger)).toEqual(missing);
      expect((await lab.get("/agents", stranger)).body.data).toEqual([]);
    }
  });

  test("two creates with the same idempotency key make one agent, even if the other kinds ignore keys", async () => {
    lab.api.switches.idempotencyKeysElsewhere = "ignore";
    const key = { headers: { "idempotency-key": "k" } };
    const first = await lab.post("/agents", MINIMAL, key);
    expect((await lab.post("/agents", MINIMAL, key)).body).toEqual(first.body);
    expect(await lab.post("/agents", EXAMPLE, key)).toEqual(refused(409, "conflict_error"));
    lab.api.switches.idempotencyKeys = "ignore";
    expect((await lab.post("/agents", MINIMAL, key)).body.id).not.toBe(first.body.id);
  });

  test("a new agent that is still hidden answers 404, and a deployment can already name that agent", async () => {
    lab.api.switches.hiddenForMs = 1_000;
    expect(await lab.get(`/agents/${lab.agent}`)).toEqual(refused(404, "not_found_error"));
    expect(await update(lab.agent, { name: "n" })).toEqual(refused(404, "not_found_error"));
    expect((await lab.post("/deployments", lab.body())).status).toBe(200);
    lab.set("2026-06-14T08:53:33Z");
    expect((await lab.get(`/agents/${lab.agent}`)).status).toBe(200);
  });

  test("a deployment keeps the version of the agent that was current when the deployment was written", async () => {
    await update(lab.agent, { name: "second" });
    const { body } = await lab.post("/deployments", lab.body());
    await update(lab.agent, { version: 2, name: "third" });
    expect((await lab.get(`/deployments/${body.id}`)).body.agent?.version).toBe(2);
    const pinned = { id: lab.agent, type: "agent", version: 3 };
    expect((await lab.post(`/deployments/${body.id}`, { agent: pinned })).body.agent).toEqual(pinned);
    lab.api.agents.archive(lab.agent);
    const refusal = refused(400, "invalid_request_error", { param: "agent" });
    expect(await lab.post(`/deployments/${body.id}`, { name: "n" })).toEqual(refusal);
  });

  test("the console edits by the API's rules, overwrites without rules and removes, and logs no request", async () => {
    const { agents } = lab.api;
    const { id } = agents.create({ metadata: { a: "1" } });
    expect(agents.edit(id, { metadata: { b: "2" } })).toMatchObject({ metadata: { a: "1", b: "2" }, version: 2 });
    expect(() => agents.edit(id, { nonsense: 1 })).toThrow("unknown field");
    const odd = { description: "x".repeat(3_000), unheard_of: 1, metadata: { a: 1 } };
    expect(agents.overwrite(id, odd)).toMatchObject({ ...odd, metadata: { a: 1, b: "2" }, version: 2 });
    expect(agents.bumpVersion(id)).toBe(3);
    agents.archive(id);
    expect([agents.live().length, agents.all().length]).toEqual([1, 2]);
    agents.remove(id);
    expect(lab.api.requests).toEqual([]);
    expect(await lab.get(`/agents/${id}`)).toEqual(refused(404, "not_found_error"));
  });
});
