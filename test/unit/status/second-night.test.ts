import type { JsonObject } from "../../qoder-api/wire";
import { day, hour, minute, morning, unscheduled, useStatusWorld, type Work } from "./status-world";

const world = useStatusWorld();
const window = ["--since", "24h"] as const;
const hourly = () => world.create("hourly", unscheduled);
const begun = (id: string) => String(world.api.deployments.run(id).session_id);
const paid = (...credits: readonly number[]): Work[] => credits.map((model) => ({ credits: { model } }));

describe("a cost that grows", () => {
  const ordinary = [10, 9, 11, 10];
  /** What the command says of a job with these costs two days before its window, and these in it. */
  async function afterRuns(before: readonly number[], within: readonly number[]) {
    const id = hourly();
    world.hourly(id, morning - 2 * day, ...paid(...before));
    world.hourly(id, morning, ...paid(...within));
    return world.told(id, ...window);
  }

  const two = (first: number, second: number, usual = 10) =>
    `Two runs in a row cost ${first} and ${second} credits, more than three times the usual ${usual}`;
  const twice = (all: number, usual: number) =>
    `The runs cost ${all} credits, more than twice the usual ${usual} (10 each)`;
  test.each<[string, readonly number[], string | undefined, (readonly number[])?]>([
    ["three times as much every hour", [10, 30, 90, 270], two(90, 270)],
    ["a little more in each run, twice as much in all", [21, 22, 21, 22], twice(86, 40)],
    ["two expensive runs behind an ordinary one", [31, 32, 10], two(31, 32)],
    ["exactly three times and exactly twice the usual", [30, 30, 10, 10], undefined],
    ["one expensive run", [10, 10, 10, 10, 10, 50], undefined],
    ["as much as ever", [10, 11, 9, 10], undefined],
    ["twice as much beside runs that cost nothing", [25, 0, 25, 0], twice(50, 20)],
    ["three times as much around a run that cost nothing", [31, 0, 32], two(31, 32)],
    ["two runs in a row of which one began before the window", [40, 10, 10, 10], two(40, 40, 10.5), [10, 9, 11, 40]],
    ["no two runs in a row if another run was between them", [40, 10, 10, 10], undefined, [10, 9, 40, 11]],
    ["measured by the runs before that cost anything", [90, 270], two(90, 270), [...ordinary, 0, 0, 0, 0, 0]],
  ])("is %s", async (_, credits, problem, before = ordinary) => {
    const found = await afterRuns(before, credits);
    expect(found.problems).toEqual(problem === undefined ? [] : [problem]);
    expect([found.status, /^!/m.test(found.stdout)]).toEqual(problem === undefined ? [0, false] : [1, true]);
  });

  test.each([
    [20, []],
    [21, [twice(41, 20)]],
  ])("counts a run that still works if it has cost more than twice the usual: %i", async (model, problems) => {
    const { one } = await afterRuns(ordinary, [20]);
    world.api.sessions.spend(begun(one.id), { model });
    expect(await world.told(one.id, ...window)).toMatchObject({ status: problems.length, problems });
  });

  test.each([
    ["there are two", 2, [1, 1]],
    ["they are eight days old", 9, [1, 1, 1, 1]],
    ["they cost nothing", 2, [0, 0, 0, 0]],
  ])("is not known without three paid runs in the seven days before the window: %s", async (_, days, before) => {
    const id = hourly();
    world.hourly(id, morning - days * day, ...paid(...before));
    world.hourly(id, morning, ...paid(10, 30, 90));
    const { status, problems, stdout, one } = await world.told(id, ...window);
    expect([status, problems, one.lastRun.result.usualCredits]).toEqual([0, [], null]);
    expect(stdout).toContain(
      "The usual cost is unknown, as fewer than 3 paid runs of the 7 days before are known: hourly.",
    );
  });
});

