import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "../../provider/plugin-server/sdk";
import { agent as agentRow } from "../kinds/agent";
import { deployment as deploymentRow } from "../kinds/deployment";
import { environment as environmentRow } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { PluginCalls, unknown, urnOf } from "../support/plugin-calls";
import { struct } from "../support/struct";
import { doors, type Properties, World } from "../support/world";

// What a program in YAML, Python or Go sees of the objects that a deployment names. The tests of the unit layer have the same for
// TypeScript (program/uses.test.ts).

let plugin: PluginCalls;
beforeEach(() => {
  plugin = new PluginCalls();
});

/** A resource of the program; with an id, one that the state has. */
interface Declared {
  readonly type: "Agent" | "Environment" | "File" | "Deployment";
  readonly args: Properties;
  readonly name?: string;
  readonly id?: string;
}

/** The warnings of the preview of a program, in the order of its declarations. */
async function warningsOf(...program: readonly Declared[]): Promise<readonly string[]> {
  for (const { type, args, name = type.toLowerCase(), id } of program) {
    const urn = urnOf(`qoder:index:${type}`, name);
    const request = new messages.CheckRequest().setUrn(urn).setNews(struct(args)).setRandomseed("seed");
    const checked = await plugin.answer<messages.CheckResponse>(
      "check",
      id === undefined ? request : request.setOlds(struct(args)),
    );
    expect(checked.getFailuresList().map((failure) => failure.getReason())).toEqual([]);
    if (id === undefined) {
      const creation = new messages.CreateRequest().setUrn(urn).setProperties(checked.getInputs()).setPreview(true);
      await plugin.answer("create", creation);
    } else {
      const recorded = struct({ ...checked.getInputs()?.toJavaScript() });
      await plugin.answer(
        "diff",
        new messages.DiffRequest().setUrn(urn).setId(id).setOlds(recorded).setNews(checked.getInputs()),
      );
    }
  }
  await plugin.answer("cancel", new Empty());
  return plugin.told.filter((line) => /\[(environment|waiting-tool|expiring-file|stays-behind)\]$/.test(line));
}

const server = { name: "tracker", url: "https://mcp.example.com" };
const servers = { mcpServers: [server], tools: [{ type: "mcp_toolset", mcpServerName: "tracker" }] };
const asking = { tools: [{ type: "custom", name: "ask", description: "asks", inputSchema: { type: "object" } }] };
const agent = (more: Properties, id?: string) =>
  ({ type: "Agent", args: { model: "ultimate", ...more }, ...(id === undefined ? {} : { id }) }) as const;
const environment = (config: Properties, id?: string) =>
  ({ type: "Environment", args: { config }, ...(id === undefined ? {} : { id }) }) as const;
const limited = (more: Properties = {}) => ({ type: "cloud", networking: { type: "limited", ...more } });
const deployment = (more: Properties, named: Properties = { agent: unknown, environmentId: unknown }) =>
  ({ type: "Deployment", name: "daily", args: { initialEvents: "go", ...named, ...more } }) as const;
const schedule = { expression: "0 9 * * *", timezone: "UTC" };
const mounted = (fileId: string) => ({ resources: [{ type: "file", fileId }] });
const file = (more: Properties, id?: string) =>
  ({ type: "File", args: { content: "Terms", ...more }, ...(id === undefined ? {} : { id }) }) as const;
const ids = { agent: { id: "agent_1", version: 1 }, environmentId: "env_1" };

const shut =
  'QoderDeployment "daily": its environment "environment" does not allow the MCP servers of its agent: no run reaches them (mcp_egress_blocked_error). Write networking: { type: "limited", allowMcpServers: true } in the config of the environment [environment]';
const selfHosted = (what: string) =>
  `QoderDeployment "daily": its environment "environment" is self-hosted and takes no ${what}: each run fails (self_hosted_resources_unsupported_error). Remove them, or use another environment [environment]`;
const waiting = expect.stringContaining('its agent "agent" leaves the custom tool "ask" (tools[0]) to a client');
const expiring = (time: string) => expect.stringContaining(`its file "file" is deleted ${time} after its upload`);

test.each<[string, readonly Declared[], readonly unknown[]]>([
  ["new objects", [agent(servers), environment(limited()), deployment({})], [shut]],
  ["existing objects", [agent(servers, "agent_1"), environment(limited(), "env_1"), deployment({}, ids)], [shut]],
  [
    "an agent that is named by its id alone",
    [agent(servers, "agent_1"), environment(limited(), "env_1"), deployment({}, { ...ids, agent: "agent_1" })],
    [shut],
  ],
  [
    "a self-hosted environment",
    [
      agent({}),
      environment({ type: "self_hosted" }),
      deployment({ environmentVariables: { A: "b" }, ...mounted("file_1") }),
    ],
    [selfHosted("environmentVariables and no resources")],
  ],
  ["a tool that waits", [agent(asking), environment(limited()), deployment({})], [waiting]],
  [
    "a new file that expires",
    [file({ expiresInSeconds: 3_600 }), deployment({ schedule, ...mounted(unknown) })],
    [expiring("1 hour")],
  ],
  [
    "an existing file that expires",
    [file({ expiresInSeconds: 90 * 86_400 }, "file_1"), deployment({ schedule, ...mounted("file_1") })],
    [expiring("90 days")],
  ],
])("a preview of a deployment warns of %s", async (_, program, warnings) => {
  expect(await warningsOf(...program)).toEqual(warnings);
});

