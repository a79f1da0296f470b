import { deploymentRun } from "../../kinds/deployment-run";
import { Runs } from "../../support/runs";
import { World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const create = ["DEPLOYMENT", "LIST", "RUN"];

test("`up` starts a run with one POST without a body, and the state has the members of the run", async () => {
  const stack = world.stack();
  await stack.up(world.args({ triggers: ["a"] }));
  const [asked] = world.api.requests.filter(({ method }) => method === "POST");
  expect(asked).toMatchObject({
    body: undefined,
    headers: { "idempotency-key": expect.stringMatching(/^[\da-f-]{36}$/) },
  });
  expect(runs.sent()).toEqual(create);
  const [run] = runs.started;
  expect(stack.state).toMatchObject({
    id: run?.id,
    outputs: {
      deploymentId: runs.deploymentId,
      triggers: ["a"],
      sessionId: run?.session_id,
      error: null,
      createdAt: run?.created_at,
      agentVersion: run?.agent.version,
    },
  });
  expect(world.output).toEqual([]);
});

test.each([-7_200_000, 7_200_000])("each value has one run if dates and runs differ by %d ms", async (dateAheadMs) => {
  world.reset({ dateAheadMs, idempotencyKeysForRuns: "ignore" });
  const stack = world.stack();
  for (const trigger of [1, 2]) {
    const next = await runs.killed(stack, world.args({ triggers: [trigger] }), 3, "after");
    runs.passMinutes(1);
    await next.up(world.args({ triggers: [trigger] }));
    stack.state = next.state;
    expect(runs.startedIds).toHaveLength(trigger);
    expect(next.state?.id).toBe(runs.startedIds.at(-1));
  }
});

test.each([
  ["is no longer listed", () => world.api.runs.remove(runs.startedIds[0] ?? "")],
  ["belongs to an archived deployment", () => world.api.deployments.archive(runs.deploymentId)],
  ["belongs to a deleted deployment", () => world.api.deployments.remove(runs.deploymentId)],
])("a run that %s stays in the state unchanged, and no other run is started", async (_, end) => {
  const stack = world.stack();
  const args = world.args({ triggers: [1] });
  await stack.up(args);
  const known = stack.state;
  runs.passMinutes(60 * 24 * 90);
  end();
  runs.sent();
  expect(await stack.refresh()).toBe("same");
  expect(stack.state).toEqual(known);
  expect(await stack.up(args)).toBe("same");
  await stack.destroy();
  expect(runs.sent()).toEqual([`GET /deployment_runs/${known?.id}`]);
});

test.each([
  [401, "authentication_error"],
  [403, "permission_error"],
])("a refresh that is answered with %d fails and keeps the state", async (status) => {
  const stack = world.stack();
  await stack.up(world.args());
  const known = stack.state;
  world.api.fault({ kind: "status", status, method: "GET" });
  await expect(stack.refresh()).rejects.toThrow(`was answered with ${status}`);
  expect(stack.state).toEqual(known);
});

test("a run that somebody else started can be read by its id, and a run that does not exist is an error", async () => {
  world.api.agents.create({ id: "agent_gone" });
  const deployment = runs.deployment({ agent: "agent_gone" });
  world.api.agents.archive("agent_gone");
  const { id } = world.api.deployments.run(deployment);
  const found = await world.command().read(id, {});
  expect(found?.outputs).toMatchObject({
    deploymentId: deployment,
    sessionId: null,
    error: { type: "agent_archived_error", message: "Agent is archived." },
  });
  expect(found?.outputs).not.toHaveProperty("triggers");
  await expect(world.command().read("drun_none", {})).rejects.toThrow(
    "no deployment run drun_none is visible to this token",
  );
  expect(world.api.runs.all()).toHaveLength(1);
});

test("a run that the older generation of the API skipped has the error type skipped", async () => {
  world.reset({ generation: 1 });
  world.api.deployments.run(runs.deploymentId);
  const { id } = world.api.deployments.run(runs.deploymentId);
  const found = await world.command().read(id, {});
  expect(found?.outputs).toMatchObject({
    sessionId: null,
    error: { type: "skipped", message: "the service gives no reason" },
  });
});

test("a run of the older generation of the API gets its session at the next refresh", async () => {
  world.reset({ generation: 1 });
  const transform = ({ session_id: _, ...reply }: Readonly<Record<string, unknown>>) => ({
    ...reply,
    status: "pending",
  });
  world.api.fault({ kind: "replace-body", method: "POST", transform });
  const stack = world.stack();
  await stack.up(world.args());
  expect(stack.state).toMatchObject({ id: runs.startedIds[0], outputs: { sessionId: null } });
  expect(await stack.refresh()).toBe("same");
  expect(stack.state?.outputs["sessionId"]).toBe(runs.started[0]?.session_id);
  expect(await stack.preview(world.args())).toBe("same");
});

test("a wrong argument makes `up` fail without a request", async () => {
  await expect(world.stack().up({ triggers: "4f2a" })).rejects.toThrow(
    /^deploymentId: is missing\ntriggers: is not an object or an array$/,
  );
  await expect(world.stack().up(world.args({ deploymentId: "agent_a", trigger: [] }))).rejects.toThrow(
    /^trigger: is not an argument of a QoderDeploymentRun; did you mean triggers\?\ndeploymentId: is not the id of a deployment/,
  );
  expect(runs.sent()).toEqual([]);
});

test("a secret among the triggers is in no request and no message", async () => {
  const secret = "correct-horse-battery";
  const args = world.args({ triggers: { key: secret }, __secrets: ["triggers"] });
  runs.strike({
    kind: "status",
    status: 400,
    body: { error: { type: "invalid_request_error", message: `no ${secret}` } },
  });
  await expect(world.stack().up(args)).rejects.toThrow("no [secret]");
  world.api.clearFaults();
  await world.stack().up(args);
  const texts = world.api.requests.map(({ path, query, headers, body }) =>
    JSON.stringify([path, query, headers, body]),
  );
  expect([...texts, ...world.output].join()).not.toContain(secret);
});

describe("beside an older resource of the same deployment", () => {
  beforeEach(() => world.reset({ idempotencyKeysForRuns: "ignore" }));

  /** A resource whose run an earlier `up` started three minutes ago. With `--target`, no later command calls the provider for it. */
  async function earlier() {
    const stack = world.stack();
    await stack.up(world.args());
    runs.passMinutes(3);
    return { stack, id: stack.state?.id ?? "" };
  }

  test("with --target, a new resource beside an older resource of the same deployment starts its own run", async () => {
    const { id } = await earlier();
    const added = world.stack();
    await added.up(world.args());
    expect(runs.startedIds).toEqual([id, added.state?.id]);
    expect(world.output).toEqual([]);
    expect(await added.preview(world.args())).toBe("same");
  });

  test("with --target, a new resource takes its own run after a killed `up`, and not the run of an older resource", async () => {
    const { id } = await earlier();
    const next = await runs.killed(world.stack(), world.args(), 3, "after");
    runs.passMinutes(3);
    await next.up(world.args());
    expect(runs.startedIds).toEqual([id, next.state?.id]);
    expect(world.output).toEqual([expect.stringContaining(`continues with ${next.state?.id}, started 3 minutes ago`)]);
  });

  test("if the service honours keys, a new resource with the old name of a renamed one does not take its run", async () => {
    world.reset({ idempotencyKeysForRuns: "honour" });
    const { stack, id } = await earlier();
    const renamed = world.stack();
    renamed.state = stack.state;
    expect(await renamed.preview(world.args())).toBe("same");
    const added = world.again(stack);
    await added.up(world.args());
    expect(runs.startedIds).toEqual([id, added.state?.id]);
  });
});