test("the usual cost is known if no run of the window has a session", async () => {
  const id = hourly();
  world.hourly(id, morning - 2 * day, ...paid(10, 9, 11, 10));
  world.at(morning - hour);
  world.api.deployments.runBySchedule(id, { type: "billing_error", message: "no credits" });
  world.at(morning);
  const { stdout, one } = await world.told(id, ...window);
  expect([one.since.runs, one.lastRun.result.usualCredits]).toEqual([1, 10]);
  expect(stdout).not.toContain("The usual cost is unknown");
});

describe.each([1, 2] as const)("in generation %i of the API", (generation) => {
  beforeEach(() => Object.assign(world.api.switches, { generation }));

  const nothing: Work = { message: null, credits: {} };
  test.each<[string, Work]>([
    ["ended without an event of the agent", nothing],
    ["ended without an event of the agent and without a reason", { ...nothing, stop_reason: null }],
    ["ended without an event of the agent, and its sandbox cost credits", { ...nothing, credits: { sandbox: 1 } }],
  ])("a run that %s never began, whatever came later", async (_, ending) => {
    const id = hourly();
    const [session] = world.hourly(id, morning, ending);
    for (const args of [[], window]) {
      const { status, problems, one, stdout } = await world.told(id, ...args);
      expect([status, one.lastRun.result.state]).toEqual([1, "never began"]);
      expect(problems).toEqual([`The last run never began: its session ${session} shows no event of the agent`]);
      expect(stdout).toMatch(/^! .* never began /m);
    }
    world.hourly(id, morning + hour, {});
    expect(await world.told(id, ...window)).toMatchObject({
      status: 1,
      problems: [`1 older run never began, the last in its session ${session}`],
      one: { since: { runs: 2, done: 1, failed: 1 } },
    });
  });

  test("a run whose session shows no event at all never began after an hour", async () => {
    world.api.switches.sessionsStart = "never";
    const id = hourly();
    world.at(morning);
    begun(id);
    for (const [minutes, status, state] of [
      [60, 0, "not started yet"],
      [61, 1, "never began"],
    ] as const) {
      world.at(morning + minutes * minute);
      expect(await world.told(id, ...window)).toMatchObject({ status, one: { lastRun: { result: { state } } } });
    }
  });

  test("a run that has no session an hour after its start never began, and the text names no session", async () => {
    world.api.switches.sessionsStart = "never";
    const id = hourly();
    world.at(morning);
    begun(id);
    world.fault(`/deployments/${id}/runs`, { each: ({ session_id: _, ...run }: JsonObject) => run });
    world.at(morning + hour + minute);
    const last = { status: 1, problems: ["The last run never began: it has no session"] };
    expect(await world.told(id, ...window)).toMatchObject(last);
    begun(id);
    const older = { status: 1, problems: ["1 older run never began, the last without a session"] };
    expect(await world.told(id, ...window)).toMatchObject(older);
  });
});

