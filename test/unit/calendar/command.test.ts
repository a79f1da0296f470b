import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runCalendar } from "../../../command/calendar/main";
import { calendarPicture } from "../../../tools/pictures/calendar";
import { type QoderApi, startQoderApi } from "../../qoder-api";
import { SkippingClock } from "../../support/skipping-clock";
import { type Ended, ended } from "../ended";
import { provider, useToldPulumi } from "../stack/told-stack";
import { skipWaits } from "../system-clock";

const [token, otherToken] = ["pt-calendar-77aa", "pt-calendar-2b19"] as const;
/** A Friday, 09:30 in Shanghai. */
const now = new Date("2026-11-20T01:30:00Z");

let clock: SkippingClock;
let api: QoderApi;
let folder: string;
let refs: { agent: string; environment_id: string };
beforeEach(async () => {
  clock = new SkippingClock();
  clock.pass(now.getTime() - clock.now());
  skipWaits(clock);
  api = await startQoderApi({ tokens: { [token]: "mine", [otherToken]: "other" }, clock: () => now, seed: 7 });
  folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-calendar-"));
  refs = { agent: api.agents.create().id, environment_id: api.environments.create().id };
});
afterEach(async () => {
  jest.restoreAllMocks();
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

function create(name: string, expression = "0 9 * * *", more: object = {}, account = "mine"): string {
  const initial_events = [{ type: "user.message", content: "hello" }];
  const schedule = expression === "" ? {} : { schedule: { type: "cron", expression, timezone: "Asia/Shanghai" } };
  return api.deployments.create({ name, ...refs, initial_events, ...schedule, ...more }, account).id;
}

function ran(id: string, ...credits: readonly number[]): void {
  for (const model of credits) {
    api.sessions.end(api.deployments.runBySchedule(id).session_id ?? "none", { credits: { model, sandbox: 0 } });
  }
}

function calendar(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = { QODER_PAT: token, QODER_BASE_URL: api.url },
): Promise<Ended> {
  const surroundings = { timeZone: "Asia/Shanghai", now: () => clock.now(), input: async () => "" };
  return ended((streams) => runCalendar(args, environment, streams, surroundings));
}

const told = useToldPulumi();

test.each<[string, unknown]>([
  ["an empty text", ""],
  ["a blank text", " "],
  ["a negative number", -5],
  ["a negative text", "-5.00"],
  ["a text without a number", "none"],
  ["null", null],
  ["an object", { amount: 5 }],
])("a budget that is %s is no upper limit", async (_, max_credit_cost) => {
  const id = create("first");
  const budget = { type: "limit", max_credit_cost };
  const transform = (page: object) => ({ ...page, data: [{ ...Object(api.deployments.get(id)), budget }] });
  api.fault({ kind: "replace-body", path: "/deployments", transform });
  const { stdout, status } = await calendar(["--all", "--json"]);
  expect(status).toBe(0);
  expect(JSON.parse(stdout).credits.ceiling).toBeNull();
});

test("--json prints the members of the contract, and the command sends GET requests only", async () => {
  const [first, second] = [
    create("first", "0 9 * * *", { budget: { type: "limit", max_credit_cost: "4.50" } }),
    create("second", "0 9 * * 1-5", { budget: { type: "limit", max_credit_cost: "2" } }),
  ];
  ran(first, 1, 3, 8);
  ran(second, 0.5);
  api.deployments.pause(create("paused"));
  create("by hand", "");
  api.clearRequests();
  const { status, stdout, stderr } = await calendar(["--all", "--days", "3", "--json"]);
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
  expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /deployments",
    "GET /sessions",
    "GET /sessions",
  ]);
});

