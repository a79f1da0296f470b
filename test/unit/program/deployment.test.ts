import { basename } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  deploymentArgs,
  QoderAgent,
  QoderDeployment,
  type QoderDeploymentArgs,
  QoderEnvironment,
} from "../../../provider";
import { agentSource, deploymentSource } from "../../../provider/program/source";
import { check } from "../../support/deployment";
import { leastDeployment, mockEngine, registration } from "../../support/registrations";

beforeEach(mockEngine);

test("a deployment is registered with the constant provider, its own name and where it was declared", async () => {
  const { type, name, inputs } = await registration(new QoderDeployment("daily", leastDeployment));
  expect({ type, name }).toEqual({ type: "pulumi-nodejs:dynamic/qoder:Deployment", name: "daily" });
  expect(inputs).toEqual({
    ...leastDeployment,
    name: "daily",
    __provider: deploymentSource,
    __command: { isPreview: false },
    __origin: "urn:pulumi:dev::project::pulumi-nodejs:dynamic/qoder:Deployment::daily",
  });
});

const said = (content: string) => ({ type: "user.message", content });
const rubric = { type: "text" as const, content: "Good" };
const outcome = { type: "user.define_outcome" as const, description: "Done", rubric };
test.each<[string, QoderDeploymentArgs["initialEvents"], unknown]>([
  ["a text", "Go", [said("Go")]],
  ["a list of a text", ["Go"], [said("Go")]],
  ["a text among events", ["Go", outcome], [said("Go"), outcome]],
  ["a text that comes later", pulumi.interpolate`Go, ${"reporter"}`, [said("Go, reporter")]],
  ["a list with a text that comes later", [Promise.resolve("Go"), outcome], [said("Go"), outcome]],
  ["a list that comes later", Promise.resolve(["Go"]), [said("Go")]],
  ["events written out", [{ type: "user.message", content: "Go" }], [said("Go")]],
])("%s as the first messages is what a user says", async (_, initialEvents, written) => {
  const { inputs } = await registration(new QoderDeployment("daily", { ...leastDeployment, initialEvents }));
  expect(inputs["initialEvents"]).toEqual(written);
});

test("arguments that are shared between deployments are taken as they are, and their types stay", async () => {
  const shared = deploymentArgs({ ...leastDeployment, initialEvents: [{ type: "user.message", content: "hello" }] });
  const { inputs } = await registration(new QoderDeployment("daily", { ...shared, description: "more" }));
  expect(inputs).toMatchObject({ ...leastDeployment, description: "more" });
});

test("the computed outputs of a deployment can be read", async () => {
  const deployment = new QoderDeployment("daily", leastDeployment);
  await registration(deployment);
  expect(await new Promise((resolve) => deployment.status.apply(resolve))).toBe("active");
});

test("an output is made once, and is among the members of the resource", () => {
  const deployment = new QoderDeployment("daily", leastDeployment);
  expect(deployment.status).toBe(deployment.status);
  expect(Object.keys(deployment)).toEqual(expect.arrayContaining(["name", "status", "upcomingRunsAt"]));
});

test("an error of the SDK about a declaration names the line of the program, though it keeps no stacks of properties", () => {
  const { stackTraceLimit } = Error;
  const declare = () => new QoderDeployment("", leastDeployment);
  const error = thrownBy(declare);
  expect(String(error)).toMatch(/Missing resource name/);
  expect(String(Object(error).stack)).toContain(basename(__filename));
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("a child is known by its parents too", async () => {
  const parent = new pulumi.ComponentResource("test:index:Team", "team");
  const { inputs } = await registration(new QoderDeployment("daily", leastDeployment, { parent }));
  expect(inputs["__origin"]).toBe(
    "urn:pulumi:dev::project::test:index:Team$pulumi-nodejs:dynamic/qoder:Deployment::daily",
  );
});

test.each([
  ["45s", 45],
  ["5m", 300],
  ["1h30m", 5_400],
  ["500ms", 0.5],
])("customTimeouts of %s are handed to the provider as %d seconds", async (create, seconds) => {
  const { inputs } = await registration(new QoderDeployment("daily", leastDeployment, { customTimeouts: { create } }));
  expect(inputs["__timeouts"]).toEqual({ create: seconds });
});

test.each(["soon", "5", "5 m", "-5m", ""])('customTimeouts of "%s" are an error of the program', (create) => {
  expect(() => new QoderDeployment("daily", leastDeployment, { customTimeouts: { create } })).toThrow(
    `customTimeouts: "${create}" is not a duration such as 30s, 5m or 1h30m`,
  );
});

test.each([[[null, undefined]], ["x"], [{}], [[5]]])(
  "resources that are none (%j) reach the check, which tells what is wrong with them",
  async (resources) => {
    const wrong = { ...leastDeployment, resources: JSON.parse(JSON.stringify(resources)) };
    const { inputs } = await registration(new QoderDeployment("daily", wrong));
    expect(inputs["resources"]).toEqual(wrong.resources);
    const later = { ...leastDeployment, resources: pulumi.output(wrong.resources) };
    expect((await registration(new QoderDeployment("daily", later))).inputs["resources"]).toEqual(wrong.resources);
  },
);

test("a program without arguments gets the Pulumi name and its origin, so that the check tells what it must give", async () => {
  const untyped = JSON.parse("{}");
  for (const none of [untyped.nothing, {}, null]) {
    const { inputs } = await registration(new QoderDeployment("daily", none));
    expect(inputs).toMatchObject({ name: "daily", __origin: expect.stringContaining("::daily") });
  }
});

test("the resource option import, which the engine cannot do without the provider's code, is refused with the ways to go", () => {
  expect(() => new QoderDeployment("daily", leastDeployment, { import: "dep_1" })).toThrow(
    /use the argument adopt, or `npx/,
  );
});

describe("a resource in place of an agent's id", () => {
  const agentOf = async (agent: QoderAgent | pulumi.Output<QoderAgent>): Promise<unknown> =>
    (await registration(new QoderDeployment("daily", { ...leastDeployment, agent }))).inputs["agent"];

  test("is its id and its version where it is an agent, also one that comes later", async () => {
    const reporter = new QoderAgent("reporter", { model: "ultimate" });
    const { inputs } = await registration(reporter);
    expect(inputs).toMatchObject({ name: "reporter", model: "ultimate", __provider: agentSource });
    expect(await agentOf(reporter)).toEqual({ id: "agent_1", version: 3 });
    expect(await agentOf(pulumi.output(Promise.resolve(reporter)))).toEqual({ id: "agent_1", version: 3 });
  });

  test("is its URN where it is another one, which the check refuses", async () => {
    const wrong = JSON.parse("null") ?? new QoderEnvironment("cloud");
    const agent = await agentOf(wrong);
    expect(agent).toBe("urn:pulumi:dev::project::pulumi-nodejs:dynamic/qoder:Environment::cloud");
    expect(check({}, { name: "daily", ...leastDeployment, agent }).failures).toEqual([
      'agent: is the resource "cloud" of the type qoder:Environment, not an agent; give a QoderAgent, or the id of an agent',
    ]);
  });
});
