import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineWorld, token } from "../support/engine-world";
import { Example } from "../support/example";
import { LanguagesProject } from "../support/languages-project";
import { installPython } from "../support/python";
import { filesBelow, holdersOf, secrets } from "../support/secret-scan";

const folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-python-"));
let hosts: readonly string[];
beforeAll(async () => {
  hosts = await installPython(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start({ tokens: { [token]: "default", [secrets.pat]: "default" } });
});
afterEach(() => world.stop());

test("examples/python creates everything, and a changed skill updates the agent and the five deployments", async () => {
  const { api } = world;
  const example = new Example(world, "python", hosts);
  await example.followReadme({ "mcp-...": secrets.mcp });
  expect(api.deployments.live().map(({ agent }) => agent.version)).toEqual([1, 1, 1, 1, 1]);
  expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
  example.sent();
  example.edit("skills/review/SKILL.md", "Read the description first", "Read the title and the description first");
  await example.run("pulumi up");
  const moved = Array.from({ length: 5 }, () => "POST /deployments/ID");
  expect(example.sent()).toEqual(["POST /agents/ID", ...moved, expect.stringMatching("POST /skills/ID/versions")]);
  await example.run("pulumi preview --expect-no-changes\npulumi destroy");
  expect(api.deployments.live()).toEqual([]);
});

const inPython = `
import pulumi
import pulumi_qoder as qoder

class Team(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("test:index:Team", name, None, opts)

account = qoder.Provider("account", pat="${secrets.pat}")
team = Team("team", pulumi.ResourceOptions(providers=[account]))
of_team = pulumi.ResourceOptions(parent=team)
reporter = qoder.Agent("reporter", model="ultimate", opts=of_team)
cloud = qoder.Environment("cloud", opts=of_team)
tracker = qoder.Vault("tracker", opts=of_team)
qoder.VaultCredential(
    "access",
    vault_id=tracker.id,
    auth=qoder.VaultCredentialStaticBearerAuthArgs(
        type="static_bearer", mcp_server_url="https://mcp.example.com", token="${secrets.mcp}"
    ),
    opts=of_team,
)
qoder.Deployment(
    "daily",
    agent=qoder.DeploymentAgentReferenceArgs(id=reporter.id, version=reporter.version),
    environment_id=cloud.id,
    vault_ids=[tracker.id],
    environment_variables={"KEY": pulumi.Output.secret("${secrets.variable}")},
    metadata={"label": pulumi.Output.secret("${secrets.label}")},
    schedule=qoder.DeploymentScheduleArgs(expression="0 9 * * 1-5", timezone="Europe/Berlin"),
    initial_events="Report on yesterday",
    opts=of_team,
)
`;
const inJavaScript = `
const pulumi = require("@pulumi/pulumi");
const qoder = require("pulumi-qoder");
const account = new qoder.QoderProvider("account", { pat: "${secrets.pat}" });
const team = new pulumi.ComponentResource("test:index:Team", "team", {}, { providers: [account] });
const ofTeam = { parent: team };
const reporter = new qoder.QoderAgent("reporter", { model: "ultimate" }, ofTeam);
const cloud = new qoder.QoderEnvironment("cloud", {}, ofTeam);
const tracker = new qoder.QoderVault("tracker", {}, ofTeam);
new qoder.QoderVaultCredential("access", {
  vaultId: tracker.id,
  auth: { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: "${secrets.mcp}" },
}, ofTeam);
new qoder.QoderDeployment("daily", {
  agent: reporter,
  environmentId: cloud.id,
  vaultIds: [tracker],
  environmentVariables: { KEY: pulumi.secret("${secrets.variable}") },
  metadata: { label: pulumi.secret("${secrets.label}") },
  schedule: { expression: "0 9 * * 1-5", timezone: "Europe/Berlin" },
  initialEvents: "Report on yesterday",
}, ofTeam);
`;

async function begun(program: string): Promise<LanguagesProject> {
  const project = await LanguagesProject.in(world, hosts);
  await project.newStack();
  write(project, program);
  await project.up();
  world.sent();
  return project;
}

function write(project: LanguagesProject, program: string): void {
  if (program === inPython) {
    project.writePython(program);
  } else {
    project.writeJavaScript(program);
  }
}

/** Refreshes and destroys the stack with the program that was written last, which is not the one that created it. */
async function refreshedAndDestroyed(project: LanguagesProject): Promise<void> {
  expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
  expect(world.sent()).toEqual([]);
  await project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  await project.run("destroy", "--yes", "--skip-preview");
  expect(world.api.requests.filter(({ method }) => method !== "GET")).toHaveLength(5);
  expect(world.api.deployments.live()).toEqual([]);
}

test("five resources in a component move from the classes to Python and back without a request, and Python destroys them", async () => {
  const project = await begun(inJavaScript);
  for (const program of [inPython, inJavaScript, inPython]) {
    write(project, program);
    await project.upNothing();
  }
  await refreshedAndDestroyed(project);
});

test("five resources of Python move to the classes without a request, and only the version of the explicit provider changes", async () => {
  const project = await begun(inPython);
  write(project, inJavaScript);
  const preview = await project.run("preview", "--diff");
  expect(preview).toMatch(/^ +~ pulumi:providers:pulumi-nodejs: \(update\)[\s\S]*- version *: "0\.1\.0"/m);
  expect(preview).toMatch(/^ +~ 1 to update\n +7 unchanged$/m);
  await project.up();
  await project.upNothing();
  await refreshedAndDestroyed(project);
});
