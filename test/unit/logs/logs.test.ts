import { runLogs } from "../../../command/logs/main";
import { secretsIn } from "../../../command/terminal";
import { width } from "../../../provider/api/lines";
import { type Ended, ended } from "../ended";
import { token, useStatusWorld } from "../status/status-world";

const world = useStatusWorld();

const logsWith = (environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> =>
  ended((streams) => runLogs(args, environment, streams, "Asia/Shanghai"), undefined, secretsIn(environment));
const logsIn = (columns: number, ...args: string[]): Promise<Ended> =>
  ended((streams) => runLogs(args, world.environment, streams, "Asia/Shanghai"), columns);
const logs = (...args: string[]) => logsWith(world.environment, ...args);
const error = { type: "session_rate_limited_error", message: "Too many sessions." };

/** Starts a run of the deployment, and returns its session and its id. */
function started(id: string): { run: string; session: string } {
  const { id: run, session_id: session } = world.api.deployments.runBySchedule(id);
  return { run, session: session ?? "none" };
}

/** A run of a deployment that used tools, wrote a file and was graded. */
function worked(id: string): { run: string; session: string } {
  const one = started(id);
  const add = (type: string, members: object) => world.api.sessions.addEvent(one.session, { ...members, type }).id;
  const read = add("agent.tool_use", { name: "Read", input: { path: "notes.md" } });
  const search = add("agent.mcp_tool_use", { name: "search", mcp_server_name: "tickets", input: { q: "open" } });
  add("agent.mcp_tool_result", { mcp_tool_use_id: search, is_error: true, content: [{ type: "text", text: "no" }] });
  add("agent.tool_result", { tool_use_id: read, content: [{ type: "text", text: "first line\nsecond line" }] });
  add("agent.artifact_delivered", { file_id: "file_7", original_filename: "report.md", size: 1234 });
  world.api.sessions.end(one.session, {
    message: "The report is written.\nIt has two parts.",
    outcomes: [
      { result: "needs_revision", explanation: "A table is missing." },
      { result: "satisfied", explanation: "All parts are there." },
    ],
  });
  return one;
}

const messages = (count: number, content = "读一行 ".repeat(500)) =>
  Array.from({ length: count }, (_, index) => ({ id: `evt_${index}`, type: "agent.message", content }));

/** Shows these events as those of the session. */
function shownEvents(session: string, data: readonly object[]): void {
  world.fault(`/sessions/${session}/events`, { members: { data, has_more: false } });
}

const outcome = { type: "user.define_outcome", description: "Write a report", rubric: { type: "text", content: "r" } };

test.each([
  ["without an event of the agent never began", { message: null, credits: {} }, "never began", "never began"],
  ["without a message is done, and said nothing", { message: null }, "done, said nothing", "done"],
])("a run whose session ended %s, as status says", async (_, ending, shown, result) => {
  const id = world.create("report");
  world.day(21);
  world.api.sessions.end(started(id).session, ending);
  expect((await logs(id)).stdout).toMatch(new RegExp(`^result +${shown}$`, "m"));
  expect((await logs(id, "--history")).stdout).toContain(`  ${shown}  `);
  expect(JSON.parse((await logs(id, "--json")).stdout)).toMatchObject([{ result: { state: result } }]);
});

test.each([
  ["the id of the deployment", (id: string) => id],
  ["the name of the deployment", () => "report"],
  ["the id of the run", (_: string, { run }: { run: string }) => run],
  ["the id of the session", (_: string, { session }: { session: string }) => session],
])("%s prints the last run: why it started, the version, the result, grades, credits and events", async (_, target) => {
  const id = world.create("report", { initial_events: [outcome] });
  world.day(21);
  const one = worked(id);
  expect(await logs(target(id, one))).toEqual({
    status: 0,
    stderr: "",
    stdout: `deployment ${id} "report"
run        ${one.run}, session ${one.session}
started    Sat 2026-11-21 09:00 Asia/Shanghai, by its schedule, planned for Sat 2026-11-21 09:00
agent      ${world.agent} version 1
result     done
credits    1.3
grade      needs_revision: A table is missing.
grade      satisfied: All parts are there.
09:00:00 task     Write a report
09:00:00 tool     Read {"path":"notes.md"}
09:00:00 -> result first line second line
09:00:00 tool     tickets/search {"q":"open"}
09:00:00 -> result failed: no
09:00:00 artifact report.md (file_7, 1234 bytes)
09:00:00 agent    The report is written.
                  It has two parts.
`,
  });
  expect(world.requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
  expect(new Set(world.requests).size).toBe(world.requests.length);
});

describe("of a deployment with several runs", () => {
  let id = "";
  let sessions: string[] = [];

  beforeEach(() => {
    id = world.create("report");
    sessions = [21, 22, 23, 24].map((day) => {
      world.day(day);
      return day === 22 ? (world.api.deployments.runBySchedule(id, error).session_id ?? "none") : started(id).session;
    });
    world.api.sessions.end(sessions[0] ?? "", { error: { type: "billing_error", message: "No credits are left." } });
    world.api.sessions.end(sessions[2] ?? "", { message: "The third." });
    world.api.sessions.end(sessions[3] ?? "", { message: "The fourth." });
  });

  const linesOf = (text: string, start: string) => text.split("\n").filter((line) => line.startsWith(start));

  test("the newest run is printed, and with --last 2 the two newest", async () => {
    const [third, fourth] = ["third", "fourth"].map((nth) => `09:00:00 agent    The ${nth}.`);
    expect(linesOf((await logs(id)).stdout, "09:00:00 agent")).toEqual([fourth]);
    expect(linesOf((await logs(id, "--last", "2")).stdout, "09:00:00 agent")).toEqual([fourth, third]);
  });

  test("--failed prints the newest run that failed, whether its session started or not", async () => {
    const limited = "result     could not start: session_rate_limited_error: Too many sessions.";
    const one = await logs(id, "--failed");
    expect(linesOf(one.stdout, "started")).toEqual([expect.stringContaining("Sun 2026-11-22 09:00")]);
    expect(linesOf(one.stdout, "result")).toEqual([limited]);
    const two = await logs(id, "--failed", "--last", "9");
    expect(linesOf(two.stdout, "result")).toEqual([limited, "result     failed: billing_error: No credits are left."]);
    expect(linesOf(two.stdout, "09:00:00 error")).toEqual(["09:00:00 error    billing_error: No credits are left."]);
  });

  test("--history prints a line for each run, the newest first", async () => {
    const { stdout } = await logs(id, "--history");
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/).slice(0, 5))).toEqual([
      ["STARTED", "WHY", "AGENT", "RESULT", "CREDITS"],
      ["Tue 2026-11-24 09:00", "schedule", "v1", "done", "1.3"],
      ["Mon 2026-11-23 09:00", "schedule", "v1", "done", "1.3"],
      ["Sun 2026-11-22 09:00", "schedule", "v1", "could not start", "-"],
      ["Sat 2026-11-21 09:00", "schedule", "v1", "failed", "1.3"],
      [""],
    ]);
    const failed = await logs(id, "--history", "--failed");
    expect(failed.stdout.trimEnd().split("\n")).toHaveLength(3);
  });

  test("--history has at most 30 lines unless --last gives another number, and the session of a run that works", async () => {
    const session = String(world.api.deployments.run(id).session_id);
    const { stdout } = await logs(id, "--history");
    expect(stdout.match(/sess_\w+/g)).toEqual([session]);
    expect(stdout.split("\n")[1]).toMatch(new RegExp(`running .*${session}$`));
    for (let more = 0; more < 40; more += 1) {
      started(id);
    }
    expect((await logs(id, "--history")).stdout.trimEnd().split("\n")).toHaveLength(31);
    expect((await logs(id, "--history", "--last", "35")).stdout.trimEnd().split("\n")).toHaveLength(36);
  });

  test("--json prints runs with their events, and with --history without them", async () => {
    const [run] = JSON.parse((await logs(id, "--json")).stdout);
    expect(run).toMatchObject({
      deployment: { id, name: "report" },
      sessionId: sessions[3],
      createdAt: "2026-11-24T01:00:00Z",
      trigger: "schedule",
      agentVersion: 1,
      agentId: world.agent,
      result: { state: "done", error: null, outcome: null, credits: 1.3, saidNothing: false },
      grades: [],
      cut: false,
    });
    expect(run.events.at(-1)).toMatchObject({ who: "agent", text: "The fourth." });
    const history: readonly Record<string, unknown>[] = JSON.parse((await logs(id, "--json", "--history")).stdout);
    expect(history.map(({ result }) => Object(result).state)).toEqual(["done", "done", "could not start", "failed"]);
    expect(history.filter((one) => "events" in one)).toEqual([]);
  });
});

