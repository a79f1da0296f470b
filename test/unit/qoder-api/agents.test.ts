import { type Fields, invalid, missing, useLab } from "./lab";

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
  const lab = useLab();
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
});
