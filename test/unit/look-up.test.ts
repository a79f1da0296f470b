import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import {
  getAgent,
  getAgentOutput,
  getDeploymentRuns,
  getDeploymentRunsOutput,
  QoderAgent,
  QoderDeployment,
  QoderProvider,
} from "../../provider";

// Only a request to the API needs these packages: a look-up must not load them in the program.
jest.mock("undici", () => {
  throw new Error("undici is loaded");
});
jest.mock("zod", () => {
  throw new Error("zod is loaded");
});
jest.mock("croner", () => {
  throw new Error("croner is loaded");
});

const repository = resolve(__dirname, "..", "..");

const calls: pulumi.runtime.MockCallArgs[] = [];
let answer: (call: pulumi.runtime.MockCallArgs) => Record<string, unknown>;

function underMocks(isPreview = false): void {
  calls.length = 0;
  answer = ({ inputs }) => ({ id: "agent_1", version: 3, ...inputs });
  pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: name === "later" ? undefined : `${name}_1`, state: inputs }),
      call: (call) => {
        calls.push(call);
        return answer(call);
      },
    },
    "project",
    "dev",
    isPreview,
  );
}
beforeEach(() => underMocks());

/** The value as the engine gets it: with marks of secrets, and a sentinel for an unknown value. */
async function sent(value: unknown): Promise<unknown> {
  return (await pulumi.runtime.serializeProperties("test", { value }))["value"];
}
const secret = (value: unknown) => ({ [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value });
const unknown = pulumi.runtime.unknownValue;

const untyped = (value: unknown) => JSON.parse(JSON.stringify(value));

describe("under mocks", () => {
  test("`call` answers getAgent and getAgentOutput, and gets the token, the arguments and the provider", async () => {
    const provider = new QoderProvider("staging", { pat: "pt-1" });
    expect(await getAgent({ name: "reporter" }, { provider, async: true })).toEqual({
      id: "agent_1",
      version: 3,
      name: "reporter",
    });
    expect(await sent(getAgentOutput({ id: pulumi.output("agent_2") }))).toEqual({ id: "agent_2", version: 3 });
    const ofStaging = "urn:pulumi:dev::project::pulumi:providers:pulumi-nodejs::staging::staging_1";
    expect(calls).toEqual([
      { token: "qoder:index:getAgent", inputs: { name: "reporter" }, provider: ofStaging },
      { token: "qoder:index:getAgent", inputs: { id: "agent_2" }, provider: "" },
    ]);
  });

  test("a look-up returns any answer of the mocks, and the error of a failing mock names the look-up", async () => {
    for (const found of [{}, { name: 5, anything: ["else"] }]) {
      answer = () => found;
      expect(await getAgent({ name: "reporter" })).toEqual(found);
    }
    answer = () => {
      throw new Error("no such agent");
    };
    await expect(getAgent({ name: "reporter" })).rejects.toThrow(/^getAgent\(\{ name: "reporter" \}\): ./);
  });

  test("a look-up with an unknown argument sends no request in a preview, and its result is unknown", async () => {
    underMocks(true);
    const agent = new QoderAgent("later", { model: "ultimate" });
    expect(await sent(getAgentOutput({ id: agent.id }))).toBe(unknown);
    expect(await sent(getAgentOutput({ name: "reporter" }, { dependsOn: agent }))).toBe(unknown);
    expect(await sent(getAgentOutput({ name: "reporter" }, { dependsOn: [agent] }).id)).toBe(unknown);
    expect(await sent(getDeploymentRunsOutput({ deploymentId: agent.id }))).toBe(unknown);
    expect(calls).toEqual([]);
    const there = new QoderAgent("there", { model: "ultimate" });
    expect(await sent(getAgentOutput({ name: "reporter" }, { dependsOn: [there] }).id)).toBe("agent_1");
  });
});

test("the result of a look-up is a secret if the argument is a secret", async () => {
  expect(await sent(getAgentOutput({ name: pulumi.secret("reporter") }).id)).toEqual(secret("agent_1"));
});

describe("a look-up with", () => {
  const notOne = 'getAgent: give either a name or an id, { name: "..." } or { id: "..." }';

  test.each<[unknown, string]>([
    [undefined, notOne],
    [{}, notOne],
    [{ name: "reporter", id: "agent_1" }, notOne],
    [{ names: "reporter" }, "getAgent: names is not an argument; the arguments are name or id"],
    [{ name: "" }, "getAgent: name is empty"],
    [{ id: 5 }, "getAgent: id is not a text"],
    [{ id: pulumi.output("agent_1") }, "getAgent: id is an Output; use getAgentOutput"],
  ])("wrong arguments fails without a request: %#", async (args, problem) => {
    await expect(getAgent(Object({ args }).args)).rejects.toThrow(new pulumi.RunError(problem));
    expect(calls).toEqual([]);
  });

  test.each([
    [{ async: false }, "async: false is not possible, as nothing can wait for the API in place"],
    [{ dependsOn: [] }, "dependsOn is not an option of it; the options are provider, parent, async"],
  ])("the option %j fails", async (options, problem) => {
    await expect(getAgent({ name: "reporter" }, untyped(options))).rejects.toThrow(`getAgent: ${problem}`);
  });

  test.each([
    ['{ name: pulumi.output("") }', "name is empty"],
    [
      '{ name: "reporter" }, { dependsOn: new pulumi.ComponentResource("test:index:Team", "team") }',
      "dependsOn takes resources with an id, and no components",
    ],
  ])("the arguments (%s) fails in getAgentOutput", async (given, problem) => {
    // A rejected Output that no code uses ends the process, so the call has its own process.
    const source = `
      const pulumi = require("@pulumi/pulumi");
      const call = () => { throw new Error("the mocks were asked"); };
      pulumi.runtime.setMocks({ newResource: () => ({ id: "x", state: {} }), call });
      require("./dist").getAgentOutput(${given});`;
    const ended = promisify(execFile)(process.execPath, ["-e", source], { cwd: repository });
    await expect(ended).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`getAgentOutput: ${problem}`),
    });
  });
});

