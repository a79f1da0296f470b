import type { QoderApi } from "../qoder-api";
import { skillMd } from "./skill-folder";

const url = "https://mcp.example.com";
const script = "#!/bin/sh\necho reviewed\n";

/** Adds 30 objects of all kinds that name each other, and returns their ids in Pulumi. */
export function addThirtyObjects(api: QoderApi): string[] {
  const { environments, skills, files, agents, vaults, credentials, memoryStores, deployments } = api;
  const clouds = [
    environments.create({ name: "cloud" }),
    environments.create({
      name: "tight",
      config: { type: "cloud", networking: { type: "limited", allowed_hosts: ["api.github.com"] } },
    }),
    environments.create({ name: "own", config: { type: "self_hosted" }, metadata: { team: "platform" } }),
  ].map(({ id }) => id);
  const packages = ["review", "report", "triage"].map((name) =>
    skills.create({ name, files: { "SKILL.md": skillMd(name), "scripts/run.sh": script } }),
  );
  const texts = ["glossary.md", "rules.md", "日报.md"].map(
    (filename) => files.create({ filename, content: `# ${filename}\n`, downloadable: true }).id,
  );
  const skill = (place: number, isPinned = true) => {
    const { id = "", latest_version: version = null } = packages[place] ?? {};
    return { type: "custom", skill_id: id, ...(isPinned ? { version } : {}) };
  };
  const toolset = { type: "agent_toolset_20260401" };
  const members = [
    agents.create({
      name: "Reviewer",
      system: "Review\n`all` of it",
      skills: [skill(0), skill(1, false)],
    }),
    agents.create({ name: "reporter", skills: [{ type: "qoder", skill_id: "skill_pdf" }, skill(2)] }),
    agents.create({
      name: "tracker",
      tools: [toolset, { type: "mcp_toolset", mcp_server_name: "tracker" }],
      mcp_servers: [{ type: "url", name: "tracker", url }],
    }),
  ].map(({ id }) => id);
  const [reviewer = "", reporter = "", tracker = ""] = members;
  const team = [
    reviewer,
    { type: "agent", id: reporter, version: 1 },
    { type: "agent", id: tracker, version: 1 },
    { type: "self" },
  ];
  members.push(agents.create({ name: "lead", tools: [toolset], multiagent: { type: "coordinator", agents: team } }).id);
  // The deployments and the team now name an older version.
  agents.bumpVersion(tracker);
  const [shared = "", own = "", third = ""] = ["shared", "own", "third"].map(
    (name) => vaults.create({ display_name: name }).id,
  );
  const auths: readonly (readonly [string, object])[] = [
    [shared, { type: "static_bearer", mcp_server_url: url, token: "tok-9f2c" }],
    [shared, { type: "environment_variable", secret_name: "GITHUB_TOKEN", secret_value: "ghp-9f2c" }],
    [own, { type: "static_bearer", mcp_server_url: url, token: "tok-9f2d" }],
    [
      third,
      {
        ...{
          type: "mcp_oauth",
          mcp_server_url: `${url}/calendar`,
          access_token: "at-9f2c",
          expires_at: "2026-12-25T00:00:00Z",
        },
        refresh: {
          client_id: "client",
          refresh_token: "rt-9f2c",
          token_endpoint: "https://auth.example.com/token",
          token_endpoint_auth: { type: "client_secret_post", client_secret: "cs-9f2c" },
        },
      },
    ],
  ];
  const secrets = auths.map(([vault, auth]) => `${vault}/${credentials.create(vault, { auth: { ...auth } }).id}`);
  const stores = ["lessons", "people"].map((name) => memoryStores.create({ name, description: name }).id);
  const says = (content: unknown) => ({ type: "user.message", content });
  const repository = {
    type: "github_repository",
    url: "https://github.com/acme/shop",
    authorization_token: "ghp-5e1d",
  };
  const bodies = [
    {
      name: "daily",
      schedule: { type: "cron", expression: "0 9 * * 1-5", timezone: "Europe/Berlin" },
      vault_ids: [shared, own],
    },
    { name: "review", resources: [repository, { type: "memory_store", memory_store_id: stores[0] }] },
    {
      name: "words",
      resources: [{ type: "file", file_id: texts[0], mount_path: "/words" }],
      initial_events: [
        { type: "user.define_outcome", description: "d", rubric: { type: "file", file_id: texts[1] } },
        says([{ type: "document", source: { type: "file", file_id: texts[2] } }]),
      ],
    },
    { name: "older", agent: { type: "agent", id: tracker, version: 1 }, metadata: { team: "platform" } },
    { name: "team", agent: members[3], budget: { type: "limit", max_credit_cost: "12.50" } },
    { name: "日报", environment_variables: "LEVEL=info;EMPTY=" },
    { name: "paused" },
    { name: "night", schedule: { type: "cron", expression: "30 2 * * *", timezone: "UTC" }, environment_id: clouds[2] },
  ];
  const runs = bodies.map(
    (body, index) =>
      deployments.create({
        agent: reviewer,
        environment_id: clouds[index % 2],
        initial_events: [says("hello")],
        ...body,
      }).id,
  );
  deployments.pause(runs[6] ?? "");
  return [
    ...clouds,
    ...packages.map(({ id }) => id),
    ...texts,
    ...members,
    shared,
    own,
    third,
    ...secrets,
    ...stores,
    ...runs,
  ];
}
