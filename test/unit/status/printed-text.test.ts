import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { runLogs } from "../../../command/logs/main";
import { type Ended, ended } from "../ended";
import { token, useStatusWorld } from "./status-world";

const world = useStatusWorld();

/** Colours, a window title, right-to-left text, line ends, and a colour tag of the Pulumi CLI. */
const hostile = "a\u001b[31m\u009b31m\u0007\u007f\u202eb\u2066c\u2028d\r\n! dep_1 <{%reset%}>";
const raw = /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]|<\{%/u;

function hostileDeployment(): string {
  const id = world.create("odd");
  world.api.deployments.runBySchedule(id, { type: hostile, message: hostile });
  const paused_reason = { type: "error", error: { type: hostile } };
  world.fault(`/deployments/${id}`, { members: { name: hostile, status: "paused", paused_reason } });
  return id;
}

test("the terminal shows texts of the service on one line and without control characters", async () => {
  const id = hostileDeployment();
  const { stdout, stderr } = await world.status(id);
  expect(stdout + stderr).not.toMatch(raw);
  expect(stdout.split("\n")).toHaveLength(10);
  expect(stdout.match(/^!/gm)).toHaveLength(1);
  for (const columns of [100, 60, 20]) {
    const shown = await world.statusIn(columns, id);
    expect(shown.stdout).not.toMatch(raw);
    expect(shown.stdout.match(/^!/gm)).toHaveLength(1);
  }
});

test("--json shows texts of the service escaped, with the same meaning", async () => {
  const { stdout } = await world.status(hostileDeployment(), "--json");
  expect(stdout).not.toMatch(raw);
  expect(JSON.parse(stdout)).toMatchObject([
    {
      name: hostile,
      pausedReason: { error: { type: hostile } },
      lastRun: { error: { type: hostile, message: hostile } },
    },
  ]);
});

test.each([["--all"], ["--all", "--json"], ["--all", "--since", "2d"]])(
  "%j shows no value of an environment variable of the deployment in the error of a run",
  async (...args) => {
    const variables = "GIT_TOKEN=ghp-7f3a9c\nMODE=fast";
    const refused = world.create("refused", { environment_variables: variables });
    world.api.deployments.runBySchedule(refused, { type: "repository_error", message: "no ghp-7f3a9c at git" });
    const failed = world.create("failed", { environment_variables: variables });
    const { session_id: session } = world.api.deployments.runBySchedule(failed);
    const error = { type: "git_error", message: "no ghp-7f3a9c in the clone" };
    world.api.sessions.end(session ?? "", { error });
    const { stdout, stderr } = await world.status(...args);
    expect(stdout).toContain("no [secret] at git");
    expect(stdout).toContain("no [secret] in the clone");
    expect(stdout + stderr).not.toContain("ghp-7f3a9c");
  },
);

test("lists that do not show the environment variables let no value of them into the error of a run", async () => {
  const id = world.create("failed", { environment_variables: "GIT_TOKEN=ghp-7f3a9c" });
  const session = String(world.api.deployments.runBySchedule(id).session_id);
  world.api.sessions.end(session, { error: { type: "git_error", message: "no ghp-7f3a9c in the clone" } });
  const transform = ({ data, ...page }: { data?: unknown }) => ({
    ...page,
    data: [data].flat().map((one) => ({ ...Object(one), environment_variables: undefined })),
  });
  world.api.fault({
    kind: "replace-body",
    path: /^\/(sessions|deployments)$/,
    transform,
    times: Number.POSITIVE_INFINITY,
  });
  const history = ended((streams) => runLogs(["failed", "--history"], world.environment, streams, "UTC"));
  for (const { stdout } of [await world.status("--all", "--since", "2d"), await history]) {
    expect(stdout).toContain("no [secret] in the clone");
    expect(stdout).not.toContain("ghp-7f3a9c");
  }
});

describe("the own error of a run that could not start", () => {
  const secret = "ghp-7f3a9c";
  const always = { path: /^\/deployments$/, times: Number.POSITIVE_INFINITY };
  const refused = () => {
    const id = world.create("refused", { environment_variables: `GIT_TOKEN=${secret}` });
    return {
      id,
      run: world.api.deployments.runBySchedule(id, { type: "git_error", message: `no ${secret} at git` }).id,
    };
  };
  const logs = (...args: string[]) => ended((streams) => runLogs(args, world.environment, streams, "UTC"));
  const commands: readonly (readonly [name: string, run: () => Promise<Ended>])[] = [
    ["status", () => world.status("--all")],
    ["status --json", () => world.status("--all", "--json")],
    ["status --since", () => world.status("--all", "--since", "2d")],
    ["status --since --json", () => world.status("--all", "--since", "2d", "--json")],
    ["logs", () => logs("refused")],
    ["logs --json", () => logs("refused", "--json")],
    ["logs --history", () => logs("refused", "--history")],
    ["logs --failed", () => logs("refused", "--failed")],
    ["logs --history --json", () => logs("refused", "--history", "--json")],
  ];
  const transform = ({ data, ...page }: { data?: unknown }) => ({
    ...page,
    data: [data].flat().map((one) => ({ ...Object(one), environment_variables: undefined })),
  });

  test.each(commands)("%s shows no variable in it that the list of deployments leaves out", async (_, run) => {
    refused();
    world.api.fault({ kind: "replace-body", ...always, transform });
    const { stdout, stderr } = await run();
    expect(stdout).toContain("no [secret] at git");
    expect(stdout + stderr).not.toContain(secret);
  });

  test.each(commands)("%s does not show it if nobody can read the variables", async (_, run) => {
    const { id } = refused();
    world.api.fault({ kind: "replace-body", ...always, transform });
    world.fault(`/deployments/${id}`, { status: 404 });
    const { stdout, stderr } = await run();
    expect(stdout).toContain("git_error: its words are not shown".slice(stdout.includes('"message"') ? 11 : 0));
    expect(stdout + stderr).not.toContain(secret);
  });

  test("logs of the run itself do not show it if nobody can read the variables", async () => {
    const { id, run } = refused();
    world.fault(`/deployments/${id}`, { status: 404 });
    const { stdout } = await logs(run);
    expect(stdout).toContain("could not start: git_error: its words are not shown");
    expect(stdout).not.toContain(secret);
  });
});

test("the terminal shows ids, sessions, triggers and times without control characters too", async () => {
  const id = world.create("odd");
  world.api.deployments.runBySchedule(id);
  const transform = (page: object) => ({
    ...page,
    data: [{ id: `drun_1${hostile}`, session_id: hostile, trigger_context: { type: hostile }, created_at: hostile }],
  });
  world.api.fault({ kind: "replace-body", path: `/deployments/${id}/runs`, transform });
  expect((await world.status(id)).stdout).not.toMatch(raw);
  const listed = (page: object) => ({ ...page, data: [{ id: `dep_1${hostile}`, name: hostile, status: hostile }] });
  world.api.fault({ kind: "replace-body", path: "/deployments", transform: listed });
  const { stdout, stderr } = await world.status("--all");
  expect(stdout + stderr).not.toMatch(raw);
  expect(stderr.match(/^Not known/gm)).toHaveLength(1);
});

test("a pipe gets the whole reason of a failure, without control characters", async () => {
  const message = `${"No credits are left. ".repeat(50)}\n\u001b[31mThe end.`;
  const id = world.create("report");
  world.api.deployments.runBySchedule(id, { type: "billing_error", message });
  const { stdout } = await world.status(id);
  const shown = `billing_error: ${"No credits are left. ".repeat(50)} \\u001b[31mThe end.`;
  expect(stdout.split("\n")[4]).toBe(
    `     The last run could not start: ${shown.replaceAll(/\s+/g, " ").replace("\\u001b", "")}`,
  );
  expect((await world.statusIn(100, id)).stdout).not.toContain("The end.");
  expect(stdout).not.toMatch(raw);
});

test("a line is shown even if the reply lacks the next run, and the session of the last run is gone", async () => {
  const id = world.create("odd");
  const schedule = { expression: "0 9 * * *", timezone: "UTC" };
  world.fault(`/deployments/${id}`, { members: { schedule } });
  const page = {
    data: [
      { id: "drun_1", session_id: "sess_1", trigger_context: { type: "schedule" }, created_at: "2026-11-19T01:00:00Z" },
    ],
    has_more: false,
  };
  world.api.fault({ kind: "replace-body", path: `/deployments/${id}/runs`, body: page });
  const { stdout } = await world.status(id);
  expect(stdout).toMatch(/not shown {2}Nov 19 09:00 +session not found/);
});

test.each(["+275760-09-13T00:00:00.000Z", "-271821-04-20T00:00:00Z", "today"])(
  "a run with the time %s, which is no time of the API, does not disturb the other rows",
  async (createdAt) => {
    const [odd, even] = [world.create("odd"), world.create("even")];
    world.api.deployments.runBySchedule(odd);
    const page = { data: [{ id: "drun_1", session_id: "sess_1", created_at: createdAt }], has_more: false };
    world.api.fault({ kind: "replace-body", path: `/deployments/${odd}/runs`, body: page, times: 2 });
    const { status, stdout, stderr } = await world.status(odd, even);
    expect(stdout).toMatch(/^ {3}even +Nov 21 09:00 +never/m);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(new RegExp(`^Not known: ${odd}.*\n  .*drun_1: created_at is not as the API documents it`)),
    ]);
  },
);

