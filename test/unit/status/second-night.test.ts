import type { JsonObject } from "../../qoder-api/wire";
import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const hour = 3_600_000;
const day = 24 * hour;
/** Nine o'clock in Shanghai, when the daily schedule is due. */
const morning = Date.UTC(2026, 10, 20, 1);
const window = ["--since", "24h"] as const;

/** Runs that start an hour apart, the last one an hour before `end`. */
function hourly(id: string, end: number, ...endings: readonly object[]): string[] {
  return endings.map((ending, index) => {
    world.at(end - (endings.length - index) * hour);
    const session = String(world.api.deployments.run(id).session_id);
    world.api.sessions.end(session, ending);
    return session;
  });
}

const paid = (...credits: readonly number[]) => credits.map((model) => ({ credits: { model } }));
const unscheduled = { schedule: undefined };

async function told(...args: string[]) {
  const { stdout, stderr, status } = await world.status(...args);
  const [one] = await world.json(...args);
  return { stdout, stderr, status, problems: one.problems as string[], one };
}

describe("a cost that grows", () => {
  /** What the command says of a job with these runs two days before its window, and these in it. */
  async function afterRuns(before: readonly object[], within: readonly object[]) {
    const id = world.create("hourly", unscheduled);
    hourly(id, morning - 2 * day, ...before);
    hourly(id, morning, ...within);
    world.at(morning);
    return told(id, ...window);
  }

  test.each([
    [
      "three times as much every hour",
      [10, 30, 90, 270],
      ["Two runs in a row cost 90 and 270 credits, more than three times the usual 10"],
    ],
    [
      "a little more in each run, twice as much in all",
      [21, 22, 21, 22],
      ["The runs cost 86 credits, more than twice the usual 40 (10 each)"],
    ],
    ["two expensive runs behind an ordinary one", [31, 32, 10], [expect.stringContaining("cost 31 and 32 credits")]],
    ["exactly three times and exactly twice the usual", [30, 30, 10, 10], []],
    ["one expensive run", [10, 10, 10, 10, 10, 50], []],
    ["as much as ever", [10, 11, 9, 10], []],
    [
      "twice as much beside runs that cost nothing",
      [25, 0, 25, 0],
      ["The runs cost 50 credits, more than twice the usual 20 (10 each)"],
    ],
    [
      "three times as much around a run that cost nothing",
      [31, 0, 32],
      ["Two runs in a row cost 31 and 32 credits, more than three times the usual 10"],
    ],
  ])("is %s", async (_, credits, problems) => {
    const found = await afterRuns(paid(10, 9, 11, 10), paid(...credits));
    expect(found.problems).toEqual(problems);
    expect(found.status).toBe(problems.length === 0 ? 0 : 1);
    expect(/^!/m.test(found.stdout)).toBe(problems.length > 0);
    expect(found.one.lastRun.result.usualCredits).toBe(10);
  });

  test.each([
    ["as the last run before it", [10, 9, 11, 40], 1],
    ["as a run before the last one before it", [10, 9, 40, 11], 0],
  ])("is two runs in a row of which one began before the window, %s", async (_, before, status) => {
    const problem = "Two runs in a row cost 40 and 40 credits, more than three times the usual 10.5";
    expect(await afterRuns(paid(...before), paid(40, 10, 10, 10))).toMatchObject({
      status,
      problems: status === 0 ? [] : [problem],
    });
  });

  test("is measured by the runs before that cost anything, and not by those that never began", async () => {
    const problems = ["Two runs in a row cost 90 and 270 credits, more than three times the usual 10"];
    expect(await afterRuns(paid(10, 9, 11, 10, 0, 0, 0, 0, 0), paid(90, 270))).toMatchObject({ status: 1, problems });
  });

  test.each([
    [20, [], 0],
    [21, ["The runs cost 41 credits, more than twice the usual 20 (10 each)"], 1],
  ])("counts a run that still works if it has cost more than twice the usual: %i", async (model, problems, status) => {
    await afterRuns(paid(10, 9, 11, 10), paid(20));
    const [{ id }] = await world.json("--all");
    world.api.sessions.spend(String(world.api.deployments.run(id).session_id), { model });
    expect(await told(id, ...window)).toMatchObject({ status, problems });
  });

  test.each([
    ["there are two", (id: string) => hourly(id, morning - 2 * day, ...paid(1, 1))],
    ["they are eight days old", (id: string) => hourly(id, morning - 9 * day, ...paid(1, 1, 1, 1))],
    ["they cost nothing", (id: string) => hourly(id, morning - 2 * day, ...paid(0, 0, 0, 0))],
  ])("is not known without three paid runs in the seven days before the window: %s", async (_, before) => {
    const id = world.create("hourly", unscheduled);
    before(id);
    hourly(id, morning, ...paid(10, 30, 90));
    world.at(morning);
    const { status, problems, stdout, one } = await told(id, ...window);
    expect([status, problems, one.lastRun.result.usualCredits]).toEqual([0, [], null]);
    expect(stdout).toContain(
      "The usual cost is unknown, as fewer than 3 paid runs of the 7 days before are known: hourly.",
    );
  });
});

