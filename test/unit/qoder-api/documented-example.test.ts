import { useLab } from "./lab";

const SCHEDULE = { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" };
const CHANGE = {
  name: "api-doc-verification-deployment-v2",
  schedule: { type: "cron", expression: "30 9 * * 1-5", timezone: "Asia/Shanghai" },
};
const WEEKDAYS = ["15", "16", "17", "18", "19"].map((day) => `2026-06-${day}T01:30:00Z`);

describe("the documented example of Update a deployment", () => {
  const lab = useLab();

  const body = (content: unknown) =>
    lab.body({
      name: "api-doc-verification-deployment",
      description: "Deployment created for API documentation verification",
      schedule: SCHEDULE,
      initial_events: [{ type: "user.message", content }],
    });

  const expected = (id: unknown) => ({
    agent: { id: lab.agent, type: "agent", version: 1 },
    archived_at: null,
    created_at: "2026-06-14T08:53:32Z",
    description: "Deployment created for API documentation verification",
    environment_id: lab.environment,
    id,
    name: "api-doc-verification-deployment-v2",
    paused_reason: null,
    resources: [],
    schedule: { ...CHANGE.schedule, upcoming_runs_at: WEEKDAYS },
    status: "active",
    type: "deployment",
    updated_at: "2026-06-14T08:54:05Z",
    vault_ids: [],
  });

  test("is answered as printed in generation 1", async () => {
    lab.api.switches.generation = 1;
    const created = await lab.post("/deployments", body("Generate today's status report"));
    expect(created.body.schedule?.upcoming_runs_at[0]).toBe("2026-06-15T01:00:00Z");
    lab.set("2026-06-14T08:54:05Z");
    const updated = await lab.post(`/deployments/${created.body.id}`, CHANGE);
    expect(updated).toMatchObject({ status: 200, headers: { date: "Sun, 14 Jun 2026 08:54:05 GMT" } });
    expect(updated.body).toEqual({
      ...expected(created.body.id),
      initial_events: [{ content: "Generate today's status report", type: "user.message" }],
      metadata: {
        cas_config: {
          config: { max_concurrent: 1, max_retries: 0, timeout_ms: 300000 },
          session_strategy: "new_session",
          stats: {
            consecutive_failures: 0,
            next_trigger_at: "2026-06-15T01:30:00Z",
            total_failures: 0,
            total_runs: 0,
          },
        },
      },
    });
    const keys = Object.keys(JSON.parse(updated.text));
    expect(keys).toEqual([...keys].sort());
  });

  test("is answered with content blocks and without cas_config in generation 2", async () => {
    const content = [{ type: "text", text: "Generate today's status report" }];
    const created = await lab.post("/deployments", body(content));
    lab.set("2026-06-14T08:54:05Z");
    const updated = await lab.post(`/deployments/${created.body.id}`, CHANGE);
    expect(updated.body).toEqual({
      ...expected(created.body.id),
      initial_events: [{ content, type: "user.message" }],
      environment_variables: "",
      metadata: {},
    });
    expect((await lab.get(`/deployments/${created.body.id}`)).body).toEqual(updated.body);
    expect(lab.api.deployments.get(String(created.body.id))).toEqual(updated.body);
  });

  test("gets an id that contains the time of creation and is the same for the same seed", async () => {
    const { body: created } = await lab.post("/deployments", body("x"));
    expect(created.id).toMatch(/^dep_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(Number.parseInt(String(created.id).slice(4, 16), 16)).toBe(lab.now.getTime());
    await lab.api.close();
    await lab.start({});
    expect((await lab.post("/deployments", body("x"))).body.id).toBe(created.id);
  });
});
