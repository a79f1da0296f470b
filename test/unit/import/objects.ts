import type { Described } from "../../../command/import/import-kind";
import { importKinds } from "../../../command/import/kinds";

type Members = Readonly<Record<string, unknown>>;

/** Parses a reply as the import command does. */
function described(noun: string, reply: { readonly id: string } & Members, holder?: string): Described {
  const kind = importKinds.find((one) => one.noun === noun);
  const object = kind?.parse(reply, holder);
  if (object === undefined || "problem" in object) {
    throw new Error(`cannot read ${JSON.stringify(reply)}: ${object?.problem}`);
  }
  return object;
}

export const text = (value: string) => ({ type: "user.message", content: [{ type: "text", text: value }] });

const times = { created_at: "2026-06-14T08:53:32Z", updated_at: "2026-06-14T08:53:32Z" };
/** What every object shows. */
const shared = { description: "", metadata: {}, archived_at: null, ...times };
const { description: _, ...undescribed } = shared;

/** Replies of the service. */
export const replies = {
  deployment: (more: Members = {}) => ({
    ...{ id: "dep_1", name: "daily", agent: { id: "agent_1", type: "agent", version: 3 }, environment_id: "env_1" },
    ...{ schedule: null, initial_events: [text("Generate today's status report")], resources: [], vault_ids: [] },
    ...{ environment_variables: "", status: "active", paused_reason: null },
    ...shared,
    ...more,
  }),
  agent: (more: Members = {}) => ({
    ...{ id: "agent_1", name: "reporter", model: "ultimate", system: "", tools: [], mcp_servers: [], skills: [] },
    ...{ multiagent: null, version: 3 },
    ...shared,
    ...more,
  }),
  environment: (more: Members = {}) => ({
    ...{ id: "env_1", name: "cloud", config: { type: "cloud", networking: { type: "unrestricted" } } },
    ...shared,
    ...more,
  }),
  vault: (more: Members = {}) => ({ id: "vault_1", display_name: "tracker", ...undescribed, ...more }),
  credential: (more: Members = {}) => ({
    ...{ id: "vcred_1", vault_id: "vault_1", display_name: null },
    auth: { type: "static_bearer", mcp_server_url: "https://mcp.example.com" },
    ...undescribed,
    ...more,
  }),
  memoryStore: (more: Members = {}) => ({
    ...{ id: "memstore_1", name: "lessons", status: "active", entry_count: 3, total_size: 7 },
    ...shared,
    ...more,
  }),
};

export const vault = (more?: Members) => described("vault", replies.vault(more));
export const credential = (auth: Members, more?: Members) =>
  described("vault credential", replies.credential({ auth, ...more }), "vault_1");
export const memoryStore = (more?: Members) => described("memory store", replies.memoryStore(more));
export const deployment = (more?: Members) => described("deployment", replies.deployment(more));
export const agent = (more?: Members) => described("agent", replies.agent(more));
export const environment = (more?: Members) => described("environment", replies.environment(more));

/** An agent that coordinates other agents. */
export function team(id: string, agents: readonly unknown[], more: Members = {}): Described {
  const multiagent = { type: "coordinator", agents };
  return agent({ id, name: id.replace("agent_", "team-"), tools: [{ type: toolset }], multiagent, ...more });
}

const packages = { type: "packages", apt: ["jq"], cargo: [], gem: [], go: [], npm: [], pip: [] };
const limited = { type: "limited", allowed_hosts: [], allow_package_managers: false, allow_mcp_servers: false };
export const open = { config: { type: "cloud", networking: { ...limited, type: "unrestricted" } } };
export const toolset = "agent_toolset_20260401";
const policy = { enabled: true, permission_policy: { type: "always_allow" } };
export const schema = {
  type: "object",
  properties: { some_id: { type: "string", default: null }, someId: { enum: [null] } },
};

/** Objects with many of the forms in which the service may show them. */
export const live = {
  deployment: replies.deployment({
    resources: [
      { type: "github_repository", url: "https://github.com/acme/shop", mount_path: "/workspace/shop" },
      { type: "memory_store", memory_store_id: "memstore_1", access: "read_write", instructions: null },
    ],
    metadata: { team: "x", cas_config: { session_strategy: "new_session", config: { max_retries: 2 } } },
    environment_variables: "B=2;A=1",
    budget: { type: "limit", max_credit_cost: "12.50" },
  }),
  agent: replies.agent({
    model: { id: "ultimate", effort: "high", context_window: 400_000 },
    system: "You write `reports`.\r\nIn $" + "{language}.\n",
    tools: [
      { type: toolset, enabled_tools: [], configs: [], default_config: policy },
      { type: "mcp_toolset", mcp_server_name: "tracker", configs: [{ name: "search", ...policy }] },
      { type: "custom", name: "ask", description: "asks", input_schema: schema },
    ],
    mcp_servers: [{ type: "http", name: "tracker", url: "https://mcp.example.com" }],
    skills: [{ type: "custom", skill_id: "skill_1", version: null }],
    multiagent: {
      type: "coordinator",
      agents: ["agent_2", { type: "agent", id: "agent_3", version: null }, { type: "advisor", model: { id: "auto" } }],
    },
    metadata: { team: "x", empty: "" },
  }),
  environment: replies.environment({
    config: { type: "managed", networking: limited, packages, setup_script: "set -e\ncurl `x`\n" },
    metadata: { empty: "" },
  }),
};