test("the usual cost is known if no run of the window has a session", async () => {
  const id = world.create("hourly", unscheduled);
  hourly(id, morning - 2 * day, ...paid(10, 9, 11, 10));
  world.at(morning - hour);
  world.api.deployments.runBySchedule(id, { type: "billing_error", message: "no credits" });
  world.at(morning);
  const { stdout, one } = await told(id, ...window);
  expect([one.since.runs, one.lastRun.result.usualCredits]).toEqual([1, 10]);
  expect(stdout).not.toContain("The usual cost is unknown");
});

describe.each([1, 2] as const)("in generation %i of the API", (generation) => {
  beforeEach(() => Object.assign(world.api.switches, { generation }));

  const nothing = { message: null, credits: {} };
  test.each([
    ["ended without an event of the agent", nothing],
    ["ended without an event of the agent and without a reason", { ...nothing, stop_reason: null }],
    ["ended without an event of the agent, and its sandbox cost credits", { message: null, credits: { sandbox: 1 } }],
  ])("a run that %s never began, whatever came later", async (_, ending) => {
    const id = world.create("hourly", unscheduled);
    const [session] = hourly(id, morning, ending);
    world.at(morning);
    for (const args of [[], window]) {
      const { status, problems, one, stdout } = await told(id, ...args);
      expect([status, one.lastRun.result.state]).toEqual([1, "never began"]);
      expect(problems).toEqual([`The last run never began: its session ${session} shows no event of the agent`]);
      expect(stdout).toMatch(/^! .* never began /m);
    }
    hourly(id, morning + hour, {});
    world.at(morning + hour);
    const later = await told(id, ...window);
    expect([later.status, later.problems]).toEqual([
      1,
      [`1 older run never began, the last in its session ${session}`],
    ]);
    expect(later.one.since).toMatchObject({ runs: 2, done: 1, failed: 1 });
  });

  test("a run whose session shows no event at all never began after an hour", async () => {
    world.api.switches.sessionsStart = "never";
    const id = world.create("hourly", unscheduled);
    world.at(morning);
    world.api.deployments.run(id);
    for (const [minutes, state] of [
      [60, "not started yet"],
      [61, "never began"],
    ] as const) {
      world.at(morning + minutes * 60_000);
      const { status, one } = await told(id, ...window);
      expect([status, one.lastRun.result.state]).toEqual([state === "never began" ? 1 : 0, state]);
    }
  });

  test("a run that has no session an hour after its start never began, and the text names no session", async () => {
    world.api.switches.sessionsStart = "never";
    const id = world.create("hourly", unscheduled);
    world.at(morning);
    world.api.deployments.run(id);
    const withoutSession = ({ session_id: _, ...run }: JsonObject) => run;
    const transform = (page: JsonObject) => ({ ...page, data: (page["data"] as JsonObject[]).map(withoutSession) });
    const runs = { method: "GET", path: /\/runs$/, kind: "replace-body", transform } as const;
    world.api.fault({ ...runs, times: Number.POSITIVE_INFINITY });
    world.at(morning + hour + 60_000);
    const last = await told(id, ...window);
    expect([last.status, last.problems]).toEqual([1, ["The last run never began: it has no session"]]);
    world.api.deployments.run(id);
    const older = await told(id, ...window);
    expect([older.status, older.problems]).toEqual([1, ["1 older run never began, the last without a session"]]);
  });
});

