import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { useStatusWorld } from "./status-world";

const world = useStatusWorld();

/** Deployments that ran last night: three runs failed, and two wait for a user. */
function fleetOf(count: number): void {
  const message = `The MCP server does not answer. ${"Again. ".repeat(30)}`;
  const agents = Array.from({ length: 4 }, () => world.api.agents.create().id);
  const ids = Array.from({ length: count }, (_, index) =>
    world.create(`nightly-review-of-the-repository-number-${index}`, { agent: agents[index % 4] }),
  );
  world.day(21);
  for (const [index, id] of ids.entries()) {
    const session = world.run(id);
    const stop_reason = { type: "requires_action", event_ids: ["evt_1"] };
    const error = { type: "mcp_connection_failed_error", message };
    world.api.sessions.end(session, index < 3 ? { error } : index < 5 ? { stop_reason } : {});
  }
  world.api.clearRequests();
}

/** The widest line in columns, as no name here has a wide character. */
const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

test("120 deployments with --since take 50 requests a second, and fit 100 columns, with the unhealthy ones at the end", async () => {
  const count = 120;
  fleetOf(count);
  const start = world.clock.now();
  const { status, stdout, stderr } = await world.statusIn(100, "--all", "--since", "24h", "--table");
  const seconds = (world.clock.now() - start) / 1_000;
  expect(status).toBe(1);
  expect(stderr).toBe("");
  expect(world.writes).toEqual([]);
  expect(world.requests.length / seconds).toBeLessThanOrEqual(55);
  expect(widest(stdout)).toBeLessThanOrEqual(100);
  const lines = stdout.split("\n");
  expect(lines.filter((line) => /^[! ] {2}nightly-review-of/.test(line))).toHaveLength(count);
  expect(lines.filter((line) => line.startsWith("!"))).toHaveLength(5);
  expect(lines.findLastIndex((line) => line.startsWith("   n"))).toBeLessThan(
    lines.findIndex((line) => line.startsWith("!")),
  );
  expect(lines[0]).toBe(
    "Since Fri 2026-11-20 09:00 (Asia/Shanghai): 120 runs, 115 done, 3 failed, 2 waiting, 156 credits.",
  );
  expect(stdout).toContain("\n\n115 of 120 healthy: 5 new; ! marks the others.\n");
});

test.each([
  [3, 14],
  [120, 2],
  [1, 250],
])(
  "%i deployments with %i runs each take a request for each hundred of a list, one for each run, and none twice",
  async (count, runs) => {
    const ids = Array.from({ length: count }, (_, index) => world.create(`report-${index}`));
    world.day(21);
    for (let run = 0; run < runs; run += 1) {
      for (const id of ids) {
        world.run(id, {});
      }
    }
    world.api.clearRequests();
    expect((await world.status("--all", "--since", "24h")).stdout).toContain(
      `: ${count * runs} runs, ${count * runs} done`,
    );
    const { requests } = world;
    const asked = (pattern: RegExp) => requests.filter((request) => pattern.test(request)).length;
    const pages = count * Math.ceil(runs / 100);
    expect([asked(/^GET .*\/runs\?/), asked(/^GET \/sessions\?/), asked(/\/events\?/)]).toEqual([
      pages,
      pages + 1,
      count * runs,
    ]);
    expect(requests).toHaveLength(Math.ceil(count / 100) + 2 * pages + count * runs + 2 + 1);
    expect(new Set(requests).size).toBe(requests.length);
  },
);

test("a terminal of 60 columns gets the rows of the table, each in lines of 60 columns", async () => {
  fleetOf(60);
  const { stdout } = await world.statusIn(60, "--all");
  expect(widest(stdout)).toBeLessThanOrEqual(60);
  const [zone, head, more, ...rows] = stdout.split("\n");
  expect([zone, head, more]).toEqual([
    "Times are in Asia/Shanghai.",
    "   NAME                                        NEXT RUN",
    "     LAST RUN      RESULT                CREDITS",
  ]);
  expect(
    rows.filter((line) => /^[! ] {2}nightly-review-of-the-repository-number-\d+ +Nov 22 09:00$/.test(line)),
  ).toHaveLength(60);
  expect(rows.slice(rows.findLastIndex((line) => line.startsWith("!"))).slice(1, 4)).toEqual([
    "     Nov 21 09:00  failed                1.3",
    expect.stringMatching(/^ {5}dep_\w+$/),
    "     The last run failed: mcp_connection_failed_error: The",
  ]);
});

test("docs/status.md shows the real output and exit status of the command", async () => {
  const page = readFileSync(resolve(__dirname, "../../../docs/status.md"), "utf8");
  const [, section = ""] = /<!-- transcript status -->([\s\S]*?)<!-- \/transcript status -->/.exec(page) ?? [];
  const [, command = "", shown = ""] = /```\n\$ npx pulumi-qoder (.*); echo \$\?\n([\s\S]*?)```/.exec(section) ?? [];
  const created = (name: string, agent = world.agent) => world.create(name, { agent });
  const [digest, triage, report, audit] = ["weekly-digest", "issue-triage", "daily-report", "licence-audit"].map(
    (one) => created(one),
  );
  const review = created("nightly-review", world.api.agents.create().id);
  const run = (id = "") => world.run(id);
  const { sessions } = world.api;
  const refused = { type: "session_rate_limited_error", message: "Too many sessions." };
  world.api.deployments.runBySchedule(report ?? "", refused);
  for (const day of [21, 22, 23, 24, 25]) {
    world.day(day);
    sessions.end(run(report), { credits: { model: 2.4, sandbox: 0.2 } });
    const stop_reason = day === 25 ? { type: "requires_action", event_ids: ["evt_1"] } : { type: "end_turn" };
    sessions.end(run(triage), { stop_reason, credits: { model: 0.8, sandbox: 0.1 } });
  }
  const unreachable = { type: "mcp_connection_failed_error", message: "The MCP server licences does not answer." };
  sessions.end(run(audit), { error: unreachable });
  world.api.agents.archive(world.api.deployments.get(review).agent.id);
  world.api.deployments.runBySchedule(review);
  world.api.deployments.pauseByError(review, "agent_archived_error");
  world.api.deployments.pause(digest ?? "");
  const [name, ...args] = command.split(" ");
  expect(name).toBe("status");
  const { stdout, stderr, status } = await world.statusIn(100, ...args);
  expect(`${stdout}${stderr}${status}\n`).toBe(shown);
});
