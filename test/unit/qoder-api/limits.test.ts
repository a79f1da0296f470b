import { type Fields, invalid, keys, times, useLab } from "./lab";

const message = (content: unknown) => ({ type: "user.message", content });
const system = { type: "system.message", content: [{ type: "text", text: "x" }] };
const outcome = (fields: Fields) => ({
  type: "user.define_outcome",
  description: "d",
  rubric: { type: "text", content: "r" },
  ...fields,
});
const schedule = (fields: Fields) => ({
  schedule: { type: "cron", expression: "0 9 * * *", timezone: "UTC", ...fields },
});
const cron = (expression: string) => schedule({ expression });
const events = (...initial_events: unknown[]) => ({ initial_events });
const memory = (fields: Fields) => ({
  resources: [{ type: "memory_store", memory_store_id: "memstore_1", ...fields }],
});

describe("a deployment body", () => {
  const lab = useLab();

  const bad: [string, Fields][] = [
    ["name", { name: "" }],
    ["name", { name: null }],
    ["name", { name: "é".repeat(257) }],
    ["name", { name: 5 }],
    ["agent", { agent: null }],
    ["agent", { agent: "" }],
    ["agent.type", { agent: { id: "agent_1" } }],
    ["agent.version", { agent: { id: "agent_1", type: "agent", version: 0 } }],
    ["agent.name", { agent: { id: "agent_1", type: "agent", name: "x" } }],
    ["environment_id", { environment_id: null }],
    ["schedule.timezone", { schedule: { type: "cron", expression: "0 9 * * *" } }],
    ["schedule.type", schedule({ type: "interval" })],
    ["schedule.timezone", schedule({ timezone: "Mars/Olympus" })],
    ["schedule.timezone", schedule({ timezone: "+08:00" })],
    ["schedule.upcoming_runs_at", schedule({ upcoming_runs_at: [] })],
    ...[
      "0 9 * *",
      "0 0 9 * * *",
      "@daily",
      "60 * * * *",
      "* 24 * * *",
      "* * 0 * *",
      "* * * 13 *",
      "* * * * 8",
      "* * L * *",
      "* * 1W * *",
      "* * * * 5#2",
      "? * * * *",
      "5-1 * * * *",
      "*/0 * * * *",
      "5/15 * * * *",
      "1,,2 * * * *",
      "MON * * * *",
      "",
    ].map((expression): [string, Fields] => ["schedule.expression", cron(expression)]),
    ["initial_events", events()],
    ["initial_events", events(...times(51, () => message("x")))],
    ["initial_events", { initial_events: null }],
    ["initial_events.0.type", events({ type: "agent.message", content: "x" })],
    ["initial_events.0.content", events({ type: "user.message" })],
    ["initial_events.0.content.0.cache", events(message([{ type: "text", text: "x", cache: true }]))],
    ["initial_events.0.content.0.text", events(message([{ type: "text" }]))],
    ["initial_events.0.content.0.source.url", events(message([{ type: "image", source: { type: "url" } }]))],
    ["initial_events.0", events(system)],
    ["initial_events.1", events(message("x"), system, message("y"))],
    ["initial_events.1", events(outcome({}), system)],
    ["initial_events.0.max_iterations", events(outcome({ max_iterations: 21 }))],
    ["initial_events.0.rubric.content", events(outcome({ rubric: { type: "text", content: "r".repeat(262_145) } }))],
    ["resources.0.type", { resources: [{ type: "bucket" }] }],
    ["resources.0.branch", { resources: [{ type: "file", file_id: "file_1", branch: "x" }] }],
    ["resources.0.url", { resources: [{ type: "github_repository" }] }],
    ["resources.0.instructions", memory({ instructions: "x".repeat(4097) })],
    ["resources.0.access", memory({ access: "none" })],
    ["resources", { resources: times(501, () => ({ type: "file", file_id: "file_1" })) }],
    ["vault_ids", { vault_ids: times(51, () => "vault_1") }],
    ["metadata", { metadata: keys(17) }],
    ["metadata", { metadata: { ["k".repeat(65)]: "v" } }],
    ["metadata.k", { metadata: { k: "v".repeat(513) } }],
    ["metadata.k", { metadata: { k: 1 } }],
    ["metadata.cas_config", { metadata: { cas_config: {} } }],
    ...["A", "1A=x", "A B=x", "SERVER_ENDPOINT=x", "A=1;USER_ID=x", "WORK_DIR=", "CAW_X=1", "A=1\nQODER_X=1"].map(
      (text): [string, Fields] => ["environment_variables", { environment_variables: text }],
    ),
    ...["0", "-1", "1.234", "1234567890123", "1e3", ""].map((cost): [string, Fields] => [
      "budget.max_credit_cost",
      { budget: { type: "limit", max_credit_cost: cost } },
    ]),
    ["status", { status: "paused" }],
    ["tunnel_id", { tunnel_id: "t" }],
  ];

  test.each(bad)("with a wrong %s is refused on create and on update: %j", async (param, fields) => {
    const refusal = invalid({ param });
    expect(await lab.post("/deployments", lab.body(fields))).toEqual(refusal);
    const id = lab.create();
    const before = lab.api.deployments.get(id);
    expect(await lab.post(`/deployments/${id}`, fields)).toEqual(refusal);
    expect(lab.api.deployments.get(id)).toEqual(before);
  });

  test.each(["name", "agent", "environment_id", "initial_events"])("without %s is refused on create", async (field) => {
    expect(await lab.post("/deployments", lab.body({ [field]: undefined }))).toEqual(
      invalid({ message: `Missing required field: ${field}`, param: field }),
    );
  });

  const good: [Fields][] = [
    [{ name: "𝒳".repeat(256) }],
    [events(...times(50, () => message("x")))],
    [events(message([]), system)],
    [events(outcome({ max_iterations: 20 }), outcome({ max_iterations: null }))],
    [{ metadata: { ...keys(15), ["k".repeat(64)]: "v".repeat(512) } }],
    [{ vault_ids: times(50, () => "vault_1") }],
    [{ environment_variables: "A=1; _b=x=y\n\nC=" }],
    [{ environment_variables: null, description: null }],
    [{ budget: { type: "limit", max_credit_cost: "123456789012.05" } }],
    [memory({ access: null, instructions: "x".repeat(4096) })],
    [{ resources: [{ type: "git_repository", url: "https://x/y", checkout: { type: "commit", sha: "a" } }] }],
    ...["0 0 * * 0", "0 0 * * 7", "*/5 0-6/2 1,15 * MON-FRI", "0 0 1 JAN FRI-SUN", "0 0 30 2 *"].map(
      (expression): [Fields] => [cron(expression)],
    ),
  ];

  test.each(good)("with %j is accepted on create", async (fields) => {
    expect(await lab.post("/deployments", lab.body(fields))).toMatchObject({ status: 200 });
  });

  test.each([
    ["day of month or day of week", "0 0 13 * 5", "2026-06-19T00:00:00Z"],
    ["seven as Sunday", "0 0 * * 7", "2026-06-21T00:00:00Z"],
    ["names of months and days", "0 0 * JUL SUN", "2026-07-05T00:00:00Z"],
    ["the first run is after now", "53 8 * * *", "2026-06-15T08:53:00Z"],
    ["a date that never comes", "0 0 30 2 *", undefined],
  ])("gets its next runs from the schedule: %s", (_rule, expression, first) => {
    const { schedule: shown } = lab.api.deployments.get(lab.create(cron(expression)));
    expect(shown?.upcoming_runs_at[0]).toBe(first);
    expect(shown?.upcoming_runs_at).toHaveLength(first === undefined ? 0 : 5);
  });

  test("may delete one metadata key and add another at the limit, because the limit counts the result", async () => {
    const id = lab.create({ metadata: keys(16) });
    expect(await lab.post(`/deployments/${id}`, { metadata: { more: "v" } })).toEqual(invalid({ param: "metadata" }));
    const { body } = await lab.post(`/deployments/${id}`, { metadata: { more: "v", key0: null } });
    expect(Object.keys(body.metadata ?? {})).toHaveLength(16);
  });

  test.each([
    ["broken JSON", "{"],
    ["an empty body", undefined],
    ["more than 4 MB", JSON.stringify({ description: "x".repeat(4 * 1024 * 1024) })],
  ])("is refused as invalid JSON: %s", async (_what, text) => {
    const call = text === undefined ? {} : { text };
    expect(await lab.call("POST", `/deployments/${lab.create()}`, call)).toEqual(
      invalid({ message: "Request body must be valid JSON." }),
    );
  });

  test.each([33, 5_000, 200_000])(
    "with %s levels is refused, and the service answers the next request",
    async (levels) => {
      const text = `{"name":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
      const answer = await lab.call("POST", "/deployments", { text });
      expect(answer).toEqual(invalid({ message: "Request body is nested too deeply." }));
      expect((await lab.post("/deployments", lab.body())).status).toBe(200);
    },
  );

  test("with the largest number of levels is read", async () => {
    const text = `{"name":${"[".repeat(31)}${"]".repeat(31)}}`;
    const answer = await lab.call("POST", "/deployments", { text });
    expect(answer).toEqual(invalid({ param: expect.any(String) }));
  });
});
