import { agentKind } from "../../provider/agent/kind";
import { agentSource, agentType } from "../../provider/agent/type";
import { deploymentKind } from "../../provider/deployment/kind";
import { deploymentSource, deploymentType } from "../../provider/deployment/type";
import { environmentKind } from "../../provider/environment/kind";
import { environmentSource, environmentType } from "../../provider/environment/type";
import { providerSource, resourceType } from "../../provider/program/source";
import { argumentsIn } from "../../provider/resource/arguments";
import type { ResourceKind } from "../../provider/resource/kind";
import type { BaseReply } from "../../provider/resource/outputs";
import { KindProvider } from "../../provider/resource/provider";
import type { QoderApi, Switches } from "../qoder-api";
import type { Console } from "../qoder-api/console";
import type { JsonObject } from "../qoder-api/wire";
import { createNamed, rowOf } from "./argument-table";
import { argumentNames } from "./deployment";
import type { LoadedKind } from "./in-process-provider";
import type { Properties } from "./provider";
import { toyKind } from "./toy-kind";
import type { ToyService } from "./toy-service";

/** An argument that the body of an update carries. */
interface ArgumentRow {
  readonly value: unknown;
  /** What somebody makes of it at the service, as the body of an update, and how a program would write that. */
  readonly edit: JsonObject;
  readonly edited: unknown;
  /** What puts the value back. */
  readonly repair: JsonObject;
  /** What takes the edit back where the program leaves the argument out; absent where it is left to others. */
  readonly cleared?: JsonObject;
  /** The services that know the argument; absent where all do. */
  readonly under?: readonly Partial<Switches>[];
  /** Arguments without which this one is refused. */
  readonly needs?: Properties;
}

type KindConsole = Pick<
  Console<{ readonly id: string; readonly name: string }>,
  "get" | "all" | "live" | "edit" | "archive" | "remove"
>;

interface Described {
  readonly type: string;
  readonly source: string;
  /** The least that a program can declare, besides the name. */
  readonly least: Properties;
  readonly arguments: Readonly<Record<string, ArgumentRow>>;
  /** Arguments that hold the secret in a member that is declared secret; absent where the kind has none. */
  readonly secret?: (secret: string) => Properties;
  /** What an update carries besides its changes, as things stand; absent where that is nothing. */
  readonly beside?: (api: QoderApi, id: string) => JsonObject;
  /** Makes what the arguments name. */
  readonly prepare?: (api: QoderApi) => void;
  readonly console: (api: QoderApi, toys: ToyService) => KindConsole;
}

/** What the tests need to know of a kind. All else that they expect follows from its paths and fields. */
export interface KindRow extends Described, LoadedKind {
  readonly label: string;
  readonly noun: string;
  /** What its arguments name by ids, in words. */
  readonly references: string | undefined;
  readonly collection: string;
  readonly fields: Readonly<
    Record<string, { readonly secretMembers?: readonly string[]; readonly buildsOnLive?: true }>
  >;
  /** The argument that is set by a request of its own. */
  readonly statusArgument: string | undefined;
  /** An update names the version that it was computed from, and is refused where another one is the newest. */
  readonly isLocked: boolean;
  /** The path of what proves the right account. */
  witness(properties: Properties): string | undefined;
}

export function kindRow<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  kind: ResourceKind<Arguments, Outputs, Reply>,
  described: Described,
): KindRow {
  const { label, noun, references, collection, fields, statusChange, locking } = kind;
  return {
    ...described,
    ...{ label, noun, references, collection, fields },
    statusArgument: statusChange === undefined ? undefined : String(statusChange.argument),
    isLocked: locking !== undefined,
    begin: (session) => new KindProvider(kind, session),
    witness(properties) {
      const path = kind.witness(argumentsIn(kind, properties))?.path;
      return path === undefined ? undefined : `/${path.join("/")}`;
    },
  };
}

const deploymentArguments = argumentNames.flatMap((name): [string, ArgumentRow][] => {
  const { value, edited, sent, removed, leftOut, generations = [1, 2] } = rowOf(name);
  if (edited === undefined) {
    return [];
  }
  const { declared = value, by: edit, to, repaired: repair = sent } = edited;
  const cleared = leftOut === "cleared" ? { cleared: removed } : {};
  const under = generations.map((generation) => ({ generation }));
  return [[name, { value: declared, edit, edited: to, repair, ...cleared, under }]];
});

const deployment = kindRow(deploymentKind, {
  type: deploymentType,
  source: deploymentSource,
  least: {
    agent: "agent_a",
    environmentId: "env_a",
    initialEvents: [{ type: "user.message", content: "Generate today's status report" }],
  },
  arguments: Object.fromEntries(deploymentArguments),
  secret: (authorizationToken) => ({
    resources: [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken }],
  }),
  prepare: createNamed,
  console: (api) => api.deployments,
});

