import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Nine o'clock in Shanghai. */
const morning = Date.UTC(2026, 10, 20, 1);
const unscheduled = { schedule: undefined };

/** What one run does: its end, and how long it works. */
interface Work {
  readonly ending?: object;
  readonly minutes?: number;
  /** Artifacts with their sizes. */
  readonly gives?: Readonly<Record<string, number>>;
  /** The results of its tools: true for an error. */
  readonly calls?: readonly boolean[];
}

let told = 0;

/** One run that starts at this time, with a message of its own unless its ending says otherwise. */
function work(id: string, at: number, { ending = {}, minutes = 0, gives = {}, calls = [] }: Work): string {
  world.at(at);
  const session = String(world.api.deployments.run(id).session_id);
  world.at(at + minutes * minute);
  for (const is_error of calls) {
    world.api.sessions.addEvent(session, { type: "agent.tool_result", tool_use_id: "toolu_1", is_error });
  }
  for (const [original_filename, size] of Object.entries(gives)) {
    world.api.sessions.addEvent(session, { type: "agent.artifact_delivered", original_filename, size });
  }
  told += 1;
  world.api.sessions.end(session, { message: `The report number ${told} is written.`, ...ending });
  return session;
}

/** A run each night, the last one an hour before the morning. */
function nightly(...works: readonly Work[]): string {
  world.at(morning - (works.length + 1) * day);
  const id = world.create("nightly", unscheduled);
  for (const [index, one] of works.entries()) {
    work(id, morning - hour - (works.length - 1 - index) * day, one);
  }
  world.at(morning);
  return id;
}

const costs = (...credits: readonly number[]): Work[] => credits.map((model) => ({ ending: { credits: { model } } }));
const times = (...minutes: readonly number[]): Work[] => minutes.map((one) => ({ minutes: one, ...costs(10)[0] }));
const repeated = (count: number, one: Work): Work[] => Array.from({ length: count }, () => one);
const fails: Work = { ending: { error: { type: "billing_error", message: "No credits are left." } } };
const report: Work = { gives: { "report.md": 900 } };
const says = (message: string): Work => ({ ending: { message } });
const cancelled: Work = { ending: { stop_reason: { type: "cancelled" } } };

async function problemsOf(id: string, window = "24h") {
  const [one] = await world.json(id, "--since", window);
  return one as { problems: string[]; causes: { cause: string; since: string | null }[]; failedInARow: number };
}

describe("each morning says of a nightly job", () => {
  const eightPercent = Array.from({ length: 14 }, (_, night) => Math.round(1_000 * 1.08 ** night) / 100);
  test.each<[string, readonly Work[], readonly unknown[]]>([
    [
      "a row of failures that began before the window",
      [{}, {}, ...repeated(5, fails)],
      ["The deployment failed 5 in a row: billing_error: No credits are left."],
    ],
    [
      "a cost that grows by 8 % a night",
      costs(...eightPercent),
      [
        expect.stringMatching(
          /^A run costs 27.2 credits, 19.99 in the week before, and 12.13 in the week before that$/,
        ),
      ],
    ],
    [
      "nothing of a cost that became another ten days ago",
      costs(10, 10, 10, 10, ...repeated(11, {}).map(() => 25)),
      [],
    ],
    [
      "a run that took far longer than usual",
      times(6, 6, 7, 6, 55),
      [expect.stringMatching(/^A run took 55 min, more than four times the usual 6 min: its session sess_\w+$/)],
    ],
    ["nothing of a run that took long where another one of the week did", times(6, 6, 55, 6, 6, 55), []],
    [
      "a run that cost and worked a tenth",
      [...times(6, 6, 7, 6), { minutes: 0.2, ...costs(0.2)[0] }],
      ["The last run cost 0.2 credits instead of the usual 10 and worked for 12 s instead of the usual 6 min"],
    ],
    ["nothing of a run at half the cost", costs(10, 10, 10, 5), []],
    [
      "a run that somebody cancelled",
      [{}, {}, cancelled],
      [expect.stringMatching(/^Somebody cancelled the last run, in its session sess_\w+$/)],
    ],
    [
      "an artifact that each of five runs gave",
      [...repeated(5, report), {}],
      ["The last run is done, report.md is missing"],
    ],
    [
      "an artifact whose name has the day",
      [...[1, 2, 3, 4, 5].map((one): Work => ({ gives: { [`report-2026-11-1${one}.md`]: 900 } })), {}],
      ["The last run is done, report-2026-11-15.md is missing"],
    ],
    ["nothing of an artifact that four runs gave", [{}, ...repeated(4, report), {}], []],
    [
      "nothing of an artifact of another day",
      [1, 2, 3, 4, 5, 6].map((one): Work => ({ gives: { [`r-${one}.md`]: 9 } })),
      [],
    ],
    [
      "an empty artifact",
      [report, report, { gives: { "report.md": 0 } }],
      ["The last run is done, report.md is empty"],
    ],
    [
      "a message that five runs repeated",
      repeated(5, says("All tickets are closed.")),
      ["The last run is done, and repeats the message of the 4 runs before word for word"],
    ],
    ["nothing of a message that four runs repeated", [says("Other words."), ...repeated(4, says("All is well."))], []],
    ["nothing of one word that says only that the run ended", repeated(6, says("Done.")), []],
    [
      "a run whose tool calls all failed",
      [{}, { calls: repeated(12, {}).map(() => true) }],
      ["The last run is done, but all of its 12 tool calls failed"],
    ],
    ["nothing of failed calls of a run before", [{ calls: [true] }, { calls: [false] }], []],
  ])("%s", async (_, works, problems) => {
    expect((await problemsOf(nightly(...works))).problems).toEqual(problems);
  });
});