describe("in any generation of the API", () => {
  const waits = { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } };
  test.each([
    ["waits", waits, /^An older run waits /, "2 runs, 1 done, 1 waiting"],
    ["never begins", undefined, /^1 older run never began/, "2 runs, 1 done, 1 failed"],
    ["fails", { error: { type: "unknown_error", message: "no" } }, undefined, "2 runs, 1 done, 1 failed"],
    ["is done", {}, undefined, "2 runs, 2 done"],
  ])(
    "a run that %s after the look of one morning counts on the next one, and no later",
    async (_, ending, problem, sum) => {
      Object.assign(world.api.switches, ending === undefined ? { sessionsStart: "never" } : {});
      const id = world.create("daily", unscheduled);
      world.at(morning - hour / 2);
      const session = String(world.api.deployments.run(id).session_id);
      world.at(morning);
      expect(await told(id, ...window)).toMatchObject({ status: 0, problems: [] });
      if (ending !== undefined) {
        world.at(morning + hour / 6);
        world.api.sessions.end(session, ending);
      }
      hourly(id, morning + day, {});
      world.at(morning + day);
      const next = await told(id, ...window);
      expect(next).toMatchObject({
        status: problem === undefined ? 0 : 1,
        problems: problem === undefined ? [] : [expect.stringMatching(problem)],
        stdout: expect.stringContaining(`: ${sum}, `),
      });
      hourly(id, morning + 2 * day, {});
      world.at(morning + 2 * day);
      const later = await told(id, ...window);
      expect(later).toMatchObject({ status: 0, problems: [], stdout: expect.stringContaining(": 1 run, 1 done, ") });
    },
  );

  test("a run that worked and said nothing is healthy without --strict", async () => {
    const id = world.create("hourly", unscheduled);
    hourly(id, morning, { message: null });
    world.at(morning);
    for (const args of [[], window]) {
      expect(await told(id, ...args)).toMatchObject({
        status: 0,
        problems: [],
        one: { lastRun: { result: { state: "done", saidNothing: true } } },
      });
      expect((await world.status(id, ...args, "--strict")).status).toBe(1);
    }
  });

  test("a run that ended for an unknown reason counts as other, and is a problem with --strict", async () => {
    const id = world.create("hourly", unscheduled);
    hourly(id, morning, {}, { stop_reason: { type: "refusal" } });
    world.at(morning);
    const plain = await told(id, ...window);
    expect(plain).toMatchObject({
      status: 0,
      problems: [],
      stdout: expect.stringContaining(": 2 runs, 1 done, 1 other,"),
    });
    expect(await told(id, ...window, "--strict")).toMatchObject({
      status: 1,
      problems: ['The last run ended as "refusal", which this version of pulumi-qoder does not know'],
    });
  });
});

describe("an open session", () => {
  const retried = (timeout_ms: number) => ({ metadata: { cas_config: { config: { timeout_ms } } } });
  test.each([
    ["an hour", 61, {}, [], "running for 1 h 1 min, longer than 1 h"],
    ["an hour", 60, {}, [], undefined],
    ["timeoutMs", 21, retried(1_200_000), [], "running for 21 min, longer than 20 min"],
    ["timeoutMs", 89, retried(5_400_000), [], undefined],
    ["an hour, as nobody set the default of timeoutMs", 59, retried(300_000), [], undefined],
    ["--longest-run", 119, {}, ["--longest-run", "2h"], undefined],
    ["--longest-run", 121, {}, ["--longest-run", "2h"], "running for 2 h 1 min, longer than 2 h"],
  ] as const)("is a problem after %s: %i minutes of %j", async (_, minutes, more, args, text) => {
    // Only the older generation has the setting.
    world.api.switches.generation = 1;
    world.at(morning - 3 * day);
    const id = world.create("hourly", { ...unscheduled, ...more });
    world.at(morning - 2 * day);
    const session = String(world.api.deployments.run(id).session_id);
    world.at(morning - 2 * day + minutes * 60_000);
    const ends = text === undefined ? [] : [`A session is ${text}: \`npx pulumi-qoder cancel ${session}\` ends it`];
    expect((await told(id, ...args)).problems).toEqual(ends);
    // A person copies the command from a terminal, where long lines are broken.
    const { stdout } = await world.statusIn(100, id, ...args);
    expect(stdout.includes(`\`npx pulumi-qoder cancel ${session}\``)).toBe(text !== undefined);
    // A later run hides it no more, and nor does a window that begins later. The newer generation has no limit for runs at once.
    world.api.switches.generation = 2;
    world.api.sessions.end(String(world.api.deployments.run(id).session_id), {});
    world.at(world.clock.now() + 2 * hour);
    const later = await told(id, "--since", "1h", "--longest-run", "2h");
    expect(later.problems).toHaveLength(1);
  });

  test.each([
    [9, 0],
    [13, 1],
  ])("of a job that usually takes three hours is a problem after twelve: %i hours give %i", async (hours, status) => {
    const id = world.create("slow", unscheduled);
    for (const days of [5, 4, 3]) {
      world.at(morning - days * day);
      const session = String(world.api.deployments.run(id).session_id);
      world.at(morning - days * day + 3 * hour);
      world.api.sessions.end(session, {});
    }
    world.at(morning);
    world.api.deployments.run(id);
    world.at(morning + hours * hour);
    for (const args of [[], window]) {
      expect((await told(id, ...args)).status).toBe(status);
    }
  });

  test("takes one request more for each hundred of the account, however many deployments are read", async () => {
    const ids = ["one", "two", "three"].map((name) => world.create(name, unscheduled));
    const other = world.create("other", unscheduled);
    world.at(morning);
    for (let index = 0; index < 150; index += 1) {
      world.api.deployments.run(other);
    }
    world.api.clearRequests();
    expect((await world.status(...ids, ...window)).status).toBe(0);
    expect(world.requests.filter((request) => request.includes("statuses"))).toHaveLength(2);
    world.at(morning + 2 * hour);
    expect((await world.json(other, ...window))[0].problems).toHaveLength(150);
    expect((await world.status(...ids, ...window)).status).toBe(0);
  });

  test("that cannot be listed makes the exit status 2, and its reason is said once", async () => {
    const id = world.create("hourly", unscheduled);
    world.fault("/sessions", { status: 403 });
    const { status, stderr, stdout } = await world.status(id);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^Not known: all open sessions\n {2}.*was answered with 403/),
    ]);
    expect(stdout).toContain("1 of 1 healthy");
  });
});

