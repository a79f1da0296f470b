import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, type QoderDeploymentArgs } from "../../../provider";
import { deployments } from "../../../provider/kinds/table";
import { leastDeployment, mockEngine, registration } from "../../support/registrations";

beforeEach(mockEngine);

test("a program registers a deployment with the constant provider, its Pulumi name and its origin", async () => {
  const { type, name, inputs } = await registration(new QoderDeployment("daily", leastDeployment));
  expect({ type, name }).toEqual({ type: "pulumi-nodejs:dynamic/qoder:Deployment", name: "daily" });
  expect(inputs).toEqual({
    ...leastDeployment,
    name: "daily",
    __provider: deployments.source,
    __command: { isPreview: false, defaultName: "name", uses: [] },
    __origin: "urn:pulumi:dev::project::pulumi-nodejs:dynamic/qoder:Deployment::daily",
  });
});

test.each<[string, boolean, Partial<QoderDeploymentArgs>]>([
  ["plain arguments", false, {}],
  ["ids of other resources", false, { environmentId: pulumi.output("env_1"), vaultIds: [pulumi.output("vault_1")] }],
  ["an agent", false, { agent: new QoderAgent("reporter", { model: "ultimate" }) }],
  ["a value that may be a secret", true, { description: pulumi.output("daily") }],
])("of %s the engine encrypts the service's form of the arguments: %s", async (_, isEncrypted, args) => {
  const registered = jest.spyOn(Object(pulumi.runtime.getMonitor()), "registerResource");
  await registration(new QoderDeployment("daily", { ...leastDeployment, ...args }));
  const encrypted = registered.mock.calls.flatMap(([request]) => Object(request).getAdditionalsecretoutputsList());
  expect(encrypted).toEqual(isEncrypted ? ["__shown"] : []);
});

const said = (content: string) => ({ type: "user.message", content });
const rubric = { type: "text" as const, content: "Good" };
const outcome = { type: "user.define_outcome" as const, description: "Done", rubric };
test.each<[string, QoderDeploymentArgs["initialEvents"], unknown]>([
  ["a text", "Go", [said("Go")]],
  ["a list of a text", ["Go"], [said("Go")]],
  ["a text among events", ["Go", outcome], [said("Go"), outcome]],
  ["a text in an Output", pulumi.interpolate`Go, ${"reporter"}`, [said("Go, reporter")]],
  ["a list with a text in a Promise", [Promise.resolve("Go"), outcome], [said("Go"), outcome]],
  ["a list in a Promise", Promise.resolve(["Go"]), [said("Go")]],
  ["events written out", [{ type: "user.message", content: "Go" }], [said("Go")]],
])("%s in initialEvents becomes messages of the user", async (_, initialEvents, written) => {
  const { inputs } = await registration(new QoderDeployment("daily", { ...leastDeployment, initialEvents }));
  expect(inputs["initialEvents"]).toEqual(written);
});

const createdAt = "2026-06-14T08:53:32Z";
const unknown = pulumi.runtime.unknownValue;
// The engine answers with the inputs where a preview plans a change, and with the state otherwise.
test.each([
  ["a preview of an unchanged deployment", true, { createdAt }, {}],
  ["such a preview with a state of an older version", true, { createdAt: null, description: null, schedule: null }, {}],
  ["an `up`", false, { createdAt }, {}],
  ["an `up` with a state of an older version", false, { createdAt, description: null, schedule: null }, {}],
  ["a preview of a change", true, {}, { description: unknown, schedule: unknown }],
])(
  "in %s the arguments that the program leaves out resolve to undefined, or are unknown if the preview plans a change",
  async (_, isPreview, state, expected) => {
    mockEngine(isPreview, state);
    const environmentVariables = pulumi.secret({ KEY: "a-secret" });
    const deployment = new QoderDeployment("daily", { ...leastDeployment, environmentVariables });
    const { name, description, schedule } = deployment;
    const seen = await pulumi.runtime.serializeProperties("", { name, description, schedule });
    expect(seen).toEqual({ name: "daily", ...expected });
    expect(await pulumi.isSecret(deployment.environmentVariables)).toBe(true);
  },
);

test("each output of a deployment is one object, and a member of the resource", () => {
  const deployment = new QoderDeployment("daily", leastDeployment);
  expect(deployment.status).toBe(deployment.status);
  expect(Object.keys(deployment)).toEqual(expect.arrayContaining(["name", "status", "upcomingRunsAt"]));
});

test("the origin of a child includes the type of its parent", async () => {
  const parent = new pulumi.ComponentResource("test:index:Team", "team");
  const { inputs } = await registration(new QoderDeployment("daily", leastDeployment, { parent }));
  const type = "test:index:Team$pulumi-nodejs:dynamic/qoder:Deployment";
  expect(inputs["__origin"]).toBe(`urn:pulumi:dev::project::${type}::daily`);
});

test.each([
  ["5m", 300],
  ["1h30m", 5_400],
  ["500ms", 0.5],
])("customTimeouts of %s reach the provider as %d seconds", async (create, seconds) => {
  const { inputs } = await registration(new QoderDeployment("daily", leastDeployment, { customTimeouts: { create } }));
  expect(inputs["__timeouts"]).toEqual({ create: seconds });
});

test.each(["soon", "5", "5 m", "-5m", ""])('the program fails if a customTimeout is "%s"', (create) => {
  expect(() => new QoderDeployment("daily", leastDeployment, { customTimeouts: { create } })).toThrow(
    `customTimeouts: "${create}" is not a duration such as 30s, 5m or 1h30m`,
  );
});

test.each([[[null, undefined]], ["x"], [{}], [[5]]])(
  "invalid resources (%j) reach the check unchanged",
  async (resources) => {
    const wrong = { ...leastDeployment, resources: JSON.parse(JSON.stringify(resources)) };
    const { inputs } = await registration(new QoderDeployment("daily", wrong));
    expect(inputs["resources"]).toEqual(wrong.resources);
    const later = { ...leastDeployment, resources: pulumi.output(wrong.resources) };
    expect((await registration(new QoderDeployment("daily", later))).inputs["resources"]).toEqual(wrong.resources);
  },
);

test("a deployment without arguments reaches the check with its Pulumi name and origin", async () => {
  const untyped = JSON.parse("{}");
  for (const none of [untyped.nothing, {}, null]) {
    const { inputs } = await registration(new QoderDeployment("daily", none));
    expect(inputs).toMatchObject({ name: "daily", __origin: expect.stringContaining("::daily") });
  }
});

test("the program fails on the resource option import, and the error names the argument adopt and the command", () => {
  const importing = () => new QoderDeployment("daily", leastDeployment, { import: "dep_1" });
  expect(importing).toThrow(/use the argument adopt, or `npx/);
});
