import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineWorld, repository, token } from "../support/engine-world";
import { Example } from "../support/example";
import { buildGo, installNodeSdk, installPython, installPythonByUv } from "../support/generated-sdks";
import { LanguagesProject } from "../support/languages-project";
import { filesBelow, holdersOf, secrets } from "../support/secret-scan";

const folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-sdks-"));
let hosts: readonly string[];
beforeAll(async () => {
  hosts = [...(await installPython(folder)), ...(await buildGo(join(folder, "go"), inGo))];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const world = EngineWorld.ofTests({ tokens: { [token]: "default", [secrets.pat]: "default" } });

test.each([
  ["pip", async () => hosts],
  ["uv", () => installPythonByUv(join(folder, "uv"))],
])(
  "examples/python, installed by %s, has no error of types, creates everything, updates the agent and the five deployments for a changed skill, and previews gate.py",
  async (_, install) => {
    const { api } = world;
    const example = new Example(world, "python", await install());
    const readme = readFileSync(join(repository, "README.md"), "utf8");
    writeFileSync(join(example.folder, "readme.py"), /^```python\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? "");
    expect(await example.run("mypy __main__.py gate.py readme.py")).toContain(
      "Success: no issues found in 3 source files",
    );
    await example.followReadme({ "mcp-...": secrets.mcp });
    expect(api.deployments.live().map(({ agent }) => agent.version)).toEqual([1, 1, 1, 1, 1]);
    expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
    example.sent();
    example.edit("skills/review/SKILL.md", "Read the description first", "Read the title and the description first");
    await example.run("pulumi up");
    const moved = Array.from({ length: 5 }, () => "POST /deployments/ID");
    expect(example.sent()).toEqual(["POST /agents/ID", ...moved, "POST /skills/ID/versions"]);
    await example.run("pulumi preview --expect-no-changes\npulumi destroy");
    expect(api.deployments.live()).toEqual([]);
    writeFileSync(join(example.folder, "__main__.py"), readFileSync(join(example.folder, "gate.py")));
    expect(await example.run("pulumi preview")).toMatch(/\+ 6 to create/);
  },
);

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
    auth=qoder.VaultCredentialAuthArgs(
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
    initial_events=["Report on yesterday"],
    opts=of_team,
)
`;

const inGo = `
package main

import (
	"github.com/pulumi-qoder/pulumi-qoder/sdk/go/qoder"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func team(ctx *pulumi.Context) error {
	account := made(qoder.NewProvider(ctx, "account", &qoder.ProviderArgs{Pat: pulumi.String("${secrets.pat}")}))
	team := &pulumi.ResourceState{}
	if err := ctx.RegisterComponentResource("test:index:Team", "team", team, pulumi.Providers(account)); err != nil {
		return err
	}
	ofTeam := pulumi.Parent(team)
	reporter := made(qoder.NewAgent(ctx, "reporter", &qoder.AgentArgs{Model: pulumi.String("ultimate")}, ofTeam))
	cloud := made(qoder.NewEnvironment(ctx, "cloud", nil, ofTeam))
	tracker := made(qoder.NewVault(ctx, "tracker", nil, ofTeam))
	made(qoder.NewVaultCredential(ctx, "access", &qoder.VaultCredentialArgs{
		VaultId: tracker.ID(),
		Auth: qoder.VaultCredentialAuthArgs{
			Type:         qoder.VaultCredentialAuthTypeStaticBearer,
			McpServerUrl: pulumi.String("https://mcp.example.com"),
			Token:        pulumi.String("${secrets.mcp}"),
		},
	}, ofTeam))
	made(qoder.NewDeployment(ctx, "daily", &qoder.DeploymentArgs{
		Agent:                qoder.DeploymentAgentReferenceArgs{Id: reporter.ID(), Version: reporter.Version},
		EnvironmentId:        cloud.ID(),
		VaultIds:             pulumi.StringArray{tracker.ID()},
		EnvironmentVariables: pulumi.StringMap{"KEY": pulumi.ToSecret(pulumi.String("${secrets.variable}")).(pulumi.StringOutput)},
		Metadata:             pulumi.StringMap{"label": pulumi.ToSecret(pulumi.String("${secrets.label}")).(pulumi.StringOutput)},
		Schedule:             qoder.DeploymentScheduleArgs{Expression: pulumi.String("0 9 * * 1-5"), Timezone: pulumi.String("Europe/Berlin")},
		InitialEvents:        pulumi.String("Report on yesterday"),
	}, ofTeam))
	return nil
}

func made[Resource any](resource Resource, err error) Resource {
	if err != nil {
		panic(err)
	}
	return resource
}

func main() {
	pulumi.Run(team)
}
`;

/** The program for the classes, and for the generated SDK of Node.js. `options` are those of the explicit provider. */
function inNode(module: string, prefix: string, agent: string, vault: string, options = ""): string {
  return `
const pulumi = require("@pulumi/pulumi");
const qoder = require("${module}");
const account = new qoder.${prefix}Provider("account", { pat: "${secrets.pat}" }${options});
const team = new pulumi.ComponentResource("test:index:Team", "team", {}, { providers: [account] });
const ofTeam = { parent: team };
const reporter = new qoder.${prefix}Agent("reporter", { model: "ultimate" }, ofTeam);
const cloud = new qoder.${prefix}Environment("cloud", {}, ofTeam);
const tracker = new qoder.${prefix}Vault("tracker", {}, ofTeam);
new qoder.${prefix}VaultCredential("access", {
  vaultId: tracker.id,
  auth: { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: "${secrets.mcp}" },
}, ofTeam);
new qoder.${prefix}Deployment("daily", {
  agent: ${agent},
  environmentId: cloud.id,
  vaultIds: [${vault}],
  environmentVariables: { KEY: pulumi.secret("${secrets.variable}") },
  metadata: { label: pulumi.secret("${secrets.label}") },
  schedule: { expression: "0 9 * * 1-5", timezone: "Europe/Berlin" },
  initialEvents: "Report on yesterday",
}, ofTeam);
`;
}

type Write = (project: LanguagesProject) => void;
const classes = (options = "") => inNode("pulumi-qoder", "Qoder", "reporter", "tracker", options);
const writeClasses: Write = (project) => project.writeJavaScript(classes());
const writeClassesWithVersion: Write = (project) => project.writeJavaScript(classes(', { version: "0.1.0" }'));
const writeWithNodeSdk: Write = (project) =>
  project.writeJavaScript(
    inNode("@pulumi-qoder/qoder", "", "{ id: reporter.id, version: reporter.version }", "tracker.id"),
  );
interface Generated {
  readonly language: string;
  /** Installs the SDK in the folder of the project, for a language that finds packages there. */
  install(folder: string): Promise<void>;
  readonly write: Write;
}
const generated: readonly Generated[] = [
  { language: "Python", install: async () => {}, write: (project) => project.writePython(inPython) },
  { language: "Go", install: async () => {}, write: (project) => project.writeGo() },
  { language: "Node.js", install: installNodeSdk, write: writeWithNodeSdk },
];

/** A project that can use these SDKs, with a stack that the program has created. */
async function created(write: Write, sdks: readonly Generated[]): Promise<LanguagesProject> {
  const project = await LanguagesProject.in(world, hosts);
  for (const { install } of sdks) {
    await install(project.folder);
  }
  await project.newStack();
  write(project);
  await project.up();
  world.sent();
  return project;
}

/** Runs an `up` of each program, and rejects if one changes something or if one of them sends a request. */
async function moved(project: LanguagesProject, ...programs: readonly Write[]): Promise<void> {
  for (const write of programs) {
    write(project);
    await project.upNothing();
  }
  expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
  expect(world.sent()).toEqual([]);
}

/** Refreshes and destroys the stack with the program that was written last, which is not the one that created it. */
async function refreshedAndDestroyed(project: LanguagesProject): Promise<void> {
  await project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  await project.run("destroy", "--yes", "--skip-preview");
  expect(world.api.requests.filter(({ method }) => method !== "GET")).toHaveLength(5);
  expect(world.api.deployments.live()).toEqual([]);
}

// An explicit provider from a generated SDK has the version of the plugin in the state, so the one of the classes needs it too.
test.each(generated)(
  "five resources in a component move from the generated SDK for $language to the classes and back without a request and without a change",
  async (sdk) => {
    const { write } = sdk;
    const project = await created(write, [sdk]);
    writeClasses(project);
    const preview = await project.run("preview", "--diff");
    expect(preview).toMatch(/^ +~ pulumi:providers:pulumi-nodejs: \(update\)[\s\S]*- version *: "0\.1\.0"/m);
    expect(preview).toMatch(/^ +~ 1 to update\n +7 unchanged$/m);
    await moved(project, writeClassesWithVersion, write, writeClassesWithVersion);
    await refreshedAndDestroyed(project);
  },
);

test("five resources in a component, whose provider has no version, move from the classes to the generated SDK of each language and back without a request and without a change", async () => {
  const project = await created(writeClasses, generated);
  await moved(project, ...generated.flatMap(({ write }) => [write, writeClasses]), writeWithNodeSdk);
  await refreshedAndDestroyed(project);
});
