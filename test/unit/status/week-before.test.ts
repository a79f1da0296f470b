import { day, hour, minute, morning, unscheduled, useStatusWorld, type Work } from "./status-world";

const world = useStatusWorld();

/** A run each night, the last one an hour before the morning. */
function nightly(...works: readonly Work[]): string {
  world.at(morning - (works.length + 1) * day);
  const id = world.create("nightly", unscheduled);
  for (const [index, one] of works.entries()) {
    world.work(id, morning - hour - (works.length - 1 - index) * day, one);
  }
  world.at(morning);
  return id;
}

const cost = (model: number): Work => ({ credits: { model } });
const costs = (...credits: readonly number[]): Work[] => credits.map(cost);
const times = (...minutes: readonly number[]): Work[] => minutes.map((one) => ({ minutes: one, ...cost(10) }));
const repeated = (count: number, one: Work): Work[] => Array.from({ length: count }, () => one);
const fails: Work = { error: { type: "billing_error", message: "No credits are left." } };
const report: Work = { gives: { "report.md": 900 } };
const says = (message: string): Work => ({ message });
const cancelled: Work = { stop_reason: { type: "cancelled" } };
const named = (nameOf: (night: number) => string): Work[] =>
  [1, 2, 3, 4, 5].map((night) => ({ gives: { [nameOf(night)]: 900 } }));

const problemsOf = (id: string, since = "24h") => world.problems(id, "--since", since);

describe("each morning says of a nightly job", () => {
  const eightPercent = Array.from({ length: 14 }, (_, night) => Math.round(1_000 * 1.08 ** night) / 100);
  test.each<[string, readonly Work[], string | undefined]>([
    [
      "a cost that grows by 8 % a night",
      costs(...eightPercent),
      "A run costs 27.2 credits, 19.99 in the week before, and 12.13 in the week before that",
    ],
    [
      "nothing of a cost that became another ten days ago",
      [...repeated(4, cost(10)), ...repeated(11, cost(25))],
      undefined,
    ],
    ["nothing of a run that took long where another one of the week did", times(6, 6, 55, 6, 6, 55), undefined],
    [
      "a run that cost and worked a tenth",
      [...times(6, 6, 7, 6), { minutes: 0.2, ...cost(0.2) }],
      "The last run cost 0.2 credits instead of the usual 10 and worked for 12 s instead of the usual 6 min",
    ],
    ["nothing of a run at half the cost", costs(10, 10, 10, 5), undefined],
    [
      "an artifact that each of five runs gave",
      [...repeated(5, report), {}],
      "The last run is done, report.md is missing",
    ],
    [
      "an artifact whose name has the day",
      [...named((night) => `report-2026-11-1${night}.md`), {}],
      "The last run is done, report-2026-11-15.md is missing",
    ],
    ["nothing of an artifact that four runs gave", [{}, ...repeated(4, report), {}], undefined],
    [
      "nothing of an artifact of another day",
      [...named((night) => `r-${night}.md`), { gives: { "r-6.md": 9 } }],
      undefined,
    ],
    ["an empty artifact", [report, report, { gives: { "report.md": 0 } }], "The last run is done, report.md is empty"],
    [
      "a message that five runs repeated",
      [says("Two tickets are open."), ...repeated(5, says("All tickets are closed."))],
      "The last run is done, and repeats the message of the 4 runs before word for word",
    ],
    [
      "nothing of a message that four runs repeated",
      [says("Other words."), ...repeated(4, says("All is well."))],
      undefined,
    ],
    ["nothing of a message that the agent always gives", repeated(7, says("No new issues were found.")), undefined],
    ["nothing of one word that says only that the run ended", repeated(6, says("Done.")), undefined],
    [
      "a run whose tool calls all failed",
      [{}, { calls: Array(12).fill(true) }],
      "The last run is done, but all of its 12 tool calls failed",
    ],
    ["nothing of failed calls of a run before", [{ calls: [true] }, { calls: [false] }], undefined],
  ])("%s", async (_, works, problem) => {
    expect(await problemsOf(nightly(...works))).toEqual(problem === undefined ? [] : [problem]);
  });
});

const cancelledAndLong = [
  /^A run took 55 min, more than four times the usual 6 min: its session sess_\w+$/,
  /^Somebody cancelled the last run, in its session sess_\w+$/,
];