test.each(["honour", "ignore"] as const)(
  "ids and --agent select the deployments, and the command fails if it cannot show one of the ids (the service and the filter: %s)",
  async (form) => {
    api.switches.ownerFilters = form;
    const [first, other] = [create("first"), create("other", "0 10 * * *", { agent: api.agents.create().id })];
    const archived = create("old");
    api.deployments.archive(archived);
    const byAgent = await calendar(["--agent", refs.agent, "--json"]);
    expect([byAgent.status, new Set(byAgent.stdout.match(/dep_\w+/g))]).toEqual([0, new Set([first])]);
    const byIds = await calendar([other, "dep_none", archived, "--json"]);
    expect(new Set(byIds.stdout.match(/dep_\w+/g))).toEqual(new Set([other]));
    expect(byIds.status).toBe(1);
    expect(byIds.stderr).toMatch(
      /Skipped: dep_\w+ old_archived_\d+: it is archived.*\nSkipped: dep_none: this token sees no such deployment;/,
    );
  },
);

test("a deployment with a schedule in a form that this version does not know is named", async () => {
  const id = create("daily");
  const transform = (reply: object) => ({ ...reply, schedule: { type: "interval", every: "1h" } });
  api.fault({ kind: "replace-body", path: `/deployments/${id}`, transform });
  const { status, stderr } = await calendar([id]);
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(`Skipped: ${id} daily: schedule.expression is not as the API documents it`),
  ]);
});

test("the expected credits come from the last ten ended runs of the deployment", async () => {
  const id = create("often");
  ran(id, 100, 100, ...Array.from({ length: 9 }, () => 2));
  api.deployments.runBySchedule(id);
  ran(create("other"), 50);
  const { stdout } = await calendar([id, "--json"]);
  expect(JSON.parse(stdout).credits).toEqual({ expected: 60, ceiling: null });
});

test("the command shows a calendar without costs if the service refuses the list of sessions", async () => {
  create("daily");
  api.fault({ kind: "status", path: "/sessions", status: 403 });
  const { status, stdout, stderr } = await calendar(["--all"]);
  expect([status, stderr]).toEqual([0, expect.stringContaining("The credits of some past runs are unknown: ")]);
  expect(stdout).toContain("The cost of the next 30 days is unknown");
});