describe("a change of a deployment", () => {
  const change = (id: string) =>
    world.api.deployments.overwrite(id, { updated_at: new Date(world.clock.now()).toISOString() });
  /** Daily at nine, created ten days before, with or without the run of this morning, changed at half past nine, looked at after ten. */
  async function changed(hasRun: boolean, more: Readonly<Record<string, unknown>> = {}) {
    world.at(morning - 10 * day);
    const id = world.create("daily", more);
    world.at(morning + 5_000);
    if (hasRun) {
      world.run(id, {});
    }
    world.at(morning + hour / 2);
    change(id);
    world.at(morning + hour);
    return told(id, ...window);
  }

  test("that hides a missed run is said, and the deployment is not counted as healthy", async () => {
    const { status, stdout, one } = await changed(false);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {3}daily .*\n {5}missed runs are checked since Nov 20 09:30, the last change$/m);
    expect(stdout).toContain("0 of 1 healthy, 1 not checked (daily), because their last change may hide missed runs.");
    expect(one.missed).toEqual({ since: "2026-11-20T01:30:00Z", checked: false, count: 0, first: null, last: null });
    expect(one).toMatchObject({ healthy: null, problems: [] });
    expect((await world.status(one.id, ...window, "--format", "prometheus")).stdout).not.toContain(
      "deployment_healthy{",
    );
  });

  test("in the second in which the run was due hides nothing if the run came", async () => {
    await changed(true);
    const [{ id }] = await world.json("daily");
    world.api.deployments.overwrite(id, { updated_at: new Date(morning).toISOString() });
    expect(await told(id, ...window)).toMatchObject({ status: 0, one: { healthy: true, missed: { checked: true } } });
  });

  test("hides nothing if the run came before it", async () => {
    const { stdout, one } = await changed(true);
    expect(stdout).not.toContain("missed runs are checked");
    expect(stdout).toContain("\n1 of 1 healthy.");
    expect(one.missed).toMatchObject({ since: "2026-11-20T01:30:00Z", checked: true });
  });

  test("hides a part of the window of a job that is due again after it", async () => {
    const often = { schedule: { type: "cron", expression: "0,45 * * * *", timezone: "UTC" } };
    const { stdout, one } = await changed(false, often);
    expect(stdout).toContain("missed runs are checked since Nov 20 09:30, the last change");
    expect(one).toMatchObject({ missed: { checked: true, count: 1 }, healthy: false });
  });

  test("is none for a new deployment and for one that nobody changed", async () => {
    world.at(morning - day / 2);
    world.create("new", { schedule: { type: "cron", expression: "0 0 1 1 *", timezone: "UTC" } });
    world.at(morning);
    const { stdout } = await world.status("--all", ...window);
    expect(stdout).not.toContain("missed runs are checked");
    expect(stdout).toContain("\n1 of 1 healthy.");
  });
});

test("paused deployments and the days since the oldest pause by hand are in the last line, and --strict judges them", async () => {
  world.at(morning - 12 * day);
  const ids = ["old", "new", "stopped"].map((name) => world.create(name));
  const [old = "", fresh = "", stopped = ""] = ids;
  world.api.deployments.pause(old);
  world.at(morning - 2 * day);
  world.api.deployments.pause(fresh);
  world.at(morning);
  const calm = await world.status(old, fresh);
  expect([calm.status, calm.stdout.trimEnd().split("\n").at(-1)]).toEqual([0, "2 paused: 2 by hand, oldest 12 days."]);
  world.api.deployments.pauseByError(stopped, "quota");
  expect((await world.status("--all")).stdout).toMatch(/\n3 paused: 2 by hand, oldest 12 days\.\n$/);
  const strict = await told(old, "--strict");
  expect([strict.status, strict.problems]).toEqual([1, ["The deployment has been paused by hand for 12 days"]]);
  expect(strict.one.pausedDays).toBe(12);
  expect(await told(fresh, "--strict")).toMatchObject({ status: 0, problems: [] });
});
