import { deploymentRun } from "../../kinds/deployment-run";
import type { SessionEnding } from "../../qoder-api/session-life";
import { Runs } from "../../support/runs";
import { type SessionRow, sessionRows } from "../../support/session-rows";
import { doors, type SimulatedStack, useDoor, World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const hourMs = 3_600_000;
const token = "pt-test";
const create = ["DEPLOYMENT", "LIST", "RUN"];
const passing = ["done", "not satisfied"];
const finalStates = ["failed", "cancelled", "stopped by budget"];

/** How the error describes the state. */
function saidOf({ state, error }: SessionRow): string {
  switch (state) {
    case "failed":
      return `failed: ${error?.type}: ${error?.message.replace(/\.$/, "")}`;
    case "cancelled":
      return "was cancelled";
    case "stopped by budget":
      return "was stopped by its budget";
    case "waiting for somebody":
      return "waits for somebody, without a time limit";
    case "running":
    case "not started yet":
      return `has no result after 10 s: ${state}`;
    default:
      return `is in a state that this version does not know: ${state}`;
  }
}

/** A run without a gate, whose session had the outcome of the row. */
async function happened(row: SessionRow) {
  Object.assign(world.api.switches, row.switches);
  const { initial_events } = row;
  const deploymentId = runs.deployment(initial_events === undefined ? {} : { initial_events: [...initial_events] });
  const stack = world.stack();
  await stack.up(world.args({ deploymentId }));
  const session = String(stack.state?.outputs["sessionId"]);
  await row.happens(world.api, session, token);
  if (row.state !== "running") {
    world.passTime(hourMs);
  }
  return { deploymentId, stack, session };
}

test.each(Object.entries(sessionRows))("%s: a gate passes or fails by the result of status", async (_, row) => {
  const { deploymentId, stack, session } = await happened(row);
  world.api.clearRequests();

  const gate = world.args({ deploymentId, waitForResult: { timeoutSeconds: 10 } });
  expect(await stack.preview(gate)).toBe("update");
  if (passing.includes(row.state)) {
    expect(await stack.up(gate)).toBe("update");
  } else {
    const amount = row.credits === null ? "credits unknown" : `${row.credits} credits`;
    const facts = `${stack.state?.id} of ${deploymentId} ${saidOf(row)} (session ${session}, ${amount}).\n`;
    const error: Error = await stack.up(gate).then(
      () => new Error("it passed"),
      (failure) => failure,
    );
    expect(error.message).toContain(facts);
    const isFinal = finalStates.includes(row.state);
    expect(error.message.includes("It stays failed until triggers change, or `pulumi up --replace URN` asks")).toBe(
      isFinal,
    );
    expect(error.message).toContain(isFinal ? "update failed permanently" : "update was done in part");
  }
  expect(stack.state?.outputs).toMatchObject({
    result: row.state,
    credits: row.credits,
    error: row.error ?? null,
  });
  expect(world.api.requests.every(({ method }) => method === "GET")).toBe(true);
  expect(world.api.runs.all()).toHaveLength(1);
});

test.each(Object.entries(sessionRows))("%s: a run that need not pass records its end for good", async (_, row) => {
  const { deploymentId, stack, session } = await happened(row);
  const record = world.args({ deploymentId, waitForResult: { timeoutSeconds: 10, mustPass: false } });
  const isRecorded = [...passing, ...finalStates, "waiting for somebody"].includes(row.state);
  const outputs = { result: row.state, credits: row.credits, error: row.error ?? null };
  if (!isRecorded) {
    await expect(stack.up(record)).rejects.toThrow("update was done in part");
    expect(stack.state?.outputs).toMatchObject(outputs);
    return;
  }
  expect(await stack.up(record)).toBe("update");
  expect(stack.state?.outputs).toMatchObject(outputs);
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
  const session = String(runs.started[0]?.session_id);
  expect(sent.slice(0, 3)).toEqual(create);
  expect(new Set(sent.slice(3))).toEqual(new Set([`GET /sessions/${session}`, `GET /sessions/${session}/events`]));
  // A quarter of an hour.
  expect(sent.length).toBeLessThan(80);
  expect(sent.filter((line) => line.endsWith("/events"))).toHaveLength(1);
  expect(Math.max(...world.clock.slept)).toBe(15_000);
  const told = world.output.map((line) => /: (\w+, \d+ s)$/.exec(line)?.[1]);
  expect(world.output[0]).toMatch(
    new RegExp(
      `^QoderDeploymentRun "daily": waits for the end of ${stack.state?.id} \\(session ${session}\\): running, \\d+ s$`,
    ),
  );
  expect(told).toEqual([
    "running, 16 s",
    "running, 41 s",
    "running, 86 s",
    "running, 176 s",
    "running, 356 s",
    "running, 656 s",
    "running, 956 s",
  ]);
  expect(stack.state?.outputs).toMatchObject({ result: "done", credits: 1.3, outcome: null, error: null });
  expect(await stack.preview(world.args({ waitForResult: true }))).toBe("same");
});

test("`up` does not wait or print if the session has ended before the first GET", async () => {
  world.reset({ sessionsEnd: "at-once" });
  await world.stack().up(world.args({ waitForResult: true }));
  expect(world.clock.slept).toEqual([]);
  expect(world.output.filter((line) => !line.endsWith("[gate]"))).toEqual([]);
});

const outcome = { type: "user.define_outcome", description: "A report", rubric: { type: "text", content: "r" } };

describe.each(doors)("through the door %s waitForResult.satisfied", (door) => {
  beforeEach(() => useDoor(door));

  const graded = (result: string): SessionEnding => ({ outcomes: [{ result }] });

  const sessionOf = (stack: SimulatedStack) => String(stack.state?.outputs["sessionId"]);
  const shows = (stack: SimulatedStack, evaluations: readonly object[], times = Number.POSITIVE_INFINITY) =>
    world.api.fault({
      kind: "replace-body",
      method: "GET",
      path: `/sessions/${sessionOf(stack)}`,
      times,
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
    world.api.sessions.end(sessionOf(stack), ending);
    if (shown !== undefined) {
      shows(stack, shown, times);
    }
    return { stack, up: stack.up(world.args({ deploymentId, waitForResult })) };
  }

  test("fails with an outcome that is not satisfied, and without the option the same outcome passes", async () => {
    const { stack, up } = await ended(graded("max_iterations_reached"), { satisfied: true });
    await expect(up).rejects.toThrow(/ is done, but its outcome is not satisfied: max_iterations_reached \(session /);
    world.api.clearRequests();
    const deploymentId = stack.state?.outputs["deploymentId"];
    expect(await stack.up(world.args({ deploymentId, waitForResult: true }))).toBe("update");
    expect(stack.state?.outputs).toMatchObject({ result: "not satisfied", outcome: "max_iterations_reached" });
    expect(world.api.requests).toEqual([]);
    expect(await stack.preview(world.args({ deploymentId, waitForResult: true }))).toBe("same");
  });

  test("with mustPass: false records the outcome with the grader's explanation, and fails as soon as the run must pass", async () => {
    const explanation = "It names two of three mistakes.";
    const ending = { outcomes: [{ result: "failed", explanation }] };
    const { stack, up } = await ended(ending, { satisfied: true, mustPass: false });
    await up;
    expect(stack.state?.outputs).toMatchObject({
      result: "not satisfied",
      outcome: "failed",
      explanation,
      credits: 1.3,
    });
    const deploymentId = stack.state?.outputs["deploymentId"];
    world.api.clearRequests();
    await expect(stack.up(world.args({ deploymentId, waitForResult: { satisfied: true } }))).rejects.toThrow(
      "its outcome is not satisfied: failed",
    );
    expect(world.api.requests).toEqual([]);
  });

  test("with mustPass: false fails without a final grading, and the next `up` looks at the same run", async () => {
    const { stack, up } = await ended(graded("needs_revision"), { satisfied: true, mustPass: false });
    await expect(up).rejects.toThrow(/update was done in part.* is done, but not graded/);
    shows(stack, [{ result: "satisfied" }]);
    const deploymentId = stack.state?.outputs["deploymentId"];
    await stack.refresh();
    expect(stack.state?.outputs).toMatchObject({ result: "done", outcome: "satisfied" });
    await stack.up(world.args({ deploymentId, waitForResult: { satisfied: true, mustPass: false } }));
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
    world.api.sessions.end(String(stack.state?.outputs["sessionId"]));
    const start = world.clock.now();
    await expect(stack.up(gate)).rejects.toThrow(
      /update was done in part.* is done, but not graded: .*\n.* `pulumi up` again, which reads this run again/,
    );
    expect(world.clock.now() - start).toBeGreaterThanOrEqual(30_000);
  });

  test.each([
    ["no grading", []],
    ["needs_revision", [{ result: "needs_revision" }]],
  ])("waits for a final grading that the service shows three seconds late, in place of %s", async (_, first) => {
    const { stack, up } = await ended(graded("satisfied"), { satisfied: true }, first, 2);
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

test("a run that could not start makes `up` fail and leaves no state", async () => {
  runs.strike({
    kind: "replace-body",
    times: 1,
    transform: (run) => ({ ...run, session_id: null, error: { type: "session_rate_limited_error", message: "Many." } }),
  });
  world.api.switches.sessionsEnd = "at-once";
  const stack = world.stack();
  await expect(stack.up(world.args({ waitForResult: true }))).rejects.toThrow("could not start");
  expect(stack.state).toBeUndefined();
});

test("without waitForResult neither `up` nor a refresh reads the session", async () => {
  const stack = world.stack();
  await stack.up(world.args());
  await stack.refresh();
  expect(runs.sent()).toEqual([...create, `GET /deployment_runs/${stack.state?.id}`]);
  expect(stack.state?.outputs).toMatchObject({ result: null, credits: null, outcome: null });
});

test.each([
  ["true", [`waitForResult: `]],
  [{ timeoutSeconds: 0 }, ["waitForResult"]],
  [{ seconds: 5 }, ["waitForResult"]],
  [false, ["waitForResult"]],
])("waitForResult: %j fails without a request", async (waitForResult, [told = ""]) => {
  await expect(world.stack().up(world.args({ waitForResult }))).rejects.toThrow(told);
  expect(runs.sent()).toEqual([]);
});
