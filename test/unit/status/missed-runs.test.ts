import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const schedule = { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" };

const missedOn = (day: number) =>
  `1 run was missed: it was due ${day === 23 ? "Mon" : "Tue"} 2026-11-${day} 09:00 (01:00 UTC), Asia/Shanghai`;

describe("a schedule that this version cannot read", () => {
  const forms: readonly object[] = [
    { ...schedule, expression: "@daily" },
    { ...schedule, expression: "0 0 9 * * *" },
    { ...schedule, expression: 7 },
    { ...schedule, timezone: "Mars/Base" },
    { ...schedule, type: "solar" },
    { type: "interval", every: "1h" },
  ];
  const sentence = "The command could not look for missed runs: this version of pulumi-qoder cannot read the schedule";

  test.each(forms)("makes a deployment with %j not healthy with --since, and the exit status 2", async (form) => {
    const id = world.create("daily");
    world.runsOn(id, 20);
    world.fault(`/deployments/${id}`, { members: { schedule: form } });
    expect(await world.status(id, "--since", "5d")).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/^! {2}daily[\s\S]*could not look for missed runs[\s\S]*\n0 of 1 healthy/m),
      stderr: `Not known: ${id} "daily"\n  ${sentence}\n`,
    });
    expect(await world.json(id, "--since", "5d")).toMatchObject([
      { missed: null, healthy: false, problems: [sentence] },
    ]);
    // Without --since, nothing says that runs were looked for.
    expect((await world.status(id)).status).toBe(0);
  });

  test("says nothing about a deployment that starts no run by itself", async () => {
    const [paused, manual] = [world.create("paused"), world.create("manual", { schedule: undefined })];
    world.api.deployments.pause(paused);
    world.fault(`/deployments/${paused}`, { members: { schedule: forms[0] } });
    expect(await world.status(paused, manual, "--since", "5d")).toMatchObject({ status: 0, stderr: "" });
  });
});

test.each([{ updated_at: null, created_at: null }, { updated_at: null }, { updated_at: "yesterday" }])(
  "a reply without the time of the last change, %j, does not count as one without missed runs",
  async (members) => {
    const id = world.create("daily");
    world.runsOn(id, 21, 22, 24, 25);
    world.fault(`/deployments/${id}`, { members });
    expect(await world.status(id, "--since", "4d")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("the service does not show when the deployment was last changed"),
    });
  },
);

test("a run an hour or less beside a due time leaves a doubt, which the row and its JSON say", async () => {
  const id = world.create("daily");
  world.runsOn(id, 21, 22, 23, 24);
  world.at("2026-11-25T00:05:00Z");
  world.run(id, {});
  world.at("2026-11-25T04:00:00Z");
  const { status, one, problems } = await world.told(id, "--since", "24h");
  expect([status, problems]).toEqual([
    1,
    [
      "1 run may have been missed: it was due Wed 2026-11-25 09:00 (01:00 UTC), Asia/Shanghai, and a run began 55 min before it",
    ],
  ]);
  expect(one).toMatchObject({ missed: { count: 0, doubtful: 1 } });
});

describe.each([false, true])("if a run counts as a change of its deployment: %s", (runTouchesDeployment) => {
  test.each([
    ["the newest run", [21, 22, 24, 25], 23],
    ["the last but one", [21, 22, 23, 25], 24],
  ])("a run that was missed before %s is found", async (_, days, missed) => {
    world.api.switches.runTouchesDeployment = runTouchesDeployment;
    const id = world.create("daily");
    world.runsOn(id, ...days);
    expect(await world.json(id, "--since", "4d")).toMatchObject([
      { missed: { count: 1 }, problems: [missedOn(missed)] },
    ]);
  });

  test("nobody looks for runs before a change that came after the newest run", async () => {
    world.api.switches.runTouchesDeployment = runTouchesDeployment;
    const id = world.create("daily");
    world.runsOn(id, 21, 22, 24, 25);
    world.api.deployments.pause(id);
    world.api.deployments.unpause(id);
    expect(await world.json(id, "--since", "4d")).toMatchObject([{ missed: { count: 0 }, healthy: null }]);
  });
});

test("a change right before a run is a change", async () => {
  const id = world.create("daily");
  world.runsOn(id, 21, 22, 24);
  world.at(Date.UTC(2026, 10, 25, 0, 59, 58));
  world.api.deployments.pause(id);
  world.api.deployments.unpause(id);
  world.runsOn(id, 25);
  expect(await world.json(id, "--since", "4d")).toMatchObject([{ missed: { count: 0 }, healthy: true }]);
});

test("runs that were missed one after another have the first of them as their beginning, also before the window", async () => {
  world.at("2026-11-17T00:00:00Z");
  const id = world.create("daily");
  world.runsOn(id, 18, 20, 21);
  expect(await world.json(id, "--since", "24h")).toMatchObject([
    { missed: { count: 1 }, causes: [{ cause: "missed", since: "2026-11-22T01:00:00Z" }] },
  ]);
});

test.each(["retry", "manual", "later_trigger"])("a run with the trigger %s hides no missed run", async (type) => {
  const id = world.create("daily");
  world.runsOn(id, 21, 22, 23, 24, 25);
  const each = (run: Readonly<Record<string, unknown>>) =>
    String(run["created_at"]).startsWith("2026-11-23") ? { ...run, trigger_context: { type } } : run;
  world.fault(`/deployments/${id}/runs`, { each });
  expect(await world.json(id, "--since", "4d")).toMatchObject([{ since: { runs: 4 }, problems: [missedOn(23)] }]);
});

test("runs that the service lists in another order are taken from the newest to the oldest", async () => {
  const id = world.create("daily");
  world.runsOn(id, 21, 22, 23);
  const [, newest] = [24, 25].map((day) => {
    world.day(day);
    return world.run(id, { error: { type: "billing_error" } });
  });
  const ordinary = await world.json(id, "--since", "5d");
  expect(ordinary).toMatchObject([{ lastRun: { sessionId: newest }, failedInARow: 2, healthy: false }]);
  for (const first of [0, 2]) {
    for (const args of [["--since", "5d"], []]) {
      const transform = ({ data, ...page }: { data?: unknown }) => {
        const oldestFirst = [data].flat().toReversed();
        return { ...page, data: [...oldestFirst.slice(first), ...oldestFirst.slice(0, first)] };
      };
      const right = await world.json(id, ...args);
      world.api.fault({ kind: "replace-body", path: `/deployments/${id}/runs`, transform });
      expect(await world.json(id, ...args)).toEqual(right);
    }
  }
});

test("a next run that the service shows and that lies more than ten minutes in the past is overdue", async () => {
  const id = world.create("daily");
  for (const [minutes, overdue, problems] of [
    [10, false, []],
    [11, true, [expect.stringMatching(/^The next run that the service shows is overdue: Fri 2026-11-20 08:49/)]],
  ] as const) {
    const upcoming_runs_at = [new Date(Date.UTC(2026, 10, 20, 1) - minutes * 60_000).toISOString()];
    world.api.clearFaults();
    world.fault(`/deployments/${id}`, { members: { schedule: { ...schedule, upcoming_runs_at } } });
    expect(await world.json(id)).toMatchObject([{ overdue, healthy: !overdue, problems }]);
  }
});