test.each<[string, readonly Declared[]]>([
  [
    "a network that allows the servers",
    [agent(servers), environment(limited({ allowMcpServers: true })), deployment({})],
  ],
  [
    "a network that allows their hosts",
    [agent(servers), environment(limited({ allowedHosts: ["*.example.com"] })), deployment({})],
  ],
  [
    "a network that the preview does not know",
    [agent(servers), environment({ type: "cloud", networking: unknown }), deployment({})],
  ],
  [
    "objects of another program",
    [
      agent(servers, "agent_1"),
      environment(limited(), "env_1"),
      deployment({}, { agent: "agent_2", environmentId: "env_2" }),
    ],
  ],
  [
    "one of two new environments",
    [agent(servers), environment(limited()), { ...environment(limited()), name: "other" }, deployment({})],
  ],
  ["the file of a deployment without a schedule", [file({ expiresInSeconds: 86_400 }), deployment(mounted(unknown))]],
  ["an acknowledged remark", [agent(servers), environment(limited()), deployment({ acknowledge: ["environment"] })]],
])("a preview of a deployment gives no warning about %s", async (_, program) => {
  expect(await warningsOf(...program)).toEqual([]);
});

test.each(doors)("a preview through the door %s warns of the tools of an agent from `.get()`", async (door) => {
  const world = await World.start(undefined, door);
  const { id } = await world.existing(agentRow, { model: "ultimate", ...asking });
  const command = world.together();
  const [reader, provider] = [command(agentRow), command(deploymentRow)];
  await reader.read(id, {});
  await world.stackOf(deploymentRow, provider).preview(world.args({ agent: id }));
  await provider.end();
  expect(world.sent()).toEqual([["GET", `/agents/${id}`]]);
  expect(world.output.filter((line) => line.endsWith("[waiting-tool]"))).toEqual([
    expect.stringContaining('leaves the custom tool "ask" (tools[0]) to a client'),
  ]);
  await world.stop();
});

test("`up` warns before it creates the deployment, also if the program has two new environments", async () => {
  const world = await World.start(undefined, "plugin");
  const provider = world.command();
  const up = async (kind: KindRow, args: Properties, name: string) => {
    const stack = world.stackOf(kind, provider);
    await stack.up({ ...args, name });
    return stack.state?.id;
  };
  const agentId = await up(agentRow, { model: "ultimate", ...servers }, "reporter");
  const environmentId = await up(environmentRow, { config: limited() }, "shut");
  await up(environmentRow, { config: { type: "cloud", networking: { type: "unrestricted" } } }, "open");
  await up(deploymentRow, world.args({ agent: agentId, environmentId }), "daily");
  await provider.end();
  expect(world.output.filter((line) => line.endsWith("[environment]"))).toEqual([
    expect.stringContaining("does not allow the MCP servers of its agent"),
  ]);
  await world.stop();
});

describe("a deployment that names its agent by", () => {
  const [old, prompt] = [{ model: "ultimate" }, { model: "ultimate", system: "Other words." }];
  test.each<[string, unknown, Properties, boolean]>([
    ["the id alone is told to stay behind when the agent changes", "agent_1", prompt, true],
    ["the id alone in an object is told to stay behind, too", { id: "agent_1" }, prompt, true],
    ["the id alone is told nothing as long as the agent stays as it is", "agent_1", old, false],
    ["its id and version is told nothing", { id: "agent_1", version: 1 }, prompt, false],
    ["the id of an agent outside of the program is told nothing", "agent_2", prompt, false],
  ])("%s", async (_, named, wanted, isTold) => {
    const agentUrn = urnOf("qoder:index:Agent", "reporter");
    const request = new messages.CheckRequest().setUrn(agentUrn).setRandomseed("seed");
    const before = await plugin.answer<messages.CheckResponse>("check", request.setNews(struct(old)));
    const inputs = before.getInputs();
    const now = await plugin.answer<messages.CheckResponse>(
      "check",
      new messages.CheckRequest().setUrn(agentUrn).setRandomseed("seed").setOlds(inputs).setNews(struct(wanted)),
    );
    await plugin.answer(
      "diff",
      new messages.DiffRequest().setUrn(agentUrn).setId("agent_1").setOlds(inputs).setNews(now.getInputs()),
    );
    const args = { agent: named, environmentId: "env_1", initialEvents: "hello" };
    const told = await warningsOf({ type: "Deployment", args, name: "report", id: "dep_1" });
    expect(told).toEqual(
      isTold
        ? [
            expect.stringMatching(
              /"report": keeps the version that it runs while its agent "reporter" changes.*\[stays-behind\]$/,
            ),
          ]
        : [],
    );
  });
});
