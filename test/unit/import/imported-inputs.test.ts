import { importKinds } from "../../../command/import/kinds";
import { importFileText } from "../../../command/import/texts";
import { planned } from "../../../command/import/what-to-import";
import { writeOnlyOf } from "../../../command/import/write-only";
import { agentKind } from "../../../provider/agent/kind";
import { deploymentKind } from "../../../provider/deployment/kind";
import { environmentKind } from "../../../provider/environment/kind";
import { providerSource } from "../../../provider/kinds/table";
import { memoryStoreKind } from "../../../provider/memory-store/kind";
import { argumentsIn, liveAsRecorded } from "../../../provider/resource/compare/arguments";
import type { ResourceKind } from "../../../provider/resource/kind/kind";
import { diff } from "../../../provider/resource/plan/diff";
import { priorStateIn, pulumiName } from "../../../provider/resource/state/state";
import { vaultKind } from "../../../provider/vault/kind";
import { vaultCredentialKind } from "../../../provider/vault-credential/kind";
import { toyKind } from "../../kinds/toy";
import { agent, credential, deployment, environment, live, open, replies, schema, toolset } from "./objects";

/** Credentials as the service may show them, with nulls and settings of its own. */
const mcp_server_url = "https://mcp.example.com";
const token_endpoint = "https://auth.example.com/token";
const refresh = { client_id: "client", token_endpoint, token_endpoint_auth: { type: "none" }, resource: null };
const variable = { type: "environment_variable", secret_name: "TOKEN" };
const limited = { type: "limited", allowed_hosts: ["api.github.com"] };
const auths = [
  { type: "static_bearer", mcp_server_url },
  { type: "mcp_oauth", mcp_server_url, expires_at: "2026-11-25T00:00:00Z", refresh: null },
  { type: "mcp_oauth", mcp_server_url, expires_at: null, refresh: { ...refresh, scope: "read write" } },
  { ...variable, networking: { type: "unrestricted" } },
  { ...variable, networking: limited, injection_location: { header: true } },
];

function unchanged(kind: ResourceKind, reply: object): () => void {
  return () => {
    const object = importKinds.find(({ noun }) => noun === kind.noun)?.parse({ id: "", ...reply });
    const taken = object === undefined || "problem" in object ? [] : planned([object]).taken;
    const [resource] = JSON.parse(importFileText(taken)).resources;
    expect(resource.outputs).toMatchObject(resource.inputs);
    expect(diff(kind, priorStateIn(kind, resource.outputs), resource.inputs).changes).toBe(false);
    const refreshed = liveAsRecorded(kind, kind.reply.parse(reply), argumentsIn(kind, resource.outputs), undefined);
    expect(refreshed).toEqual(argumentsIn(kind, resource.inputs));
  };
}

describe("the imported state equals the program, now and after a refresh", () => {
  test("of a deployment", unchanged(deploymentKind, live.deployment));
  test("of an agent", unchanged(agentKind, live.agent));
  test("of an environment", unchanged(environmentKind, live.environment));
  test("of an environment with limits beside an open network", unchanged(environmentKind, replies.environment(open)));
  test("of a vault", unchanged(vaultKind, replies.vault({ metadata: { team: "x" } })));
  test("of a memory store", unchanged(memoryStoreKind, replies.memoryStore({ description: "d" })));
  test.each(auths)("of a credential of the type $type", (auth) =>
    unchanged(vaultCredentialKind, replies.credential({ auth, metadata: { team: "x" } }))(),
  );
});

test("the program of an agent omits empty values and defaults, and has all other values", () => {
  const policy = { enabled: true, permissionPolicy: { type: "always_allow" } };
  expect(agent(live.agent).inputs).toEqual({
    name: "reporter",
    model: { id: "ultimate", effort: "high", contextWindow: 400_000 },
    system: "You write `reports`.\r\nIn $" + "{language}.\n",
    tools: [
      { type: toolset, defaultConfig: policy },
      { type: "mcp_toolset", mcpServerName: "tracker", configs: [{ name: "search", ...policy }] },
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
  const inputs = { name: "cloud", config: { type: "cloud", networking: { type: "unrestricted" } } };
  expect([environment().inputs, environment(open).inputs]).toEqual([inputs, inputs]);
});

test("the program of a credential has no secret, even if the service shows one", () => {
  const auth = { type: "environment_variable", secretName: "TOKEN" };
  expect(credential({ ...auths[3], secret_value: "s" }).inputs).toEqual({ vaultId: "vault_1", auth });
  const oauth = { type: "mcp_oauth", mcpServerUrl: "https://mcp.example.com" };
  expect(credential({ ...auths[1], access_token: "t" }).inputs).toEqual({ vaultId: "vault_1", auth: oauth });
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
  for (const { inputs, outputs, name, id } of resources) {
    expect([inputs.__origin, pulumiName(inputs), pulumiName(outputs)]).toEqual([
      `imported::${id}::${name}`,
      name,
      name,
    ]);
  }
});

test("a missing secret gets its comment in the object it belongs to, even outside a list", () => {
  const lock = { type: "bolt" };
  const writeOnly = writeOnlyOf(toyKind, { id: "toy_1" }, { name: "daily", lock });
  const lines = expect.arrayContaining(['code: config.requireSecret("code"),']);
  expect([...writeOnly]).toEqual([[lock, expect.objectContaining({ lines, optional: ["code"], required: [] })]]);
});

const declared = (more: Readonly<Record<string, unknown>>) => planned([deployment(more)]).taken[0]?.object.inputs;

test("the program omits values that the service fills in, and keeps different values", () => {
  const shop = { type: "github_repository", url: "https://github.com/acme/shop.git" };
  const resources = [
    { ...shop, mount_path: "/workspace/shop", checkout: null },
    { type: "git_repository", url: "https://example.com/acme/shop", mount_path: "/src" },
    { type: "file", file_id: "file_1", mount_path: "/mnt/session/uploads/file_1" },
    { type: "file", file_id: "file_2", mount_path: "/data" },
  ];
  const done = { type: "user.define_outcome", description: "d" };
  const config = { max_retries: 2, timeout_ms: 300_000, max_concurrent: 1 };
  const given = declared({
    ...{ description: null, vault_ids: [], resources },
    initial_events: [3, 4].map((max_iterations) => ({
      ...done,
      rubric: { type: "file", file_id: "file_1" },
      max_iterations,
    })),
    metadata: { cas_config: { session_strategy: "new_session", config, stats: { total_runs: 4 } } },
  });
  expect(given).toEqual({
    name: "daily",
    agent: { id: "agent_1", version: 3 },
    environmentId: "env_1",
    initialEvents: [
      { ...done, rubric: { type: "file", fileId: "file_1" } },
      { ...done, rubric: { type: "file", fileId: "file_1" }, maxIterations: 4 },
    ],
    resources: [
      shop,
      { type: "git_repository", url: "https://example.com/acme/shop", mountPath: "/src" },
      { type: "file", fileId: "file_1" },
      { type: "file", fileId: "file_2", mountPath: "/data" },
    ],
    casConfig: { maxRetries: 2 },
  });
  const metadata = {
    team: "x",
    cas_config: { session_strategy: "new_session", config: { ...config, max_retries: 0 } },
  };
  expect(declared({ metadata })).not.toHaveProperty("casConfig");
});
