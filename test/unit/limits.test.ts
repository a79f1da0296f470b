import { secondToken } from "./command-world";
import { useLimitsWorld } from "./limits-world";
import { createInAccount, deployment, provider, secret, secretValue } from "./stack/told-stack";

const world = useLimitsWorld("0 9,21 * * *");
const hour = 3_600_000;
const ten = { creditsPerDay: 10 };

test("limits --stack shows what was spent, what is expected by the end of the day and month, and the limit", async () => {
  const costs = { "2026-10-31T13:00:00Z": 100, "18T13": 4, "19T13": 6, "20T00": 5 };
  const { daily: id } = world.fleet({ daily: { costs, limits: { creditsPerDay: 20, creditsPerMonth: 300 } } });
  const { status, stdout, stderr } = await world.limits();
  expect([status, stderr]).toEqual([0, ""]);
  // The median of 100, 4, 6 and 5 is 5.5. One run is left today, and 21 until the end of November.
  expect(stdout).toMatch(/^ {3}daily \(daily-resource\) +5 {6}10\.5 +20 +15 +130\.5 +300 +none \(17\)$/m);
  expect(stdout).toContain("0 of 2 limits at 80 % or above, 0 expected above. ");
  expect(stdout).toContain("Costs of sandboxes come up to an hour late, and count when they come.\n");
  const month = { from: "2026-10-31T16:00:00Z", until: "2026-11-30T16:00:00Z", spent: 15, expected: 130.5, limit: 300 };
  const day = { from: "2026-11-19T16:00:00Z", until: "2026-11-20T16:00:00Z", spent: 5, expected: 10.5, limit: 20 };
  expect(await world.json()).toMatchObject({
    timezone: "Asia/Shanghai",
    stack: { name: "dev", day: { spent: 5, limit: null }, month: { spent: 15 } },
    deployments: [{ id, resource: "daily-resource", day, month, usualCredits: 5.5, running: [] }],
  });
  expect(world.writes).toEqual([]);
});

test.each([
  [0.4, 0],
  [7.99, 3],
  [8, 1],
  [9.99, 1],
  [10, 1],
])(
  "%d spent of 10 credits of a day or month, of a deployment or the stack, give the exit status %d",
  async (spent, status) => {
    const { daily } = world.fleet({ daily: { costs: { "20T01": spent } } });
    for (const limits of [ten, { creditsPerMonth: 10 }]) {
      world.stack({ [daily]: limits });
      const read = await world.limits();
      expect([read.status, /^!/m.test(read.stdout)]).toEqual([status, status !== 0]);
    }
    for (const config of [{ "qoder:creditsPerDay": "10" }, { "qoder:creditsPerMonth": "10" }]) {
      world.stack({ [daily]: undefined }, config);
      expect((await world.limits()).status).toBe(status);
    }
  },
);

test.each([
  [115, 100, "of the day are spent: 115 %"],
  [58, 60, "of the day are spent: 96 %"],
  [8, 10, "of the day are spent: 80 %"],
  [0.7, 0.7, "of the day are spent: 100 %"],
  [1_000, undefined, "There is no limit: a program gives `limits`"],
])("of %d credits with the limit %p of the day the command says: %s", async (spent, creditsPerDay, text) => {
  world.fleet({ daily: { costs: { "20T01": spent }, ...(creditsPerDay ? { limits: { creditsPerDay } } : {}) } });
  const { status, stdout } = await world.limits();
  expect([status, stdout]).toEqual([creditsPerDay === undefined ? 0 : 1, expect.stringContaining(text)]);
});

test("of more than 20 deployments limits prints the sum and the rows that ask for something, and all with --all-rows", async () => {
  const calm = Array.from({ length: 21 }, (_, index) => [`calm-${index}`, { costs: { "20T01": 1 } }] as const);
  const over = { costs: { "20T01": 9 }, limits: { creditsPerDay: 10 } };
  world.fleet(Object.fromEntries([...calm, ["over", over]]));
  const { status, stdout } = await world.limits();
  expect([status, stdout.match(/calm-/g)]).toEqual([1, null]);
  expect(stdout).toMatch(
    /\n {3}all of the stack dev .*\n! {2}over .*\n {5}dep_\w+\n.*90 %\n.*\n21 rows that ask for nothing: `npx pulumi-qoder limits --all-rows --stack`\n/,
  );
  expect((await world.limits(["--stack", "--all-rows"])).stdout.match(/^ {3}calm-/gm)).toHaveLength(21);
});