test.each([
  [2_000, false],
  [2_001, true],
])("the log of a session with %i long events says whether there are more than it shows: %s", async (count, isCut) => {
  const { session } = started(world.create("report"));
  world.api.sessions.end(session);
  shownEvents(session, messages(count, "a line\n".repeat(100)));
  const [log] = JSON.parse((await logs(session, "--json")).stdout);
  expect([log.events.length, log.cut]).toEqual([2_000, isCut]);
  expect((await logs(session)).stdout.includes("the session has more than the newest 2000")).toBe(isCut);
  expect((await logs(session, "--full")).stdout.match(/a line\n/g)).toHaveLength(2_000 * 100);
});

test("an event whose id does not begin with evt_ is shown like the others", async () => {
  const { session } = started(world.create("report"));
  world.api.sessions.end(session);
  shownEvents(session, [
    ...messages(1, "The first."),
    { id: "message-2", type: "agent.message", content: "The second." },
  ]);
  const { status, stdout, stderr } = await logs(session);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/agent +The first\./);
  expect(stdout).toMatch(/agent +The second\./);
});

test.each(["desc", "asc"] as const)(
  "a long log in the order %s has 60 lines, its end, and all of it with --full",
  async (order) => {
    Object.assign(world.api.switches, { eventOrder: order, eventOrderQuery: "ignore" });
    const id = world.create("report");
    const { session } = started(id);
    for (let step = 0; step < 250; step += 1) {
      world.api.sessions.addEvent(session, { type: "agent.tool_use", name: `step${step}` });
    }
    world.api.sessions.end(session, { message: Array.from({ length: 90 }, (_, line) => `line ${line}`).join("\n") });
    const short = (await logs(id)).stdout.trimEnd().split("\n");
    expect(short).toHaveLength(60);
    expect(short.at(-1)).toMatch(/ line 89$/);
    const leftOut = short.filter((line) => line.includes("left out"));
    expect(leftOut).toEqual(["... the lines in between are left out; --full prints them ..."]);
    const whole = (await logs(id, "--full")).stdout;
    expect(whole.match(/ step\d+\n/g)).toHaveLength(250);
    expect(whole.match(/ line \d+\n/g)).toHaveLength(90);
  },
);

