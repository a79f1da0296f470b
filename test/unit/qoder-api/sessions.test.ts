import { type Fields, invalid, missing, useLab } from "./lab";

describe("sessions", () => {
  const lab = useLab({ tokens: { "pt-test": "default", "pt-other": "other" } });
  const started = (fields: Fields = {}) => {
    const deployment = lab.create({ name: `report ${lab.api.runs.all().length}`, ...fields });
    return { deployment, id: String(lab.api.deployments.run(deployment).session_id) };
  };

  test("a session shows its deployment and agent as they were when the run started it", async () => {
    const file = lab.api.files.create().id;
    const budget = { type: "limit", max_credit_cost: "10" };
    const resources = [{ type: "file", file_id: file }];
    const agent = lab.api.agents.create({ name: "writer", model: { id: "ultimate", context_window: 400_000 } });
    const fields = { agent: agent.id, resources, budget, environment_variables: "A=1;B=x=y" };
    const { id, deployment } = started(fields);
    lab.api.agents.edit(agent.id, { name: "renamed" });
    lab.set("2026-06-14T08:53:42Z");
    const { body } = await lab.get(`/sessions/${id}`);
    const stamp = expect.stringMatching(/^2026-06-14T08:53:32/);
    expect(body).toEqual({
      id,
      type: "session",
      status: "running",
      title: null,
      deployment_id: deployment,
      agent: {
        ...{ id: agent.id, type: "agent", version: 1, name: "writer", description: "", system: "", tools: [] },
        ...{ mcp_servers: [], skills: [], multiagent: null },
        model: { id: "ultimate", effective_context_window: 400_000 },
      },
      environment_id: lab.environment,
      environment_variables: { A: "1", B: "x=y" },
      resources: [
        {
          ...{ ...resources[0], mount_path: `/mnt/session/uploads/${file}`, created_at: stamp, updated_at: stamp },
          id: expect.stringMatching(/^sesr_[0-9a-f]{24}$/),
        },
      ],
      vault_ids: [],
      metadata: {},
      budget,
      outcome_evaluations: [],
      stats: { active_seconds: 10, duration_seconds: 10 },
      usage: {},
      archived_at: null,
      created_at: stamp,
      updated_at: stamp,
    });
  });

  test("a list has filters, an order and pages", async () => {
    const first = started();
    lab.api.sessions.end(first.id);
    lab.set("2026-06-14T09:00:00Z");
    const agent = lab.api.agents.create().id;
    const [second, third] = [started({ agent }), started()];
    lab.api.sessions.end(second.id, { status: "terminated" });
    lab.api.sessions.reschedule(third.id);
    const gone = started().id;
    lab.api.sessions.archive(gone);
    const list = async (query: string) => (await lab.get(`/sessions?${query}`)).body.data?.map(({ id }) => id);
    const expected: [string, string[]][] = [
      ["", [third.id, second.id, first.id]],
      ["include_archived=true", [gone, third.id, second.id, first.id]],
      ["order=asc", [first.id, second.id, third.id]],
      ["limit=1", [third.id]],
      [`page=${second.id}`, [first.id]],
      [`order=asc&page=${second.id}`, [third.id]],
      ["statuses[]=idle", [first.id]],
      ["statuses[]=rescheduling&statuses[]=terminated", [third.id, second.id]],
      [`agent_id=${agent}`, [second.id]],
      [`deployment_id=${first.deployment}`, [first.id]],
      ["created_at[gte]=2026-06-14T09:00:00Z", [third.id, second.id]],
      ["created_at[lt]=2026-06-14T09:00:00Z", [first.id]],
    ];
    for (const [query, ids] of expected) expect([query, await list(query)]).toEqual([query, ids]);
    for (const query of ["limit=101", "statuses[]=canceling", "order=newest"]) {
      expect(await lab.get(`/sessions?${query}`)).toEqual(invalid());
    }
  });

  test("a list of events has filters by type and time, an order and pages", async () => {
    const { id } = started();
    lab.set("2026-06-14T09:00:00Z");
    lab.api.sessions.end(id);
    const path = `/sessions/${id}/events`;
    const types = async (query: string) => (await lab.get(`${path}?${query}`)).body.data?.map((event) => event["type"]);
    const all = ["user.message", "session.status_running", "agent.message", "session.status_idle"];
    expect(await types("")).toEqual(all);
    expect(await types("order=desc&limit=2")).toEqual([...all].reverse().slice(0, 2));
    const asked = "types[]=session.status_idle&types[]=session.status_running";
    expect(await types(asked)).toEqual([all[1], all[3]]);
    expect(await types("created_at[gte]=2026-06-14T09:00:00Z")).toEqual(all.slice(2));
    const [first] = lab.api.sessions.events(id);
    expect(first).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: "user.message",
      content: [{ type: "text", text: "Go" }],
      processed_at: expect.stringMatching(/^2026-06-14T08:53:32/),
    });
    expect(await types(`after_id=${first?.id}`)).toEqual(all.slice(1));
    lab.api.switches.eventTypes = "ignore";
    expect(await types(asked)).toEqual(all);
    lab.api.switches.eventTypes = "reject";
    expect(await lab.get(`${path}?${asked}`)).toEqual(invalid());
    lab.api.switches.eventOrder = "desc";
    expect(await types("")).toEqual([...all].reverse());
    lab.api.switches.eventOrderQuery = "ignore";
    expect(await types("order=asc")).toEqual([...all].reverse());
  });

  test("a removed session is gone with its events, but its run stays", async () => {
    const { id, deployment } = started();
    lab.api.sessions.remove(id);
    for (const path of [`/sessions/${id}`, `/sessions/${id}/events`]) expect(await lab.get(path)).toEqual(missing());
    expect((await lab.get(`/deployments/${deployment}/runs`)).body.data).toMatchObject([{ session_id: id }]);
    expect(await lab.delete(`/environments/${lab.environment}`)).toMatchObject({ status: 409 });
  });
});
