import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { runLogs } from "../../../command/logs/main";
import { ended } from "../ended";
import { token, useStatusWorld } from "./status-world";

const world = useStatusWorld();

/** Colours, a window title, right-to-left text, line ends, and a colour tag of the Pulumi CLI. */
const hostile = "a\u001b[31m\u009b31m\u0007\u007f\u202eb\u2066c\u2028d\r\n! dep_1 <{%reset%}>";
const raw = /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]|<\{%/u;

test("the terminal shows texts of the service on one line and without control characters, and --json with the same meaning", async () => {
  const id = world.create("odd");
  world.api.deployments.runBySchedule(id, { type: hostile, message: hostile });
  const pausedReason = { type: "error", error: { type: hostile } };
  world.fault(`/deployments/${id}`, { members: { name: hostile, status: "paused", paused_reason: pausedReason } });
  const { stdout, stderr } = await world.status(id);
  expect(stdout + stderr).not.toMatch(raw);
  expect([stdout.split("\n").length, stdout.match(/^!/gm)]).toEqual([10, ["!"]]);
  for (const columns of [100, 60, 20]) {
    const shown = await world.statusIn(columns, id);
    expect(shown.stdout).not.toMatch(raw);
    expect(shown.stdout.match(/^!/gm)).toHaveLength(1);
  }
  const asJson = await world.status(id, "--json");
  expect(asJson.stdout).not.toMatch(raw);
  const lastRun = { error: { type: hostile, message: hostile } };
  expect(JSON.parse(asJson.stdout)).toMatchObject([{ name: hostile, pausedReason, lastRun }]);
});

test("a narrow terminal shortens the text of a problem, and shows the command that it advises whole", async () => {
  const id = world.create("asks");
  const session = world.waiting(id);
  const command = `npx pulumi-qoder cancel ${session}`;
  expect((await world.statusIn(45, id)).stdout.replace(/\s+/g, " ")).toContain(`\`${command}\` ends it`);
});

const secret = "ghp-7f3a9c";
const logs = (...args: string[]) => ended((streams) => runLogs(args, world.environment, streams, "UTC"));
const commands = {
  "status --all": () => world.status("--all"),
  "status --all --since --json": () => world.status("--all", "--since", "2d", "--json"),
  logs: () => logs("secretive"),
  "logs --failed": () => logs("secretive", "--failed"),
  "logs --history --json": () => logs("secretive", "--history", "--json"),
} as const;
const rows = Object.entries(commands).flatMap(([command, run]) => [
  { command, run, place: "of a run that could not start" },
  { command, run, place: "of a session" },
]);

/** A deployment whose run failed with one of its variables in the error. */
function secretive(place: string): string {
  const id = world.create("secretive", { environment_variables: `GIT_TOKEN=${secret}\nMODE=fast` });
  const error = { type: "git_error", message: `no ${secret} at git` };
  if (place === "of a session") {
    world.run(id, { error });
  } else {
    world.api.deployments.runBySchedule(id, error);
  }
  return id;
}

test.each(rows)(
  "$command shows no value of an environment variable in the error $place, also if the lists do not show the variables",
  async ({ run, place }) => {
    secretive(place);
    for (const withVariables of [true, false]) {
      world.api.clearFaults();
      const each = (one: object) => (withVariables ? one : { ...one, environment_variables: undefined });
      world.fault(/^\/(sessions|deployments)$/, { each });
      const { stdout, stderr } = await run();
      expect(stdout).toContain("no [secret] at git");
      expect(stdout + stderr).not.toContain(secret);
    }
  },
);

test.each(Object.entries(commands))("%s does not show an error if nobody can read the variables", async (_, run) => {
  const id = secretive("of a run that could not start");
  world.fault("/deployments", { each: (one) => ({ ...one, environment_variables: undefined }) });
  world.fault(`/deployments/${id}`, { status: 404 });
  const { stdout, stderr } = await run();
  expect(stdout).toContain("git_error: its words are not shown".slice(stdout.includes('"message"') ? 11 : 0));
  expect(stdout + stderr).not.toContain(secret);
  const ofRun = await logs(String(world.api.runs.all()[0]?.id));
  expect(ofRun.stdout).toContain("could not start: git_error: its words are not shown");
  expect(ofRun.stdout).not.toContain(secret);
});

test("a pipe gets the whole reason of a failure, and a terminal the beginning", async () => {
  const message = `${"No credits are left. ".repeat(50)}\nThe end.`;
  const id = world.create("report");
  world.api.deployments.runBySchedule(id, { type: "billing_error", message });
  const shown = `billing_error: ${message.replaceAll(/\s+/g, " ")}`;
  expect((await world.status(id)).stdout.split("\n")[4]).toBe(`     The last run could not start: ${shown}`);
  expect((await world.statusIn(100, id)).stdout).not.toContain("The end.");
});

test("a line is shown even if the reply lacks the next run, and the session of the last run is gone", async () => {
  const id = world.create("odd");
  world.fault(`/deployments/${id}`, { members: { schedule: { expression: "0 9 * * *", timezone: "UTC" } } });
  const run = { id: "drun_1", session_id: "sess_1", trigger_context: { type: "schedule" } };
  const members = { data: [{ ...run, created_at: "2026-11-19T01:00:00Z" }], has_more: false };
  world.fault(`/deployments/${id}/runs`, { members });
  expect((await world.status(id)).stdout).toMatch(/not shown {2}Nov 19 09:00 +session not found/);
});

test.each(["+275760-09-13T00:00:00.000Z", "-271821-04-20T00:00:00Z", "today"])(
  "a run with the time %s, which is no time of the API, does not disturb the other rows",
  async (created_at) => {
    const [odd, even] = [world.create("odd"), world.create("even")];
    world.run(odd);
    world.fault(`/deployments/${odd}/runs`, {
      members: { data: [{ id: "drun_1", session_id: "sess_1", created_at }] },
    });
    const { status, stdout, stderr } = await world.status(odd, even);
    expect(stdout).toMatch(/^ {3}even +Nov 21 09:00 +never/m);
    const reason = `^Not known: ${odd}.*\n  .*drun_1: created_at is not as the API documents it`;
    expect([status, stderr]).toEqual([2, expect.stringMatching(new RegExp(reason))]);
  },
);

test("the columns are aligned, even with names of wide characters", async () => {
  // Characters minus terminal columns of each name.
  const names = {
    ...{ daily: 0, 日报: -2, "каждый день": 0, 리포트: -3, "📈 growth": 0, "e\u0301te\u0301": 2 },
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
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (text) => {
      said[name] += text;
    });
  }
  return { child, ended: once(child, "close").then(([status]) => ({ status, ...said })) };
}

test.each([
  ["Europe/Berlin", "Nov 21 02:00", "Europe/Berlin"],
  // Node has no name for this zone and then uses UTC.
  ["UTC+3", "Nov 21 01:00", "UTC"],
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
