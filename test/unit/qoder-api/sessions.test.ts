import { type Fields, useLab } from "./lab";

const OUTCOME = { type: "user.define_outcome", description: "A report", rubric: { type: "text", content: "r" } };

describe("a session", () => {
  const lab = useLab();
  const started = (fields: Fields = {}) => {
    const deployment = lab.create({ name: `report ${lab.api.runs.all().length}`, ...fields });
    return { deployment, id: String(lab.api.deployments.run(deployment).session_id) };
  };

  test("shows its deployment and agent as they were when the run started it", async () => {
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

  test("that fails or is retried has an error event, which says whether the service tries again", () => {
    const { id } = started();
    const errors = () => lab.api.sessions.events(id).filter(({ type }) => type === "session.error");
    lab.api.sessions.reschedule(id);
    lab.api.sessions.resume(id);
    lab.api.sessions.end(id, { error: { type: "mcp_authentication_failed_error", mcp_server_name: "tracker" } });
    expect(errors()).toMatchObject([
      { error: { retry_status: { type: "retrying" } } },
      {
        error: {
          type: "mcp_authentication_failed_error",
          message: expect.any(String),
          retry_status: { type: "exhausted" },
          mcp_server_name: "tracker",
        },
      },
    ]);
    expect(lab.api.sessions.events(id).map(({ type }) => type)).toEqual([
      ...["user.message", "session.status_running", "session.error", "session.status_rescheduled"],
      ...["session.status_running", "session.error", "session.status_idle"],
    ]);
  });

  test("with an outcome shows the evaluation of each iteration, and then ends", async () => {
    const { id } = started({ initial_events: [OUTCOME] });
    const evaluations = async () => (await lab.get(`/sessions/${id}`)).body["outcome_evaluations"];
    lab.api.sessions.evaluate(id, { result: "needs_revision", explanation: "no sums" });
    const first = {
      outcome_id: expect.stringMatching(/^outc_/),
      type: "outcome_evaluation",
      description: "A report",
      result: "needs_revision",
      explanation: "no sums",
      iteration: 0,
      completed_at: null,
    };
    expect(await evaluations()).toEqual([first]);
    lab.api.sessions.end(id, { outcomes: [{ result: "max_iterations_reached" }] });
    const completed_at = expect.stringMatching(/^2026-06-14T08:53:32/);
    const last = { ...first, result: "max_iterations_reached", explanation: "", iteration: 1, completed_at };
    expect(await evaluations()).toEqual([last]);
  });
});
