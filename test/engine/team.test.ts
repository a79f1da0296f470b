import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderAgent, QoderDeployment, QoderEnvironment } from "../../provider";
import { changedPaths, warnings } from "../support/engine-stack";
import { EngineWorld } from "../support/engine-world";

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start();
});
afterEach(() => world.stop());

// Null has a meaning in a schema, so it must not get lost on its way through the engine.
const inputSchema = { type: "object", properties: { userId: { type: "string", default: null } } };
const tools = [
  { type: "agent_toolset_20260401" as const },
  { type: "custom" as const, name: "ask", description: "asks", inputSchema },
];

function team(system: string): PulumiFn {
  return async () => {
    const reporter = new QoderAgent("reporter", { model: "ultimate", system, tools });
    const cloud = new QoderEnvironment("cloud");
    const { initialEvents } = world.args();
    new QoderDeployment("follows", { agent: reporter, environmentId: cloud.id, initialEvents });
    new QoderDeployment("stays", { agent: reporter.id, environmentId: cloud.id, initialEvents });
  };
}

function live() {
  const [{ id: agent } = { id: "" }] = world.api.agents.live().filter(({ name }) => name === "reporter");
  const [{ id: environment } = { id: "" }] = world.api.environments.live().filter(({ name }) => name === "cloud");
  const [follows, stays] = ["follows", "stays"].map((name) => {
    const found = world.api.deployments.live().find((deployment) => deployment.name === name);
    return { id: found?.id ?? "", version: found?.agent.version };
  });
  return { agent, environment, follows, stays };
}

test("an agent, its environment and its deployments are created, updated and archived together", async () => {
  const stack = await world.stack();
  const first = await stack.preview(team("Be brief."));
  expect(warnings(first)).toEqual([
    [expect.stringMatching(/::cloud$/), expect.stringContaining("without config.networking the network is limited")],
    // A warning about several resources has no URN.
    [
      undefined,
      expect.stringContaining('"follows", "stays": its agent "reporter" leaves the custom tool "ask" (tools[1])'),
    ],
  ]);
  expect(world.sent()).toEqual([]);

  await stack.up(team("Be brief."));
  const { agent, environment, follows, stays } = live();
  const event = { type: "user.message", content: [{ type: "text", text: "Generate today's status report" }] };
  const deployment = { environment_id: environment, initial_events: [event] };
  const created = world.sent();
  expect(created).toHaveLength(4);
  expect(created).toEqual(
    expect.arrayContaining([
      [
        "POST",
        "/agents",
        {
          name: "reporter",
          model: "ultimate",
          system: "Be brief.",
          tools: [tools[0], { type: "custom", name: "ask", description: "asks", input_schema: inputSchema }],
        },
      ],
      ["POST", "/environments", { name: "cloud", config: { type: "cloud" } }],
      ["POST", "/deployments", { name: "follows", agent: { id: agent, type: "agent", version: 1 }, ...deployment }],
      ["POST", "/deployments", { name: "stays", agent, ...deployment }],
    ]),
  );
  await stack.previewNothing(team("Be brief."));
  expect(world.sent()).toEqual([]);

  await stack.automation.setAllConfig({ "qoder:showRequests": { value: "true" }, "qoder:verify": { value: "true" } });
  const preview = await stack.preview(team("Be exact."));
  expect(changedPaths(preview, "follows")).toEqual({ "agent.version": "update" });
  expect(changedPaths(preview, "stays")).toEqual({});
  expect(preview.output).toMatch(/version: 1 => \[unknown\]/);
  const shown = [...preview.output.matchAll(/^Qoder\w+ "\w+": ((?:GET|POST) .*)$/gm)].map(([, line]) => line);
  const moved = `{"agent":{"id":"${agent}","type":"agent","version":"[unknown]"}}`;
  expect(shown).toEqual([
    `POST /agents/${agent} {"system":"Be exact.","version":1}`,
    `POST /deployments/${follows?.id} ${moved}`,
  ]);
  // One GET tests the token, and then one GET reads each object.
  const [[method] = [], ...looks] = world.api.requests.map((request) => [request.method, request.path]);
  expect(method).toBe("GET");
  expect(looks.sort()).toEqual([
    ["GET", `/agents/${agent}`],
    ["GET", `/agents/${agent}/versions`],
    ["GET", `/environments/${environment}`],
    ["GET", "/models"],
  ]);
  world.api.clearRequests();

  await stack.up(team("Be exact."));
  expect(world.sent()).toEqual([
    ["POST", `/agents/${agent}`, { system: "Be exact.", version: 1 }],
    ["POST", `/deployments/${follows?.id}`, { agent: { id: agent, type: "agent", version: 2 } }],
  ]);
  expect(live()).toMatchObject({ follows: { version: 2 }, stays: { version: 1 } });
  await stack.refresh();
  await stack.previewNothing(team("Be exact."));
  world.sent();

  await stack.destroy();
  const ended = world.sent();
  expect(ended.slice(0, 2)).toEqual(
    expect.arrayContaining([
      ["POST", `/deployments/${follows?.id}/archive`],
      ["POST", `/deployments/${stays?.id}/archive`],
    ]),
  );
  expect(ended.slice(2)).toEqual(
    expect.arrayContaining([
      ["GET", "/deployments"],
      ["POST", `/agents/${agent}/archive`],
      ["POST", `/environments/${environment}/archive`],
    ]),
  );
  expect(ended).toHaveLength(7);
});

test("a preview fails without a request if the agent of a deployment is an environment", async () => {
  const stack = await world.stack();
  const program: PulumiFn = async () => {
    const cloud = new QoderEnvironment("cloud");
    const wrong = { ...world.args(), agent: JSON.parse("null") ?? cloud };
    new QoderDeployment("daily", wrong);
  };
  await expect(stack.preview(program)).rejects.toThrow(
    'agent: is the resource "cloud" of the type qoder:Environment, not an agent; give a QoderAgent, or the id of an agent',
  );
  expect(world.sent()).toEqual([]);
});