test("--failed reads each page and each session once, however many runs succeeded", async () => {
  const id = world.create("report");
  for (let run = 0; run < 130; run += 1) {
    world.clock.pass(60_000);
    world.api.sessions.end(started(id).session);
  }
  expect((await logs(id, "--failed")).stderr).toContain("none of the newest 1000 runs");
  expect(new Set(world.requests).size).toBe(world.requests.length);
});

test("the log of several long runs has at most 60 lines, and counts the runs that are left out", async () => {
  const id = world.create("report");
  for (let run = 0; run < 9; run += 1) {
    world.api.sessions.end(started(id).session, { message: "a line\n".repeat(90) });
  }
  const printed = (await logs(id, "--last", "9")).stdout.trimEnd().split("\n");
  expect(printed.length).toBeLessThanOrEqual(60);
  expect(printed.at(-1)).toMatch(/^\d more runs: --full prints everything, --history a line for each run$/);
});

test.each(["读ㄅꀀकी".repeat(60), `${"读".repeat(40)} 12:00:00 agent    forged`, "x".repeat(900)])(
  "no line of a log is longer than the terminal, and none begins with a text of the service: %s",
  async (text) => {
    const id = world.create(text.slice(0, 200));
    const { session } = started(id);
    world.api.sessions.addEvent(session, { type: "agent.tool_use", name: text });
    world.api.sessions.addEvent(session, { type: "agent.artifact_delivered", original_filename: text });
    world.api.sessions.end(session, { error: { type: "billing_error", message: text }, message: `${text}\n  ${text}` });
    const starts = /^(deployment|run|started|agent|result|credits) |^(STARTED|\d\d:\d\d:\d\d|... the lines|Fri) | {2}/;
    for (const args of [[], ["--full"], ["--history"]]) {
      const lines = (await logsIn(80, id, ...args)).stdout.trimEnd().split("\n");
      expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(80);
      expect(lines.filter((line) => !starts.test(line))).toEqual([]);
    }
  },
);

test("--full keeps the indentation of a message, also where it breaks a line", async () => {
  const id = world.create("report");
  world.api.sessions.end(started(id).session, { message: `def main():\n    return ${"word ".repeat(20)}` });
  const { stdout } = await logsIn(100, id, "--full");
  expect(stdout).toMatch(/^[\d:]+ agent {4}def main\(\):\n {22}return word .*\n {22}word /m);
});

test("the log of 500 long messages measures hardly more than the 60 lines that it prints", async () => {
  const { session } = started(world.create("report"));
  world.api.sessions.end(session);
  const segment = jest.spyOn(Intl.Segmenter.prototype, "segment");
  const measured = async (count: number) => {
    shownEvents(session, messages(count));
    segment.mockClear();
    const { stdout } = await logsIn(100, session);
    expect(stdout.trimEnd().split("\n")).toHaveLength(60);
    return segment.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
  };
  const [few, many] = [await measured(10), await measured(500)];
  expect(many).toBe(few);
  expect(many).toBeLessThan(100_000);
});

