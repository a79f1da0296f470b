import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { TemporaryFolder } from "../support/temporary-folder";
import { useStatusWorld } from "./status/status-world";

const world = useStatusWorld();
const folder = TemporaryFolder.ofTests();

const ci = resolve(__dirname, "../../examples/pipeline/ci");
beforeEach(() => cpSync(ci, folder.at("ci"), { recursive: true }));

interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
}

/** Runs ci/morning.sh with these answers of the commands in place of the package. */
function morning(
  answers: Readonly<Record<"status" | "limits" | "logs", Answer>>,
  environment: Readonly<Record<string, string>> = {},
  deliver: readonly string[] = [],
) {
  for (const [name, { stdout = "", stderr = "", status = 0 }] of Object.entries(answers)) {
    for (const [form, text] of Object.entries({ stdout, stderr, status: `${status}\n` })) {
      writeFileSync(folder.at(`${name}.${form}`), text);
    }
  }
  const script = `#!/bin/sh
shift 3
echo "$*" >> '${folder.path}/asked'
cat '${folder.path}'/"$1.stderr" >&2
cat '${folder.path}'/"$1.stdout"
read -r status < '${folder.path}'/"$1.status"
exit "$status"
`;
  writeFileSync(folder.at("npx"), script);
  chmodSync(folder.at("npx"), 0o755);
  const { status, stderr } = spawnSync(folder.at("ci/morning.sh"), deliver, {
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder.path}:${process.env["PATH"]}`, ...environment },
  });
  const read = (name: string) => readFileSync(folder.at(name), "utf8");
  return {
    status,
    stderr,
    report: read("morning.txt"),
    page: read("morning.md"),
    asked: read("asked").trim().split("\n"),
  };
}

const nothing = { stdout: "no limit\n" };
const unasked = { stderr: "no token\n", status: 2 };
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
    "status --stack --since 24h --series morning.next --strict --json",
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
  writeFileSync(folder.at("morning.until"), "2026-11-20T01:00:00Z\nnpx pulumi-qoder status --stack\n");
  expect(morning({ status: quiet, limits: nothing, logs: {} }).report).toBe(
    `Since the last report: 2026-11-20T01:00:00Z\n${report}`,
  );
  expect(page).toMatch(/^### No deployment has a known problem\n/);
  expect(asked).toHaveLength(2);
});

test("a healthy morning says once what is not as the program says, with its deployments", () => {
  const behind = "runs version 1 of reporter, the newest is 3";
  const told = [[behind], [], [behind]].map((differences, index) => ({
    ...{ id: `dep_${index}`, name: `daily-${index}`, healthy: true, problems: [], differences },
  }));
  const { status, report } = morning({ status: { stdout: JSON.stringify(told) }, limits: nothing, logs: {} });
  expect([status, report.split("\n").slice(1)]).toEqual([0, [`2 deployments: ${behind}`, "  daily-0, daily-2", ""]]);
});

test("a morning counts a deployment whose change may hide a missed run as not checked, and not as healthy", async () => {
  const id = world.create("daily");
  const halfPastNine = Date.UTC(2026, 10, 21, 1, 30);
  world.at(halfPastNine);
  world.api.deployments.overwrite(id, { updated_at: new Date(halfPastNine).toISOString() });
  world.at(halfPastNine + 1_800_000);
  const asked = await world.status("--all", "--since", "24h", "--json");
  const { status, report, page } = morning({ status: asked, limits: nothing, logs: {} });
  expect([status, report]).toEqual([0, "0 of 1 healthy, 1 not checked: 0 runs, 0 done, 0 failed, 0 credits\n"]);
  expect(page).toMatch(/^### No deployment has a known problem\n/);
});

const titles = {
  unread: "The status of the deployments could not be read",
  unhealthy: "A deployment is not healthy",
  above: "More than a limit is expected",
  near: "A limit is nearly used up",
  uncompared: "The limits could not be compared",
  quiet: "No deployment has a known problem",
};
const exceeded = { stdout: "30 of 20\n", status: 3 };
const above: unknown = expect.stringContaining("\nMore than a limit is expected:\n30 of 20\n");
const spent = "\n80 % or more of a limit is used:\n85 of 100\n";
const near: unknown = expect.stringMatching(/^\n80 % or more of a limit is used:\nno token\n$/);

test.each<[what: string, status: Answer, limits: Answer, exit: number, report: unknown, title: keyof typeof titles]>([
  ["only a limit is exceeded", { stdout: "[]" }, exceeded, 3, above, "above"],
  ["a deployment fails, too", { stdout: "[]", status: 1 }, exceeded, 1, above, "unhealthy"],
  ["only a limit is near", { stdout: "[]" }, { stdout: "85 of 100\n", status: 1 }, 1, spent, "near"],
  ["status could not ask", { stdout: "[]", status: 2 }, exceeded, 3, above, "above"],
  ["status was killed", { stdout: "[]", status: 137 }, {}, 2, "status ended with 137\n", "unread"],
  ["limits was killed", { stdout: "[]" }, { status: 137 }, 2, "limits ended with 137\n", "uncompared"],
  ["neither started", { status: 126 }, { status: 126 }, 2, "status ended with 126\nlimits ended with 126\n", "unread"],
  ["neither could ask, and says why once", unasked, unasked, 2, "no token\n", "unread"],
  ["a deployment fails, and limits could not ask", { stdout: "[]", status: 1 }, unasked, 1, "no token\n", "unhealthy"],
  ["limits alone could not ask", { stdout: "[]" }, unasked, 2, "no token\n", "uncompared"],
  ["limits has a reason of its own", { stdout: "[]", status: 2 }, unasked, 2, "no token\n", "unread"],
  ["limits says why beside a limit", { stdout: "[]", status: 2 }, { ...unasked, status: 1 }, 1, near, "near"],
])(
  "if %s, the morning has the status, the report and the title that say so",
  (_, status, limits, exit, report, title) => {
    const ended = morning({ status, limits, logs: {} });
    expect([ended.status, ended.report]).toEqual([exit, report]);
    expect(ended.page).toMatch(new RegExp(`^### ${titles[title]}\n`));
  },
);

