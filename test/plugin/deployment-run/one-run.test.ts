import { deployment } from "../../kinds/deployment";
import { deploymentRun } from "../../kinds/deployment-run";
import type { JsonObject } from "../../qoder-api/wire";
import { endAtStart } from "../../support/ended-runs";
import { always, Runs } from "../../support/runs";
import { outcome } from "../../support/session-rows";
import { doors, type SimulatedStack, useDoor, World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const ofSessions = { method: "GET", path: /^\/sessions\/sess_\w+$/ } as const;
const asked = (count = 1) => runs.deployment({ initial_events: Array(count).fill(outcome) });
const sessionOf = (deploymentId: string) =>
  String(world.api.runs.all().findLast((run) => run.deployment_id === deploymentId)?.session_id);

/** The value of a variable of each deployment whose errors a test reads. */
const secret = "correct-horse-battery";
const withSecret = () => runs.deployment({ environment_variables: `API_KEY=${secret}`, initial_events: [outcome] });

/** Fails if a text for a person, the state, its refresh or a read by the id has the secret. */
async function expectHidden(stack: SimulatedStack, failure: unknown): Promise<void> {
  expect(`${failure}${world.output}${JSON.stringify(stack.state)}`).not.toContain(secret);
  await stack.refresh();
  const found = await world.command().read(stack.state?.id ?? "", {});
  expect(JSON.stringify([stack.state, found])).not.toContain(secret);
}

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
    const run = { id: "drun_1", deployment_id: runs.deploymentId, endedWith: { state: "done" } };
    Object.assign(state?.outputs ?? {}, { __ends: JSON.stringify([{ work: "0".repeat(32), run }]) });
    await stack.findsNoDifference(args);
    Object.assign(stack.state?.outputs ?? {}, { __ends: "[]" });
    await stack.up({ ...args, waitForResult: { timeoutSeconds: 9 } });
    expect(stack.state?.outputs).not.toHaveProperty("__ends");
    expect(runs.startedIds).toHaveLength(1);
  });

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
    const deploymentId = withSecret();
    const stack = world.stack();
    await stack.up(world.args({ deploymentId }));
    const error = { type: "tool_error", message: `refused: key ${secret} is wrong` };
    const outcomes = [{ result: "failed", explanation: `It printed ${secret}.` }];
    world.api.sessions.end(sessionOf(deploymentId), waitForResult === true ? { error, outcomes } : { outcomes });
    const failure = await stack.up(world.args({ deploymentId, waitForResult })).catch(String);
    expect(stack.state?.outputs).toMatchObject({
      explanation: "It printed [secret].",
      error: waitForResult === true ? { message: "refused: key [secret] is wrong" } : null,
    });
    await expectHidden(stack, failure);
  });

  test.each<[string, unknown, boolean]>([
    ["in the answer to the start", undefined, false],
    ["shown late, without waitForResult", undefined, true],
    ["shown late, to a gate", true, true],
    ["shown late, to a record of an outcome", { mustPass: false }, true],
  ])("nothing repeats a secret variable in a run's own error, %s", async (_, waitForResult, isLate) => {
    const deploymentId = withSecret();
    const error = { type: "tool_error", message: `refused: key ${secret} is wrong` };
    const failed = (run: JsonObject) => ({ ...run, session_id: null, error });
    const transform = (run: JsonObject) => ({ ...failed(run), ...(isLate && { error: null }) });
    world.api.fault({ kind: "replace-body", method: "POST", path: /\/run$/, transform });
    world.api.fault({ kind: "replace-body", ...always, path: /^\/deployment_runs\//, transform: failed });
    const stack = world.stack();
    const failure = await stack.up(world.args({ deploymentId, waitForResult })).catch(String);
    if (!isLate) {
      expect(failure).toContain("could not start: tool_error: refused: key [secret] is wrong");
      expect(`${failure}${world.output}`).not.toContain(secret);
      expect(stack.state).toBeUndefined();
      return;
    }
    await expectHidden(stack, failure);
    expect(stack.state?.outputs).toMatchObject({ error: { message: "refused: key [secret] is wrong" } });
    world.sent();
    await stack.refresh();
    expect(world.sent()).toEqual([["GET", `/deployment_runs/${stack.state?.id}`]]);

    world.api.fault({ kind: "status", ...always, status: 404, path: `/deployments/${deploymentId}` });
    const { outputs } = (await world.command().read(stack.state?.id ?? "", {})) ?? {};
    expect(outputs).toMatchObject({ error: { message: expect.stringContaining("could not be read") } });
  });

  test("no state repeats a token that another resource of the same up declares", async () => {
    const token = "ghp_correct_horse_battery";
    const command = world.together();
    const review = world.stackOf(deployment, command(deployment));
    const url = "https://github.com/acme/shop";
    await review.up({
      ...{ agent: world.agent, environmentId: world.environment },
      initialEvents: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }],
      resources: [{ type: "github_repository", url, authorizationToken: token }],
    });
    const error = { type: "git_error", message: `cannot clone with ${token}` };
    endAtStart(world.api, () => ({ error }), { times: 1 });
    const gate = world.stack(command(deploymentRun));
    const args = world.args({ deploymentId: review.state?.id, waitForResult: true });
    await expect(gate.up(args)).rejects.toThrow("with [secret]");
    expect(gate.state?.outputs).toMatchObject({ error: { message: "cannot clone with [secret]" } });
    expect(JSON.stringify(gate.state)).not.toContain(token);
    await gate.refresh();
    expect(JSON.stringify(gate.state)).not.toContain(token);
  });
});
