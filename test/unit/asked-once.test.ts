import { run } from "../../command/main";
import { patience } from "../../provider/api/patience";
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
  ["status report-0 report-1 report-1 --since 24h"],
  ["status DEP DEP report-1"],
  ["calendar report-0 DEP"],
  ["limits --all"],
  ["limits report-1 DEP"],
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

// `--cancel --yes` waits for the end of sessions, so it looks again. With ids, and at a resume, `--yes` reads each deployment again
// right before its change, because a person may have changed it meanwhile.
test.each([
  ["pause --all --dry-run"],
  ["pause --all --yes"],
  ["pause --all --cancel --dry-run"],
  ["resume --all --dry-run"],
  ["resume --paused-by-service IDS --dry-run"],
])("`%s` asks nothing twice between two writes", async (line) => {
  const { ids } = fleet();
  const [command, ...options] = line.replace("IDS", ids.join(" ")).split(" ");
  if (options[0] === "--all" && command === "resume") {
    await world.pause(["--all", "--yes"]);
    // `resume` lists once more while a hold is so young that a list may lack others of its pause.
    world.clock.pass(2 * patience.holdingMs);
    world.api.clearRequests();
  }
  await (command === "pause" ? world.pause(options) : world.resume(options));
  expect(world.api.requests.length).toBeGreaterThan(0);
  expect(askedTwice()).toEqual([]);
});