describe("in any generation of the API", () => {
  const waits = { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } };
  test.each([
    // Of a run that waits, the report names the end.
    ["waits", waits, /^An older run waits /, "2 runs, 1 done, 1 waiting", "2026-11-20T01:10:00Z"],
    ["never begins", undefined, /^1 older run never began/, "2 runs, 1 done, 1 failed", "2026-11-20T00:30:00Z"],
    ["fails", { error: { type: "unknown_error", message: "no" } }, undefined, "2 runs, 1 done, 1 failed", undefined],
    ["is done", {}, undefined, "2 runs, 2 done", undefined],
  ])(
    "a run that %s after the look of one morning counts on the next one, and no later",
    async (_, ending, problem, sum, since) => {
      Object.assign(world.api.switches, ending === undefined ? { sessionsStart: "never" } : {});
      const id = hourly();
      world.at(morning - hour / 2);
      const session = begun(id);
      world.at(morning);
      const calm = { status: 0, problems: [] };
      expect(await world.told(id, ...window)).toMatchObject(calm);
      if (ending !== undefined) {
        world.at(morning + hour / 6);
        world.api.sessions.end(session, ending);
      }
      world.hourly(id, morning + day, {});
      expect(await world.told(id, ...window)).toMatchObject({
        ...(problem === undefined ? calm : { status: 1, problems: [expect.stringMatching(problem)] }),
        stdout: expect.stringContaining(`: ${sum}, `),
        one: { causes: since === undefined ? [] : [{ since }] },
      });
      world.hourly(id, morning + 2 * day, {});
      const last = { ...calm, stdout: expect.stringContaining(": 1 run, 1 done, ") };
      expect(await world.told(id, ...window)).toMatchObject(last);
    },
  );

  test.each<[string, Work, number]>([
    ["said nothing", { message: null }, 1],
    ["gave an artifact alone", { message: null, gives: { "report.md": 9 } }, 0],
  ])("a run that worked and %s is healthy without --strict", async (_, work, strict) => {
    const id = hourly();
    world.hourly(id, morning, work);
    for (const args of [[], window]) {
      const result = { state: "done", saidNothing: strict === 1 };
      expect(await world.told(id, ...args)).toMatchObject({ status: 0, problems: [], one: { lastRun: { result } } });
      expect((await world.status(id, ...args, "--strict")).status).toBe(strict);
    }
  });

  test("a run that ended for an unknown reason counts as other, and is a problem with --strict", async () => {
    const id = hourly();
    world.hourly(id, morning, {}, { stop_reason: { type: "refusal" } });
    const stdout = expect.stringContaining(": 2 runs, 1 done, 1 other,");
    expect(await world.told(id, ...window)).toMatchObject({ status: 0, problems: [], stdout });
    expect(await world.told(id, ...window, "--strict")).toMatchObject({
      status: 1,
      problems: ['The last run ended as "refusal", which this version of pulumi-qoder does not know'],
    });
  });
});

describe("an open session", () => {
  const retried = (timeout_ms: number) => ({ metadata: { cas_config: { config: { timeout_ms } } } });
  const longest = ["--longest-run", "2h"] as const;
  test.each([
    ["an hour", 61, {}, [], "running for 1 h 1 min, longer than 1 h"],
    ["an hour", 60, {}, [], undefined],
    ["timeoutMs", 21, retried(1_200_000), [], "running for 21 min, longer than 20 min"],
    ["timeoutMs", 89, retried(5_400_000), [], undefined],
    ["an hour, as nobody set the default of timeoutMs", 59, retried(300_000), [], undefined],
    ["--longest-run", 119, {}, longest, undefined],
    ["--longest-run", 121, {}, longest, "running for 2 h 1 min, longer than 2 h"],
  ])("is a problem after %s: %i minutes of %j", async (_, minutes, more, args, text) => {
    // Only the older generation has the setting.
    world.api.switches.generation = 1;
    world.at(morning - 3 * day);
    const id = world.create("hourly", { ...unscheduled, ...more });
    world.at(morning - 2 * day);
    const session = begun(id);
    world.at(morning - 2 * day + minutes * minute);
    const command = `\`npx pulumi-qoder cancel ${session}\``;
    expect(await world.problems(id, ...args)).toEqual(
      text === undefined ? [] : [`A session is ${text}: ${command} ends it`],
    );
    // A person copies the command from a terminal, where long lines are broken.
    expect((await world.statusIn(100, id, ...args)).stdout.includes(command)).toBe(text !== undefined);
    // A later run hides it no more, and nor does a window that begins later. The newer generation has no limit for runs at once.
    world.api.switches.generation = 2;
    world.work(id, world.clock.now());
    world.at(world.clock.now() + 2 * hour);
    expect(await world.problems(id, "--since", "1h", ...longest)).toHaveLength(1);
  });

  test.each([
    [9, 0],
    [13, 1],
  ])("of a job that usually takes three hours is a problem after twelve: %i hours give %i", async (hours, status) => {
    const id = world.create("slow", unscheduled);
    for (const days of [5, 4, 3]) {
      world.work(id, morning - days * day, { minutes: 180 });
    }
    world.at(morning);
    begun(id);
    world.at(morning + hours * hour);
    for (const args of [[], window]) {
      expect((await world.status(id, ...args)).status).toBe(status);
    }
  });

  test("takes one request more for each hundred of the account, however many deployments are read", async () => {
    const [other = "", ...ids] = ["other", "one", "two", "three"].map((name) => world.create(name, unscheduled));
    world.at(morning);
    for (let index = 0; index < 150; index += 1) {
      begun(other);
    }
    world.api.clearRequests();
    expect((await world.status(...ids, ...window)).status).toBe(0);
    expect(world.requests.filter((request) => request.includes("statuses"))).toHaveLength(2);
    world.at(morning + 2 * hour);
    expect(await world.problems(other, ...window)).toHaveLength(150);
    expect((await world.status(...ids, ...window)).status).toBe(0);
  });

  test("that cannot be listed makes the exit status 2, and its reason is said once", async () => {
    const id = hourly();
    world.fault("/sessions", { status: 403 });
    expect(await world.status(id)).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^Not known: all open sessions\n {2}.*was answered with 403/),
      stdout: expect.stringContaining("1 of 1 healthy"),
    });
  });
});

