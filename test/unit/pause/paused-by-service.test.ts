import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();

const reason = { type: "error" as const, error: { type: "agent_archived_error" } };

/** Lets the service pause a new deployment. */
function pausedByService(name: string, metadata: Readonly<Record<string, string>> = {}): string {
  const id = world.create(name, { metadata });
  world.api.deployments.overwrite(id, { status: "paused", paused_reason: reason });
  return id;
}

function pausedByHand(name: string): string {
  const id = world.create(name);
  world.api.deployments.overwrite(id, { status: "paused", paused_reason: { type: "manual" } });
  return id;
}

test("--paused-by-service lists each deployment with its reason, asks, and starts none that a person paused", async () => {
  const [one, two, byHand] = [pausedByService("one"), pausedByService("two"), pausedByHand("three")];
  world.create("active");
  const questions: string[] = [];
  const ask = async (question: string) => questions.push(question) > 0;
  const { status, stdout, stderr } = await world.resume(["--paused-by-service"], { ask });
  expect({ status, stderr, questions }).toEqual({ status: 0, stderr: "", questions: ["Start 2 deployments again?"] });
  expect(stdout).toBe(
    `To start, paused by the service: 2 deployments:\n  ${two} "two": agent_archived_error\n  ${one} "one": agent_archived_error\n2 started\n`,
  );
  expect(world.statuses(one, two, byHand)).toEqual(["active", "active", "paused"]);
  expect([...world.writes].sort()).toEqual([one, two].map((id) => `POST /deployments/${id}/unpause`).sort());
});

test.each([
  ["an id", (one: string) => [one]],
  ["a name", () => ["one"]],
  ["a label", () => ["--label", "team=search"]],
])("%s selects what --paused-by-service starts", async (_, args) => {
  const [one, two] = [pausedByService("one", { team: "search" }), pausedByService("two")];
  expect(await world.resume(["--paused-by-service", "--yes", ...args(one)])).toMatchObject({ status: 0, stderr: "" });
  expect(world.statuses(one, two)).toEqual(["active", "paused"]);
});

test("a deployment that a person pauses during the question stays paused, and stderr names it", async () => {
  const id = pausedByService("one");
  const ask = async () => {
    world.api.deployments.overwrite(id, { status: "paused", paused_reason: { type: "manual" } });
    return true;
  };
  const { status, stderr } = await world.resume(["--paused-by-service"], { ask });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `Not started: ${id} "one": somebody has changed it meanwhile\n`,
  });
  expect(world.writes).toEqual([]);
});

test("what a program or a person holds stays", async () => {
  const [ofProgram, held] = [pausedByService("of a program"), pausedByService("held")];
  world.hold(ofProgram, { id: "up", who: "program" });
  world.hold(held, { id: "p-0000" });
  world.api.clearRequests();
  const { stdout } = await world.resume(["--paused-by-service", "--yes"]);
  expect(stdout).toContain(`${ofProgram} "of a program": a program stops it with \`paused: true\``);
  expect(stdout).toContain(
    `${held} "held": p-0000 of a person, 0 seconds ago holds it; \`npx pulumi-qoder resume p-0000\``,
  );
  expect(world.writes).toEqual([]);
});
