import { useStatusWorld } from "./status-world";

const world = useStatusWorld();

const count = 200;
const failing = {
  type: "mcp_connection_failed_error",
  message: `The MCP server does not answer. ${"Again. ".repeat(30)}`,
};

/** Each deployment ran last night: three runs failed, and two wait for a user. */
function fleet(): void {
  const agents = Array.from({ length: 4 }, () => world.api.agents.create().id);
  const ids = Array.from({ length: count }, (_, index) =>
    world.create(`nightly-review-of-the-repository-number-${index}`, { agent: agents[index % 4] }),
  );
  world.day(21);
  for (const [index, id] of ids.entries()) {
    const session = String(world.api.deployments.runBySchedule(id).session_id);
    const stop_reason = { type: "requires_action", event_ids: ["evt_1"] };
    world.api.sessions.end(session, index < 3 ? { error: failing } : index < 5 ? { stop_reason } : {});
  }
  world.api.clearRequests();
}

/** The widest line in columns, as no name here has a wide character. */
const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

test("200 deployments with --since take at most 3 requests each and 1 per run, 50 a second, and fit 100 columns", async () => {
  fleet();
  const start = Date.now();
  const { status, stdout, stderr } = await world.statusIn(100, "--all", "--since", "24h");
  const seconds = (Date.now() - start) / 1_000;
  expect(status).toBe(1);
  expect(stderr).toBe("Read 100 deployments ...\nRead 200 deployments ...\n");
  expect(world.api.requests.every(({ method }) => method === "GET")).toBe(true);
  const shared = world.requests.filter((request) => /^GET \/(agents|environments|deployments\?)/.test(request));
  expect(shared).toHaveLength(4 + 1 + 2);
  expect(world.requests.length - shared.length).toBeLessThanOrEqual(3 * count + count);
  expect(world.requests.length / seconds).toBeLessThanOrEqual(55);
  expect(widest(stdout)).toBeLessThanOrEqual(100);
  const lines = stdout.split("\n");
  expect(lines.filter((line) => /^[! ] {2}nightly-review-of/.test(line))).toHaveLength(count);
  expect(lines.filter((line) => line.startsWith("!"))).toHaveLength(5);
  expect(lines.findIndex((line) => line.startsWith("   n"))).toBeGreaterThan(
    lines.findLastIndex((line) => line.startsWith("!")),
  );
  expect(stdout).toContain(
    "\n\n195 of 200 healthy; ! marks the others. Times are in Asia/Shanghai.\nSince Fri 2026-11-20 09:00: 200 runs, 195 done, 3 failed, 2 waiting, 260 credits.\n",
  );
});

test("a terminal of 60 columns gets a list in which no line wraps", async () => {
  fleet();
  const { stdout } = await world.statusIn(60, "--all");
  expect(widest(stdout)).toBeLessThanOrEqual(60);
  expect(stdout.match(/^[! ] nightly-review-of/gm)).toHaveLength(count);
  const [first = ""] = stdout.split(/\n(?=[! ] nightly)/);
  expect(first).toMatch(
    /^! nightly-review-of-the-repository-number-\d\n {2}next run: Nov 22 09:00\n {2}last run: Nov 21 09:00, [\w ]+, 1\.3 credits\n {2}dep_\w+\n {2}The last run /,
  );
});