test.each<[string, (session: string) => unknown, readonly RegExp[]]>([
  ["the command `cancel`", (session) => world.cancel(session), []],
  ["a person, in the console,", (session) => world.api.sessions.end(session, cancelled), cancelledAndLong],
  [
    "the command `cancel`, whose mark the service refused,",
    (session) => {
      world.api.fault({ kind: "status", status: 403, method: "POST", path: `/sessions/${session}` });
      return world.cancel(session);
    },
    cancelledAndLong,
  ],
])("a run that %s cancelled after 55 minutes has these problems the next morning", async (_, cancel, problems) => {
  const id = nightly(...times(6, 6, 7, 6));
  const session = world.run(id);
  world.at(morning + 55 * minute);
  await cancel(session);
  world.at(morning + 23 * hour);
  const told = await world.told(id, "--since", "24h");
  expect(told).toMatchObject({
    status: problems.length > 0 ? 1 : 0,
    one: { lastRun: { result: { state: "cancelled" } } },
  });
  expect(told.problems).toEqual(problems.map((text) => expect.stringMatching(text)));
});

test("a session that still waits after the command `cancel` is no problem, and none once somebody archives it", async () => {
  world.api.switches.cancelWaiting = "no-op";
  const id = nightly({});
  const session = world.waiting(id);
  const waits = `The last run waits until somebody answers in its session ${session} or \`npx pulumi-qoder cancel ${session}\` ends it`;
  expect(await problemsOf(id)).toEqual([waits]);
  await world.cancel(session);
  expect(await problemsOf(id)).toEqual([]);
  world.api.sessions.archive(session);
  expect(await problemsOf(id)).toEqual([]);
});

test.each([
  ["24h", "The runs"],
  ["7d", "The runs of one day"],
])("a window of %s has the row of failures and the cost of the last night", async (window, runs) => {
  const [failing, costly] = [nightly({}, {}, ...repeated(5, fails)), nightly(...repeated(14, cost(10)), cost(80))];
  const row = await world.told(failing, "--since", window);
  expect(row).toMatchObject({
    problems: ["The deployment failed 5 in a row: billing_error: No credits are left."],
    one: { failedInARow: 5, causes: [{ cause: "failed", since: "2026-11-16T00:00:00Z" }] },
  });
  expect(await problemsOf(costly, window)).toEqual([`${runs} cost 80 credits, more than twice the usual 10 (10 each)`]);
});

describe("of an hourly job", () => {
  const hourly = (...works: readonly Work[]): string => {
    world.at(morning - 9 * day);
    const id = world.create("hourly", unscheduled);
    world.hourly(id, morning, ...works);
    return id;
  };

  test.each([
    [8, 24, ["8 of 24 runs failed, the last with billing_error"]],
    [6, 24, ["6 of 24 runs failed, the last with billing_error"]],
    [5, 24, []],
    [1, 4, ["1 of 4 runs failed, the last with billing_error"]],
    [1, 3, []],
  ])("%i failures among %i runs are %j, although the last run is fine", async (failures, all, problems) => {
    const works = [...repeated(failures, fails), ...repeated(all - failures, {})];
    expect(await problemsOf(hourly(...works))).toEqual(problems);
  });

  test("three runs that somebody cancelled are one problem, which counts those before the last", async () => {
    const text = /^Somebody cancelled the last run and 2 before, in its session sess_\w+$/;
    const id = hourly(cancelled, {}, cancelled, cancelled);
    expect(await problemsOf(id)).toEqual([expect.stringMatching(text)]);
  });

  test.each([
    [
      "twenty runs by hand where one is usual",
      21,
      ["21 runs of one day cost 210 credits, more than three times the 10 of the usual day"],
    ],
    ["a run three times", 3, []],
  ])("the credits of a day are compared with the usual day: %s", async (_, count, problems) => {
    const id = nightly(...repeated(6, cost(10)));
    for (let index = 0; index < count; index += 1) {
      world.work(id, morning + 12 * hour + index * minute, cost(10));
    }
    world.at(morning + day);
    expect(await problemsOf(id)).toEqual(problems);
  });
});

