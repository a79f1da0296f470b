import type { Switches } from "../qoder-api";
import type { JsonObject } from "../qoder-api/wire";
import type { KindRow } from "./kind-row";
import { agent, deployment, environment } from "./kinds";
import type { Properties } from "./provider";

/** A change of a program, and the request that carries it. */
export interface Update {
  readonly what: string;
  readonly before: Properties;
  readonly after: Properties;
  /** Members of the request. */
  readonly members: string;
  readonly body: JsonObject;
  readonly switches?: Partial<Switches>;
}

const labels: readonly Update[] = [
  {
    what: "a label that is set",
    before: { metadata: { team: "a" } },
    after: { metadata: { team: "a", tier: "1" } },
    members: "metadata",
    body: { metadata: { tier: "1" } },
  },
  {
    what: "a label that is changed",
    before: { metadata: { team: "a" } },
    after: { metadata: { team: "b" } },
    members: "metadata",
    body: { metadata: { team: "b" } },
  },
  {
    what: "a label that is removed",
    before: { metadata: { team: "a", tier: "1" } },
    after: { metadata: { team: "a" } },
    members: "metadata",
    body: { metadata: { tier: null } },
  },
];
const description: Update = {
  what: "a description",
  before: { description: "old" },
  after: { description: "new" },
  members: "description",
  body: { description: "new" },
};
const removedDescription: Update = {
  what: "a description that is removed",
  before: { description: "old" },
  after: {},
  members: "description",
  body: { description: "" },
};

const toolset = { type: "agent_toolset_20260401" };
const ask = { permissionPolicy: { type: "always_ask" } };
const askWire = { permission_policy: { type: "always_ask" } };
const schedule = { expression: "0 9 * * *", timezone: "UTC" };
const open = { type: "cloud", networking: { type: "unrestricted" } };
/** The changes of each kind that a service may ignore. */
export const updateRows: readonly (readonly [KindRow, readonly Update[]])[] = [
  [
    deployment,
    [
      description,
      removedDescription,
      ...labels,
      {
        what: "the time of a schedule",
        before: { schedule },
        after: { schedule: { ...schedule, expression: "0 10 * * *" } },
        members: "schedule",
        body: { schedule: { type: "cron", ...schedule, expression: "0 10 * * *" } },
      },
      {
        what: "the version of the agent",
        before: { agent: { id: "agent_a", version: 1 } },
        after: { agent: { id: "agent_a", version: 2 } },
        members: "agent",
        body: { agent: { type: "agent", id: "agent_a", version: 2 } },
      },
    ],
  ],
  [
    agent,
    [
      description,
      removedDescription,
      ...labels,
      { what: "a model", before: {}, after: { model: "auto" }, members: "model", body: { model: "auto" } },
      {
        what: "the effort of a model",
        before: { model: { id: "ultimate", effort: "low" } },
        after: { model: { id: "ultimate", effort: "high" } },
        members: "model",
        body: { model: { id: "ultimate", effort: "high" } },
      },
      {
        what: "a tool that is switched off",
        before: { tools: [toolset] },
        after: { tools: [{ ...toolset, disallowedTools: ["Bash"] }] },
        members: "tools",
        body: { tools: [{ ...toolset, disallowed_tools: ["Bash"] }] },
      },
      {
        what: "tools that are removed",
        before: { tools: [toolset] },
        after: {},
        members: "tools",
        body: { tools: [] },
      },
      {
        what: "a default of tools that leaves the program",
        before: { tools: [{ ...toolset, defaultConfig: ask }] },
        after: { tools: [toolset] },
        members: "tools",
        body: { tools: [toolset] },
      },
      {
        what: "settings of one tool, where replies show every default,",
        before: { tools: [{ ...toolset, configs: [{ name: "Bash", ...ask }] }] },
        after: { tools: [{ ...toolset, configs: [{ name: "Bash", enabled: false, ...ask }] }] },
        members: "tools",
        body: { tools: [{ ...toolset, configs: [{ name: "Bash", enabled: false, ...askWire }] }] },
        switches: { toolSettings: "resolved" },
      },
    ],
  ],
  [
    environment,
    [
      description,
      ...labels,
      {
        what: "a network that is closed",
        before: { config: open },
        after: { config: { type: "cloud", networking: { type: "limited" } } },
        members: "config",
        body: { config: { type: "cloud", networking: { type: "limited" } } },
      },
      {
        what: "packages",
        before: { config: { ...open, packages: { apt: ["jq"] } } },
        after: { config: { ...open, packages: { apt: ["jq", "git"] } } },
        members: "config",
        body: { config: { ...open, packages: { apt: ["jq", "git"] } } },
      },
    ],
  ],
];
