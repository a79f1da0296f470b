import { run } from "../../command/main";
import { ended } from "./ended";
import { usePauseWorld } from "./pause/pause-world";
import { skipWaits } from "./system-clock";

const world = usePauseWorld();
beforeEach(() => skipWaits(world.clock));

/** The GETs that the command sent twice although it wrote nothing in between. */
function askedTwice(): string[] {
  const asked = new Set<string>();
  const twice: string[] = [];
  for (const { method, path, query } of world.api.requests) {
    const question = `${path} ${JSON.stringify(query)}`;
    if (method !== "GET") {
      asked.clear();
    } else if (asked.has(question)) {
      twice.push(question);
    } else {
      asked.add(question);
    }
  }
  return twice;
}

/** Deployments with runs of each result, some of them paused by a person or by the service. */
function fleet() {
  const ids = Array.from({ length: 6 }, (_, index) => world.create(`report-${index}`, { metadata: { team: "a" } }));
  const [done = "", failed = "", waiting = "", running = "", byHand = "", byService = ""] = ids;
  world.api.sessions.end(world.run(done));
  const session = world.run(failed);
  world.api.sessions.end(session, { error: { type: "billing_error", message: "No credits are left." } });
  world.waiting(waiting);
  world.run(running);
  world.api.sessions.end(world.run(byService));
  world.api.deployments.pause(byHand);
  world.api.deployments.pauseByError(byService, "agent_archived_error");
  const drun = world.api.runs.all().find(({ session_id }) => session_id === session)?.id ?? "";
  world.api.clearRequests();
  return { ids, failed, session, drun };
}

test.each([
  ["status --all"],
  ["status --all --since 24h --strict"],
  ["status --label team=a --json"],
  ["status report-0 report-1 report-1 --since 24h"],
  ["status DEP DEP report-1"],
  ["status --all --since 24h --format prometheus"],
  ["calendar --all"],
  ["calendar report-0 DEP"],
  ["limits --all"],
  ["limits report-1 DEP"],
  ["logs report-1"],
  ["logs DEP --last 3"],
  ["logs DEP --failed"],
  ["logs DEP --history"],
  ["logs RUN"],
  ["logs SESSION"],
  ["versions AGENT"],
  ["import --all"],
  ["import DEP"],
])("`%s` asks nothing twice", async (line) => {
  const { failed, session, drun } = fleet();
  const words: Readonly<Record<string, string>> = { DEP: failed, RUN: drun, SESSION: session, AGENT: world.agent };
  const args = line.split(" ").map((word) => words[word] ?? word);
  const { stdout } = await ended((streams) => run(args, world.environment, streams));
  expect(stdout).not.toBe("");
  expect(world.api.requests.length).toBeGreaterThan(0);
  expect(askedTwice()).toEqual([]);
});

// `--cancel --yes` waits for the end of sessions, so it looks again. With ids, `--yes` reads each deployment again right before its pause.
test.each([["--dry-run"], ["--yes"], ["--cancel --dry-run"]])(
  "`pause --all %s` asks nothing twice between two writes",
  async (options) => {
    fleet();
    await world.pause(["--all", ...options.split(" ")]);
    expect(world.api.requests.length).toBeGreaterThan(0);
    expect(askedTwice()).toEqual([]);
  },
);

// With `--yes`, `resume` reads each deployment again right before its start, because a person may have paused it meanwhile.
test("`resume --all --dry-run` asks nothing twice", async () => {
  fleet();
  await world.pause(["--all", "--yes"]);
  world.api.clearRequests();
  await world.resume(["--all", "--dry-run"]);
  expect(world.api.requests.length).toBeGreaterThan(0);
  expect(askedTwice()).toEqual([]);
});

test("`resume --paused-by-service --dry-run` asks nothing twice", async () => {
  const { ids } = fleet();
  await world.resume(["--paused-by-service", ...ids, "--dry-run"]);
  expect(world.api.requests.length).toBeGreaterThan(0);
  expect(askedTwice()).toEqual([]);
});