test.each([
  ["succeeds", "true", "2026-11-21T00:00:00Z\n"],
  ["fails", "false", "2026-11-20T00:00:00Z\n"],
])("if the delivery of a report %s, the next one begins where it should", (_, deliver, expected) => {
  writeFileSync(folder.at("morning.until"), "2026-11-20T00:00:00Z\n");
  const ended = morning({ status: { stdout: "[]", status: 1 }, limits: nothing, logs: {} }, {}, [
    ...["sh", "-c", `echo 2026-11-21T00:00:00Z > morning.next; ${deliver}`],
  ]);
  expect([ended.status, readFileSync(folder.at("morning.until"), "utf8")]).toEqual([1, expected]);
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

test.each<[string, Answer, Answer, string, keyof typeof titles]>([
  ["nothing is wrong", { stdout: "[]" }, nothing, "", "quiet"],
  ["a limit is near", { stdout: "[]" }, { stdout: "", status: 1 }, "/fail", "near"],
  ["nothing could be read", unasked, nothing, "/fail", "unread"],
])("if %s, the heartbeat URL is called with the title alone", (_, status, limits, path, title) => {
  const called = folder.at("called");
  writeFileSync(folder.at("curl"), `#!/bin/sh\nprintf '%s\\n' "$@" > ${called}\nexit 22\n`, { mode: 0o755 });
  const url = "https://ping.example/uuid";
  const heard = morning({ status, limits, logs: {} }, { HEARTBEAT_URL: url });
  expect(readFileSync(called, "utf8").trim().split("\n").slice(-3)).toEqual([
    "--data-raw",
    titles[title],
    `${url}${path}`,
  ]);
  // A heartbeat that fails changes no verdict.
  expect(heard.stderr).toContain("The heartbeat could not be sent");
  const silent = morning({ status, limits, logs: {} });
  expect([heard.status, silent.stderr]).toEqual([silent.status, ""]);
});