const labels: ArgumentRow = {
  value: { team: "platform" },
  edit: { metadata: { team: "data" } },
  edited: { team: "data" },
  repair: { metadata: { team: "platform" } },
};
const nameRow: ArgumentRow = {
  value: "daily",
  edit: { name: "nightly" },
  edited: "nightly",
  repair: { name: "daily" },
};
const descriptionRow: ArgumentRow = {
  value: "for the team",
  edit: { description: "for all" },
  edited: "for all",
  repair: { description: "for the team" },
  cleared: { description: "" },
};

const toolset = { type: "agent_toolset_20260401" };

export const agent = kindRow(agentKind, {
  type: agentType,
  source: agentSource,
  least: { model: "ultimate" },
  arguments: {
    name: nameRow,
    model: {
      value: "ultimate",
      edit: { model: { id: "ultimate", effort: "low" } },
      edited: { id: "ultimate", effort: "low" },
      repair: { model: "ultimate" },
    },
    system: {
      value: "You write reports.",
      edit: { system: "You write poems." },
      edited: "You write poems.",
      repair: { system: "You write reports." },
      cleared: { system: "" },
    },
    description: descriptionRow,
    tools: {
      value: [toolset],
      edit: { tools: [{ ...toolset, disallowed_tools: ["Bash"] }] },
      edited: [{ ...toolset, disallowedTools: ["Bash"] }],
      repair: { tools: [toolset] },
      cleared: { tools: [] },
    },
    mcpServers: {
      value: [{ name: "tracker", url: "https://mcp.example.com" }],
      edit: { mcp_servers: [{ type: "url", name: "tracker", url: "https://elsewhere.example.com" }] },
      edited: [{ name: "tracker", url: "https://elsewhere.example.com" }],
      repair: { mcp_servers: [{ type: "url", name: "tracker", url: "https://mcp.example.com" }] },
      cleared: { mcp_servers: [] },
    },
    skills: {
      value: [{ type: "custom", skillId: "skill_1" }],
      edit: { skills: [{ type: "qoder", skill_id: "skill_2" }] },
      edited: [{ type: "qoder", skillId: "skill_2" }],
      repair: { skills: [{ type: "custom", skill_id: "skill_1" }] },
      cleared: { skills: [] },
    },
    multiagent: {
      value: { type: "coordinator", agents: [{ type: "self" }] },
      edit: { multiagent: { type: "coordinator", agents: ["agent_b"] } },
      edited: { type: "coordinator", agents: ["agent_b"] },
      repair: { multiagent: { type: "coordinator", agents: [{ type: "self" }] } },
      cleared: { multiagent: null },
      needs: { tools: [toolset] },
    },
    metadata: labels,
  },
  beside: (api, id) => ({ version: api.agents.get(id).version }),
  console: (api) => api.agents,
});

const open = { type: "cloud", networking: { type: "unrestricted" } };

export const environment = kindRow(environmentKind, {
  type: environmentType,
  source: environmentSource,
  // The preview warns where a configuration says nothing of the network.
  least: { config: open },
  arguments: {
    name: nameRow,
    description: descriptionRow,
    config: {
      value: { ...open, packages: { apt: ["jq"] } },
      edit: { config: { ...open, packages: { apt: ["jq", "nmap"] } } },
      edited: { ...open, packages: { apt: ["jq", "nmap"] } },
      repair: { config: { ...open, packages: { apt: ["jq"] } } },
    },
    metadata: labels,
  },
  console: (api) => api.environments,
});

export const toyDescribed: Described = {
  type: resourceType("Toy"),
  source: providerSource("toy"),
  least: {},
  arguments: {
    name: nameRow,
    colour: {
      value: "red",
      edit: { colour: "blue" },
      edited: "blue",
      repair: { colour: "red" },
      cleared: { colour: "" },
    },
    lock: {
      value: { type: "bolt", code: "four-seven-one" },
      edit: { lock: { type: "chain" } },
      edited: { type: "chain", code: "four-seven-one" },
      repair: { lock: { type: "bolt", code: "four-seven-one" } },
    },
  },
  secret: (code) => ({ lock: { type: "bolt", code } }),
  console: (_, toys) => toys.console,
};

/** A row a kind; a kind of `plugin.ts` that has none fails a test. */
export const kinds: readonly KindRow[] = [deployment, agent, environment, kindRow(toyKind, toyDescribed)];

export const kindsWithSecret = kinds.flatMap(({ secret, ...kind }) =>
  secret === undefined ? [] : [{ ...kind, secret }],
);
