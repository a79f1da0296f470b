import { deploymentRun } from "../../kinds/deployment-run";
import { Runs, start } from "../../support/runs";
import { World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

test("`up` starts a run with one POST without a body, and neither `up` nor a refresh reads the session", async () => {
  const stack = world.stack();
  await stack.up(world.args({ triggers: ["a"] }));
  const [asked] = world.api.requests.filter(({ method }) => method === "POST");
  expect(asked).toMatchObject({
    body: undefined,
    headers: { "idempotency-key": expect.stringMatching(/^[\da-f-]{36}$/) },
  });
  await stack.refresh();
  const [run] = runs.started;
  expect(runs.sent()).toEqual([...start, `GET /deployment_runs/${run?.id}`]);
  expect(stack.state).toMatchObject({
    id: run?.id,
    outputs: {
      ...{ deploymentId: runs.deploymentId, triggers: ["a"], sessionId: run?.session_id, error: null },
      ...{ createdAt: run?.created_at, agentVersion: run?.agent.version },
      ...{ result: null, credits: null, outcome: null },
    },
  });
  expect(world.output).toEqual([]);
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

test.each([401, 403])("a refresh that is answered with %d fails and keeps the state", async (status) => {
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
    ...{ deploymentId: deployment, sessionId: null },
    error: { type: "agent_archived_error", message: "Agent is archived." },
  });
  expect(found?.outputs).not.toHaveProperty("triggers");
  await expect(world.command().read("drun_none", {})).rejects.toThrow(
    "no deployment run drun_none is visible to this token",
  );
  expect(world.api.runs.all()).toHaveLength(1);
});

test.each([
  [{ deploymentId: undefined, triggers: "4f2a" }, /^deploymentId: is missing\ntriggers: is not an object or an array$/],
  [
    { deploymentId: "agent_a", trigger: [] },
    /^trigger: is not an argument of a QoderDeploymentRun; did you mean triggers\?\ndeploymentId: is not the id of a deployment/,
  ],
  [{ waitForResult: "true" }, /^waitForResult: /],
  [{ waitForResult: { timeoutSeconds: 0 } }, /^waitForResult/],
  [{ waitForResult: { seconds: 5 } }, /^waitForResult/],
  [{ waitForResult: false }, /^waitForResult/],
])("the wrong arguments %j make `up` fail without a request", async (args, failures) => {
  await expect(world.stack().up(world.args(args))).rejects.toThrow(failures);
  expect(runs.sent()).toEqual([]);
});

test("a secret among the triggers is in no request and no message", async () => {
  const secret = "correct-horse-battery";
  const args = world.args({ triggers: { key: secret }, __secrets: ["triggers"] });
  const body = { error: { type: "invalid_request_error", message: `no ${secret}` } };
  runs.strike({ kind: "status", status: 400, body });
  await expect(world.stack().up(args)).rejects.toThrow("no [secret]");
  world.api.clearFaults();
  const stack = world.stack();
  await stack.up(args);
  world.api.sessions.end(runs.sessionOf(stack), { error: { type: "unknown_error", message: `no ${secret}` } });
  await expect(stack.up({ ...args, waitForResult: true })).rejects.toThrow("unknown_error: no [secret]");
  const texts = world.api.requests.map((sent) => JSON.stringify([sent.path, sent.query, sent.headers, sent.body]));
  expect([...texts, ...world.output].join()).not.toContain(secret);
});
