import { readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { runCalendar } from "../../../command/calendar/main";
import { calendarPicture } from "../../../tools/pictures/calendar";
import { ShiftedClock } from "../../support/skipping-clock";
import { TemporaryFolder } from "../../support/temporary-folder";
import { CommandWorld, ofTests, secondToken, token } from "../command-world";
import { type Ended, ended } from "../ended";
import { createInAccount, provider, useToldPulumi } from "../stack/told-stack";
import { skipWaits } from "../system-clock";

/** A Friday, 09:30 in Shanghai. */
const now = "2026-11-20T01:30:00Z";

class CalendarWorld extends CommandWorld {
  override start(): Promise<void> {
    skipWaits(this.clock);
    this.at(now);
    return this.startApi();
  }

  /** What a deployment costs in its runs. */
  ran(id: string, ...credits: readonly number[]): void {
    credits.map((model) => this.run(id, { credits: { model, sandbox: 0 } }));
  }

  calendar(args: readonly string[], environment: Readonly<Record<string, string>> = this.environment): Promise<Ended> {
    const surroundings = {
      timeZone: "Asia/Shanghai",
      now: () => this.clock.now() + this.machineAheadMs,
      input: async () => "",
    };
    return ended((streams) => runCalendar(args, environment, streams, surroundings));
  }
}

const world = ofTests(new CalendarWorld());
const folder = TemporaryFolder.ofTests();
const told = useToldPulumi();

const calendar = (...args: string[]) => world.calendar(args);
const at = (expression: string) => ({ schedule: { type: "cron", expression, timezone: "Asia/Shanghai" } as const });

test.each<[string, unknown]>([
  ["a blank text", " "],
  ["a negative number", -5],
  ["a negative text", "-5.00"],
  ["a text without a number", "none"],
  ["null", null],
  ["an object", { amount: 5 }],
])("a budget that is %s is no upper limit", async (_, max_credit_cost) => {
  world.create("first");
  world.fault("/deployments", { each: (one) => ({ ...one, budget: { type: "limit", max_credit_cost } }) });
  const { stdout, status } = await calendar("--all", "--json");
  expect([status, JSON.parse(stdout).credits.ceiling]).toEqual([0, null]);
});

test("--json prints the members of the contract, and the command sends GET requests only", async () => {
  const [first, second] = [
    world.create("first", { budget: { type: "limit", max_credit_cost: "4.50" } }),
    world.create("second", { ...at("0 9 * * 1-5"), budget: { type: "limit", max_credit_cost: "2" } }),
  ];
  world.ran(first, 1, 3, 8);
  world.ran(second, 0.5);
  world.api.deployments.pause(world.create("paused"));
  world.create("by hand", { schedule: undefined });
  world.api.clearRequests();
  const { status, stdout, stderr } = await calendar("--all", "--days", "3", "--json");
  expect([status, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toEqual({
    from: "2026-11-20T01:30:00Z",
    until: "2026-11-22T16:00:00Z",
    timezone: "Asia/Shanghai",
    runs: [
      { id: first, name: "first", scheduledAt: "2026-11-21T01:00:00Z" },
      { id: first, name: "first", scheduledAt: "2026-11-22T01:00:00Z" },
    ],
    busiest: [],
    days: [
      { date: "2026-11-20", runs: 0 },
      { date: "2026-11-21", runs: 1 },
      { date: "2026-11-22", runs: 1 },
    ],
    // 30 runs at 3 and at most 4.50; 20 on weekdays at 0.5 and at most 2.
    credits: { expected: 100, ceiling: 175 },
  });
  const paths = world.api.requests.map(({ method, path }) => `${method} ${path}`);
  expect(paths).toEqual(["GET /deployments", "GET /sessions", "GET /sessions"]);
});

test.each(["honour", "ignore"] as const)(
  "ids and --agent select the deployments, and the command fails if it cannot show one of the ids (the service and the filter: %s)",
  async (form) => {
    world.api.switches.ownerFilters = form;
    const [first, other] = [world.create("first"), world.create("other", { agent: world.api.agents.create().id })];
    const archived = world.create("old");
    world.api.deployments.archive(archived);
    const byAgent = await calendar("--agent", world.agent, "--json");
    expect([byAgent.status, new Set(byAgent.stdout.match(/dep_\w+/g))]).toEqual([0, new Set([first])]);
    const byIds = await calendar(other, "dep_none", archived, "--json");
    expect(new Set(byIds.stdout.match(/dep_\w+/g))).toEqual(new Set([other]));
    expect(byIds.status).toBe(1);
    expect(byIds.stderr).toMatch(
      /Skipped: dep_\w+ old_archived_\d+: it is archived.*\nSkipped: dep_none: this token sees no such deployment;/,
    );
  },
);

test("a deployment with a schedule in a form that this version does not know is named", async () => {
  const id = world.create("daily");
  world.fault(`/deployments/${id}`, { members: { schedule: { type: "interval", every: "1h" } } });
  const { status, stderr } = await calendar(id);
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(`Skipped: ${id} daily: schedule.expression is not as the API documents it`),
  ]);
});

test("the expected credits come from the last ten ended runs of the deployment", async () => {
  const id = world.create("often");
  world.ran(id, 100, 100, ...Array.from({ length: 9 }, () => 2));
  world.api.deployments.runBySchedule(id);
  world.ran(world.create("other"), 50);
  const { stdout } = await calendar(id, "--json");
  expect(JSON.parse(stdout).credits).toEqual({ expected: 60, ceiling: null });
});

test("the command shows a calendar without costs if the service refuses the list of sessions", async () => {
  world.create("daily");
  world.fault("/sessions", { status: 403 });
  const { status, stdout, stderr } = await calendar("--all");
  expect([status, stderr]).toEqual([0, expect.stringContaining("The credits of some past runs are unknown: ")]);
  expect(stdout).toContain("The cost of the next 30 days is unknown");
});

test("--svg replaces the named file, which everybody may read, by a picture without scripts and links", async () => {
  world.create('<script>alert("&")</script>');
  const file = folder.at("calendar.svg");
  writeFileSync(file, "old");
  const { status, stderr } = await calendar("--all", "--svg", file);
  expect([status, stderr]).toEqual([0, `Wrote ${file}\n`]);
  expect(statSync(file).mode & 0o777).toBe(0o644 & ~process.umask());
  const svg = readFileSync(file, "utf8");
  expect(svg).not.toMatch(/<script|<a |href|url\(|onload/);
  expect(svg).toContain('role="img" aria-labelledby="title description"');
  expect(svg).toContain("prefers-color-scheme:dark");
});

test.each([
  ["--days 0", '--days takes a whole number from 1 to 366, not "0"'],
  ["--all --days 367", '--days takes a whole number from 1 to 366, not "367"'],
  ["--all --timezone Mars", '--timezone: "Mars" is not an IANA time zone such as UTC, Europe/Berlin or Asia/Shanghai'],
  ["--all --svg a.json", '--svg replaces the file that it names, so the name must end in .svg, unlike "a.json"'],
  ["--all --preview -", "--preview - does not go with a selection of deployments at Qoder"],
])("the error about the command line %j is one line: %s", async (line, reason) => {
  const stderr = `pulumi-qoder: ${reason}. See \`npx pulumi-qoder calendar --help\`\n`;
  expect(await calendar(...line.split(" "))).toEqual({ status: 64, stdout: "", stderr });
  expect(world.api.requests).toEqual([]);
});

test("the picture in docs equals the picture that the command draws", async () => {
  const picture = readFileSync(resolve(__dirname, "../../../docs/pictures/calendar.svg"), "utf8");
  expect(await calendarPicture()).toBe(picture);
});

test("without deployments the command fails and prints the reason", async () => {
  const stderr = expect.stringMatching(/there is nothing to show: no deployment was found/);
  expect(await calendar("--all")).toEqual({ status: 1, stdout: "", stderr });
});

function stackOfTwo(pat = secondToken) {
  const [daily, nightly] = [world.create("daily"), createInAccount(world.api, "second", "nightly")];
  world.api.deployments.overwrite(nightly, at("20 9 * * *"));
  world.create("of nobody", at("0 12 * * *"));
  told.pulumi.twoAccounts(world.api.url, { id: daily, pat: token }, { id: nightly, pat });
  world.api.clearRequests();
  return { daily, nightly };
}

const ofStack = (...args: string[]) => world.calendar(["--stack", ...args], told.pulumi.environment);

test("--stack shows only the deployments of the stack, and reads each in its own account by GET requests", async () => {
  const { daily, nightly } = stackOfTwo();
  const { status, stdout, stderr } = await ofStack("dev", "--days", "2", "--json");
  expect([status, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout).runs).toEqual([
    { id: daily, name: "daily", scheduledAt: "2026-11-21T01:00:00Z" },
    { id: nightly, name: "nightly", scheduledAt: "2026-11-21T01:20:00Z" },
  ]);
  const asked = world.api.requests.map((request) => `${request.token} ${request.method} ${request.path}`);
  const ofBoth = [
    [token, daily],
    [secondToken, nightly],
  ].flatMap(([own, id]) => [`${own} GET /deployments/${id}`, `${own} GET /sessions`]);
  expect(asked.sort()).toEqual(ofBoth.sort());
});

test("--stack names a deployment whose account has no token or refuses it, and shows the others", async () => {
  const { daily, nightly } = stackOfTwo("pt-expired");
  const refused = await ofStack("--days", "2", "--json");
  expect([refused.status, JSON.parse(refused.stdout).runs]).toEqual([1, [expect.objectContaining({ name: "daily" })]]);
  expect(refused.stderr).toMatch(new RegExp(`^Skipped: ${nightly}: .*401`));
  told.pulumi.twoAccounts(world.api.url, { id: daily, pat: token }, { id: nightly, pat: secondToken });
  told.pulumi.config({});
  const { status, stderr } = await ofStack("--days", "2", "--json");
  expect([status, stderr]).toEqual([1, expect.stringMatching(`^Skipped: ${daily} daily: no Qoder access token. `)]);
});

test("--stack fails on a stack without deployments, and the error names --preview", async () => {
  told.pulumi.export(provider("default"));
  const ofProgram = "`pulumi preview --json | npx pulumi-qoder calendar --preview -` shows those of its program";
  const reason = "there is nothing to show: no deployment was found. The stack manages none yet";
  const stderr = `pulumi-qoder calendar failed: ${reason}; ${ofProgram}\n`;
  expect(await ofStack()).toEqual({ status: 1, stdout: "", stderr });
});

test("with a clock of the machine that is 40 days ahead, the calendar begins by the clock of the service, and says so", async () => {
  world.create("daily");
  const right = await calendar("--all", "--json");
  world.machineAheadMs = 40 * 86_400_000;
  skipWaits(new ShiftedClock(world.clock, world.machineAheadMs));
  const { stdout, stderr, status } = await calendar("--all", "--json");
  expect({ stdout, status }).toEqual({ stdout: right.stdout, status: 0 });
  expect(stderr).toBe(
    "Warning: the clock of this machine is 40 days ahead of that of the service, which this command uses\n",
  );
});
