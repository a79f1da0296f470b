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

/** Replies of the service. */
export const replies = {
  deployment: (more: Members = {}) => ({
    id: "dep_1",
    name: "daily",
    description: "",
    agent: { id: "agent_1", type: "agent", version: 3 },
    environment_id: "env_1",
    schedule: null,
    initial_events: [text("Generate today's status report")],
    resources: [],
    vault_ids: [],
    metadata: {},
    environment_variables: "",
    status: "active",
    paused_reason: null,
    archived_at: null,
    ...times,
    ...more,
  }),
  agent: (more: Members = {}) => ({
    id: "agent_1",
    name: "reporter",
    description: "",
    model: "ultimate",
    system: "",
    tools: [],
    mcp_servers: [],
    skills: [],
    metadata: {},
    multiagent: null,
    version: 3,
    archived_at: null,
    ...times,
    ...more,
  }),
  environment: (more: Members = {}) => ({
    id: "env_1",
    name: "cloud",
    description: "",
    config: { type: "cloud", networking: { type: "unrestricted" } },
    metadata: {},
    archived_at: null,
    ...times,
    ...more,
  }),
  vault: (more: Members = {}) => ({
    id: "vault_1",
    display_name: "tracker",
    metadata: {},
    archived_at: null,
    ...times,
    ...more,
  }),
  credential: (more: Members = {}) => ({
    id: "vcred_1",
    vault_id: "vault_1",
    auth: { type: "static_bearer", mcp_server_url: "https://mcp.example.com" },
    display_name: null,
    metadata: {},
    archived_at: null,
    ...times,
    ...more,
  }),
  memoryStore: (more: Members = {}) => ({
    id: "memstore_1",
    name: "lessons",
    description: "",
    status: "active",
    entry_count: 3,
    total_size: 7,
    metadata: {},
    archived_at: null,
    ...times,
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
  const tools = [{ type: "agent_toolset_20260401" }];
  return agent({
    id,
    name: id.replace("agent_", "team-"),
    tools,
    multiagent: { type: "coordinator", agents },
    ...more,
  });
}
