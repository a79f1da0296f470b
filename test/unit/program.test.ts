import * as pulumi from "@pulumi/pulumi";
import {
  deploymentArgs,
  QoderAgent,
  QoderDeployment,
  type QoderDeploymentArgs,
  QoderDeploymentRun,
  QoderEnvironment,
  QoderProvider,
} from "../../provider";
import { agentSource } from "../../provider/agent/type";
import { deploymentSource } from "../../provider/deployment/type";
import { deploymentRunSource } from "../../provider/deployment-run/type";
import { check } from "../support/deployment";
import { until } from "../support/until";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];
const ids = [
  ["Agent", "agent_1"],
  ["Environment", "env_1"],
] as const;
const idOf = (type: string) => ids.find(([kind]) => type.endsWith(`:${kind}`))?.[1] ?? "dep_1";
beforeAll(() =>
  pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: idOf(type), state: { ...inputs, status: "active", version: 3 } };
      },
      call: () => ({}),
    },
    "project",
    "dev",
  ),
);
beforeEach(() => {
  registered.length = 0;
});

const args = {
  agent: "agent_1",
  environmentId: "env_1",
  initialEvents: [{ type: "user.message" as const, content: "hello" }],
};

/** The resource as it was registered, once it is. */
async function registration(resource: pulumi.CustomResource): Promise<Registered> {
  await new Promise((resolve) => resource.id.apply(resolve));
  const last = registered.at(-1);
  if (last === undefined) {
    throw new Error("nothing was registered");
  }
  return last;
}

