import { sessionRows } from "../../support/session-rows";
import { token, useStatusWorld } from "./status-world";

const world = useStatusWorld();

async function arranged(name: keyof typeof sessionRows) {
  const row = sessionRows[name];
  if (row === undefined) {
    throw new Error(`there is no row ${name}`);
  }
  Object.assign(world.api.switches, row.switches);
  const id = world.create("report", row.initial_events === undefined ? {} : { initial_events: row.initial_events });
  const session = String(world.api.deployments.runBySchedule(id).session_id);
  await row.happens(world.api, session, token);
  world.api.clearRequests();
  return { id, session, row, problems: row.problem === undefined ? [] : [row.problem.replace("#", session)] };
}

const ofSessions = () => world.requests.filter((request) => request.startsWith("GET /sessions"));

test.each(Object.keys(sessionRows))(
  "%s has its state in the text and in the JSON, after at most two requests for the session",
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
    expect(asked).toEqual([`GET /sessions/${session}`, events].slice(0, row.requests ?? 2));
    const text = await world.status(id);
    expect(text.stdout.split("\n")[1]).toMatch(new RegExp(`${row.state} +${row.credits ?? "-"}$`));
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
      const [{ lastRun }] = JSON.parse((await world.status(id, "--json")).stdout);
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
  const [deployment] = JSON.parse((await world.status(id, "--no-results", "--json")).stdout);
  expect(deployment).toMatchObject({ lastRun: { sessionId: session, result: null }, problems: [], healthy: true });
  expect(ofSessions()).toEqual([]);
});

test.each([
  ["shows the undocumented status hibernating", { status: "hibernating" }, "hibernating"],
  ["shows the undocumented status queued", { status: "queued" }, "queued"],
])("a session that %s has the status as its state", async (_, members, state) => {
  const { id, session } = await arranged("a session whose turn ended");
  const transform = (reply: object) => ({ ...reply, ...members });
  world.api.fault({ kind: "replace-body", path: `/sessions/${session}`, transform, times: 2 });
  const [{ lastRun, healthy }] = JSON.parse((await world.status(id, "--json")).stdout);
  expect({ state: lastRun.result.state, healthy }).toEqual({ state, healthy: true });
});

test("a session that started to run between the two requests is shown as running", async () => {
  const { id, session } = await arranged("a session that runs");
  const transform = (reply: object) => ({ ...reply, status: "idle" });
  world.api.fault({ kind: "replace-body", path: `/sessions/${session}`, transform });
  const [{ lastRun }] = JSON.parse((await world.status(id, "--json")).stdout);
  expect(lastRun.result.state).toBe("running");
});

test.each([
  ["403", { kind: "status", status: 403 } as const, "was answered with 403"],
  [
    "a different session",
    { kind: "replace-body", body: { id: "sess_2", status: "idle" } } as const,
    "a different session, sess_2",
  ],
])(
  "if the service answers with %s, the deployment is listed as not known with the reason",
  async (_, fault, reason) => {
    const { id, session } = await arranged("a session whose turn ended");
    world.api.fault({ ...fault, path: `/sessions/${session}` });
    const { status, stdout, stderr } = await world.status(id);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^Not known: ${id}\n  .*${reason}`));
  },
);