test("limits --month compares a month that is over with its limits, and expects nothing more of it", async () => {
  const costs = { "2026-10-02T01:00:00Z": 7, "2026-10-31T15:59:00Z": 2, "2026-10-31T16:00:00Z": 90, "20T01": 50 };
  world.fleet({ daily: { costs, limits: { creditsPerMonth: 10, creditsPerDay: 1 } } });
  const { status, stdout } = await world.limits(["--stack", "--month", "2026-10"]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/NAME +RUNS +2026-10 +LIMIT\n/);
  expect(stdout).toMatch(
    /\n! {2}daily \(daily-resource\) +2 +9 +10\n {5}dep_\w+\n {5}9 of the 10 credits of the month are spent: 90 %\n/,
  );
  expect(await world.json("--month", "2026-10")).toMatchObject({ deployments: [{ day: null, month: { spent: 9 } }] });
  world.fleet({ daily: { costs, limits: { creditsPerDay: 1 } } });
  const ofDay = await world.limits(["--stack", "--month", "2026-10"]);
  expect(ofDay.stdout).toContain("\n\nThere is no limit of a month: ");
  expect(ofDay.stdout).not.toContain("BUDGET");
});

test.each([
  [["--month", "2026-11"], "--month takes a month that is over"],
  [["--month", "2026-13"], "--month takes a month that is over"],
  [["--month", "2026-10", "--pause"], "--pause goes with the limits of today"],
])("limits %j is a wrong command line", async (words, reason) => {
  expect(await world.limits(["--stack", ...words])).toMatchObject({
    status: 64,
    stderr: expect.stringContaining(reason),
  });
});

test("limits that a program has made secrets, alone or as a whole, are read", async () => {
  world.fleet({
    one: { limits: { creditsPerDay: secretValue(5) } },
    two: { limits: secretValue({ creditsPerMonth: 7 }) },
  });
  const limits = (await world.json()).deployments.map((one: { name: string; [period: string]: unknown }) => [
    one.name,
    Object(one["day"]).limit,
    Object(one["month"]).limit,
  ]);
  expect(limits.sort()).toEqual([
    ["one", 5, null],
    ["two", null, 7],
  ]);
});

test.each(["many", "-1", "0"])("the setting %j is refused before any request", async (text) => {
  world.fleet({ daily: {} }, { "qoder:creditsPerDay": text });
  expect(await world.limits()).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      `qoder:creditsPerDay must be a number of credits above 0, such as 500, not "${text}"`,
    ),
  });
  expect(world.api.requests).toEqual([]);
});

test("the cost of a sandbox counts when it comes, for the day on which the run started", async () => {
  world.api.switches.sandboxCreditsLateMs = hour;
  world.at("2026-11-20T15:45:00Z");
  const { daily } = world.fleet({ daily: { limits: { creditsPerDay: 10, creditsPerMonth: 10 } } });
  world.run(daily, { credits: { model: 7, sandbox: 2 } });
  const text = expect.stringMatching(/count when they come: 1 run of the last hour may\s+still cost more/);
  expect(await world.limits()).toMatchObject({ status: 3, stdout: text });
  world.clock.pass(hour + 60_000);
  // It is the next day in Shanghai.
  expect((await world.json()).deployments).toMatchObject([{ day: { spent: 0 }, month: { spent: 9 }, unsettled: 0 }]);
  expect((await world.limits()).status).toBe(1);
});

test("the days are those of --timezone, else of the machine, for all rows", async () => {
  // 20:00 in UTC on the 19th is the 20th in Shanghai, and noon of the 19th in Los Angeles.
  const costs = { "19T20": 3 };
  const elsewhere = { type: "cron", expression: "0 9 * * *", timezone: "America/Los_Angeles" };
  world.fleet({
    one: { costs },
    two: { costs, more: { schedule: elsewhere } },
    three: { costs, more: { schedule: undefined } },
  });
  for (const [args, zone, each] of [
    [[], "Asia/Shanghai", 3],
    [["--timezone", "UTC"], "UTC", 0],
  ] as const) {
    const day = { spent: each };
    expect(await world.json(...args)).toMatchObject({
      timezone: zone,
      stack: { day: { spent: 3 * each } },
      deployments: [{ day }, { day }, { day }],
    });
  }
  const { stdout } = await world.limits(["--stack", "--timezone", "America/Los_Angeles"]);
  expect(stdout).toMatch(/^Days and months begin at midnight in America\/Los_Angeles\.\n/);
  expect(await world.limits(["--stack", "--timezone", "Mars"])).toMatchObject({ status: 64, stdout: "" });
});