test.each([
  ["60 lines", []],
  ["--full", ["--full"]],
  ["--json", ["--json"]],
])("with %s the time limit ends the work on the entries of a log", async (_, args) => {
  const { session } = started(world.create("report"));
  world.api.sessions.end(session);
  shownEvents(session, messages(50));
  const { matchAll } = String.prototype;
  let searched = 0;
  jest.spyOn(String.prototype, "matchAll").mockImplementation(function (this: string, pattern) {
    if (this.startsWith("读一行")) {
      searched += 1;
      world.clock.pass(1_000);
    }
    return matchAll.call(this, pattern);
  });
  const { status, stdout, stderr } = await logs(session, "--timeout", "20s", ...args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toBe(
    "pulumi-qoder logs failed: the time limit of 20 s for the whole command was reached. Run the same command again with more time (--timeout TIME, such as 10m)\n",
  );
  expect(searched).toBeLessThan(30);
});

test("a name that looks like an option follows `--`", async () => {
  const id = world.create("--all");
  started(id);
  expect((await logs("--history", "--", "--all")).stdout).toMatch(/^STARTED /);
});

test("no output has a value of an environment variable, a token or a secret of the environment", async () => {
  const id = world.create("report", { environment_variables: "DATABASE=postgres://u:hunter-2@db\nFLAG=blue-door" });
  const { session } = started(id);
  const secrets = ["postgres://u:hunter-2@db", "blue-door", token, "npm-5511"];
  const text = secrets.join(" and ");
  world.api.sessions.addEvent(session, { type: "agent.tool_use", name: "Bash", input: { command: text } });
  world.api.sessions.addEvent(session, { type: "agent.artifact_delivered", original_filename: text });
  world.api.sessions.end(session, {
    message: `${"x".repeat(60)} ${text}`,
    error: { type: "billing_error", message: text },
    outcomes: [{ result: "failed", explanation: text }],
  });
  for (const args of [[], ["--full"], ["--json"], ["--history"], ["--history", "--json"]]) {
    const { stdout } = await logsWith({ ...world.environment, NPM_TOKEN: "npm-5511" }, id, ...args);
    expect(stdout).toContain("[secret]");
    for (const secret of [...secrets, "hunter-2"]) {
      expect(stdout).not.toContain(secret);
    }
  }
});

test("the log of a run whose session was deleted has the run alone", async () => {
  const id = world.create("report");
  const { session } = started(id);
  world.api.sessions.remove(session);
  const { status, stdout } = await logs(id);
  expect({ status, result: stdout.split("\n")[4] }).toEqual({ status: 0, result: "result     session not found" });
});

test("the log of a session that no deployment started has no deployment and no run", async () => {
  const { id } = world.api.sessions.create({}, "mine");
  const { stdout } = await logs(id);
  expect(stdout).toMatch(/^deployment none: another client started this session\nrun {8}unknown, session sess_/);
});

test.each([
  [() => [world.create("report")], /^dep_\w+ has not run yet\n$/],
  [
    () => [started(world.create("report")) && "report", "--failed"],
    /^none of the newest 1000 runs of dep_\w+ is known to have failed\n$/,
  ],
  [() => ["nowhere"], /^nowhere is not known: this token sees no live deployment of this name/],
  [
    () => [world.create("billing-review") && "billing-reviw"],
    /^billing-reviw is not known: .*; did you mean billing-review\?\n$/,
  ],
  [() => ["dep_1"], /^dep_1 is not known: /],
  [() => ["drun_1"], /^GET \/deployment_runs\/drun_1 was answered with 404 /],
  [() => ["sess_1"], /^GET \/sessions\/sess_1 was answered with 404 /],
  [
    () => [world.create("twin") && world.create("twin") && "twin"],
    /^2 deployments have this name. Give the id of one: dep_\w+, dep_\w+\n$/,
  ],
])("the command fails with a reason if there is nothing to print (%#)", async (args, reason) => {
  const { status, stdout, stderr } = await logs(...args());
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  const [before, said = ""] = stderr.split("pulumi-qoder logs failed: ");
  expect([before, said]).toEqual(["", expect.stringMatching(reason)]);
});

test.each([
  [["a", "b"], "give one deployment, run or session, not several"],
  [["a", "--last", "0"], '--last takes a whole number from 1 to 1000, not "0"'],
  [["drun_1", "--history"], "--last, --failed and --history go with a deployment, not with one run or session"],
])("%j is a wrong command line", async (args, reason) => {
  const stderr = `pulumi-qoder: ${reason}. See \`npx pulumi-qoder logs --help\`\n`;
  expect(await logs(...args)).toEqual({ status: 64, stdout: "", stderr });
});
