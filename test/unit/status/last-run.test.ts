import { outcome, type SessionRow, sessionRows } from "../../support/session-rows";
import { notAsked, token, useStatusWorld } from "./status-world";

const world = useStatusWorld();
const error = { type: "session_rate_limited_error", message: "Too many sessions." };

/** Starts runs that each get a session. */
function runs(id: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    world.api.deployments.runBySchedule(id);
  }
}

async function lastFailure(id: string) {
  const [{ lastFailure: found }] = await world.json(id);
  return found;
}

const refuse = (status: number) => () => world.fault("/deployment_runs", { status });
test.each<[string, boolean, () => unknown]>([
  ["has a search", true, () => undefined],
  ["ignores the filter of the search", false, () => (world.api.switches.generation = 1)],
  ["refuses the parameter", false, refuse(400)],
  ["has no list of all runs", false, refuse(404)],
  ["forbids this token to list all runs", false, refuse(403)],
])("if the service %s, the command finds a failure before the newest hundred runs: %s", async (_, isFound, arrange) => {
  const [long, short] = [world.create("long"), world.create("short")];
  const old = world.api.deployments.runBySchedule(long, error);
  runs(long, 150);
  const failed = world.api.deployments.runBySchedule(short, error);
  runs(short, 50);
  arrange();
  expect(await lastFailure(long)).toEqual(isFound ? expect.objectContaining({ id: old.id, error }) : null);
  expect(await lastFailure(short)).toMatchObject({ id: failed.id, error });
  expect(
    world.requests.filter((request) => request.startsWith(`GET /deployments/${long}/runs?limit=100`)),
  ).toHaveLength(1);
});

test("if the search fails, the deployment is listed as not known", async () => {
  const id = world.create("report");
  runs(id, 100);
  world.fault("/deployment_runs", { status: 500 });
  expect(await world.status(id)).toEqual({
    ...notAsked,
    stderr: expect.stringMatching(`^Not known: ${id}\n  GET /deployment_runs was answered with 500 `),
  });
});

test.each([
  [{ session_id: null, error: null, status: "pending" }, "not started", "not started yet", 0],
  [{ session_id: null, error: null, status: "skipped" }, "could not start", "could not start", 1],
  [{ error: null, status: "failed" }, "failed", "failed", 1],
  [{ session_id: null, error: "no credits" }, "could not start", "could not start", 1],
  [{ session_id: null, error: { message: "no credits" } }, "could not start", "could not start", 1],
])(
  "a last run with %j is shown as %s with --no-results, and as %s otherwise",
  async (members, words, result, status) => {
    const id = world.create("report");
    const session_id = world.run(id);
    world.fault(`/deployments/${id}/runs`, { each: (run) => ({ ...run, session_id, ...members }) });
    for (const [said, ...options] of [[words, "--no-results"], [result]] as const) {
      const told = await world.status(id, ...options);
      expect(told.stdout.split("\n")[2]?.split(/ {2,}/)).toContain(said);
      expect(told.status).toBe(status);
    }
  },
);

const rows: Readonly<Record<string, SessionRow>> = {
  ...sessionRows,
  // A gate takes it for done.
  "a session whose outcome has no grading": {
    initial_events: [outcome],
    happens: (api, session) => api.sessions.end(session, { outcomes: [] }),
    state: "done, not graded",
    credits: 1.3,
    problem: "The last run is done, but not graded: an outcome that was asked for has no final grading",
  },
};

async function arranged(name: string) {
  const row = rows[name];
  if (row === undefined) {
    throw new Error(`there is no row ${name}`);
  }
  Object.assign(world.api.switches, row.switches);
  const id = world.create("report", row.initial_events === undefined ? {} : { initial_events: row.initial_events });
  const session = world.run(id);
  await row.happens(world.api, session, token);
  world.api.clearRequests();
  return { id, session, row, problems: row.problem === undefined ? [] : [row.problem.replaceAll("#", session)] };
}

const ofSessions = () => world.requests.filter((request) => request.startsWith("GET /sessions/"));

