import { deployment } from "../../kinds/deployment";
import { deploymentRun } from "../../kinds/deployment-run";
import type { JsonObject } from "../../qoder-api/wire";
import { Runs } from "../../support/runs";
import { doors, useDoor, World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const always = { times: Number.POSITIVE_INFINITY };
const ofSessions = { method: "GET", path: /^\/sessions\/sess_\w+$/ } as const;
const outcome = { type: "user.define_outcome", description: "A review", rubric: { type: "text", content: "r" } };
const asked = (count = 1) => runs.deployment({ initial_events: Array(count).fill(outcome) });
const sessionOf = (deploymentId: string) =>
  String(world.api.runs.all().findLast((run) => run.deployment_id === deploymentId)?.session_id);

/** Changes what the service shows of a session. */
const shown = (transform: (session: JsonObject) => JsonObject, times = always.times) =>
  world.api.fault({ ...ofSessions, kind: "replace-body", times, transform: (session) => transform({ ...session }) });

/** Changes the session when `up` reads it, at these times after the first GET. */
function happens(session: string, ...steps: [afterMs: number, change: () => unknown][]): void {
  let first: number | undefined;
  shown(() => {
    first ??= world.clock.now();
    for (const passed = world.clock.now() - first; (steps[0]?.[0] ?? Number.POSITIVE_INFINITY) <= passed; ) {
      steps.shift()?.[1]();
    }
    return { ...world.api.sessions.get(session) };
  });
}

describe.each(doors)("through the door %s", (door) => {
  beforeEach(() => useDoor(door));

  test.each([
    ["a gate", true],
    ["a record of an outcome", { mustPass: false }],
    ["no wait", undefined],
  ])("each change of the triggers starts a run, also the way back to earlier ones (%s)", async (_, waitForResult) => {
    world.api.switches.sessionsEnd = "at-once";
    const stack = world.stack();
    for (const [index, version] of ["1", "2", "1", "2"].entries()) {
      const args = world.args({ triggers: { agent: "agent_a", version }, waitForResult });
      expect(await stack.preview(args)).toBe(index === 0 ? "create" : "replace");
      await stack.up(args);
      expect(runs.startedIds).toHaveLength(index + 1);
      expect(stack.state?.id).toBe(runs.startedIds.at(-1));
      expect(stack.state?.outputs).not.toHaveProperty("__ends");
    }
  });

  test("a state with the ends of earlier runs previews and refreshes empty, and a write leaves them out", async () => {
    world.api.switches.sessionsEnd = "at-once";
    const args = world.args({ triggers: { version: "1" }, waitForResult: true });
    const stack = world.stack();
    await stack.up(args);
    const { state } = stack;
    const run = { id: "drun_1", deployment_id: runs.deploymentId, came_to: { state: "done" } };
    Object.assign(state?.outputs ?? {}, { __ends: JSON.stringify([{ work: "0".repeat(32), run }]) });
    await stack.findsNoDifference(args);
    Object.assign(stack.state?.outputs ?? {}, { __ends: "[]" });
    await stack.up({ ...args, waitForResult: { timeoutSeconds: 9 } });
    expect(stack.state?.outputs).not.toHaveProperty("__ends");
    expect(runs.startedIds).toHaveLength(1);
  });

  test.each([
    ["honour", true],
    ["ignore", true],
    ["ignore", false],
  ] as const)(
    "the run of a `--replace` whose answer reached no state is taken by the next up (the service is to %s keys, the old run is removed first: %s)",
    async (keys, pendingReplacement) => {
      world.reset({ idempotencyKeysForRuns: keys });
      const args = world.args({ triggers: { version: "1" } });
      const stack = world.stack();
      await stack.up(args);
      const killed = world.again(stack);
      killed.state = stack.state;
      await killed.replace(args);
      expect(runs.startedIds).toHaveLength(2);
      // The engine ended before it wrote the state.
      const next = world.again(stack);
      next.state = stack.state;
      next.pendingReplacement = pendingReplacement;
      expect(await next.preview(args)).toBe(pendingReplacement ? "replace" : "same");
      await (pendingReplacement ? next.up(args) : next.replace(args));
      expect(runs.startedIds).toHaveLength(2);
      expect(next.state?.id).toBe(runs.startedIds[1]);
      // The state has the run now, so another `--replace` asks for another one.
      await next.up(args);
      await next.replace(args);
      expect(runs.startedIds).toHaveLength(3);
    },
  );

  test.each([
    ["none", []],
    ["needs_revision", [{ result: "needs_revision" }]],
  ])("a run whose outcome has the grading %s is done, not graded", async (_, outcomes) => {
    const deploymentId = asked();
    const { id } = world.api.deployments.run(deploymentId);
    world.api.sessions.end(sessionOf(deploymentId), { outcomes });
    const found = await world.command().read(id, {});
    expect(found?.outputs).toMatchObject({ result: "done, not graded", outcome: null, credits: 1.3 });
  });

  test.each<[string, unknown, number, "last" | "newest-first"]>([
    ["satisfied", { satisfied: true }, 2, "last"],
    ["done", true, 2, "last"],
    ["satisfied, and the session shows all gradings", { satisfied: true }, 2, "newest-first"],
    ["satisfied, and the session has many messages", { satisfied: true }, 30, "newest-first"],
  ])("a gate waits for all gradings if it must be %s", async (_, waitForResult, messages, outcomeEvaluations) => {
    world.api.switches.outcomeEvaluations = outcomeEvaluations;
    const deploymentId = asked(2);
    const stack = world.stack();
    await stack.up(world.args({ deploymentId }));
    const session = sessionOf(deploymentId);
    const { sessions } = world.api;
    for (let message = 0; message < messages; message += 1) {
      sessions.addEvent(session, { type: "agent.message", content: [{ type: "text", text: "Reading" }] });
    }
    const one = { outcomes: [{ result: "satisfied" }] };
    sessions.end(session, one);
    happens(session, [10_000, () => sessions.resume(session)], [90_000, () => sessions.end(session, one)]);
    await stack.up(world.args({ deploymentId, waitForResult }));
    expect(stack.state?.outputs).toMatchObject({ result: "done", outcome: "satisfied", credits: 2.6 });
  });

  test("the time for a late grading begins with the newest end of a turn", async () => {
    const deploymentId = asked();
    const stack = world.stack();
    await stack.up(world.args({ deploymentId }));
    const session = sessionOf(deploymentId);
    const { sessions } = world.api;
    sessions.end(session, { outcomes: [] });
    happens(
      session,
      [20_000, () => sessions.resume(session)],
      [100_000, () => sessions.end(session, { outcomes: [] })],
      [115_000, () => sessions.evaluate(session, { result: "satisfied" })],
    );
    await stack.up(world.args({ deploymentId, waitForResult: { satisfied: true } }));
    expect(stack.state?.outputs).toMatchObject({ result: "done", outcome: "satisfied", credits: 2.6 });
  });

  test("a session that begins and ends between the two requests shows its credits and its grading", async () => {
    world.reset({ sessionsStart: "never" });
    const deploymentId = asked();
    const stack = world.stack();
    const startsAndEnds = () =>
      shown((session) => {
        world.passTime(1_000);
        world.api.sessions.end(String(session["id"]), { outcomes: [{ result: "satisfied", explanation: "Good." }] });
        return session;
      }, 1);
    startsAndEnds();
    await stack.up(world.args({ deploymentId, waitForResult: true }));
    const facts = { result: "done", outcome: "satisfied", explanation: "Good.", credits: 1.3 };
    expect(stack.state?.outputs).toMatchObject(facts);

    const { id } = world.api.deployments.run(deploymentId);
    startsAndEnds();
    const found = await world.command().read(id, {});
    expect(found?.outputs).toMatchObject(facts);
  });

  test.each<[string, unknown]>([
    ["fails", true],
    ["records the outcome", { mustPass: false, satisfied: true }],
  ])("no state and no message repeats a secret variable (a gate that %s)", async (_, waitForResult) => {
    const secret = "correct-horse-battery";
    const deploymentId = runs.deployment({ environment_variables: `API_KEY=${secret}`, initial_events: [outcome] });
    const stack = world.stack();
    await stack.up(world.args({ deploymentId }));
    const error = { type: "tool_error", message: `refused: key ${secret} is wrong` };
    const outcomes = [{ result: "failed", explanation: `It printed ${secret}.` }];
    world.api.sessions.end(sessionOf(deploymentId), waitForResult === true ? { error, outcomes } : { outcomes });
    const failure = await stack.up(world.args({ deploymentId, waitForResult })).catch(String);
    expect(`${failure}${world.output}${JSON.stringify(stack.state)}`).not.toContain(secret);
    expect(stack.state?.outputs).toMatchObject({ explanation: "It printed [secret]." });
    if (waitForResult === true) {
      expect(stack.state?.outputs).toMatchObject({ error: { message: "refused: key [secret] is wrong" } });
    }
    await stack.refresh();
    expect(JSON.stringify(stack.state)).not.toContain(secret);
    const found = await world.command().read(stack.state?.id ?? "", {});
    expect(JSON.stringify(found)).not.toContain(secret);
  });

  test.each<[string, unknown]>([
    ["without waitForResult", undefined],
    ["a gate", true],
    ["a record of an outcome", { mustPass: false }],
  ])("nothing repeats a secret variable in a run's own error, shown late (%s)", async (_, waitForResult) => {
    const secret = "correct-horse-battery";
    const deploymentId = runs.deployment({ environment_variables: `API_KEY=${secret}` });
    const error = { type: "tool_error", message: `refused: key ${secret} is wrong` };
    const transform = (run: JsonObject) => ({ ...run, session_id: null });
    const failed = (run: JsonObject) => ({ ...transform(run), error });
    world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${deploymentId}/run`, transform });
    world.api.fault({ kind: "replace-body", ...always, path: /^\/deployment_runs\//, transform: failed });
    const stack = world.stack();
    const failure = await stack.up(world.args({ deploymentId, waitForResult })).catch(String);
    await stack.refresh();
    expect(`${failure}${world.output}${JSON.stringify(stack.state)}`).not.toContain(secret);
    expect(stack.state?.outputs).toMatchObject({ error: { message: "refused: key [secret] is wrong" } });
    world.sent();
    await stack.refresh();
    expect(world.sent()).toEqual([["GET", `/deployment_runs/${stack.state?.id}`]]);
    const found = await world.command().read(stack.state?.id ?? "", {});
    expect(JSON.stringify(found)).not.toContain(secret);

    world.api.fault({ kind: "status", ...always, status: 404, path: `/deployments/${deploymentId}` });
    const { outputs } = (await world.command().read(stack.state?.id ?? "", {})) ?? {};
    expect(outputs).toMatchObject({ error: { message: expect.stringContaining("could not be read") } });
  });

  test("no state repeats a token that another resource of the same up declares", async () => {
    const secret = "ghp_correct_horse_battery";
    const command = world.together();
    const review = world.stackOf(deployment, command(deployment));
    const resources = [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: secret }];
    await review.up({
      ...{ agent: world.agent, environmentId: world.environment, resources },
      initialEvents: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }],
    });
    const deploymentId = review.state?.id ?? "";
    const error = { type: "git_error", message: `cannot clone with ${secret}` };
    runs.strikeWithEnd({ error }, { path: /\/run$/ });
    const gate = world.stack(command(deploymentRun));
    await expect(gate.up(world.args({ deploymentId, waitForResult: true }))).rejects.toThrow("with [secret]");
    expect(JSON.stringify(gate.state)).not.toContain(secret);
    expect(gate.state?.outputs).toMatchObject({ error: { message: "cannot clone with [secret]" } });
    await gate.refresh();
    expect(JSON.stringify(gate.state)).not.toContain(secret);
  });
});

test.each(doors)("a start error shows no secret variable through the door %s", async (door) => {
  useDoor(door);
  const secret = "correct-horse-battery";
  const deploymentId = runs.deployment({ environment_variables: `API_KEY=${secret}` });
  world.api.fault({
    kind: "replace-body",
    method: "POST",
    path: /\/run$/,
    transform: (run) => ({ ...run, session_id: null, error: { type: "unknown_error", message: `no ${secret}` } }),
  });
  const failure = await world.stack().up(world.args({ deploymentId })).catch(String);
  expect(failure).toContain("could not start: unknown_error: no [secret]");
  expect(failure).not.toContain(secret);
});
