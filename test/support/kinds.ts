import { agentKind } from "../../provider/agent/kind";
import { deploymentKind } from "../../provider/deployment/kind";
import { deploymentRunKind } from "../../provider/deployment-run/kind";
import { environmentKind } from "../../provider/environment/kind";
import {
  agentSource,
  agentType,
  deploymentRunSource,
  deploymentRunType,
  deploymentSource,
  deploymentType,
  environmentSource,
  environmentType,
  providerSource,
  resourceType,
} from "../../provider/program/source";
import { createNamed, rowOf } from "./argument-table";
import { argumentNames } from "./deployment";
import { type ArgumentRow, type Described, type KindRow, kindRow } from "./kind-row";
import { toyKind } from "./toy-kind";

const deploymentArguments = argumentNames.flatMap((name): [string, ArgumentRow][] => {
  const { value, edited, sent, removed, leftOut, generations = [1, 2] } = rowOf(name);
  if (edited === undefined) {
    return [];
  }
  const { declared = value, by: edit, to, repaired: repair = sent } = edited;
  const cleared = leftOut === "cleared" ? { cleared: removed } : {};
  // What a null clears, it clears.
  const under = generations.map((generation) => ({ generation, scheduleNull: "accept" as const }));
  return [[name, { value: declared, edit, edited: to, repair, ...cleared, under }]];
});

export const deployment = kindRow(deploymentKind, {
  type: deploymentType,
  source: deploymentSource,
  least: {
    agent: "agent_b",
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

const never = () => {
  throw new Error("a run stays as it is");
};

export const deploymentRun = kindRow(deploymentRunKind, {
  type: deploymentRunType,
  source: deploymentRunSource,
  least: { deploymentId: "dep_a" },
  arguments: {},
  replacing: {
    deploymentId: { value: "dep_a", others: ["dep_b"] },
    triggers: {
      value: { commit: "4f2a", deep: { list: [1, null, "a"] } },
      others: [
        { commit: "4f2b", deep: { list: [1, null, "a"] } },
        { commit: "4f2a", deep: { list: [1, "a"] } },
        ["4f2a"],
        {},
        undefined,
      ],
      same: [{ deep: { list: [1, null, "a"] }, commit: "4f2a", none: null }],
    },
  },
  creates: [
    ["GET", "/deployments/dep_a"],
    ["GET", "/deployments/dep_a/runs"],
    ["POST", "/deployments/dep_a/run"],
  ],
  about: ["deployment"],
  prepare(api) {
    createNamed(api);
    for (const id of ["dep_a", "dep_b"]) {
      api.deployments.create(
        {
          name: id,
          agent: "agent_a",
          environment_id: "env_a",
          initial_events: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }],
        },
        undefined,
        undefined,
        id,
      );
    }
  },
  console: ({ runs }) => ({
    ...runs,
    live: runs.all,
    ...{ edit: never, archive: never, changeMember: never, restoreMembers: never },
  }),
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
export const kinds: readonly KindRow[] = [
  deployment,
  agent,
  environment,
  deploymentRun,
  kindRow(toyKind, toyDescribed),
];

/** What holds for objects that are created from a body, changed and archived: by their rows, not all are. */
export const managedKinds = kinds.filter(({ isStarted }) => !isStarted);

export const kindsWithSecret = kinds.flatMap(({ secret, ...kind }) =>
  secret === undefined ? [] : [{ ...kind, secret }],
);