test.each([
  // The day has 25 hours: the clocks of New York show half past one twice.
  ["2026-11-01", "America/New_York", 25, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"],
  ["2026-03-08", "America/New_York", 23, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"],
  ["2026-04-05", "Australia/Lord_Howe", 24.5, "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"],
  // The clocks of Cairo skip the first hour of the day, and show the last one twice.
  ["2026-04-24", "Africa/Cairo", 23, "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"],
  ["2026-10-29", "Africa/Cairo", 25, "2026-10-28T21:00:00Z", "2026-10-29T22:00:00Z"],
])("the day %s of %s has %d hours", async (_, timezone, hours, from, until) => {
  const noon = Date.parse(from) + 12 * hour;
  world.at(noon - 30 * hour);
  const id = world.create("hourly", { schedule: { type: "cron", expression: "0 * * * *", timezone } });
  for (const moment of [Date.parse(from) - 1_000, Date.parse(from), noon - 1]) {
    world.paid(id, new Date(moment).toISOString(), 1);
  }
  world.at(noon);
  world.stack({ [id]: { creditsPerDay: 100 } });
  const [{ day, month }] = (await world.json("--timezone", timezone)).deployments;
  // The fires are on full hours of the local clock; the one at noon starts now and counts as started.
  const left = Math.ceil((Date.parse(until) - noon) / hour) - 1;
  expect(day).toMatchObject({ from, until, spent: 2, expected: 2 + left });
  expect((Date.parse(until) - Date.parse(from)) / hour).toBe(hours);
  expect(Date.parse(month.from)).toBeLessThanOrEqual(Date.parse(from));
});

test("the rest of a run that works is expected, nothing more of a paused deployment, and nothing before the first cost", async () => {
  const { daily } = world.fleet({
    daily: { costs: { "17T13": 6, "18T13": 6, "19T13": 6 }, limits: { creditsPerDay: 50 } },
    fresh: {},
  });
  const session = world.run(daily);
  world.api.sessions.get(session);
  world.api.sessions.spend(session, { model: 2 });
  const fresh = { day: { spent: 0, expected: null } };
  expect((await world.json()).deployments).toMatchObject([
    { day: { spent: 2, expected: 12 }, running: [session] },
    fresh,
  ]);
  world.api.deployments.pause(daily);
  expect((await world.json()).deployments).toMatchObject([{ day: { spent: 2, expected: 6 } }, fresh]);
  // A run that has cost more than usual already is expected to cost nothing more.
  world.api.sessions.spend(session, { model: 18 });
  expect((await world.json()).deployments).toMatchObject([{ day: { spent: 20, expected: 20 } }, fresh]);
});

test("archived sessions count, and none of another deployment at a service that ignores the filter", async () => {
  world.api.switches.ownerFilters = "ignore";
  const [one, two] = [world.create("one"), world.create("two")];
  world.api.sessions.archive(world.paid(one, "20T01", 3));
  world.paid(two, "20T01", 90);
  world.stack({ [one]: ten });
  expect((await world.json()).deployments).toMatchObject([{ id: one, day: { spent: 3 } }]);
});

test("the deployments of each account are read with its token and summed, and a part of a stack proves nothing about its limit", async () => {
  const [one, two] = [world.create("daily"), createInAccount(world.api, "second", "nightly")];
  world.paid(one, "20T01", 3);
  world.paid(two, "20T01", 4);
  world.stack({ [one]: undefined }, { "qoder:creditsPerDay": "8" }, [
    provider("other", { "qoder:account": "other", "qoder:pat": secret(secondToken), "qoder:baseUrl": world.api.url }),
    deployment("nightly", two, "other"),
  ]);
  expect((await world.json()).stack).toMatchObject({ day: { spent: 7, limit: 8 } });
  expect((await world.limits()).status).toBe(1);
  expect((await world.limits(["--stack", "dev", "nightly"])).status).toBe(0);
  expect((await world.json("dev", "nightly")).stack).toBeNull();
});

test("the exit status is 2 if a deployment cannot be read, and the others are shown", async () => {
  const { two } = world.fleet({ one: { limits: { creditsPerDay: 1 } }, two: { limits: { creditsPerDay: 1 } } });
  world.api.deployments.remove(two);
  const { status, stdout, stderr } = await world.limits();
  expect([status, stdout]).toEqual([2, expect.stringContaining("one (one-resource)")]);
  expect(stderr).toMatch(new RegExp(`^Not known: ${two}\n`));
});

test("limits sends one request for each deployment, one for each hundred of its sessions, one for all archived ones, and none twice", async () => {
  const costs = (each: number) => ({ limits: ten, costs: { "18T01": each, "19T01": each, "20T01": each } });
  const names = Array.from({ length: 50 }, (_, index) => `report-${index}`);
  world.fleet(Object.fromEntries(names.map((name, index) => [name, costs(index === 49 ? 9 : 1)])));
  const { status, stdout } = await world.limits();
  expect([status, stdout.match(/^!/gm)]).toEqual([1, ["!"]]);
  expect(stdout.split("\n")[3]).toMatch(/^! {2}report-49 /);
  const table = stdout.split("\n").filter((line) => /NAME|report-/.test(line));
  expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(world.requests).toHaveLength(2 * 50 + 1);
  expect(new Set(world.requests).size).toBe(world.requests.length);
});

test("other selections show costs without limits", async () => {
  const { daily } = world.fleet({ daily: { costs: { "20T01": 5 } } });
  for (const selection of [[daily], ["daily"], ["--all"]]) {
    const { status, stdout } = await world.limits(selection);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^ {3}daily +5 +10 +- .*\n[\s\S]*Limits were not compared: only --stack/m),
    ]);
  }
  const stderr = expect.stringContaining("--pause needs limits, which only --stack knows");
  expect(await world.limits(["--all", "--pause", "--yes"])).toMatchObject({ status: 64, stderr });
});
