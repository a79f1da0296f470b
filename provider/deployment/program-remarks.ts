import * as pulumi from "@pulumi/pulumi";
import { QoderAgent } from "../agent";
import { QoderEnvironment } from "../environment";
import { QoderFile } from "../file";
import { isComputed, runningCommand } from "../program/inputs";
import type { RemarkKind } from "../resource/plan-remark";

/**
 * Warns in a preview of each tool of the agent that waits for a person: in the run of a deployment nobody answers. The
 * program warns and not the provider, because only the program knows the QoderAgent before the agent has an id.
 */
export function warnOfWaitingTools(
  deployment: pulumi.Resource,
  name: string,
  agent: unknown,
  acknowledge: unknown,
): void {
  if (!tellsOfPlan("waiting-tool", acknowledge)) {
    return;
  }
  if (isComputed(agent)) {
    pulumi.all([agent]).apply(([known]) => warnOfWaitingTools(deployment, name, known, acknowledge));
  } else if (QoderAgent.isInstance(agent)) {
    // Waiting for the URN of the deployment keeps the warning away if `check` refuses the deployment.
    pulumi
      .all([agent.urn, agent.tools, pulumi.isSecret(agent.tools), deployment.urn])
      .apply(([urn, tools, isSecret]) => {
        const subject = `QoderDeployment "${name}": its agent "${urn.split("::").at(-1)}"`;
        const remarks = waitingTools(tools).map((tool) => `${subject} ${remark(tool, isSecret)} [waiting-tool]`);
        return Promise.all(remarks.map((text) => pulumi.log.warn(text, deployment)));
      });
  }
}

/**
 * A session that stopped with `requires_action` never times out: Qoder's guide, as the articles "Agent Infra: Cloud Agents" of August
 * 2026 retell it.
 */
function remark({ place, name, waitsFor }: WaitingTool, isSecret: boolean): string {
  // If the tools are a secret, any member may be the secret one, so the warning leaves the name out.
  const tool = isSecret || typeof name !== "string" ? place : `${JSON.stringify(name)} (${place})`;
  if (waitsFor === "client") {
    return `leaves the custom tool ${tool} to a client. In an unattended run no client answers, and a pending call never times out: the run waits indefinitely. Take the tool out, or let a client answer in every run`;
  }
  const tools = name === undefined ? `every tool without settings of its own (${place})` : tool;
  return `asks for approval of ${tools}. In an unattended run nobody answers, and a pending approval never times out: the run waits indefinitely. Set permissionPolicy to always_allow or always_deny, or disable the tool`;
}

/**
 * Warns in a preview of each file of a scheduled deployment that the service will delete: after that no run starts. The
 * program warns and not the provider, because only the program knows the QoderFile before the file has an id.
 */
export function warnOfExpiringFiles(
  deployment: pulumi.Resource,
  name: string,
  schedule: unknown,
  resources: unknown,
  acknowledge: unknown,
): void {
  if (
    !tellsOfPlan("expiring-file", acknowledge) ||
    schedule === undefined ||
    schedule === null ||
    resources === undefined
  ) {
    return;
  }
  // `apply` would not call back while the id of the file is unknown.
  void resourcesOf(pulumi.output(resources)).then((named) => {
    for (const file of named.filter((one): one is QoderFile => QoderFile.isInstance(one))) {
      warnOf(deployment, name, file);
    }
  });
}

/**
 * Warns in a preview of an environment in which no run of the deployment can work. The program warns and not the provider, because only
 * the program knows the resources before they have ids.
 */
export function warnOfEnvironment(deployment: pulumi.Resource, name: string, args: Members): void {
  const { agent, environmentId, environmentVariables, resources, acknowledge } = args;
  if (!tellsOfPlan("environment", acknowledge)) {
    return;
  }
  void Promise.all([namedBy(environmentId), namedBy(agent)]).then(([environments, agents]) => {
    const environment = environments.find((one): one is QoderEnvironment => QoderEnvironment.isInstance(one));
    const declared = agents.find((one): one is QoderAgent => QoderAgent.isInstance(one));
    if (environment === undefined) {
      return;
    }
    const given = [environmentVariables, resources, declared?.mcpServers].map((value) => pulumi.output(value));
    // Waiting for the URN of the deployment keeps the warning away if `check` refuses the deployment.
    pulumi
      .all([environment.urn, environment.config, pulumi.all(given), deployment.urn])
      .apply(([urn, config, [variables, mounted, servers]]) => {
        const unfit = unfitEnvironment(members(config), { variables, mounted, servers });
        const subject = `QoderDeployment "${name}": its environment "${urn.split("::").at(-1)}"`;
        return Promise.all(unfit.map((text) => pulumi.log.warn(`${subject} ${text} [environment]`, deployment)));
      });
  });
}

