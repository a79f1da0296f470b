import { durationText } from "../api/clock";
import { membersOf, type Properties } from "../resource/kind/program-values";

// The rules about a deployment and the objects that it names.

/** The tools of the agent that wait for a person: in the run of a deployment nobody answers. The texts follow the words "its agent ...". */
export function waitingToolTexts(tools: unknown, isSecret: boolean): string[] {
  return waitingTools(tools).map((tool) => waitingText(tool, isSecret));
}

/**
 * A session that stopped with `requires_action` never times out: Qoder's guide, as the articles "Agent Infra: Cloud Agents" of August
 * 2026 retell it.
 */
function waitingText({ place, name, waitsFor }: WaitingTool, isSecret: boolean): string {
  // If the tools are a secret, any member may be the secret one, so the warning leaves the name out.
  const tool = isSecret || typeof name !== "string" ? place : `${JSON.stringify(name)} (${place})`;
  if (waitsFor === "client") {
    return `leaves the custom tool ${tool} to a client. No client answers in an unattended run, and a pending call never times out: the run waits indefinitely. Remove the tool, or let a client answer`;
  }
  const tools = name === undefined ? `every tool without settings of its own (${place})` : tool;
  return `asks for approval of ${tools}. Nobody answers in an unattended run, and a pending approval never times out: the run waits indefinitely. Set permissionPolicy to always_allow or always_deny`;
}

/** What a deployment does that names its agent by the id alone, while the program changes the agent. */
export function stayingText(agent: string): string {
  return `keeps the version that it runs while its agent "${agent}" changes, because the program names the agent by its id alone. To follow, give the agent itself (in YAML { id: \${${agent}}, version: \${${agent}.version} }); to stay without this warning, give { id, version }`;
}

/** Says, after the words "its file ...", when the service deletes the file; undefined if the service keeps it. */
export function expiryText(seconds: unknown): string | undefined {
  return typeof seconds !== "number"
    ? undefined
    : `is deleted ${durationText(seconds * 1_000)} after its upload, and then no scheduled run starts (file_not_found_error): upload it again before`;
}

/** The reasons why no run of the deployment works in the environment, in texts that follow the words "its environment ...". */
export function unfitEnvironment(
  config: unknown,
  {
    variables,
    mounted,
    servers,
  }: { readonly variables: unknown; readonly mounted: unknown; readonly servers: unknown },
): string[] {
  const { type, networking } = membersOf(config);
  if (type === "self_hosted") {
    const refused = [
      ...(Object.keys(membersOf(variables)).length > 0 ? ["environmentVariables"] : []),
      ...(list(mounted).length > 0 ? ["resources"] : []),
    ].join(" and no ");
    return refused === ""
      ? []
      : [
          `is self-hosted and takes no ${refused}: each run fails (self_hosted_resources_unsupported_error). Remove them, or use another environment`,
        ];
  }
  const { type: network = "limited", allowMcpServers, allowedHosts } = membersOf(networking);
  const isReached = (server: unknown) => {
    const { url } = membersOf(server);
    const host = typeof url === "string" && URL.canParse(url) ? new URL(url).hostname : "";
    return list(allowedHosts).some(
      (one) => one === host || (/^\*\./.test(`${one}`) && host.endsWith(`${one}`.slice(1))),
    );
  };
  return network !== "limited" || allowMcpServers === true || list(servers).every(isReached)
    ? []
    : [
        'does not allow the MCP servers of its agent: no run reaches them (mcp_egress_blocked_error). Write networking: { type: "limited", allowMcpServers: true } in the config of the environment',
      ];
}

/** A tool whose use waits for a person or a client. */
interface WaitingTool {
  /** The place in the program, such as `tools[0].configs[1]`. */
  readonly place: string;
  /** The name of the tool; undefined for all tools of a set that have no settings of their own. */
  readonly name: unknown;
  readonly waitsFor: "approval" | "client";
}

/**
 * The tools that say `always_ask`, and the custom tools. The tools may come from the service, in a form that this version
 * does not know. A tool without a policy is not among them: no page documents the default of `mcp_toolset`.
 */
function waitingTools(tools: unknown): WaitingTool[] {
  return list(tools)
    .map(membersOf)
    .flatMap((tool, index): WaitingTool[] => {
      const place = `tools[${index}]`;
      return tool["type"] === "custom" ? [{ place, name: tool["name"], waitsFor: "client" }] : askingTools(tool, place);
    });
}

function askingTools(set: Properties, place: string): WaitingTool[] {
  const byDefault = membersOf(set["defaultConfig"]);
  const others = { place: `${place}.defaultConfig`, name: undefined, settings: byDefault };
  const configured = list(set["configs"])
    .map(membersOf)
    .map((config, index) => ({
      place: `${place}.configs[${index}]`,
      name: config["name"],
      settings: { ...byDefault, ...config },
    }));
  const enabled = list(set["enabledTools"]);
  const offered =
    enabled.length === 0
      ? [others, ...configured]
      : enabled.map((name) => configured.find((config) => config.name === name) ?? { ...others, name });
  return offered
    .filter(({ name, settings }) => asks(settings) && !list(set["disallowedTools"]).includes(name))
    .map(({ place, name }) => ({ place, name, waitsFor: "approval" }));
}

function asks({ enabled, permissionPolicy }: Properties): boolean {
  return enabled !== false && membersOf(permissionPolicy)["type"] === "always_ask";
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
