import { type Fields, useLab } from "./lab";

const OUTCOME = { type: "user.define_outcome", description: "A report", rubric: { type: "text", content: "r" } };

const TERMINATED = { status: "terminated" } as const;
const FAILED = { error: { type: "billing_error", message: "No credits." } };

describe("a session", () => {
  const lab = useLab();
  const sessions = () => lab.api.sessions;
  const started = (fields: Fields = {}) => {
    const name = `report ${lab.api.runs.all().length}`;
    return String(lab.api.deployments.run(lab.create({ name, ...fields })).session_id);
  };
  const newest = async (id: string, ...types: string[]) => {
    const asked = types.map((type) => `types[]=${type}`).join("&");
    return (await lab.get(`/sessions/${id}/events?order=desc&limit=1&${asked}`)).body.data?.[0];
  };

  test.each<[string, (id: string) => unknown, string, Fields]>([
    ["is running", () => undefined, "running", { type: "session.status_running" }],
    ["is rescheduled", (id) => sessions().reschedule(id), "rescheduling", { type: "session.status_rescheduled" }],
    ["has terminated", (id) => sessions().end(id, TERMINATED), "terminated", { type: "session.status_terminated" }],
    ["is done", (id) => sessions().end(id), "idle", { stop_reason: { type: "end_turn" } }],
    ["has failed", (id) => sessions().end(id, FAILED), "idle", { stop_reason: { type: "retries_exhausted" } }],
    ["was cancelled", (id) => lab.post(`/sessions/${id}/cancel`), "idle", { stop_reason: { type: "cancelled" } }],
  ])("that %s shows this in its status and its newest event", async (_what, happen, status, event) => {
    const id = started();
    await happen(id);
    expect((await lab.get(`/sessions/${id}`)).body).toMatchObject({ status });
    expect(await newest(id)).toMatchObject(event);
  });

  test("that fails has an error event, which says whether the service tries again", async () => {
    const errorOf = async (id: string) => (await newest(id, "session.error"))?.["error"];
    const [failed, ended, retried] = [started(), started(), started()];
    lab.api.sessions.end(failed, { error: { type: "mcp_authentication_failed_error", mcp_server_name: "tracker" } });
    expect(await errorOf(failed)).toEqual({
      type: "mcp_authentication_failed_error",
      message: expect.any(String),
      retry_status: { type: "exhausted" },
      mcp_server_name: "tracker",
    });
    lab.api.sessions.end(ended, { status: "terminated", error: { message: "m" } });
    expect(await errorOf(ended)).toMatchObject({
      type: "unknown_error",
      message: "m",
      retry_status: { type: "terminal" },
    });
    lab.api.sessions.reschedule(retried);
    expect(await errorOf(retried)).toMatchObject({ retry_status: { type: "retrying" } });
    lab.api.sessions.resume(retried);
    lab.api.sessions.end(retried);
    expect(lab.api.sessions.events(retried).map(({ type }) => type)).toEqual([
      ...["user.message", "session.status_running", "session.error", "session.status_rescheduled"],
      ...["session.status_running", "agent.message", "session.status_idle"],
    ]);
  });

  test("with an outcome shows the evaluation of each iteration, and then ends", async () => {
    const id = started({ initial_events: [OUTCOME] });
    const evaluations = async () => (await lab.get(`/sessions/${id}`)).body["outcome_evaluations"];
    expect(await evaluations()).toEqual([]);
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
    expect((await lab.get(`/sessions/${id}`)).body).toMatchObject({ status: "running" });
    lab.api.sessions.end(id, { outcomes: [{ result: "max_iterations_reached" }] });
    const completed_at = expect.stringMatching(/^2026-06-14T08:53:32/);
    const last = { ...first, result: "max_iterations_reached", explanation: "", iteration: 1, completed_at };
    expect(await evaluations()).toEqual([last]);
    expect(await newest(id, "span.outcome_evaluation_end")).toMatchObject({
      iteration: 1,
      outcome_evaluation_start_id: (await newest(id, "span.outcome_evaluation_start"))?.id,
    });
    expect(await newest(id)).toMatchObject({ stop_reason: { type: "end_turn" } });
  });
});
