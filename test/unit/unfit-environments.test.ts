import type { QoderDeploymentArgs, QoderEnvironmentArgs } from "../../provider";
import { unfitEnvironment } from "../../provider/deployment/named-remarks";

const servers = [{ name: "tracker", url: "https://mcp.example.com/sse" }];

const shut = [
  `does not allow the MCP servers of its agent: no run reaches them (mcp_egress_blocked_error). Write networking: { type: "limited", allowMcpServers: true } in the config of the environment`,
];
const open = { type: "cloud", networking: { type: "unrestricted" } } as const;
const limited = (more: object) => ({ type: "cloud", networking: { type: "limited", ...more } }) as const;
const variables = { environmentVariables: { MODE: "fast" } };
const files = { resources: [{ type: "file" as const, fileId: "file_1" }] };
const selfHosted = (what: string) => [
  `is self-hosted and takes no ${what}: each run fails (self_hosted_resources_unsupported_error). Remove them, or use another environment`,
];

const own = { type: "self_hosted" } as const;
const both = selfHosted("environmentVariables and no resources");

test.each<[string, QoderEnvironmentArgs["config"], Partial<QoderDeploymentArgs>, string[]]>([
  ["no network settings and an agent with MCP servers", { type: "cloud" }, {}, shut],
  ["a limited network and an agent with MCP servers", limited({ allowedHosts: ["other.example.com"] }), {}, shut],
  ["a network that allows MCP servers", limited({ allowMcpServers: true }), {}, []],
  ["a network that allows the host of the server", limited({ allowedHosts: ["mcp.example.com"] }), {}, []],
  ["a network that allows all hosts of the domain", limited({ allowedHosts: ["*.example.com"] }), {}, []],
  [
    "a network that allows all hosts of a domain whose name ends alike",
    limited({ allowedHosts: ["*.cp.example.com"] }),
    {},
    shut,
  ],
  ["an open network", open, {}, []],
  ["workers of its own and variables", own, variables, selfHosted("environmentVariables")],
  ["workers of its own and resources", own, files, selfHosted("resources")],
  ["workers of its own, variables and resources", own, { ...variables, ...files }, both],
  ["workers of its own alone", own, { resources: [], environmentVariables: {} }, []],
])(
  "the warnings of a deployment with %s",
  (_, config, { environmentVariables: variables, resources: mounted }, expected) => {
    expect(unfitEnvironment(config, { variables, mounted, servers })).toEqual(expected);
  },
);