test("a deployment is registered with the constant provider, its own name and where it was declared", async () => {
  const { type, name, inputs } = await registration(new QoderDeployment("daily", args));
  expect({ type, name }).toEqual({ type: "pulumi-nodejs:dynamic/qoder:Deployment", name: "daily" });
  expect(inputs).toEqual({
    ...args,
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
  const { inputs } = await registration(new QoderDeployment("daily", { ...args, initialEvents }));
  expect(inputs["initialEvents"]).toEqual(written);
});

test("arguments that are shared between deployments are taken as they are, and their types stay", async () => {
  const shared = deploymentArgs({ ...args, initialEvents: [{ type: "user.message", content: "hello" }] });
  const { inputs } = await registration(new QoderDeployment("daily", { ...shared, description: "more" }));
  expect(inputs).toMatchObject({ ...args, description: "more" });
});

test("what the service computes is there to read", async () => {
  const deployment = new QoderDeployment("daily", args);
  await registration(deployment);
  expect(await new Promise((resolve) => deployment.status.apply(resolve))).toBe("active");
});

test("an output is made once, and is among the members of the resource", () => {
  const deployment = new QoderDeployment("daily", args);
  expect(deployment.status).toBe(deployment.status);
  expect(Object.keys(deployment)).toEqual(expect.arrayContaining(["name", "status", "upcomingRunsAt"]));
});

test("what the SDK refuses of a declaration names the line of the program, though it keeps no stacks of properties", () => {
  const { stackTraceLimit } = Error;
  const declare = () => new QoderDeployment("", args);
  const error = thrownBy(declare);
  expect(String(error)).toMatch(/Missing resource name/);
  expect(String(Object(error).stack)).toContain("program.test.ts");
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

describe("what the stack's configuration says of previews", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  test("reaches the provider with each resource", async () => {
    pulumi.runtime.setAllConfig({ "qoder:remarks": "none", "qoder:showRequests": "true", "qoder:verify": "false" });
    const { inputs } = await registration(new QoderDeployment("daily", args));
    expect(inputs["__command"]).toEqual({ isPreview: false, remarks: "none", showRequests: true, verify: false });
  });

  test.each(["showRequests", "verify"])("is an error where qoder:%s is neither true nor false", (setting) => {
    pulumi.runtime.setAllConfig({ [`qoder:${setting}`]: "yes" });
    expect(() => new QoderDeployment("daily", args)).toThrow(`Configuration 'qoder:${setting}' value 'yes' is not`);
  });
});

test("a child is known by its parents too", async () => {
  const parent = new pulumi.ComponentResource("test:index:Team", "team");
  const { inputs } = await registration(new QoderDeployment("daily", args, { parent }));
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
  const { inputs } = await registration(new QoderDeployment("daily", args, { customTimeouts: { create } }));
  expect(inputs["__timeouts"]).toEqual({ create: seconds });
});

test.each(["soon", "5", "5 m", "-5m", ""])('customTimeouts of "%s" are an error of the program', (create) => {
  expect(() => new QoderDeployment("daily", args, { customTimeouts: { create } })).toThrow(
    `customTimeouts: "${create}" is not a duration such as 30s, 5m or 1h30m`,
  );
});

test.each([[[null, undefined]], ["x"], [{}], [[5]]])(
  "resources that are none (%j) reach the check, which tells what is wrong with them",
  async (resources) => {
    const wrong = { ...args, resources: JSON.parse(JSON.stringify(resources)) };
    const { inputs } = await registration(new QoderDeployment("daily", wrong));
    expect(inputs["resources"]).toEqual(wrong.resources);
    const later = { ...args, resources: pulumi.output(wrong.resources) };
    expect((await registration(new QoderDeployment("daily", later))).inputs["resources"]).toEqual(wrong.resources);
  },
);

test("the token of a provider is a secret, and its base URL falls back to the stack's", async () => {
  pulumi.runtime.setConfig("qoder:baseUrl", "https://api.example/cloud");
  new QoderProvider("account", { pat: "pt-1" });
  await until(
    () => registered.length > 0,
    () => "the provider is registered",
  );
  const inputs = registered.at(-1)?.inputs;
  expect(inputs).toEqual({
    "qoder:pat": expect.anything(),
    "qoder:baseUrl": "https://api.example/cloud",
    "qoder:account": "account",
  });
  expect(JSON.stringify(inputs?.["qoder:pat"])).toMatch(/pt-1/);
  expect(inputs?.["qoder:pat"]).not.toBe("pt-1");
});

test.each([true, false])("a provider with verify %s says so, and one without it says nothing", async (verify) => {
  new QoderProvider("account", { pat: "pt-1", verify: pulumi.output(verify) });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(registered.at(-1)?.inputs).toMatchObject({ "qoder:verify": String(verify) });
  new QoderProvider("account", { pat: "pt-1" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(registered.at(-1)?.inputs).not.toHaveProperty("qoder:verify");
});

test.each(["", " "])("an account with the token %j is refused, as another one's would be used instead", (pat) => {
  expect(() => new QoderProvider("staging", { pat })).toThrow('QoderProvider "staging": pat is empty');
});

test("a program without arguments gets the Pulumi name and its origin, so that the check tells what it must give", async () => {
  const untyped = JSON.parse("{}");
  for (const none of [untyped.nothing, {}, null]) {
    const { inputs } = await registration(new QoderDeployment("daily", none));
    expect(inputs).toMatchObject({ name: "daily", __origin: expect.stringContaining("::daily") });
  }
});

test.each([
  [{ token: "pt-1" }, "token is not an argument; the access token is called pat"],
  [{ apiKey: "pt-1", workspaceId: "ws_1" }, "apiKey is not an argument; the access token is called pat"],
  [
    { pat: "pt-1", workspace: "ws_1" },
    "workspace is not an argument; the arguments are pat, baseUrl, workspaceId, verify, writesPerSecond",
  ],
  [{}, "pat is missing: the access token of this account"],
  [undefined, "pat is missing: the access token of this account"],
])("an account of a plain JavaScript program with the arguments %j is refused: %s", (args, problem) => {
  expect(() => new QoderProvider("staging", JSON.parse(JSON.stringify(args ?? null)))).toThrow(
    new Error(`QoderProvider "staging": ${problem}`),
  );
});

describe("an access token in plain configuration", () => {
  const warnings: string[] = [];
  beforeEach(() => {
    warnings.length = 0;
    jest.spyOn(pulumi.log, "warn").mockImplementation(async (message) => {
      warnings.push(message);
    });
  });
  afterEach(() => jest.restoreAllMocks());

  test.each([
    ["is encrypted", { "qoder:pat": "pt-1" }, ["qoder:pat"]],
    ["is not there", { "qoder:baseUrl": "https://api.example" }, []],
    ["is empty", { "qoder:pat": "" }, []],
  ])("is no warning when it %s", (_, config, secretKeys) => {
    pulumi.runtime.setAllConfig(config, secretKeys);
    new QoderDeployment("one", args);
    expect(warnings).toEqual([]);
  });

  test("is a warning, once a program", () => {
    pulumi.runtime.setAllConfig({ "qoder:pat": "pt-1" }, []);
    new QoderDeployment("one", args);
    new QoderDeployment("two", args);
    expect(warnings).toEqual([
      "qoder:pat is in the stack's configuration in plain text: run `pulumi config set --secret qoder:pat`, and revoke the token if anybody else can read the file",
    ]);
  });
});

test("the resource option import, which the engine cannot do without the provider's code, is refused with the ways to go", () => {
  expect(() => new QoderDeployment("daily", args, { import: "dep_1" })).toThrow(/use the argument adopt, or `npx/);
});

test("a run is registered with its triggers and without a name", async () => {
  const triggers = { commit: "4f2a", of: [pulumi.output(1), null] };
  const { inputs } = await registration(new QoderDeploymentRun("smoke", { deploymentId: "dep_1", triggers }));
  expect(inputs).toEqual({
    deploymentId: "dep_1",
    triggers: { commit: "4f2a", of: [1, null] },
    __provider: deploymentRunSource,
    __origin: expect.stringMatching(/qoder:DeploymentRun::smoke$/),
    __command: expect.anything(),
  });
  expect(() => new QoderDeploymentRun("smoke", { deploymentId: "dep_1" }, { import: "drun_1" })).toThrow(
    "the resource option import cannot read it; QoderDeploymentRun.get looks it up",
  );
});

describe("a resource in place of an agent's id", () => {
  const agentOf = async (agent: QoderAgent | pulumi.Output<QoderAgent>): Promise<unknown> =>
    (await registration(new QoderDeployment("daily", JSON.parse("null") ?? { ...args, agent }))).inputs["agent"];

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
    expect(check({}, { name: "daily", ...args, agent }).failures).toEqual([
      'agent: is the resource "cloud" of the type qoder:Environment, not an agent; give a QoderAgent, or the id of an agent',
    ]);
  });
});

test.each([[undefined], [{}], [{ config: pulumi.output(undefined) }]])(
  "an environment without a configuration (%#) is a cloud environment",
  async (declared) => {
    const { inputs } = await registration(new QoderEnvironment("cloud", declared));
    expect(inputs).toMatchObject({ name: "cloud", config: { type: "cloud" } });
  },
);

test("the provider of agents and environments is told which arguments hold secrets", async () => {
  const tools = [{ type: "custom" as const, name: "a", description: pulumi.secret("b"), inputSchema: {} }];
  const secret = new QoderAgent("one", { model: "ultimate", system: pulumi.secret("a"), tools });
  expect((await registration(secret)).inputs["__secrets"]).toEqual(["system", "tools"]);
  const config = { type: "cloud" as const, setupScript: pulumi.secret("a") };
  const environment = await registration(new QoderEnvironment("three", { config }));
  expect(environment.inputs["__secrets"]).toEqual(["config"]);
  const plain = new QoderAgent("two", { model: "ultimate", system: pulumi.output("a") });
  expect((await registration(plain)).inputs).not.toHaveProperty("__secrets");
});

const repository = { type: "github_repository" as const, url: "https://github.com/acme/shop" };

describe("the secrets of a preview that shows requests", () => {
  beforeAll(() => pulumi.runtime.setAllConfig({ "qoder:showRequests": "true" }));
  afterAll(() => pulumi.runtime.setAllConfig({}));

  test.each<[string, (secret: pulumi.Output<string>) => Partial<QoderDeploymentArgs>, unknown]>([
    ["a label", (label) => ({ metadata: { label, team: "b" } }), ["metadata"]],
    ["a token", (authorizationToken) => ({ resources: [{ ...repository, authorizationToken }] }), undefined],
    ["an address", (url) => ({ resources: [{ ...repository, url }] }), ["resources"]],
    [
      "something in a list",
      (authorizationToken) => ({ resources: pulumi.secret([{ ...repository, authorizationToken }]) }),
      ["resources"],
    ],
  ])(
    "of %s, the provider is told of the argument, unless the member is always a secret",
    async (_, declared, secrets) => {
      const { inputs } = await registration(new QoderDeployment("daily", { ...args, ...declared(pulumi.secret("a")) }));
      const { __command: command } = inputs;
      expect(command).toEqual({ isPreview: false, showRequests: true, ...(secrets === undefined ? {} : { secrets }) });
      expect(inputs).not.toHaveProperty("__secrets");
    },
  );
});