test("a failure that ended in the window counts where no run began in it, and behind a full page of runs", async () => {
  world.at(morning - 3 * day);
  const [id, often] = [world.create("rare", unscheduled), world.create("often", unscheduled)];
  world.at(morning - 25 * hour);
  const [old, hidden] = [id, often].map((one) => String(world.api.deployments.run(one).session_id));
  for (let index = 0; index < 120; index += 1) {
    world.work(often, morning - 23 * hour + index * minute);
  }
  world.at(morning - 2 * hour);
  for (const session of [old, hidden]) {
    world.api.sessions.end(String(session), fails);
  }
  world.at(morning);
  expect(await world.json(id, "--since", "24h")).toMatchObject([
    { since: { runs: 1, failed: 1 }, problems: [expect.stringMatching(/^The last run failed/)] },
  ]);
  expect(await world.json(often, "--since", "24h")).toMatchObject([
    { since: { runs: 121, done: 120, failed: 1 }, lastFailure: { sessionId: hidden } },
  ]);
});

/** What happens to a session that began two days ago and waits since then, and what the report says in the end. */
const turns: readonly [string, (session: string) => void, RegExp | undefined][] = [
  ["a person has answered a minute ago", (session) => world.api.sessions.resume(session), undefined],
  [
    "a person has answered this moment, which no event shows yet",
    (session) => world.api.sessions.overwrite(session, { status: "running" }),
    undefined,
  ],
  [
    "the service tries again and again for a quarter of an hour",
    (session) => {
      for (let attempt = 0; attempt < 150; attempt += 1) {
        world.api.sessions.resume(session);
        world.clock.pass(6_000);
      }
    },
    undefined,
  ],
  [
    "ends while the report is being read, after two hours",
    (session) => {
      worksForTwoHours(session);
      world.api.sessions.end(session, { status: "terminated" });
      const shown = { ...world.api.sessions.get(session), status: "running" };
      const transform = (reply: object) => ({ ...reply, data: [shown] });
      world.api.fault({ kind: "replace-body", method: "GET", path: "/sessions", transform });
    },
    /^The last run failed: terminated: /,
  ],
  ["works for two hours", worksForTwoHours, /^A session is running for 2 h 1 min, longer than 1 h: /],
  [
    "the service tries again since now, after two hours",
    (session) => {
      worksForTwoHours(session);
      world.api.sessions.reschedule(session);
    },
    /^A session is running for 2 h 1 min, longer than 1 h, and the service tries it again: /,
  ],
];

function worksForTwoHours(session: string): void {
  world.api.sessions.resume(session);
  world.clock.pass(2 * hour);
}

test.each(turns)(
  "a session that waited and that %s hangs only since the state that the report names",
  async (_, act, problem) => {
    world.at(morning - 3 * day);
    const id = world.create("asking", unscheduled);
    const stop_reason = { type: "requires_action", event_ids: ["evt_1"] };
    const session = world.work(id, morning - 2 * day, { stop_reason });
    world.at(morning - minute);
    act(session);
    world.clock.pass(minute);
    expect(await problemsOf(id)).toEqual(problem === undefined ? [] : [expect.stringMatching(problem)]);
    expect((await world.status(id)).stdout.includes(`     running: ${session}\n`)).toBe(problem === undefined);
  },
);

test("an artifact before the newest twenty events is there, after one request more", async () => {
  const id = nightly(...repeated(5, report));
  world.at(morning - hour);
  const session = String(world.api.deployments.run(id).session_id);
  world.api.sessions.addEvent(session, { type: "agent.artifact_delivered", original_filename: "other.md", size: 9 });
  for (let count = 0; count < 25; count += 1) {
    world.api.sessions.addEvent(session, {
      type: "agent.message",
      content: [{ type: "text", text: `Step ${count}.` }],
    });
  }
  world.api.sessions.end(session, { message: "The report is written." });
  world.at(morning);
  expect(await problemsOf(id)).toEqual(["The last run is done, report.md is missing"]);
});

test("the run before the last one takes one request, and no more of a calm job", async () => {
  const id = nightly(...repeated(6, report));
  world.api.clearRequests();
  expect((await world.status(id, "--since", "24h")).status).toBe(0);
  expect(world.requests.filter((request) => request.includes("/events"))).toHaveLength(2);
});