test.each(Object.keys(rows))(
  "%s has its state in the text and in the JSON, after at most two requests for a session that said something",
  async (name) => {
    const { id, session, row, problems } = await arranged(name);
    const status = problems.length === 0 ? 0 : 1;
    const asJson = await world.status(id, "--json");
    expect(asJson).toMatchObject({ status, stderr: "" });
    const result = { state: row.state, error: row.error ?? null, credits: row.credits };
    expect(JSON.parse(asJson.stdout)).toMatchObject([
      { lastRun: { sessionId: session, result }, since: null, healthy: status === 0, problems },
    ]);
    // A recorded request has only one of its `types[]`.
    const asked = ofSessions().map((request) => decodeURIComponent(request).replace(/&types\[\]=.*/, ""));
    const events = `GET /sessions/${session}/events?order=desc&limit=20`;
    // A session that said nothing may have never begun, which its other events say.
    const all = name.endsWith("with no message") ? [`GET /sessions/${session}/events?order=desc&limit=100`] : [];
    expect(asked).toEqual([...[`GET /sessions/${session}`, events].slice(0, row.requests ?? 2), ...all]);
    const text = await world.status(id);
    expect(text.stdout.split("\n")[2]).toMatch(new RegExp(`${row.state} +${row.credits ?? "-"}$`));
    expect(text.status).toBe(status);
    expect(world.api.requests.every(({ method }) => method === "GET")).toBe(true);
  },
);

test.each(["ignore", "reject"] as const)(
  "the command also finds the state if the service would %s the filter by event type",
  async (eventTypes) => {
    for (const name of [
      "a session whose turn ended",
      "a session with an error that the service does not retry",
      "a session that has not started",
    ]) {
      const { id, row } = await arranged(name);
      world.api.switches.eventTypes = eventTypes;
      const [{ lastRun }] = await world.json(id);
      expect(lastRun.result.state).toBe(row.state);
      Object.assign(world.api.switches, { sessionsStart: 0, eventTypes: "honour" });
    }
  },
);

test("--no-results sends no request for sessions, and only shows if they started", async () => {
  const { id, session } = await arranged("a session that stopped after all retries");
  const { stdout, status } = await world.status(id, "--no-results");
  expect(stdout).toMatch(/Nov 20 09:00 {2}started {2}-\n/);
  expect(status).toBe(0);
  const [deployment] = await world.json(id, "--no-results");
  expect(deployment).toMatchObject({ lastRun: { sessionId: session, result: null }, problems: [], healthy: true });
  expect(ofSessions()).toEqual([]);
});

test("a session that shows an undocumented status has it as its state", async () => {
  const { id, session } = await arranged("a session whose turn ended");
  world.fault(`/sessions/${session}`, { members: { status: "hibernating" } });
  expect(await world.json(id)).toMatchObject([{ lastRun: { result: { state: "hibernating" } }, healthy: true }]);
});

test("a session that started to run between the two requests is shown as running", async () => {
  const { id, session } = await arranged("a session that runs");
  const transform = (reply: object) => ({ ...reply, status: "idle" });
  world.api.fault({ kind: "replace-body", path: `/sessions/${session}`, transform });
  const [{ lastRun }] = await world.json(id);
  expect(lastRun.result.state).toBe("running");
});

test.each([
  ["403", { status: 403 }, "was answered with 403"],
  ["a different session", { members: { id: "sess_2" } }, "a different session, sess_2"],
])(
  "if the service answers with %s, the deployment is listed as not known with the reason",
  async (_, shown, reason) => {
    const { id, session } = await arranged("a session whose turn ended");
    world.fault(`/sessions/${session}`, shown);
    const stderr = expect.stringMatching(`^Not known: ${id}\n  .*${reason}`);
    expect(await world.status(id)).toEqual({ ...notAsked, stderr });
  },
);

test("a page that has the oldest events of a session in place of the newest is no verdict, and the reason is printed", async () => {
  world.api.switches.eventOrderQuery = "ignore";
  const id = world.create("report");
  const session = world.run(id);
  for (let turn = 0; turn < 50; turn += 1) {
    world.api.sessions.end(session);
    world.api.sessions.resume(session);
  }
  world.api.sessions.end(session, { stop_reason: { type: "requires_action" } });
  const { status, stderr } = await world.status(id);
  expect(status).toBe(2);
  expect(stderr).toContain(`Not known: ${id}\n`);
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(
    `GET /sessions/${session}/events was answered with 200, but its first page does not begin with the newest events`,
  );
});