test("the columns are aligned, even with names of wide characters", async () => {
  // Characters minus terminal columns of each name.
  const names = {
    daily: 0,
    日报: -2,
    "каждый день": 0,
    리포트: -3,
    "📈 growth": 0,
    "e\u0301te\u0301": 2,
    ["x".repeat(60)]: 0,
  };
  const { stdout } = await world.status(...Object.keys(names).map((name) => world.create(name)));
  const [head = "", ...lines] = stdout.split("\n").slice(1, Object.keys(names).length + 2);
  const column = head.indexOf("NEXT RUN");
  expect(lines.map((line) => line.indexOf("Nov 21") - column)).toEqual(Object.values(names));
});

const command = resolve(__dirname, "../../../dist/command/main.js");
/** A process has the clock of this machine, and the service that of the test. */
const wrongClock = expect.stringMatching(
  /^Warning: the clock of this machine is \d+ \w+ (ahead of|behind) that of the service, which this command uses\n$/,
);

function started(more: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const env = { ...process.env, QODER_PAT: token, QODER_BASE_URL: world.api.url, ...more };
  const child = spawn(process.execPath, [command, "status", ...args], { env });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    said.stdout += text;
  });
  child.stderr.on("data", (text) => {
    said.stderr += text;
  });
  return { child, ended: once(child, "close").then(([status]) => ({ status, ...said })) };
}

test.each([
  ["Europe/Berlin", "Nov 21 02:00", "Europe/Berlin"],
  // Node has no name for these zones and then uses UTC.
  ["UTC+3", "Nov 21 01:00", "UTC"],
  ["", "Nov 21 01:00", "UTC"],
])("times are in the zone of the machine, and the first line names the zone: TZ=%s", async (TZ, next, zone) => {
  const { stdout, stderr, status } = await started({ TZ }, world.create("daily")).ended;
  expect({ stderr, status }).toEqual({ stderr: wrongClock, status: 0 });
  expect(stdout).toContain(`  ${next}  never  `);
  expect(stdout).toContain(`Times are in ${zone}.\n`);
});

test("a pipe that closes after the first lines of a list gets no stack trace", async () => {
  const ids = Array.from({ length: 40 }, (_, index) => world.create(`report ${index}`));
  for (const id of ids) {
    world.api.deployments.runBySchedule(id, { type: "unknown_error", message: "again ".repeat(1_000) });
  }
  const { child, ended } = started({}, ...ids, "--json");
  child.stdout.once("data", () => child.stdout.destroy());
  expect(await ended).toMatchObject({ status: 1, stderr: wrongClock });
});
