import { deployment, provider, secret, useToldPulumi } from "../stack/told-stack";
import { secondToken, token, usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const told = useToldPulumi();

/** A deployment of the second account, with an agent and an environment of its own. */
function createSecond(name: string): string {
  const agent = world.api.agents.create({}, "second").id;
  const environment_id = world.api.environments.create({}, "second").id;
  const initial_events = [{ type: "user.message", content: "hello" }];
  return world.api.deployments.create({ name, agent, environment_id, initial_events }, "second").id;
}

function stackOfTwo() {
  const [one, two] = [world.create("daily"), createSecond("nightly")];
  told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": world.api.url });
  told.pulumi.export(
    provider("default"),
    provider("other", { "qoder:account": "other", "qoder:pat": secret(secondToken), "qoder:baseUrl": world.api.url }),
    deployment("daily", one),
    deployment("nightly", two, "other"),
  );
  return { one, two };
}

test("--stack pauses, cancels and resumes each deployment with the token of its account", async () => {
  const { one, two } = stackOfTwo();
  const beside = world.create("beside");
  const sessions = [world.run(one), world.run(two)];
  const paused = await world.pause(["--stack", "--cancel", "--yes"], {}, told.pulumi.environment);
  expect([paused.status, paused.stderr]).toEqual([0, expect.stringMatching(/^The receipt is .*\n$/)]);
  expect([one, two, beside].map((id) => world.status(id))).toEqual(["paused", "paused", "active"]);
  expect(sessions.map((id) => world.api.sessions.get(id).status)).toEqual(["idle", "idle"]);
  expect(world.receipt).toMatchObject({ stack: "dev", finishedAt: expect.any(String) });
  const resumed = await world.resume([world.receiptFile, "--yes"], {}, told.pulumi.environment);
  expect([resumed.status, resumed.stderr]).toEqual([0, ""]);
  expect([one, two].map((id) => world.status(id))).toEqual(["active", "active"]);
  const writers = world.api.requests.flatMap(({ method, path, token: by }) =>
    method === "GET" ? [] : [`${by} ${path}`],
  );
  expect(writers.filter((line) => line.includes(one)).every((line) => line.startsWith(token))).toBe(true);
  expect(writers.filter((line) => line.includes(two)).every((line) => line.startsWith(secondToken))).toBe(true);
  expect(JSON.stringify([paused, resumed, world.receiptText])).not.toMatch(/pt-/);
});

test("resume names a deployment that the stack no longer manages, and does not start it", async () => {
  const { one, two } = stackOfTwo();
  await world.pause(["--stack", "--yes"], {}, told.pulumi.environment);
  told.pulumi.export(provider("default"), deployment("daily", one));
  const { status, stderr } = await world.resume([world.receiptFile, "--yes"], {}, told.pulumi.environment);
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining(`Not started: ${two} "nightly": the stack does not manage it any more`),
  ]);
  expect([one, two].map((id) => world.status(id))).toEqual(["active", "paused"]);
});