describe("a change of a deployment", () => {
  const change = (id: string, at: number) =>
    world.api.deployments.overwrite(id, { updated_at: new Date(at).toISOString() });
  /** Daily at nine, created ten days before, with or without the run of this morning, changed at half past nine, looked at after ten. */
  async function changed(hasRun: boolean, more: Readonly<Record<string, unknown>> = {}) {
    world.at(morning - 10 * day);
    const id = world.create("daily", more);
    world.at(morning + 5_000);
    if (hasRun) {
      world.run(id, {});
    }
    world.at(morning + hour / 2);
    change(id, world.clock.now());
    world.at(morning + hour);
    return world.told(id, ...window);
  }

  test("that hides a missed run is said, and the deployment is not counted as healthy", async () => {
    const { status, stdout, one } = await changed(false);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ {3}daily .*\n {5}missed runs are checked since Nov 20 09:30, the last change$/m);
    expect(stdout).toContain("0 of 1 healthy, 1 not checked (daily), because their last change may hide missed runs.");
    expect(one.missed).toEqual({
      since: "2026-11-20T01:30:00Z",
      checked: false,
      count: 0,
      first: null,
      last: null,
      doubtful: 0,
    });
    expect(one).toMatchObject({ healthy: null, problems: [] });
  });

  test("hides nothing if the run came before it, also in the second in which the run was due", async () => {
    const { stdout, one } = await changed(true);
    expect(stdout).not.toContain("missed runs are checked");
    expect(stdout).toContain("\n1 of 1 healthy.");
    expect(one.missed).toMatchObject({ since: "2026-11-20T01:30:00Z", checked: true });
    change(one.id, morning);
    const checked = { healthy: true, missed: { checked: true } };
    expect(await world.told(one.id, ...window)).toMatchObject({ status: 0, one: checked });
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
  const [old = "", fresh = "", stopped = ""] = ["old", "new", "stopped"].map((name) => world.create(name));
  world.api.deployments.pause(old);
  world.at(morning - 2 * day);
  world.api.deployments.pause(fresh);
  world.at(morning);
  const stdout = expect.stringMatching(/\nPaused: 2 by hand, oldest 12 days \(old, new\)\.\n$/);
  expect(await world.status(old, fresh)).toMatchObject({ status: 0, stdout });
  world.api.deployments.pauseByError(stopped, "quota");
  expect((await world.status("--all")).stdout).toContain(
    "\nPaused: 2 by hand, oldest 12 days (new, old); 1 by the service (stopped).\n",
  );
  expect(await world.told(old, "--strict")).toMatchObject({
    status: 1,
    problems: ["The deployment has been paused by hand for 12 days"],
    one: { pausedDays: 12 },
  });
  world.at(morning + 5 * day - 1_000);
  expect(await world.told(fresh, "--strict")).toMatchObject({ status: 0, problems: [] });
  world.at(morning + 5 * day + 1_000);
  const week = ["The deployment has been paused by hand for 7 days"];
  expect(await world.told(fresh, "--strict")).toMatchObject({ status: 1, problems: week });
});
