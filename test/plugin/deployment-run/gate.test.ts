import { deploymentRun } from "../../kinds/deployment-run";
import type { SessionEnding } from "../../qoder-api/session-life";
import { always, Runs, start } from "../../support/runs";
import { outcome, type SessionRow, sessionRows } from "../../support/session-rows";
import { doors, type SimulatedStack, useDoor, World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const hourMs = 3_600_000;
const token = "pt-test";
const passing = ["done", "not satisfied"];
const finalStates = ["failed", "cancelled", "stopped by budget"];

/** How the error describes the state of a run without an error. */
const said: Readonly<Record<string, string>> = {
  cancelled: "was cancelled",
  "stopped by budget": "was stopped by its budget",
  "waiting for somebody": "waits for somebody, without a time limit",
  running: "has no result after 10 s: running",
  "not started yet": "has no result after 10 s: not started yet",
};
const saidOf = ({ state, error }: SessionRow) =>
  error === undefined
    ? (said[state] ?? `is in a state that this version does not know: ${state}`)
    : `failed: ${error.type}: ${error.message.replace(/\.$/, "")}`;

/** A run without a gate, whose session had the outcome of the row. */
async function happened(row: SessionRow) {
  Object.assign(world.api.switches, row.switches);
  const { initial_events } = row;
  const deploymentId = runs.deployment(initial_events === undefined ? {} : { initial_events: [...initial_events] });
  const stack = world.stack();
  await stack.up(world.args({ deploymentId }));
  const session = runs.sessionOf(stack);
  await row.happens(world.api, session, token);
  if (row.state !== "running") {
    world.passTime(hourMs);
  }
  world.api.clearRequests();
  return {
    deploymentId,
    stack,
    session,
    outputs: { result: row.state, credits: row.credits, error: row.error ?? null },
  };
}

test.each(Object.entries(sessionRows))("%s: a gate passes or fails by the result of status", async (_, row) => {
  const { deploymentId, stack, session, outputs } = await happened(row);
  const gate = world.args({ deploymentId, waitForResult: { timeoutSeconds: 10 } });
  expect(await stack.preview(gate)).toBe("update");
  const told = await stack.up(gate).catch(String);
  if (passing.includes(row.state)) {
    expect(told).toBe("update");
  } else {
    const amount = row.credits === null ? "credits unknown" : `${row.credits} credits`;
    expect(told).toContain(`${stack.state?.id} of ${deploymentId} ${saidOf(row)} (session ${session}, ${amount}).\n`);
    const isFinal = finalStates.includes(row.state);
    expect(told.includes("It stays failed until triggers change, or `pulumi up --replace URN` asks")).toBe(isFinal);
    expect(told).toContain(isFinal ? "update failed permanently" : "update was done in part");
  }
  expect(stack.state?.outputs).toMatchObject(outputs);
  expect(world.api.requests.every(({ method }) => method === "GET")).toBe(true);
  expect(world.api.runs.all()).toHaveLength(1);
});

test.each(Object.entries(sessionRows))("%s: a run that need not pass records its end for good", async (_, row) => {
  const { deploymentId, stack, session, outputs } = await happened(row);
  const record = world.args({ deploymentId, waitForResult: { timeoutSeconds: 10, mustPass: false } });
  const told = await stack.up(record).catch(String);
  expect(stack.state?.outputs).toMatchObject(outputs);
  if (![...passing, ...finalStates, "waiting for somebody"].includes(row.state)) {
    expect(told).toContain("update was done in part");
    return;
  }
  expect(told).toBe("update");
  world.api.sessions.resume(session);
  await stack.refresh();
  const isKept = row.state !== "waiting for somebody";
  expect(stack.state?.outputs).toMatchObject({ result: isKept ? row.state : "running" });
  expect(await stack.preview(record)).toBe("same");
  expect(world.api.runs.all()).toHaveLength(1);
});

test("`up` waits for the end of the session with fewer than 80 GETs in a quarter of an hour, and prints its state ever more rarely", async () => {
  world.reset({ sessionsEnd: 1_000_000 });
  const stack = world.stack();
  await stack.up(world.args({ waitForResult: true }));
  const sent = runs.sent();
  const session = runs.sessionOf(stack);
  expect(sent.slice(0, 3)).toEqual(start);
  expect(new Set(sent.slice(3))).toEqual(new Set([`GET /sessions/${session}`, `GET /sessions/${session}/events`]));
  // A quarter of an hour.
  expect(sent.length).toBeLessThan(80);
  expect(sent.filter((line) => line.endsWith("/events"))).toHaveLength(1);
  expect(Math.max(...world.clock.slept)).toBe(15_000);
  const waits = `QoderDeploymentRun "daily": waits for the end of ${stack.state?.id} (session ${session}): running, `;
  const printed = [16, 41, 86, 176, 356, 656, 956].map((seconds) => `${waits}${seconds} s`);
  expect(world.output).toEqual([...printed, expect.stringMatching(/\[gate\]$/)]);
  expect(stack.state?.outputs).toMatchObject({ result: "done", credits: 1.3, outcome: null, error: null });
  expect(await stack.preview(world.args({ waitForResult: true }))).toBe("same");
});

describe.each(doors)("through the door %s waitForResult.satisfied", (door) => {
  beforeEach(() => useDoor(door));

  const graded = (result: string): SessionEnding => ({ outcomes: [{ result }] });
  const shows = (stack: SimulatedStack, evaluations: readonly object[], times = always.times) =>
    world.api.fault({
      ...{ kind: "replace-body", method: "GET", path: `/sessions/${runs.sessionOf(stack)}`, times },
      transform: (session) => ({
        ...session,
        outcome_evaluations: evaluations.map((one, index) => ({ outcome_id: "outc_1", iteration: index, ...one })),
      }),
    });

  /** `shown`: the gradings that these GETs show instead of those of the ending. */
  async function ended(ending: SessionEnding, waitForResult: unknown, shown?: readonly object[], times?: number) {
    const deploymentId = runs.deployment({ initial_events: [outcome] });
    const stack = world.stack();
    await stack.up(world.args({ deploymentId }));
    world.api.sessions.end(runs.sessionOf(stack), ending);
    if (shown !== undefined) {
      shows(stack, shown, times);
    }
    const gate = (must: unknown) => world.args({ deploymentId, waitForResult: must });
    return { stack, gate, up: stack.up(gate(waitForResult)) };
  }

  test("fails with an outcome that is not satisfied, and without the option the same outcome passes", async () => {
    const { stack, gate, up } = await ended(graded("max_iterations_reached"), { satisfied: true });
    await expect(up).rejects.toThrow(/ is done, but its outcome is not satisfied: max_iterations_reached \(session /);
    world.api.clearRequests();
    expect(await stack.up(gate(true))).toBe("update");
    expect(stack.state?.outputs).toMatchObject({ result: "not satisfied", outcome: "max_iterations_reached" });
    expect(world.api.requests).toEqual([]);
    expect(await stack.preview(gate(true))).toBe("same");
  });

  test("with mustPass: false records the outcome with the grader's explanation, and fails as soon as the run must pass", async () => {
    const facts = { outcome: "failed", explanation: "It names two of three mistakes." };
    const ending = { outcomes: [{ result: facts.outcome, explanation: facts.explanation }] };
    const { stack, gate, up } = await ended(ending, { satisfied: true, mustPass: false });
    await up;
    expect(stack.state?.outputs).toMatchObject({ result: "not satisfied", credits: 1.3, ...facts });
    world.api.clearRequests();
    await expect(stack.up(gate({ satisfied: true }))).rejects.toThrow("its outcome is not satisfied: failed");
    expect(world.api.requests).toEqual([]);
  });

  test("with mustPass: false fails without a final grading, and the next `up` looks at the same run", async () => {
    const { stack, gate, up } = await ended(graded("needs_revision"), { satisfied: true, mustPass: false });
    await expect(up).rejects.toThrow(/update was done in part.* is done, but not graded/);
    shows(stack, [{ result: "satisfied" }]);
    await stack.refresh();
    expect(stack.state?.outputs).toMatchObject({ result: "done", outcome: "satisfied" });
    await stack.up(gate({ satisfied: true, mustPass: false }));
    expect(stack.state?.outputs).toMatchObject({ result: "done", outcome: "satisfied" });
    expect(world.api.runs.all()).toHaveLength(1);
  });

  test("fails if no outcome was graded, and fails before a run starts if the deployment asks for no outcome", async () => {
    const deploymentId = runs.deployment();
    const stack = world.stack();
    const gate = world.args({ deploymentId, waitForResult: { satisfied: true } });
    await expect(stack.up(gate)).rejects.toThrow(
      `create failed: waitForResult.satisfied: ${deploymentId} asks for no outcome, so no run of it can be satisfied`,
    );
    expect(world.api.runs.all()).toEqual([]);
    await stack.up(world.args({ deploymentId }));
    world.api.sessions.end(runs.sessionOf(stack));
    const begin = world.clock.now();
    await expect(stack.up(gate)).rejects.toThrow(
      /update was done in part.* is done, but not graded: .*\n.* `pulumi up` again, which reads this run again/,
    );
    expect(world.clock.now() - begin).toBeGreaterThanOrEqual(30_000);
  });

  test("waits for a final grading that the service shows three seconds late, in place of needs_revision", async () => {
    const { stack, up } = await ended(graded("satisfied"), { satisfied: true }, [{ result: "needs_revision" }], 2);
    await up;
    expect(stack.state?.outputs).toMatchObject({ result: "done", outcome: "satisfied" });
  });

  test.each([
    ["failed", null, true],
    ["interrupted", null, true],
    ["a_new_word", "2026-11-25T00:00:00Z", true],
    ["a_new_word", null, false],
    ["needs_revision", "2026-11-25T00:00:00Z", false],
  ])("with the grading %s, completed at %j, fails for good: %j", async (result, completed_at, isFinal) => {
    const { stack, up } = await ended(graded(result), { satisfied: true }, [{ result, completed_at }]);
    await expect(up).rejects.toThrow(isFinal ? "failed permanently" : "was done in part");
    expect(stack.state?.outputs).toMatchObject({ outcome: isFinal ? result : null });
  });
});
