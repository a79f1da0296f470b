import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const refused = { type: "session_rate_limited_error", message: "Too many sessions." };

test("--since counts the results of all runs since then, and adds up their credits", async () => {
  const id = world.create("report");
  world.run(id, {});
  world.day(22);
  world.run(id, {});
  world.run(id, { error: { type: "billing_error" } });
  world.api.deployments.runBySchedule(id, refused);
  world.run(id, { stop_reason: { type: "budget_reached" } });
  world.waiting(id);
  world.run(id, { stop_reason: { type: "cancelled" }, credits: {} });
  world.api.sessions.remove(world.run(id));
  world.run(id);
  world.run(id, {});
  world.api.clearRequests();
  expect(await world.json(id, "--since", "24h")).toMatchObject([
    {
      since: { runs: 9, done: 2, notGraded: 0, failed: 3, running: 1, waiting: 1, credits: 6.5, unknownCosts: 1 },
      lastRun: { result: { state: "done", credits: 1.3 } },
      // The newest of the three failures: the run that its budget stopped.
      lastFailure: { sessionId: expect.stringMatching(/^sess_/), error: null },
      healthy: false,
      // Somebody deleted one of the sessions. The run of nine o'clock, when the window begins, never came.
      problems: [
        expect.stringMatching(/^1 run was missed: it was due Sat 2026-11-21 09:00/),
        expect.stringMatching(
          /^An older run waits until somebody answers in its session sess_\w+ or `npx pulumi-qoder cancel sess_\w+` ends it$/,
        ),
        "3 of 8 runs failed",
        expect.stringMatching(/^Somebody cancelled 1 older run, in its session sess_\w+$/),
        "The service does not show what 1 run cost",
      ],
    },
  ]);
  const text = await world.status(id, "--since", "2026-11-21T02:00:00Z");
  expect(text.status).toBe(1);
  expect(text.stdout).toMatch(/^! {2}report .* done {4}2\/9 {3}at least 6\.5\n/m);
  expect(text.stdout.split("\n")[0]).toBe(
    "Since Sat 2026-11-21 10:00 (Asia/Shanghai): 9 runs, 2 done, 3 failed, 1 running, 1 waiting, 2 other, at least 6.5 credits.",
  );
});

test("a run of which the service shows no result ends the series of failures before it", async () => {
  const id = world.create("report");
  const fails = () => world.run(id, { error: { type: "billing_error" } });
  fails();
  world.run(id, { stop_reason: { type: "new_reason" } });
  fails();
  fails();
  expect(await world.json(id, "--since", "24h")).toMatchObject([{ failedInARow: 2, since: { runs: 4, failed: 3 } }]);
});

describe("the last failure since then is the newest run that", () => {
  const failure = { type: "billing_error", message: "No credits are left." };
  test.each([
    ["failed in its session", { error: failure }, failure],
    ["was stopped by its budget", { stop_reason: { type: "budget_reached" } }, null],
  ])("%s, with that session", async (_, end, error) => {
    const id = world.create("report");
    world.api.deployments.runBySchedule(id, refused);
    const sessionId = world.run(id, end);
    world.run(id, {});
    expect(await world.json(id, "--since", "24h")).toMatchObject([
      { lastFailure: { sessionId, error }, healthy: true },
    ]);
  });

  test("could not start, which has no session and is the cause of a row of failures", async () => {
    const id = world.create("report");
    world.run(id, { error: failure });
    const newest = world.api.deployments.runBySchedule(id, refused);
    expect(await world.json(id, "--since", "24h")).toMatchObject([
      {
        lastFailure: { id: newest.id, sessionId: null, error: refused },
        problems: [expect.stringMatching(/^The deployment failed 2 in a row: The last run could not start: /)],
        causes: [{ cause: "could not start" }],
      },
    ]);
  });

  test("could not start, if the command has no --since and so reads no other results", async () => {
    const id = world.create("report");
    const first = world.api.deployments.runBySchedule(id, refused);
    world.run(id, { error: failure });
    world.run(id, {});
    expect(await world.json(id)).toMatchObject([{ lastFailure: { id: first.id, sessionId: null, error: refused } }]);
  });
});

test.each([
  ["24h", 1],
  ["48h", 2],
  ["1440m", 1],
  ["4d", 3],
  ["1w", 3],
  ["2026-11-22T01:00:00Z", 2],
  ["2026-11-22T09:00:00+08:00", 2],
  ["2026-11-22T01:01Z", 1],
])("--since %s counts the runs that began or ended since then: %i", async (since, runs) => {
  const id = world.create("report");
  for (const day of [21, 22, 23]) {
    world.day(day);
    world.run(id, {});
  }
  world.day(24);
  expect(await world.json(id, "--since", since)).toMatchObject([{ since: { runs } }]);
});

test("a deployment without a run since then still shows its last run", async () => {
  const [old, never] = [world.create("old"), world.create("never")];
  world.run(old, {});
  world.day(29);
  const nothing = { runs: 0, done: 0, notGraded: 0, failed: 0, running: 0, waiting: 0, credits: 0, unknownCosts: 0 };
  expect(await world.json(old, never, "--since", "24h")).toMatchObject([
    { name: "old", since: nothing, lastRun: { result: { state: "done" } } },
    { name: "never", since: nothing, lastRun: null },
  ]);
});

test("a deployment that ran 250 times since then has the same counts if the service refuses the list of sessions, or ignores its filter", async () => {
  const id = world.create("often");
  world.run(id, {});
  const failed = world.api.deployments.runBySchedule(id, refused);
  world.day(22);
  for (let index = 0; index < 250; index += 1) {
    world.run(id, {});
  }
  const since = { runs: 250, done: 250, failed: 0, running: 0, waiting: 0, credits: 325 };
  const counted = [{ since, lastFailure: { id: failed.id } }];
  expect(await world.json(id, "--since", "24h")).toMatchObject(counted);
  world.api.fault({ kind: "status", status: 400, path: "/sessions", times: 2 });
  const refusing = await world.status(id, "--since", "24h", "--json");
  expect(JSON.parse(refusing.stdout)).toMatchObject(counted);
  // Nobody knows then which sessions are open.
  expect(refusing.status).toBe(1);
  const data = [{ id: "sess_other", status: "idle", deployment_id: "dep_1" }];
  const transform = (page: object) => ({ ...page, data });
  world.api.fault({ kind: "replace-body", path: "/sessions", transform, times: 2 });
  expect(await world.json(id, "--since", "24h")).toMatchObject(counted);
});

test("a cost that the list of sessions does not show is read from the session, or unknown", async () => {
  const id = world.create("daily");
  const [unknown, known] = [0, 1].map(() => world.run(id, { credits: { model: 12.5 } }));
  world.fault("/sessions", { each: (one) => (one["id"] === known ? one : { ...one, usage: {} }) });
  const since = { credits: 25, unknownCosts: 0 };
  expect(await world.told(id, "--since", "1d")).toMatchObject({ status: 0, stderr: "", one: { since } });
  world.fault(`/sessions/${unknown}`, { members: { usage: {} } });
  const { status, stdout, stderr } = await world.status(id, "--since", "1d");
  expect([status, stderr]).toEqual([2, `Not known: ${id} "daily"\n  The service does not show what 1 run cost\n`]);
  expect(stdout).toMatch(/^! {2}daily .* 2\/2 +at least 12\.5$/m);
});
