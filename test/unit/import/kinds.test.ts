import { agentKind } from "../../../provider/agent/kind";
import { importKinds } from "../../../provider/command/import/kinds";
import { planned } from "../../../provider/command/import/takeover";
import { importFileText } from "../../../provider/command/import/texts";
import { untoldOf } from "../../../provider/command/import/untold";
import { deploymentKind } from "../../../provider/deployment/kind";
import { environmentKind } from "../../../provider/environment/kind";
import { memoryStoreKind } from "../../../provider/memory-store/kind";
import * as plugin from "../../../provider/plugin";
import { providerSource } from "../../../provider/program/source";
import { argumentsIn, liveAsRecorded } from "../../../provider/resource/arguments";
import { diff } from "../../../provider/resource/diff";
import type { ResourceKind } from "../../../provider/resource/kind";
import { vaultKind } from "../../../provider/vault/kind";
import { vaultCredentialKind } from "../../../provider/vault-credential/kind";
import { kinds } from "../../kinds";
import { toyKind } from "../../kinds/toy";
import { agent, credential, deployment, environment, replies } from "./objects";

test("each kind of resource can be imported, except the kinds that start something", () => {
  const others = [...importKinds, ...kinds.filter(({ isStarted }) => isStarted)];
  const sources = others.map(({ source }) => source);
  expect(Object.keys(plugin).filter((name) => !sources.includes(providerSource(name)))).toEqual([]);
});

const packages = { type: "packages", apt: ["jq"], cargo: [], gem: [], go: [], npm: [], pip: [] };
const limited = { type: "limited", allowed_hosts: [], allow_package_managers: false, allow_mcp_servers: false };
const toolset = "agent_toolset_20260401";
const policy = { enabled: true, permission_policy: { type: "always_allow" } };
const schema = { type: "object", properties: { some_id: { type: "string", default: null }, someId: { enum: [null] } } };

/** Objects with many of the forms in which the service may show them. */
const live = {
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

/** Credentials as the service may show them, with nulls and settings of its own. */
const auths = [
  { type: "static_bearer", mcp_server_url: "https://mcp.example.com" },
  { type: "mcp_oauth", mcp_server_url: "https://mcp.example.com", expires_at: "2026-11-25T00:00:00Z", refresh: null },
  {
    type: "mcp_oauth",
    mcp_server_url: "https://mcp.example.com",
    expires_at: null,
    refresh: {
      client_id: "client",
      token_endpoint: "https://auth.example.com/token",
      token_endpoint_auth: { type: "none" },
      resource: null,
      scope: "read write",
    },
  },
  { type: "environment_variable", secret_name: "TOKEN", networking: { type: "unrestricted" } },
  {
    type: "environment_variable",
    secret_name: "TOKEN",
    networking: { type: "limited", allowed_hosts: ["api.github.com"] },
    injection_location: { header: true },
  },
];

function unchanged(kind: ResourceKind, reply: object): () => void {
  return () => {
    const object = importKinds.find(({ noun }) => noun === kind.noun)?.parse({ id: "", ...reply });
    const taken = object === undefined || "problem" in object ? [] : planned([object]).taken;
    const [resource] = JSON.parse(importFileText(taken)).resources;
    expect(resource.outputs).toMatchObject(resource.inputs);
    expect(diff(kind, resource.outputs, resource.inputs).changes).toBe(false);
    const refreshed = liveAsRecorded(kind, kind.reply.parse(reply), argumentsIn(kind, resource.outputs), undefined);
    expect(refreshed).toEqual(argumentsIn(kind, resource.inputs));
  };
}

describe("the imported state equals the program, now and after a refresh", () => {
  test("of a deployment", unchanged(deploymentKind, live.deployment));
  test("of an agent", unchanged(agentKind, live.agent));
  test("of an environment", unchanged(environmentKind, live.environment));
  test("of a vault", unchanged(vaultKind, replies.vault({ metadata: { team: "x" } })));
  test("of a memory store", unchanged(memoryStoreKind, replies.memoryStore({ description: "d" })));
  test.each(auths)("of a credential of the type $type", (auth) =>
    unchanged(vaultCredentialKind, replies.credential({ auth, metadata: { team: "x" } }))(),
  );
});

test("the program of an agent omits empty values and defaults, and has all other values", () => {
  expect(agent(live.agent).inputs).toEqual({
    name: "reporter",
    model: { id: "ultimate", effort: "high", contextWindow: 400_000 },
    system: "You write `reports`.\r\nIn $" + "{language}.\n",
    tools: [
      { type: toolset, defaultConfig: { enabled: true, permissionPolicy: { type: "always_allow" } } },
      {
        type: "mcp_toolset",
        mcpServerName: "tracker",
        configs: [{ name: "search", enabled: true, permissionPolicy: { type: "always_allow" } }],
      },
      { type: "custom", name: "ask", description: "asks", inputSchema: schema },
    ],
    mcpServers: [{ name: "tracker", url: "https://mcp.example.com" }],
    skills: [{ type: "custom", skillId: "skill_1" }],
    multiagent: {
      type: "coordinator",
      agents: ["agent_2", { type: "agent", id: "agent_3" }, { type: "advisor", model: "auto" }],
    },
    metadata: { team: "x", empty: "" },
  });
  expect(agent().inputs).toEqual({ name: "reporter", model: "ultimate" });
});

test("the program of an environment omits the values that every environment has", () => {
  expect(environment(live.environment).inputs).toEqual({
    name: "cloud",
    config: { type: "cloud", packages: { apt: ["jq"] }, setupScript: "set -e\ncurl `x`\n" },
    metadata: { empty: "" },
  });
  expect(environment().inputs).toEqual({
    name: "cloud",
    config: { type: "cloud", networking: { type: "unrestricted" } },
  });
});

test("the program of a credential has no secret, even if the service shows one", () => {
  const networking = { type: "unrestricted" };
  expect(
    credential({ type: "environment_variable", secret_name: "TOKEN", secret_value: "s", networking }).inputs,
  ).toEqual({ vaultId: "vault_1", auth: { type: "environment_variable", secretName: "TOKEN" } });
  expect(credential({ ...auths[1], access_token: "t" }).inputs).toEqual({
    vaultId: "vault_1",
    auth: { type: "mcp_oauth", mcpServerUrl: "https://mcp.example.com" },
  });
});

test("the import file has the type of each resource, and an agent and a deployment may share a name", () => {
  const { taken } = planned([environment(), agent({ name: "daily" }), deployment()]);
  const { resources } = JSON.parse(importFileText(taken));
  expect(resources.map(({ type, name, id }: Record<string, unknown>) => [type, name, id])).toEqual([
    ["pulumi-nodejs:dynamic/qoder:Environment", "cloud", "env_1"],
    ["pulumi-nodejs:dynamic/qoder:Agent", "daily", "agent_1"],
    ["pulumi-nodejs:dynamic/qoder:Deployment", "daily", "dep_1"],
  ]);
  expect(resources[1].inputs.__provider).toBe(providerSource("agent"));
  expect(resources[2].inputs).toMatchObject({ agent: { id: "agent_1", version: 3 }, environmentId: "env_1" });
});

test("a missing secret gets its comment in the object it belongs to, even outside a list", () => {
  const lock = { type: "bolt" };
  const untold = untoldOf(toyKind, { id: "toy_1" }, { name: "daily", lock });
  const lines = expect.arrayContaining(['code: config.requireSecret("code"),']);
  expect([...untold]).toEqual([[lock, expect.objectContaining({ lines, optional: ["code"], required: [] })]]);
});
