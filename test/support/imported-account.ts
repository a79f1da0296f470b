import type { JsonObject } from "../qoder-api/wire";
import type { EngineWorld } from "./engine-world";
import type { ImportedProject } from "./imported-project";

const says = (content: unknown) => ({ type: "user.message", content });
export const github = { type: "github_repository", url: "https://github.com/acme/shop" };

const events = [
  { type: "user.define_outcome", description: "d", rubric: { type: "text", content: "r" }, max_iterations: 5 },
  { type: "user.define_outcome", description: "d", rubric: { type: "file", file_id: "file_1" } },
  says([
    { type: "text", text: "look at" },
    { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
    { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
    { type: "document", source: { type: "file", file_id: "file_2" }, title: "t", context: null },
  ]),
  { type: "system.message", content: [{ type: "text", text: "be short" }] },
];
const resources = [
  { ...github, authorization_token: "ghp_5e1d", checkout: { type: "branch", name: "main" } },
  { ...github, authorization_token: "ghp_5e1d", mount_path: "/second" },
  { type: "git_repository", url: "https://example.com/a.git", password: "pw_77", checkout: null },
  { type: "file", file_id: "file_1" },
  { type: "file", file_id: "file_2", mount_path: "/data" },
  { type: "memory_store", memory_store_id: "memstore_1" },
  { type: "memory_store", memory_store_id: "memstore_2", access: "read_only", instructions: "x\ny" },
];

/** Deployments with all arguments that both generations of the API have. */
const shapes: readonly JsonObject[] = [
  { name: "Daily Report", schedule: { type: "cron", expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" } },
  {
    name: "daily_report",
    schedule: { type: "cron", expression: "*/15 8-18 * JAN-JUN MON,WED", timezone: "Europe/Berlin" },
  },
  { name: "日报", description: 'says "hello"' },
  { name: "日报 每周", initial_events: [says("first line\nsecond line\t\u2028 end")] },
  { name: "🚀", initial_events: [says([{ type: "text", text: "hello" }])] },
  { name: 'a "quoted" name\nin two lines \\ and `$' + "{more}`", initial_events: events },
  { name: "default", resources },
  { name: "2026", vault_ids: ["vault_b", "vault_a"] },
  {
    name: `${"a very long name ".repeat(14)}`,
    metadata: { team: "platform", "a b": "c d", empty: "", type: "github_repository" },
  },
  { name: "paused-by-hand" },
  { name: "paused-by-error" },
  { name: "daily-report" },
  { name: "daily-report" },
];

const newerShapes: readonly JsonObject[] = [
  { name: "variables", environment_variables: "GREETING=hello big world;EMPTY=;URL=https://example.com/?a=b" },
  { name: "budget", budget: { type: "limit", max_credit_cost: "12.50" } },
];

const olderShapes: readonly JsonObject[] = [
  { name: "settings", metadata: { team: "x", cas_config: { config: { max_retries: 2 } } } },
  { name: "all-settings", metadata: { cas_config: { session_strategy: "reuse", config: { timeout_ms: 60_000 } } } },
];

export function create(world: EngineWorld, body: JsonObject) {
  return world.api.deployments.create({
    agent: world.agent,
    environment_id: world.environmentId,
    initial_events: [says("hello")],
    ...body,
  });
}

export const toolset = { type: "agent_toolset_20260401" };
export const coordinator = (...agents: unknown[]) => ({ type: "coordinator", agents });

/** Six agents, two of which name each other. */
function fillAgents(world: EngineWorld): string[] {
  const make = world.api.agents.create;
  const writer = make({
    name: "Daily Report",
    model: { id: "ultimate", effort: "high", context_window: 400_000 },
    system: `You write \`reports\` in $${"{language}"} \\ "daily".\r\n\n${"- one thing after another \u2028\n".repeat(9)}`,
    tools: [{ ...toolset, enabled_tools: ["Bash", "DeliverArtifacts"], configs: [{ name: "Bash", enabled: false }] }],
  });
  const schema = { type: "object", properties: { some_id: { default: null }, someId: { enum: ["`", null] } } };
  const asker = make({
    name: "日报",
    tools: [
      { type: "custom", name: "ask", description: "asks\nonce", input_schema: schema },
      { type: "mcp_toolset", mcp_server_name: "tracker" },
    ],
    mcp_servers: [{ type: "url", name: "tracker", url: "https://mcp.example.com" }],
    skills: [{ type: "custom", skill_id: "skill_1" }],
    metadata: { team: "platform", empty: "" },
  });
  const members = [writer.id, { type: "agent", id: asker.id, version: 2 }, { type: "agent", id: asker.id, version: 1 }];
  const advisor = { type: "advisor", model: { id: "ultimate", effort: "low" } };
  const lead = make({ name: "lead", tools: [toolset], multiagent: coordinator(...members, { type: "self" }, advisor) });
  world.api.agents.bumpVersion(asker.id);
  const [one, other] = ["left", "right"].map((name) => make({ name, tools: [toolset] }).id);
  world.api.agents.overwrite(one ?? "", { multiagent: coordinator(other) });
  world.api.agents.overwrite(other ?? "", { multiagent: coordinator(one) });
  return [world.agent, writer.id, asker.id, lead.id, one ?? "", other ?? ""];
}

function fillEnvironments(world: EngineWorld): string[] {
  const networking = { type: "limited", allowed_hosts: ["api.github.com"], allow_package_managers: true };
  const config = { networking, packages: { apt: ["jq"], pip: ["`"] }, setup_script: 'set -e\necho "$HOME"\n' };
  const make = world.api.environments.create;
  return [
    world.environmentId,
    make({ name: "daily-report", description: "d", config: { type: "cloud", ...config } }).id,
    make({ name: "own", config: { type: "self_hosted", setup_script: "true" }, metadata: { empty: "" } }).id,
  ];
}

/** 6 agents, 3 environments and 15 deployments, some with the same name. */
function fillAccount(world: EngineWorld, generation: 1 | 2): string[] {
  Object.assign(world.api.switches, { generation, duplicateNames: "allow", fillDefaults: generation === 1 });
  if (generation === 1) {
    Object.assign(world.api.switches, { toolSettings: "resolved", modelEcho: "object", networking: "materialise" });
  }
  const [agents, environments] = [fillAgents(world), fillEnvironments(world)];
  const bodies = [...shapes, ...(generation === 1 ? olderShapes : newerShapes)];
  const deployments = bodies.map((body, index) => {
    const references = {
      agent: agents[index % agents.length],
      environment_id: environments[index % environments.length],
    };
    const { id, name } = create(world, { ...references, ...body });
    if (name === "paused-by-hand") {
      world.api.deployments.pause(id);
    }
    if (name === "paused-by-error") {
      world.api.deployments.pauseByError(id, "agent_archived_error");
    }
    return id;
  });
  // Deployments now run an older version of the agent.
  world.api.agents.bumpVersion(world.agent);
  return [...agents, ...environments, ...deployments];
}

export interface StoredResource {
  readonly id?: string;
  readonly type: string;
  readonly urn: string;
  readonly dependencies?: readonly string[];
}

export const previewNothing = ["preview", "--expect-no-changes"];
export const upNothing = ["up", "--yes", "--skip-preview", "--expect-no-changes"];
export const refreshNothing = ["refresh", "--yes", "--skip-preview", "--expect-no-changes"];

/** Imports a full account, and rejects if one of the commands sees a difference or sends a write. */
export async function importAccount(
  project: ImportedProject,
  generation: 1 | 2,
  ...commands: readonly (readonly string[])[]
): Promise<void> {
  const ids = fillAccount(project.world, generation);
  await project.import("--all");
  // One of the two runs checks the declarations of the libraries too, like Pulumi's templates.
  await project.compile(...(generation === 1 ? [] : ["--skipLibCheck"]));
  // Every id is a reference except one of the two agents that name each other.
  expect(project.program().match(/"(agent_(?!toolset)|env_)\w+"/g)).toHaveLength(1);

  await project.intoNewStack();
  await project.each(...commands);

  expect(project.writes()).toEqual([]);
  const held: StoredResource[] = JSON.parse(await project.pulumi("stack", "export")).deployment.resources;
  const own = held.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/qoder:"));
  expect(own.map(({ id }) => id).sort()).toEqual([...ids].sort());
  // With these dependencies a destroy archives the deployment before its agent and its environment.
  const scheduled = own.find(({ urn }) => urn.endsWith(":Deployment::daily-report"));
  expect(scheduled?.dependencies?.map((urn) => urn.split(":").at(-3)).sort()).toEqual(["Agent", "Environment"]);
}
