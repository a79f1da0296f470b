import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, type QoderDeploymentArgs, QoderEnvironment, QoderFile } from "../../../provider";
import { loadedKinds } from "../../../provider/loaded-kinds";
import { KindProvider } from "../../../provider/resource/provider";
import { Session } from "../../../provider/resource/session/session";
import { SkippingClock } from "../../support/skipping-clock";
import { asReceived } from "../../support/struct";

// The program tells the provider which resources its arguments use, and the provider warns of them, also before they have ids.

interface Registered {
  readonly type: string;
  readonly inputs: Record<string, unknown>;
}
const registered: Registered[] = [];
beforeEach(() => {
  registered.length = 0;
  const newResource = ({ type, inputs }: pulumi.runtime.MockResourceArgs) => {
    registered.push({ type, inputs });
    return { id: undefined, state: inputs };
  };
  pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "dev", true);
});

const { Agent, Environment, File, Deployment } = loadedKinds;
const kinds = { Agent, Environment, File, Deployment };

/** The inputs as the engine sends them: the mocks have an object in place of the text for an unknown value. */
function sent(inputs: object): object {
  return JSON.parse(JSON.stringify(inputs), (_, value) =>
    value?.__pulumiUnknown ? pulumi.runtime.unknownValue : value,
  );
}

/** The messages of the provider about the registered program, in the order of its registrations. */
async function told(deployment: QoderDeployment): Promise<string[]> {
  await new Promise((resolve) => deployment.urn.apply(resolve));
  const messages: string[] = [];
  const tell = async ({ text }: { readonly text: string }) => void messages.push(text);
  const session = new Session({ clock: new SkippingClock(), environment: {}, tell });
  for (const { type, inputs } of registered) {
    const [, kind] = Object.entries(kinds).find(([name]) => type.endsWith(`:${name}`)) ?? [];
    const { failures = [] } =
      (await new KindProvider((kind ?? kinds.Deployment)(), session).check({}, asReceived(sent(inputs)))) ?? {};
    expect(failures.filter(({ reason }) => !/token/.test(reason))).toEqual([]);
  }
  await session.remarks.end();
  return messages.filter((text) => /\[(waiting-tool|environment|expiring-file)\]$/.test(text));
}

const custom = { type: "custom", name: "ask", description: "asks", inputSchema: { type: "object" } } as const;
const initialEvents = "go";
const agents = () => ({
  asking: new QoderAgent("asking", { model: "ultimate", tools: [custom] }),
  quiet: new QoderAgent("quiet", { model: "ultimate", mcpServers: [{ name: "t", url: "https://mcp.example.com" }] }),
});
const waits = expect.stringContaining('QoderDeployment "daily": its agent "asking" leaves the custom tool "ask"');

test.each<[string, (named: ReturnType<typeof agents>) => QoderDeploymentArgs["agent"], unknown[]]>([
  ["the one of two new agents that the deployment names", ({ asking }) => asking, [waits]],
  ["an agent in an Output", ({ asking }) => pulumi.output(Promise.resolve(asking)), [waits]],
  ["an agent that the deployment names by its id", ({ asking }) => asking.id, [waits]],
  ["no agent that another deployment names", ({ quiet }) => quiet, []],
  ["no agent that this program does not declare", () => "agent_1", []],
])("a preview warns of the waiting tools of %s", async (_, agent, expected) => {
  expect(
    await told(new QoderDeployment("daily", { agent: agent(agents()), environmentId: "env_1", initialEvents })),
  ).toEqual(expected);
});

test("a first preview warns of variables in a new self-hosted environment, also if the agent has no servers", async () => {
  const environmentId = new QoderEnvironment("own", { config: { type: "self_hosted" } });
  const agent = new QoderAgent("plain", { model: "ultimate" });
  const environmentVariables = { MODE: "fast" };
  const daily = new QoderDeployment("daily", { agent, environmentId, environmentVariables, initialEvents });
  expect(await told(daily)).toEqual([
    expect.stringContaining('its environment "own" is self-hosted and takes no environmentVariables'),
  ]);
});

test("a preview warns of a new environment that shuts the servers of the agent out, and of a new file that expires", async () => {
  const { quiet } = agents();
  const open = new QoderEnvironment("open", { config: { type: "cloud", networking: { type: "unrestricted" } } });
  const shut = new QoderEnvironment("shut");
  const kept = new QoderFile("kept", { content: "kept" });
  const terms = new QoderFile("terms", { content: "terms", expiresInSeconds: 86_400 });
  const schedule = { expression: "0 9 * * *", timezone: "UTC" };
  new QoderDeployment("other", {
    agent: quiet,
    environmentId: open,
    resources: [{ type: "file", fileId: kept }],
    schedule,
    initialEvents,
  });
  const resources = [{ type: "file" as const, fileId: terms }];
  const daily = new QoderDeployment("daily", { agent: quiet, environmentId: shut, resources, schedule, initialEvents });
  expect(await told(daily)).toEqual([
    expect.stringContaining(
      'QoderDeployment "daily": its environment "shut" does not allow the MCP servers of its agent',
    ),
    expect.stringContaining('QoderDeployment "daily": its file "terms" is deleted 24 hours after its upload'),
  ]);
});
