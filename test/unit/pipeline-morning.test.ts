import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { useStatusWorld } from "./status/status-world";

const world = useStatusWorld();
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "morning-"));
  cpSync(resolve(__dirname, "../../examples/pipeline/ci"), join(folder, "ci"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
}

/** Runs ci/morning.sh with these answers of the commands in place of the package. */
function morning(
  answers: Readonly<Record<"status" | "limits" | "logs", Answer>>,
  environment: Readonly<Record<string, string>> = {},
) {
  for (const [name, { stdout = "", stderr = "", status = 0 }] of Object.entries(answers)) {
    for (const [form, text] of Object.entries({ stdout, stderr, status: `${status}\n` })) {
      writeFileSync(join(folder, `${name}.${form}`), text);
    }
  }
  const script = `#!/bin/sh
shift 3
echo "$*" >> '${folder}/asked'
cat '${folder}'/"$1.stderr" >&2
cat '${folder}'/"$1.stdout"
read -r status < '${folder}'/"$1.status"
exit "$status"
`;
  writeFileSync(join(folder, "npx"), script);
  chmodSync(join(folder, "npx"), 0o755);
  const { status, stderr } = spawnSync(join(folder, "ci/morning.sh"), {
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}`, ...environment },
  });
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return {
    status,
    stderr,
    report: read("morning.txt"),
    page: read("morning.md"),
    asked: read("asked").trim().split("\n"),
  };
}

const nothing = { stdout: "no limit\n" };
const run = (id: string, ending: object) => world.run(id, ending);

test("a report of the morning has each problem once with its deployments, and one log for each reason of a failure", async () => {
  const billing = { error: { type: "billing_error", message: "No credits are left." } };
  const broken = { error: { type: "mcp_connection_failed_error", message: "It does not answer." } };
  const ids = Array.from({ length: 13 }, (_, index) => world.create(`shared-${index}`));
  const [lone, costly, silent, waiting] = ["lone", "costly", "silent", "waiting"].map((name) => world.create(name));
  for (const [index, day] of [20, 21, 22, 23, 24, 25].entries()) {
    world.day(day);
    run(costly ?? "", { credits: { model: index === 5 ? 80 : 10 } });
    if (index > 3) {
      run(lone ?? "", broken);
    }
  }
  for (const id of ids) {
    run(id, billing);
  }
  run(silent ?? "", { message: null });
  run(waiting ?? "", { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } });
  const asked = await world.status("--all", "--since", "2d", "--strict", "--json");
  const log = { stdout: `${"older line\n".repeat(50)}the last line\n` };
  const { status, report, page, asked: commands } = morning({ status: asked, limits: nothing, logs: log });
  expect(status).toBe(1);
  const lines = report.split("\n");
  expect(lines[0]).toMatch(/^0 of 17 healthy: 20 runs, \d+ done, \d+ failed, [\d.]+ credits$/);
  expect(lines.filter((line) => line.includes("billing_error"))).toHaveLength(1);
  expect(report).toMatch(
    /^13 deployments: .*billing_error: No credits are left\.\n {2}shared-\d+(, shared-\d+){9} and 3 more$/m,
  );
  expect(report).toMatch(
    /^lone: The deployment failed 2 in a row: mcp_connection_failed_error: It does not answer\.$/m,
  );
  expect(report).toMatch(/^waiting: The last run waits until somebody answers/m);
  expect(report).toMatch(/^lone: .*\d+ runs were missed|missed/m);
  expect(report).toMatch(/^silent: The last run is done, but said nothing/m);
  expect(report).toContain("costly: The runs cost 100 credits, more than twice the usual 30 (10 each)\n");
  expect(report.match(/^The last failed run of /gm)).toHaveLength(2);
  expect(report.match(/^the last line$/gm)).toHaveLength(2);
  expect(report.match(/^older line$/gm)).toHaveLength(2 * 19);
  expect(commands.slice(0, 2)).toEqual([
    "status --stack --since 24h --series morning.until --strict --json",
    "limits --stack",
  ]);
  expect(commands.slice(2)).toEqual([
    expect.stringMatching(/^logs --stack --failed -- dep_\w+$/),
    expect.stringMatching(/^logs --stack --failed -- dep_\w+$/),
  ]);
  expect(page).toMatch(/^### A deployment is not healthy\n/);
});

test("a quiet morning is one line, and asks for nothing", async () => {
  const id = world.create("daily");
  world.day(21);
  run(id, {});
  const quiet = await world.status("--all", "--since", "24h", "--json");
  const { status, report, page, asked } = morning({ status: quiet, limits: nothing, logs: {} });
  expect([status, report]).toEqual([0, "1 of 1 healthy: 1 run, 1 done, 0 failed, 1.3 credits\n"]);
  writeFileSync(join(folder, "morning.until"), "2026-11-20T01:00:00Z\n");
  expect(morning({ status: quiet, limits: nothing, logs: {} }).report).toBe(
    `Since the last report: 2026-11-20T01:00:00Z\n${report}`,
  );
  expect(page).toMatch(/^### No deployment has a problem\n/);
  expect(asked).toHaveLength(2);
});

test("a morning counts a deployment whose change may hide a missed run as not checked, and not as healthy", async () => {
  const id = world.create("daily");
  const halfPastNine = Date.UTC(2026, 10, 21, 1, 30);
  world.at(halfPastNine);
  world.api.deployments.overwrite(id, { updated_at: new Date(halfPastNine).toISOString() });
  world.at(halfPastNine + 1_800_000);
  const asked = await world.status("--all", "--since", "24h", "--json");
  const { status, report } = morning({ status: asked, limits: nothing, logs: {} });
  expect([status, report]).toEqual([0, "0 of 1 healthy, 1 not checked: 0 runs, 0 done, 0 failed, 0 credits\n"]);
});

test.each([
  [0, 3, 3, "More than a limit of credits is expected"],
  [1, 3, 1, "A deployment is not healthy"],
  [2, 3, 2, "The status of the deployments could not be read"],
])("with the statuses %i of status and %i of limits the morning ends with %i", async (first, second, exit, title) => {
  const answers = {
    status: { stdout: "[]", status: first },
    limits: { stdout: "30 of 20\n", status: second },
    logs: {},
  };
  const { status, report, page } = morning(answers);
  expect([status, report]).toEqual([exit, expect.stringContaining("\nMore than a limit is expected:\n30 of 20\n")]);
  expect(page).toMatch(new RegExp(`^### ${title}\n`));
});

test.each([
  ["status", 137, 0],
  ["limits", 0, 137],
  ["both", 126, 126],
])("if %s did not end by itself, or did not start, the morning ends with 2: %i and %i", (_, first, second) => {
  const { status, report, page } = morning({
    ...{ status: { stdout: "[]", status: first }, limits: { status: second }, logs: {} },
  });
  expect(report).toBe(
    `${first > 0 ? `status ended with ${first}\n` : ""}${second > 0 ? `limits ended with ${second}\n` : ""}`,
  );
  expect([status, page]).toEqual([2, expect.stringMatching(/^### The status of the deployments could not be read\n/)]);
});

test("a limit of which 80 % is spent fails the morning and shows the limits, also if every deployment is healthy", async () => {
  world.create("daily");
  const quiet = await world.status("--all", "--since", "24h", "--json");
  const limits = { stdout: "85 of the 100 credits\n", status: 1 };
  const { status, report, page } = morning({ status: quiet, limits, logs: {} });
  expect(status).toBe(1);
  expect(report).toMatch(/\n80 % or more of a limit is spent:\n85 of the 100 credits\n$/);
  expect(page).toMatch(/^### A limit of credits is nearly spent\n/);
});

test.each([
  ["status", { status: { stderr: "no token\n", status: 2 }, limits: { stderr: "no token\n", status: 2 }, logs: {} }],
  ["limits", { status: { stdout: "[]" }, limits: { stderr: "no token\n", status: 2 }, logs: {} }],
  [
    "limits, for a reason of its own,",
    { status: { stdout: "[]", status: 2 }, limits: { stderr: "no token\n", status: 2 }, logs: {} },
  ],
  ["all of limits", { status: { stdout: "[]", status: 2 }, limits: { stderr: "no token\n", status: 1 }, logs: {} }],
])("if %s cannot ask, the morning ends with 2 and says why once", (_, answers) => {
  const { status, report, page } = morning(answers);
  expect([status, report.replace("\n80 % or more of a limit is spent:\n", "")]).toEqual([2, "no token\n"]);
  expect(page).toMatch(/^### The status of the deployments could not be read\n/);
});

test("a name and a message can neither act on a terminal, nor add a line to the report, nor become an option", async () => {
  const hostile = "x\u001b[2J\u202e\u2028\u009b1m\nEvery deployment is healthy";
  const named = [`--help\n${hostile}`, `-- ${hostile}`].map((name) => world.create(name));
  world.day(21);
  for (const [index, id] of named.entries()) {
    run(id, { error: { type: "billing_error", message: `${index}${hostile}` } });
  }
  const asked = await world.status("--all", "--since", "24h", "--json");
  const { report, asked: commands } = morning({ status: asked, limits: nothing, logs: {} });
  expect(report).not.toMatch(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]|^Every/mu);
  expect(commands.slice(2).sort()).toEqual(named.map((id) => `logs --stack --failed -- ${id}`).sort());
});

test.each([
  ["nothing is wrong", { stdout: "[]" }, nothing, "https://ping.example/uuid", "No deployment has a problem"],
  [
    "a limit is near",
    { stdout: "[]" },
    { stdout: "", status: 1 },
    "https://ping.example/uuid/fail",
    "A limit of credits is nearly spent",
  ],
  [
    "nothing could be read",
    { stderr: "no token\n", status: 2 },
    nothing,
    "https://ping.example/uuid/fail",
    "The status of the deployments could not be read",
  ],
])("if %s, the heartbeat URL is called with the title alone", (_, status, limits, url, title) => {
  const called = join(folder, "called");
  writeFileSync(join(folder, "curl"), `#!/bin/sh\nprintf '%s\\n' "$@" > ${called}\nexit 22\n`, { mode: 0o755 });
  const answers = { status, limits, logs: {} };
  const heard = morning(answers, { HEARTBEAT_URL: "https://ping.example/uuid" });
  expect(readFileSync(called, "utf8").trim().split("\n").slice(-3)).toEqual(["--data-raw", title, url]);
  // A heartbeat that fails changes no verdict.
  expect(heard.stderr).toContain("The heartbeat could not be sent");
  const silent = morning(answers);
  expect([heard.status, silent.stderr]).toEqual([silent.status, ""]);
});
