import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runCalendar } from "../../../provider/command/calendar/main";
import { calendarPicture } from "../../pictures/calendar";
import { type QoderApi, startQoderApi } from "../../qoder-api";
import { type Ended, ended } from "../ended";

const token = "pt-calendar-77aa";
/** A Friday, 09:30 in Shanghai. */
const now = new Date("2026-11-20T01:30:00Z");

let api: QoderApi;
let folder: string;
let refs: { agent: string; environment_id: string };
beforeEach(async () => {
  api = await startQoderApi({ tokens: { [token]: "mine" }, clock: () => now, seed: 7 });
  folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-calendar-"));
  refs = { agent: api.agents.create().id, environment_id: api.environments.create().id };
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

function create(name: string, expression = "0 9 * * *", more: object = {}): string {
  const initial_events = [{ type: "user.message", content: "hello" }];
  const schedule = expression === "" ? {} : { schedule: { type: "cron", expression, timezone: "Asia/Shanghai" } };
  return api.deployments.create({ name, ...refs, initial_events, ...schedule, ...more }).id;
}

function ran(id: string, ...credits: readonly number[]): void {
  for (const model of credits) {
    api.sessions.end(api.deployments.runBySchedule(id).session_id ?? "none", { credits: { model, sandbox: 0 } });
  }
}

function calendar(
  args: readonly string[],
  input = "",
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const variables = { QODER_PAT: token, QODER_BASE_URL: api.url, ...environment };
  const surroundings = { timeZone: "Asia/Shanghai", now: () => now.getTime(), input: async () => input };
  return ended((streams) => runCalendar(args, variables, streams, surroundings));
}

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
    to: "2026-11-22T16:00:00Z",
    timezone: "Asia/Shanghai",
    runs: [
      { id: first, name: "first", at: "2026-11-21T01:00:00Z" },
      { id: first, name: "first", at: "2026-11-22T01:00:00Z" },
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

test("ids and --agent select the deployments, and the command fails if it cannot show one of the ids", async () => {
  const [first, other] = [create("first"), create("other", "0 10 * * *", { agent: api.agents.create().id })];
  const archived = create("old");
  api.deployments.archive(archived);
  const byAgent = await calendar(["--agent", refs.agent, "--json"]);
  expect([byAgent.status, new Set(byAgent.stdout.match(/dep_\w+/g))]).toEqual([0, new Set([first])]);
  const byIds = await calendar([other, "dep_none", archived, "--json"]);
  expect(new Set(byIds.stdout.match(/dep_\w+/g))).toEqual(new Set([other]));
  expect(byIds.status).toBe(1);
  expect(byIds.stderr).toMatch(/Left out: dep_\w+ old_archived_\d+: it is archived.*\nLeft out: dep_none: .*404/);
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

test("--preview needs no token and sends no request", async () => {
  const type = "pulumi-nodejs:dynamic/qoder:Deployment";
  const inputs = { name: "daily", schedule: { expression: "0 9 * * *", timezone: "Asia/Shanghai" } };
  const step = { op: "create", urn: `urn:pulumi:dev::reports::${type}::daily`, newState: { type, inputs } };
  const preview = JSON.stringify({ steps: [step], changeSummary: { create: 1 } });
  const file = join(folder, "preview.json");
  writeFileSync(file, preview);
  for (const [name, input] of [
    ["-", preview],
    [file, ""],
  ] as const) {
    const { status, stdout } = await calendar(["--preview", name, "--json", "--days", "2"], input, { QODER_PAT: "" });
    expect([status, JSON.parse(stdout).runs]).toEqual([0, [{ id: null, name: "daily", at: "2026-11-21T01:00:00Z" }]]);
  }
  expect(api.requests).toEqual([]);
});

test.each([["as text"], ["as JSON", "--json"]])(
  "--preview fails on a preview that hides every deployment, and the error says how to show them, %s",
  async (_, ...more) => {
    const type = "pulumi:pulumi:Stack";
    const step = { op: "same", urn: `urn:pulumi:dev::reports::${type}::reports-dev`, newState: { type } };
    const preview = JSON.stringify({ steps: [step], changeSummary: { same: 5 } });
    expect(await calendar(["--preview", "-", ...more], preview)).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "pulumi-qoder calendar failed: there is nothing to show: this preview does not show 4 resources that do not change; " +
        "`pulumi preview --json --show-sames` shows all\n",
    });
  },
);

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
  expect(await calendar(args)).toEqual({ status: 2, stdout: "", stderr });
  expect(api.requests).toEqual([]);
});

test.each([
  ["without deployments", ["--all"], "", /there is nothing to show: no deployment was found/],
  [
    "without the file of the preview",
    ["--preview", "/nonexistent/file"],
    "",
    /cannot be read: no such file or directory \(ENOENT\)/,
  ],
  ["with other JSON than a preview", ["--preview", "-"], "{}", /takes what `pulumi preview --json` prints/],
])("%s the command fails and prints the reason", async (_, args, input, reason) => {
  expect(await calendar(args, input)).toEqual({ status: 1, stdout: "", stderr: expect.stringMatching(reason) });
});

test("the picture in docs equals the picture that the command draws", async () => {
  const picture = readFileSync(resolve(__dirname, "../../../docs/pictures/calendar.svg"), "utf8");
  expect(await calendarPicture()).toBe(picture);
});
