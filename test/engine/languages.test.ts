import { join } from "node:path";
import { EngineWorld } from "../support/engine-world";
import { filesBelow, holdersOf, secrets } from "../support/secret-scan";
import { TwoLanguageProject } from "../support/two-language-project";

let world: EngineWorld;
let project: TwoLanguageProject;
beforeEach(async () => {
  world = await EngineWorld.start({ tokens: { [secrets.pat]: "default" } });
  project = await TwoLanguageProject.in(world);
  await project.newStack();
  await project.run("config", "set", "--secret", "qoder:pat", secrets.pat);
});
afterEach(() => world.stop());

const stored = () => holdersOf(filesBelow(join(world.folder, "state")));

/** In the order of the alphabet, as the engine creates what does not wait for each other in any order; without ids. */
function sent(): string[] {
  const lines = world.api.requests.map(({ method, path, body }) =>
    `${method} ${path} ${JSON.stringify(body ?? null)}`.replaceAll(/\w+_[0-9a-f]{32}/g, "ID"),
  );
  world.api.clearRequests();
  return lines.sort();
}

const team = (system: string) => `
resources:
  account:
    type: pulumi:providers:qoder
    properties: { pat: "${secrets.pat}" }
  reporter:
    type: qoder:Agent
    properties:
      model: ultimate
      system: ${system}
      tools: [{ type: agent_toolset_20260401, enabledTools: [Read, Grep] }]
    options: { provider: "\${account}" }
  cloud:
    type: qoder:Environment
    properties: { config: { type: cloud, networking: { type: unrestricted } } }
    options: { provider: "\${account}" }
  tracker:
    type: qoder:Vault
    options: { provider: "\${account}" }
  access:
    type: qoder:VaultCredential
    properties:
      vaultId: \${tracker.id}
      auth: { type: static_bearer, mcpServerUrl: "https://mcp.example.com", token: { "fn::secret": "${secrets.mcp}" } }
    options: { provider: "\${account}" }
  daily:
    type: qoder:Deployment
    properties:
      agent: { id: "\${reporter.id}", version: "\${reporter.version}" }
      environmentId: \${cloud.id}
      vaultIds: ["\${tracker.id}"]
      schedule: { expression: "0 9 * * 1-5", timezone: Europe/Berlin }
      environmentVariables: { KEY: { "fn::secret": "${secrets.variable}" }, LEVEL: info }
      resources: [{ type: git_repository, url: "https://git.example/b", password: { "fn::secret": "${secrets.git}" } }]
      metadata: { team: platform }
      initialEvents: Report on yesterday
    options: { provider: "\${account}" }
`;
const teamInJavaScript = (system: string) => `
const pulumi = require("@pulumi/pulumi");
const qoder = require("pulumi-qoder");
const provider = new qoder.QoderProvider("account", { pat: "${secrets.pat}" });
const reporter = new qoder.QoderAgent("reporter", {
  model: "ultimate",
  system: "${system}",
  tools: [{ type: "agent_toolset_20260401", enabledTools: ["Read", "Grep"] }],
}, { provider });
const cloud = new qoder.QoderEnvironment("cloud", { config: { type: "cloud", networking: { type: "unrestricted" } } }, { provider });
const tracker = new qoder.QoderVault("tracker", {}, { provider });
new qoder.QoderVaultCredential("access", {
  vaultId: tracker.id,
  auth: { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: pulumi.secret("${secrets.mcp}") },
}, { provider });
new qoder.QoderDeployment("daily", {
  agent: reporter,
  environmentId: cloud.id,
  vaultIds: [tracker],
  schedule: { expression: "0 9 * * 1-5", timezone: "Europe/Berlin" },
  environmentVariables: { KEY: pulumi.secret("${secrets.variable}"), LEVEL: "info" },
  resources: [{ type: "git_repository", url: "https://git.example/b", password: pulumi.secret("${secrets.git}") }],
  metadata: { team: "platform" },
  initialEvents: "Report on yesterday",
}, { provider });
`;

