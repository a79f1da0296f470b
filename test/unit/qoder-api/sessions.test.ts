import { type Fields, useLab } from "./lab";

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
});
