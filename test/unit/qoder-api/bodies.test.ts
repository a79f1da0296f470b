import { type Fields, type Kind, keys, times, useLab } from "./lab";

const toolset = (fields: Fields = {}) => ({ type: "agent_toolset_20260401", ...fields });
const mcp = (fields: Fields = {}) => ({ type: "mcp_toolset", mcp_server_name: "s", ...fields });
const custom = (fields: Fields) => ({ type: "custom", name: "t", description: "d", input_schema: {}, ...fields });
const server = { type: "url", name: "s", url: "https://mcp.example.com/mcp" };
const policy = (name: string, type = "always_ask") => ({ name, enabled: true, permission_policy: { type } });
const skill = { type: "custom", skill_id: "skill_1" };
const team = (...agents: unknown[]) => ({ multiagent: { type: "coordinator", agents }, tools: [toolset()] });

const message = (content: unknown) => ({ type: "user.message", content });
const events = (...initial_events: unknown[]) => ({ initial_events });
const block = { type: "text", text: "x" };
const outcome = { type: "user.define_outcome", description: "d", rubric: { type: "text", content: "r" } };
const memory = { type: "memory_store", memory_store_id: "memstore_1" };
const schedule = { type: "cron", expression: "0 9 * * *", timezone: "UTC" };
const cron = (expression: string) => ({ schedule: { ...schedule, expression } });

const noPackages = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };
const limited = { type: "limited", allowed_hosts: [], allow_package_managers: false, allow_mcp_servers: false };
const cloud = (fields: Fields = {}) => ({ config: { type: "cloud", ...fields } });
const shown = (fields: Fields = {}) => cloud({ packages: noPackages, ...fields });
const script = "set -euo pipefail\ncd /data/workspace/repo && pnpm install --frozen-lockfile";
const selfHosted = { config: { type: "self_hosted", setup_script: script } };

const lab = useLab();

/** The kind, the fields of a create, and the answer: a status, or what it shows; without it, what was sent. */
test.each<[Kind, Fields, (Fields | number)?]>([
  ["agents", { name: "𝒳".repeat(256) }],
  ["agents", { system: "𝒳".repeat(100_000), description: "𝒳".repeat(2_048) }],
  ["agents", { model: { id: "ultimate", effort: "high", context_window: 400_000 } }],
  ["agents", { tools: times(128, (index) => custom({ name: `t${index}` })) }],
  [
    "agents",
    { tools: [toolset({ enabled_tools: [], disallowed_tools: ["DeliverArtifacts"], configs: [policy("Bash")] })] },
  ],
  ["agents", { tools: [custom({ name: "A-z_9".padEnd(128, "x"), input_schema: { type: "object", properties: {} } })] }],
  ["agents", { tools: [mcp({ configs: [policy("its_own_tool")] })], mcp_servers: [server] }],
  ["agents", { mcp_servers: times(20, (index) => ({ ...server, name: `${index}`.padEnd(255, "s") })) }],
  ["agents", { skills: [...times(19, () => skill), { type: "qoder", skill_id: "skill_1", version: "3" }] }],
  ["agents", { metadata: { ...keys(15), ["k".repeat(64)]: "v".repeat(512) } }],
  [
    "agents",
    team("agent_1", { type: "agent", id: "agent_1", version: 2 }, { type: "self" }, { type: "advisor", model: "auto" }),
  ],
  ["agents", team(...times(20, (index) => `agent_${index}`))],
  ["agents", { multiagent: null }],
  ["environments", selfHosted],
  ["environments", cloud({ setup_script: "" }), shown({ setup_script: "" })],
  ["environments", cloud({ setup_script: "é".repeat(32_768) })],
  ["environments", cloud({ networking: limited }), shown({ networking: limited })],
  ["deployments", {}, { description: "", environment_variables: "", resources: [], schedule: null, vault_ids: [] }],
  ["deployments", { name: "𝒳".repeat(256) }],
  ["deployments", events(...times(50, () => message([block])))],
  ["deployments", events(message([]), { type: "system.message", content: [block] })],
  ["deployments", events({ ...outcome, max_iterations: 20 }, { ...outcome, max_iterations: null }), 200],
  ["deployments", { metadata: { ...keys(15), ["k".repeat(64)]: "v".repeat(512) } }],
  ["deployments", { vault_ids: times(50, () => "vault_1") }],
  ["deployments", { environment_variables: "A=1; _b=x=y\n\nC=" }],
  ["deployments", { environment_variables: null, description: null }, 200],
  ["deployments", { budget: { type: "limit", max_credit_cost: "123456789012.05" } }],
  ["deployments", { resources: [{ ...memory, access: null, instructions: "x".repeat(4096) }] }, 200],
  [
    "deployments",
    { resources: [{ type: "git_repository", url: "https://x/y", checkout: { type: "commit", sha: "a" } }] },
  ],
  ...["0 0 * * 0", "*/5 0-6/2 1,15 * MON-FRI", "0 0 1 JAN FRI-SUN"].map((expression): [Kind, Fields] => [
    "deployments",
    cron(expression),
  ]),
  ["deployments", events(message("x")), events(message([block]))],
])("a create of %s gets the answer of the table (%#)", async (kind, sent, ...[answer]) => {
  const { status, body } = await lab.send(kind, sent);
  const expected = typeof answer === "number" ? { status: answer } : { body: answer ?? sent };
  expect({ status, body }).toMatchObject(expected);
});

test.each([
  ["day of month or day of week", "0 0 13 * 5", "2026-06-19T00:00:00Z"],
  ["seven as Sunday", "0 0 * * 7", "2026-06-21T00:00:00Z"],
  ["names of months and days", "0 0 * JUL SUN", "2026-07-05T00:00:00Z"],
  ["the first run is after now", "53 8 * * *", "2026-06-15T08:53:00Z"],
  ["a date that never comes", "0 0 30 2 *", undefined],
])("a deployment gets its next runs from the schedule: %s", (_rule, expression, first) => {
  const { schedule: shown } = lab.api.deployments.get(lab.create(cron(expression)));
  expect(shown?.upcoming_runs_at[0]).toBe(first);
  expect(shown?.upcoming_runs_at).toHaveLength(first === undefined ? 0 : 5);
});