test("a program in YAML and one in JavaScript send the same, and a stack moves between them and back without a request or a change", async () => {
  project.writeYaml(team("Write short reports."));
  await project.up();
  const made = sent();
  expect(made.filter((line) => line.startsWith("POST"))).toHaveLength(5);
  expect(stored()).toEqual([]);

  project.writeYaml(team("Write shorter reports."));
  const preview = await project.run("preview", "--diff");
  expect(preview).toMatch(/system: "Write short reports." => "Write shorter reports."[\s\S]*version: 1 => \[unknown\]/);
  await project.up();
  const updated = sent();
  expect(updated).toEqual([
    'POST /agents/ID {"system":"Write shorter reports.","version":1}',
    'POST /deployments/ID {"agent":{"id":"ID","type":"agent","version":2}}',
  ]);

  project.writeJavaScript(teamInJavaScript("Write shorter reports."));
  await project.previewNothing();
  await project.up();
  expect(sent()).toEqual([]);
  expect(stored()).toEqual([]);

  project.writeYaml(team("Write shorter reports."));
  await project.previewNothing();
  await project.up();
  expect(sent()).toEqual([]);
  expect(stored()).toEqual([]);

  await project.run("destroy", "--yes", "--skip-preview");
  const removed = sent();
  expect(world.api.deployments.live()).toEqual([]);

  project.writeJavaScript(teamInJavaScript("Write short reports."));
  await project.up();
  expect(sent()).toEqual(made);
  project.writeJavaScript(teamInJavaScript("Write shorter reports."));
  await project.up();
  expect(sent()).toEqual(updated);
  await project.run("destroy", "--yes", "--skip-preview");
  expect(sent()).toEqual(removed);
});

test("`pulumi import` and the resource option import take a deployment over as it is: the preview afterwards is empty", async () => {
  const { id } = world.api.deployments.create({
    name: "nightly",
    agent: world.agent,
    environment_id: world.environmentId,
    initial_events: [{ type: "user.message", content: "Report" }],
    schedule: { type: "cron", expression: "0 3 * * *", timezone: "UTC" },
  });
  world.sent();
  const printed = await project.run("import", "qoder:index:Deployment", "nightly", id, "--yes", "--protect=false");
  const [program = ""] = /^resources:\n(?: .*\n)+/m.exec(printed) ?? [];
  project.writeYaml(program);
  await project.previewNothing();
  await project.run("state", "delete", "--yes", "urn:pulumi:dev::two-languages::qoder:index:Deployment::nightly");
  project.writeYaml(`${program}    options: { import: ${id} }\n`);
  await project.up();
  await project.previewNothing();
  expect(sent().filter((line) => !line.startsWith("GET"))).toEqual([]);
});

test("a create that was done in part leaves no secret in the state, and the next `pulumi up` does the rest", async () => {
  const program = `
resources:
  daily:
    type: qoder:Deployment
    properties:
      agent: ${world.agent}
      environmentId: ${world.environmentId}
      initialEvents: [Report, { type: user.message, content: { "fn::secret": "${secrets.label}" } }]
      environmentVariables: { KEY: { "fn::secret": "${secrets.variable}" } }
      resources: [{ type: git_repository, url: "https://git.example/b", password: "${secrets.git}" }]
      metadata: { label: { "fn::secret": "${secrets.label}" } }
      paused: true
`;
  const error = { type: "invalid_request_error", message: `no pause with ${secrets.label}` };
  world.api.fault({ kind: "status", method: "POST", path: /\/pause$/, status: 400, body: { type: "error", error } });
  project.writeYaml(program);
  const failed = await project.up().then(() => "no failure", String);
  const called = 'QoderDeployment "daily" \\(dep_\\w+\\): create was done in part, the next `pulumi up` does the rest';
  expect(failed).toMatch(new RegExp(`error: ${called}: POST .* no pause with `));
  expect(failed).toMatch(new RegExp(`\\* ${called}; the reason is printed above`));
  expect(stored()).toEqual([]);
  await project.run("refresh", "--yes", "--skip-preview");
  expect(stored()).toEqual([]);
  world.sent();
  await project.up();
  expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);
  expect(stored()).toEqual([]);
});

test("a preview of a YAML program tells each warning once and the next runs in one table, and the update tells the warnings alone", async () => {
  const deployment = (name: string) => `
  ${name}:
    type: qoder:Deployment
    properties:
      agent: ${world.agent}
      environmentId: ${world.environmentId}
      initialEvents: Report
      schedule: { expression: "0 9 1 * 1", timezone: UTC }
`;
  project.writeYaml(`resources:${deployment("daily")}${deployment("weekly")}`);
  // The CLI shows the warning in a row of its table too.
  const warned = /^ {4}warning: QoderDeployment "daily", "weekly": "0 9 1 \* 1" names days .*\[either-day\]$/gm;
  const table = /Next runs, in the time of UTC:\n *\w{3} \d{4}-\d\d-\d\d 09:00 {2}0 9 1 \* 1 {2}daily, weekly\n/g;
  const preview = await project.run("preview");
  expect([preview.match(warned), preview.match(table)].map((found) => found?.length)).toEqual([1, 1]);
  const update = await project.up();
  expect(update.match(warned)).toHaveLength(1);
  expect(update).not.toContain("Next runs");
});