test.each([
  ["24h", 1],
  ["7d", 7],
])("a window of %s has the row of failures and the cost of the last night", async (window) => {
  const [failing, costly] = [
    nightly({}, {}, ...repeated(5, fails)),
    nightly(...costs(...repeated(14, {}).map(() => 10), 80)),
  ];
  const [row, cost] = [await problemsOf(failing, window), await problemsOf(costly, window)];
  expect(row).toMatchObject({
    failedInARow: 5,
    problems: [expect.stringMatching(/^The deployment failed 5 in a row/)],
  });
  expect(row.causes).toEqual([{ cause: "failed", since: "2026-11-16T00:00:00Z" }]);
  expect(cost.problems).toEqual([expect.stringMatching(/cost 80 credits, more than twice the usual 10 \(10 each\)$/)]);
});

describe("of an hourly job", () => {
  const hourly = (...works: readonly Work[]): string => {
    world.at(morning - 9 * day);
    const id = world.create("hourly", unscheduled);
    for (const [index, one] of works.entries()) {
      work(id, morning - (works.length - index) * hour, one);
    }
    world.at(morning);
    return id;
  };

  test.each([
    [8, 24, ["8 of 24 runs failed, the last with billing_error"]],
    [6, 24, ["6 of 24 runs failed, the last with billing_error"]],
    [5, 24, []],
    [1, 4, ["1 of 4 runs failed, the last with billing_error"]],
    [1, 3, []],
  ])("%i failures among %i runs are %j, although the last run is fine", async (failures, all, problems) => {
    const works = Array.from({ length: all - 1 }, (_, index): Work => (index < failures ? fails : {}));
    expect((await problemsOf(hourly(...works, {}))).problems).toEqual(problems);
  });

  test.each([
    [
      "twenty runs by hand where one is usual",
      21,
      ["21 runs of one day cost 210 credits, more than three times the 10 of the usual day"],
    ],
    ["a run three times", 3, []],
  ])("the credits of a day are compared with the usual day: %s", async (_, count, problems) => {
    world.at(morning - 9 * day);
    const id = world.create("nightly", unscheduled);
    for (let night = 6; night > 0; night -= 1) {
      work(id, morning - hour - night * day, costs(10)[0] ?? {});
    }
    for (let index = 0; index < count; index += 1) {
      work(id, morning - 12 * hour + index * minute, costs(10)[0] ?? {});
    }
    world.at(morning);
    expect((await problemsOf(id)).problems).toEqual(problems);
  });
});

test("a failure that ended in the window counts where no run began in it, and behind a full page of runs", async () => {
  world.at(morning - 3 * day);
  const [id, often] = [world.create("rare", unscheduled), world.create("often", unscheduled)];
  world.at(morning - 25 * hour);
  const [old, hidden] = [id, often].map((one) => String(world.api.deployments.run(one).session_id));
  for (let index = 0; index < 120; index += 1) {
    work(often, morning - 23 * hour + index * minute, {});
  }
  world.at(morning - 2 * hour);
  for (const session of [old, hidden]) {
    world.api.sessions.end(String(session), fails.ending);
  }
  world.at(morning);
  const [first] = await world.json(id, "--since", "24h");
  expect(first).toMatchObject({
    since: { runs: 1, failed: 1 },
    problems: [expect.stringMatching(/^The last run failed/)],
  });
  const [second] = await world.json(often, "--since", "24h");
  expect(second).toMatchObject({ since: { runs: 121, done: 120, failed: 1 }, lastFailure: { sessionId: hidden } });
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
    "works for two hours",
    (session) => {
      world.api.sessions.resume(session);
      world.clock.pass(2 * hour);
    },
    /^A session is running for 2 h 1 min, longer than 1 h: /,
  ],
  [
    "the service tries again since now, after two hours",
    (session) => {
      world.api.sessions.resume(session);
      world.clock.pass(2 * hour);
      world.api.sessions.reschedule(session);
    },
    /^A session is running for 2 h 1 min, longer than 1 h, and the service tries it again: /,
  ],
];
test.each(turns)(
  "a session that waited and that %s hangs only since the state that the report names",
  async (_, act, problem) => {
    world.at(morning - 2 * day);
    const id = world.create("asking", unscheduled);
    const session = String(world.api.deployments.run(id).session_id);
    world.api.sessions.end(session, { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } });
    world.at(morning - minute);
    act(session);
    world.clock.pass(minute);
    expect((await problemsOf(id)).problems).toEqual(problem === undefined ? [] : [expect.stringMatching(problem)]);
    expect((await world.status(id)).stdout.includes(`     running: ${session}\n`)).toBe(problem === undefined);
  },
);

test("the run before the last one takes one request, and no more of a calm job", async () => {
  const id = nightly(...repeated(6, report));
  world.api.clearRequests();
  expect((await problemsOf(id)).problems).toEqual([]);
  expect(world.requests.filter((request) => request.includes("/events"))).toHaveLength(2);
});
