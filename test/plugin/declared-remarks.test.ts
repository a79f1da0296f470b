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

/** A resource of the program; with an id, one that the state has, by default with the same arguments. */
interface Declared {
  readonly type: "Agent" | "Environment" | "File" | "Deployment";
  readonly args: Properties;
  readonly name?: string;
  readonly id?: string;
  readonly before?: Properties;
}

/** The warnings of the preview of a program, in the order of its declarations. */
async function warningsOf(...program: readonly Declared[]): Promise<readonly string[]> {
  for (const { type, args, name = type.toLowerCase(), id, before = args } of program) {
    const urn = urnOf(`qoder:index:${type}`, name);
    const inputsOf = async (news: Properties, olds?: Properties) => {
      const request = new messages.CheckRequest().setUrn(urn).setNews(struct(news)).setRandomseed("seed");
      const checked = await plugin.answer<messages.CheckResponse>(
        "check",
        olds === undefined ? request : request.setOlds(struct(olds)),
      );
      expect(checked.getFailuresList().map((failure) => failure.getReason())).toEqual([]);
      return checked.getInputs();
    };
    if (id === undefined) {
      const creation = new messages.CreateRequest()
        .setUrn(urn)
        .setProperties(await inputsOf(args))
        .setPreview(true);
      await plugin.answer("create", creation);
    } else {
      const olds = await inputsOf(before, before);
      const news = await inputsOf(args, { ...olds?.toJavaScript() });
      await plugin.answer("diff", new messages.DiffRequest().setUrn(urn).setId(id).setOlds(olds).setNews(news));
    }
  }
  await plugin.answer("cancel", new Empty());
  return plugin.told.filter((line) => /\[(environment|waiting-tool|expiring-file|stays-behind)\]$/.test(line));
}

const server = { name: "tracker", url: "https://mcp.example.com" };
const servers = { mcpServers: [server], tools: [{ type: "mcp_toolset", mcpServerName: "tracker" }] };
const asking = { tools: [{ type: "custom", name: "ask", description: "asks", inputSchema: { type: "object" } }] };
const declared = (type: Declared["type"], args: Properties, id?: string): Declared =>
  id === undefined ? { type, args } : { type, args, id };
const agent = (more: Properties, id?: string) => declared("Agent", { model: "ultimate", ...more }, id);
const environment = (config: Properties, id?: string) => declared("Environment", { config }, id);
const limited = (more: Properties = {}) => ({ type: "cloud", networking: { type: "limited", ...more } });
const unclear = { type: "cloud", networking: unknown };
const deployment = (more: Properties, named: Properties = { agent: unknown, environmentId: unknown }): Declared => ({
  ...declared("Deployment", { initialEvents: "go", ...named, ...more }),
  name: "daily",
});
const schedule = { expression: "0 9 * * *", timezone: "UTC" };
const mounted = (fileId: string) => ({ resources: [{ type: "file", fileId }] });
const file = (more: Properties, id?: string) => declared("File", { content: "Terms", ...more }, id);
const ids = { agent: { id: "agent_1", version: 1 }, environmentId: "env_1" };

const shut =
  'QoderDeployment "daily": its environment "environment" does not allow the MCP servers of its agent: no run reaches them (mcp_egress_blocked_error). Write networking: { type: "limited", allowMcpServers: true } in the config of the environment [environment]';
const selfHosted = (what: string) =>
  `QoderDeployment "daily": its environment "environment" is self-hosted and takes no ${what}: each run fails (self_hosted_resources_unsupported_error). Remove them, or use another environment [environment]`;
const waiting = expect.stringContaining('its agent "agent" leaves the custom tool "ask" (tools[0]) to a client');
const expiring = (time: string) => expect.stringContaining(`its file "file" is deleted ${time} after its upload`);

const fresh = [agent(servers), environment(limited())];
const existing = [agent(servers, "agent_1"), environment(limited(), "env_1")];
const other = { ...environment(limited()), name: "other" };
const ofOthers = { agent: "agent_2", environmentId: "env_2" };
const both = { environmentVariables: { A: "b" }, ...mounted("file_1") };
const hour = { expiresInSeconds: 3_600 };
const quarter = { expiresInSeconds: 90 * 86_400 };

test.each<[string, readonly Declared[], readonly unknown[]]>([
  ["of new objects", [...fresh, deployment({})], [shut]],
  ["of existing objects", [...existing, deployment({}, ids)], [shut]],
  ["of an agent that is named by its id alone", [...existing, deployment({}, { ...ids, agent: "agent_1" })], [shut]],
  ["not of a network that it does not know", [agent(servers), environment(unclear), deployment({})], []],
  ["not of objects of another program", [...existing, deployment({}, ofOthers)], []],
  ["not of one of two new environments", [...fresh, other, deployment({})], []],
  ["not of what is acknowledged", [...fresh, deployment({ acknowledge: ["environment"] })], []],
  [
    "of a self-hosted environment",
    [agent({}), environment({ type: "self_hosted" }), deployment(both)],
    [selfHosted("environmentVariables and no resources")],
  ],
  ["of a tool that waits", [agent(asking), environment(limited()), deployment({})], [waiting]],
  ["of a new file that expires", [file(hour), deployment({ schedule, ...mounted(unknown) })], [expiring("1 hour")]],
  [
    "of an existing file that expires",
    [file(quarter, "file_1"), deployment({ schedule, ...mounted("file_1") })],
    [expiring("90 days")],
  ],
  ["not of the file of a deployment without a schedule", [file(hour), deployment(mounted(unknown))], []],
])("a preview of a deployment warns %s", async (_, program, warnings) => {
  expect(await warningsOf(...program)).toEqual(warnings);
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
  const stays = /"report": keeps the version that it runs while its agent "reporter" changes.*\[stays-behind\]$/;
  test.each<[string, unknown, Properties, readonly RegExp[]]>([
    ["the id alone is told to stay behind when the agent changes", "agent_1", prompt, [stays]],
    ["the id alone in an object is told to stay behind, too", { id: "agent_1" }, prompt, [stays]],
    ["the id alone is told nothing as long as the agent stays as it is", "agent_1", old, []],
    ["its id and version is told nothing", { id: "agent_1", version: 1 }, prompt, []],
    ["the id of an agent outside of the program is told nothing", "agent_2", prompt, []],
  ])("%s", async (_, named, wanted, told) => {
    const reporter = { ...agent(wanted, "agent_1"), name: "reporter", before: old };
    const args = { agent: named, environmentId: "env_1", initialEvents: "hello" };
    const warnings = await warningsOf(reporter, { type: "Deployment", args, name: "report", id: "dep_1" });
    expect(warnings).toEqual(told.map((text) => expect.stringMatching(text)));
  });
});