test("a look-up without an engine fails, and the error says how to run the program", async () => {
  const settings: typeof import("@pulumi/pulumi/runtime/settings") = jest.requireActual(
    "@pulumi/pulumi/runtime/settings",
  );
  const monitor = jest.spyOn(settings, "getMonitor").mockReturnValue(undefined);
  await expect(getAgent({ name: "reporter" })).rejects.toThrow(
    "getAgent: there is no Pulumi engine; run the program with the pulumi CLI, or under pulumi.runtime.setMocks in a test",
  );
  monitor.mockRestore();
});

const initialEvents = [{ type: "user.message" as const, content: "hello" }];
const deployment = (name: string) =>
  new QoderDeployment(name, { agent: "agent_1", environmentId: "env_1", initialEvents });

test("under mocks, `call` gets the arguments of getDeploymentRuns, its answer gives the runs, and a wrong answer is an error with the right form", async () => {
  answer = () => ({ runs: [{ id: "drun_1" }] });
  const args = { deploymentId: "dep_1", limit: 5, triggeredAfter: "2026-11-25T00:00:00Z" };
  expect(await getDeploymentRuns(args)).toEqual([{ id: "drun_1" }]);
  expect(await getDeploymentRuns({ deploymentId: "dep_1" })).toEqual([{ id: "drun_1" }]);
  expect(await sent(getDeploymentRunsOutput({ deploymentId: deployment("daily").id, limit: 3 }))).toEqual([
    { id: "drun_1" },
  ]);
  expect(new Set(calls.map(({ token }) => token))).toEqual(new Set(["qoder:index:getDeploymentRuns"]));
  const daily = { deploymentId: "daily_1", limit: 3 };
  expect(calls.map(({ inputs }) => inputs)).toEqual([args, { deploymentId: "dep_1" }, daily]);
  answer = () => ({ id: "dep_1" });
  await expect(getDeploymentRuns({ deploymentId: "dep_1" })).rejects.toThrow(
    "getDeploymentRuns: the mocks must return { runs: [...] } in `call`",
  );
});

const noTime = "is not a time such as 2026-11-25T00:00:00Z";

test.each<[unknown, string]>([
  [undefined, "deploymentId is not a text"],
  [{ deploymentId: "" }, "deploymentId is empty"],
  [{ deploymentId: pulumi.output("dep_1") }, "deploymentId is an Output; use getDeploymentRunsOutput"],
  [{ id: "dep_1" }, "id is not an argument; the arguments are deploymentId, limit, triggeredAfter or triggeredBefore"],
  [{ deploymentId: "dep_1", limit: 0 }, "limit is not a whole number from 1 on"],
  [{ deploymentId: "dep_1", limit: "5" }, "limit is not a whole number from 1 on"],
  [{ deploymentId: "dep_1", triggeredAfter: "yesterday" }, `triggeredAfter ${noTime}`],
  [{ deploymentId: "dep_1", triggeredBefore: "2026-13-01T00:00:00Z" }, `triggeredBefore ${noTime}`],
])("getDeploymentRuns with wrong arguments fails without a request: %#", async (args, problem) => {
  await expect(getDeploymentRuns(Object({ args }).args)).rejects.toThrow(
    new pulumi.RunError(`getDeploymentRuns: ${problem}`),
  );
  expect(calls).toEqual([]);
});