/** The resource that the argument is, or those that it depends on, as `environment.id` depends on the environment. */
async function namedBy(value: unknown): Promise<unknown[]> {
  return pulumi.Resource.isInstance(value) ? [value] : resourcesOf(pulumi.output(value));
}

function unfitEnvironment(
  { type, networking }: Members,
  {
    variables,
    mounted,
    servers,
  }: { readonly variables: unknown; readonly mounted: unknown; readonly servers: unknown },
): string[] {
  if (type === "self_hosted") {
    const refused = [
      ...(Object.keys(members(variables)).length > 0 ? ["environmentVariables"] : []),
      ...(list(mounted).length > 0 ? ["resources"] : []),
    ].join(" and no ");
    return refused === ""
      ? []
      : [
          `is self-hosted and takes no ${refused}: each run fails (self_hosted_resources_unsupported_error). Take them out of the deployment, or name another environment`,
        ];
  }
  const { type: network = "limited", allowMcpServers, allowedHosts } = members(networking);
  const isReached = (server: unknown) => {
    const { url } = members(server);
    return typeof url === "string" && URL.canParse(url) && list(allowedHosts).includes(new URL(url).hostname);
  };
  return network !== "limited" || allowMcpServers === true || list(servers).every(isReached)
    ? []
    : [
        'does not allow the MCP servers of its agent: no run reaches them (mcp_egress_blocked_error). Write networking: { type: "limited", allowMcpServers: true } in the config of the environment',
      ];
}

/** The resources that the value depends on. `allResources` is in the SDK (@pulumi/pulumi output.js), but not in its types. */
async function resourcesOf(output: object): Promise<unknown[]> {
  const ask: unknown = Reflect.get(output, "allResources");
  const found: unknown =
    typeof ask === "function" ? await Promise.resolve(ask.call(output)).catch(() => []) : undefined;
  return found instanceof Set ? [...found] : [];
}

function warnOf(deployment: pulumi.Resource, name: string, file: QoderFile): void {
  // Waiting for the URN of the deployment keeps the warning away if `check` refuses the deployment.
  pulumi.all([file.urn, file.expiresInSeconds, deployment.urn]).apply(([urn, seconds]) => {
    if (typeof seconds === "number") {
      const days = Math.round((seconds / 86_400) * 10) / 10;
      return pulumi.log.warn(
        `QoderDeployment "${name}": its file "${urn.split("::").at(-1)}" is deleted ${days} days after its upload, and from then on no scheduled run starts (file_not_found_error) [expiring-file]`,
        deployment,
      );
    }
    return undefined;
  });
}

/** A tool whose use waits for a person or a client. */
interface WaitingTool {
  /** The place in the program, such as `tools[0].configs[1]`. */
  readonly place: string;
  /** The name of the tool; undefined for all tools of a set that have no settings of their own. */
  readonly name: unknown;
  readonly waitsFor: "approval" | "client";
}

type Members = Readonly<Record<string, unknown>>;

/**
 * The tools that say `always_ask`, and the custom tools. The tools may come from the service, in a form that this version
 * does not know. A tool without a policy is not among them: no page documents the default of `mcp_toolset`.
 */
function waitingTools(tools: unknown): WaitingTool[] {
  return list(tools)
    .map(members)
    .flatMap((tool, index): WaitingTool[] => {
      const place = `tools[${index}]`;
      return tool["type"] === "custom" ? [{ place, name: tool["name"], waitsFor: "client" }] : askingTools(tool, place);
    });
}

function askingTools(set: Members, place: string): WaitingTool[] {
  const byDefault = members(set["defaultConfig"]);
  const others = { place: `${place}.defaultConfig`, name: undefined, settings: byDefault };
  const configured = list(set["configs"])
    .map(members)
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

function asks({ enabled, permissionPolicy }: Members): boolean {
  return enabled !== false && members(permissionPolicy)["type"] === "always_ask";
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function members(value: unknown): Members {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/**
 * Whether the program shows a remark of this kind. Only previews show remarks, because each update follows a preview, and
 * neither `qoder:remarks` nor `acknowledge` may exclude the kind.
 */
export function tellsOfPlan(kind: RemarkKind, acknowledge: unknown): boolean {
  const { isPreview, remarks = "" } = runningCommand();
  const words = remarks.split(",").map((word) => word.trim());
  const isAcknowledged = Array.isArray(acknowledge) && acknowledge.includes(kind);
  return isPreview && !words.includes("none") && !words.includes(kind) && !isAcknowledged;
}
