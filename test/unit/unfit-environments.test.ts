import * as pulumi from "@pulumi/pulumi";
import {
  QoderAgent,
  QoderDeployment,
  type QoderDeploymentArgs,
  QoderEnvironment,
  type QoderEnvironmentArgs,
} from "../../provider";

const warnings: string[] = [];
beforeEach(() => {
  warnings.length = 0;
  const newResource = ({ id = "x_1", inputs }: pulumi.runtime.MockResourceArgs) => ({ id, state: inputs });
  pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "dev", true);
  jest.spyOn(pulumi.log, "warn").mockImplementation(async (text) => void warnings.push(text));
});
afterEach(() => jest.restoreAllMocks());

const mcpServers = [{ name: "tracker", url: "https://mcp.example.com/sse" }];

/** The warnings of a program in which the deployment names the environment and the agent as `named` says. */
async function told(
  config: QoderEnvironmentArgs["config"],
  more: Partial<QoderDeploymentArgs> = {},
  named: "resources" | "ids" = "resources",
): Promise<string[]> {
  const agent = new QoderAgent("reporter", { model: "ultimate", mcpServers });
  const environment = new QoderEnvironment("cloud", config === undefined ? {} : { config });
  const names =
    named === "resources" ? { agent, environmentId: environment } : { agent: agent.id, environmentId: environment.id };
  const deployment = new QoderDeployment("daily", { ...names, initialEvents: "go", ...more });
  await new Promise((resolve) => deployment.urn.apply(resolve));
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise(setImmediate);
  }
  return warnings;
}

const subject = 'QoderDeployment "daily": its environment "cloud"';
const shut = [
  `${subject} does not allow the MCP servers of its agent: no run reaches them (mcp_egress_blocked_error). Write networking: { type: "limited", allowMcpServers: true } in the config of the environment [environment]`,
];
const open = { type: "cloud", networking: { type: "unrestricted" } } as const;
const limited = (more: object) => ({ type: "cloud", networking: { type: "limited", ...more } }) as const;
const variables = { environmentVariables: { MODE: "fast" } };
const files = { resources: [{ type: "file" as const, fileId: "file_1" }] };
const selfHosted = (what: string) => [
  `${subject} is self-hosted and takes no ${what}: each run fails (self_hosted_resources_unsupported_error). Take them out of the deployment, or name another environment [environment]`,
];

test.each<[string, QoderEnvironmentArgs["config"], Partial<QoderDeploymentArgs>, string[]]>([
  ["no network settings and an agent with MCP servers", { type: "cloud" }, {}, shut],
  ["a limited network and an agent with MCP servers", limited({ allowedHosts: ["other.example.com"] }), {}, shut],
  ["a network that allows MCP servers", limited({ allowMcpServers: true }), {}, []],
  ["a network that allows the host of the server", limited({ allowedHosts: ["mcp.example.com"] }), {}, []],
  ["a network that allows all hosts of the domain", limited({ allowedHosts: ["*.example.com"] }), {}, []],
  ["an open network", open, {}, []],
  ["an agent that the program does not declare", { type: "cloud" }, { agent: "agent_1" }, []],
  ["an environment that the program does not declare", { type: "cloud" }, { environmentId: "env_1" }, []],
  ["an acknowledgement", { type: "cloud" }, { acknowledge: ["environment"] }, []],
  ["workers of its own and variables", { type: "self_hosted" }, variables, selfHosted("environmentVariables")],
  ["workers of its own and resources", { type: "self_hosted" }, files, selfHosted("resources")],
  [
    "workers of its own, variables and resources",
    { type: "self_hosted" },
    { ...variables, ...files },
    selfHosted("environmentVariables and no resources"),
  ],
  ["workers of its own alone", { type: "self_hosted" }, { resources: [], environmentVariables: {} }, []],
])("the warnings of a deployment with %s", async (_, config, more, expected) => {
  expect(await told(config, more)).toEqual(expected);
});

test("the deployment may name the environment and the agent by their ids", async () => {
  expect(await told({ type: "cloud" }, {}, "ids")).toEqual(shut);
});