test("--svg replaces the named file, which everybody may read, by a picture without scripts and links", async () => {
  create('<script>alert("&")</script>');
  const file = join(folder, "calendar.svg");
  writeFileSync(file, "old");
  const { status, stderr } = await calendar(["--all", "--svg", file]);
  expect([status, stderr]).toEqual([0, `Wrote ${file}\n`]);
  expect(statSync(file).mode & 0o777).toBe(0o644 & ~process.umask());
  const svg = readFileSync(file, "utf8");
  expect(svg).not.toMatch(/<script|<a |href|url\(|onload/);
  expect(svg).toContain('role="img" aria-labelledby="title description"');
  expect(svg).toContain("prefers-color-scheme:dark");
});

test("the command writes no token", async () => {
  create(`daily ${token}`.slice(0, 5));
  const file = join(folder, "calendar.svg");
  const texts = [
    await calendar(["--all", "--svg", file]),
    await calendar(["--all", "--json"]),
    await calendar(["dep_none"]),
  ];
  expect(`${JSON.stringify(texts)}${readFileSync(file, "utf8")}`).not.toContain(token);
});

test.each([
  [["--days", "0"], '--days takes a whole number from 1 to 366, not "0"'],
  [["--all", "--days", "367"], '--days takes a whole number from 1 to 366, not "367"'],
  [
    ["--all", "--timezone", "Mars"],
    '--timezone: "Mars" is not an IANA time zone such as UTC, Europe/Berlin or Asia/Shanghai',
  ],
  [
    ["--all", "--svg", "package.json"],
    '--svg replaces the file that it names, so the name must end in .svg, unlike "package.json"',
  ],
  [["--all", "--preview", "-"], "give either ids, --all, --agent, --stack or --preview, not several of them"],
  [["agent_1"], '"agent_1" is not the id of a deployment (dep_...)'],
])("the error about the command line %j is one line: %s", async (args, reason) => {
  const stderr = `pulumi-qoder: ${reason}. See \`npx pulumi-qoder calendar --help\`\n`;
  expect(await calendar(args)).toEqual({ status: 64, stdout: "", stderr });
  expect(api.requests).toEqual([]);
});

test("the picture in docs equals the picture that the command draws", async () => {
  const picture = readFileSync(resolve(__dirname, "../../../docs/pictures/calendar.svg"), "utf8");
  expect(await calendarPicture()).toBe(picture);
});

test("without deployments the command fails and prints the reason", async () => {
  const stderr = expect.stringMatching(/there is nothing to show: no deployment was found/);
  expect(await calendar(["--all"])).toEqual({ status: 1, stdout: "", stderr });
});

/** A deployment of the other account, with an agent and an environment of its own. */
function createOther(name: string): string {
  const [agent, environment_id] = [api.agents.create({}, "other").id, api.environments.create({}, "other").id];
  return create(name, "20 9 * * *", { agent, environment_id }, "other");
}

function stackOfTwo() {
  const [daily, nightly] = [create("daily"), createOther("nightly")];
  create("of nobody", "0 12 * * *");
  told.pulumi.twoAccounts(api.url, { id: daily, pat: token }, { id: nightly, pat: otherToken });
  api.clearRequests();
  return { daily, nightly };
}

const ofStack = (...args: string[]) => calendar(args, told.pulumi.environment);

test("--stack shows only the deployments of the stack, and reads each in its own account by GET requests", async () => {
  const { daily, nightly } = stackOfTwo();
  const { status, stdout, stderr } = await ofStack("--stack", "dev", "--days", "2", "--json");
  expect([status, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout).runs).toEqual([
    { id: daily, name: "daily", scheduledAt: "2026-11-21T01:00:00Z" },
    { id: nightly, name: "nightly", scheduledAt: "2026-11-21T01:20:00Z" },
  ]);
  const asked = api.requests.map((request) => `${request.token} ${request.method} ${request.path}`);
  expect(asked.sort()).toEqual(
    [
      `${token} GET /deployments/${daily}`,
      `${token} GET /sessions`,
      `${otherToken} GET /deployments/${nightly}`,
      `${otherToken} GET /sessions`,
    ].sort(),
  );
});

test("--stack names a deployment whose account has no token, and shows the others", async () => {
  const { daily } = stackOfTwo();
  told.pulumi.config({});
  const { status, stdout, stderr } = await ofStack("--stack", "--days", "2", "--json");
  expect([status, JSON.parse(stdout).runs]).toEqual([1, [expect.objectContaining({ name: "nightly" })]]);
  expect(stderr).toMatch(new RegExp(`^Skipped: ${daily} daily: no Qoder access token. `));
});

test("--stack names a deployment whose account refuses the token, and shows the others", async () => {
  const { daily, nightly } = stackOfTwo();
  told.pulumi.twoAccounts(api.url, { id: daily, pat: token }, { id: nightly, pat: "pt-expired" });
  const { status, stdout, stderr } = await ofStack("--stack", "--days", "2", "--json");
  expect([status, JSON.parse(stdout).runs]).toEqual([1, [expect.objectContaining({ name: "daily" })]]);
  expect(stderr).toMatch(new RegExp(`^Skipped: ${nightly}: .*401`));
});

test("--stack fails on a stack without deployments, and the error names --preview", async () => {
  told.pulumi.export(provider("default"));
  expect(await ofStack("--stack")).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "pulumi-qoder calendar failed: there is nothing to show: no deployment was found. The stack manages none yet; " +
      "`pulumi preview --json | npx pulumi-qoder calendar --preview -` shows those of its program\n",
  });
});

test("--stack fails with the error of pulumi, and sends no request", async () => {
  told.pulumi.says("stack", { stderr: "error: no stack named 'prod' found\n", status: 255 });
  const { status, stdout, stderr } = await ofStack("--stack", "prod");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /^pulumi-qoder calendar failed: `pulumi stack export --stack=prod` failed: no stack named 'prod' found/,
  );
  expect(api.requests).toEqual([]);
});

test("with a clock of the machine that is 40 days ahead, the calendar begins by the clock of the service, and says so", async () => {
  create("daily");
  const right = await calendar(["--all", "--json"]);
  clock.pass(40 * 86_400_000);
  const { stdout, stderr, status } = await calendar(["--all", "--json"]);
  expect({ stdout, status }).toEqual({ stdout: right.stdout, status: 0 });
  expect(stderr).toBe(
    "Warning: the clock of this machine is 40 days ahead of that of the service, which this command uses\n",
  );
});
