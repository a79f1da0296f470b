import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { QoderAgent, QoderDeployment, type QoderDeploymentArgs, QoderProvider } from "../../provider";
import { agentType } from "../../provider/program/source";
import { EngineWorld, stateFile } from "../support/engine-world";

const secrets = {
  pat: "pt-secret-30c1aa",
  github: "ghp_secret_1f9e77",
  git: "gl_secret_88ab31",
  label: "label-secret-5512",
  variable: "variable-secret-9034",
};

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start({ tokens: { [secrets.pat]: "default" } });
});
afterEach(() => world.stop());

type SecretName = keyof typeof secrets;
type SecretSource = (name: SecretName) => pulumi.Input<string>;
/** Tokens of repositories are secrets, also where the program does not say so. */
const fromProgram: SecretSource = (name) =>
  name === "github" || name === "git" ? secrets[name] : pulumi.secret(secrets[name]);
const fromConfiguration: SecretSource = (name) => new pulumi.Config().requireSecret(name);

function program(description: string, provider?: () => pulumi.ProviderResource, secret: SecretSource = fromProgram) {
  return async () => {
    const args = {
      ...world.args(),
      description,
      resources: [
        { type: "github_repository" as const, url: "https://github.com/acme/a", authorizationToken: secret("github") },
        { type: "git_repository" as const, url: "https://git.example/b", password: secret("git") },
      ],
      metadata: { team: "a", label: secret("label") },
      environmentVariables: { LEVEL: "info", KEY: secret("variable") },
    };
    const deployment = new QoderDeployment("daily", args, provider === undefined ? {} : { provider: provider() });
    const { effectiveMetadata, resources, environmentVariables } = deployment;
    return { effectiveMetadata, resources, environmentVariables };
  };
}

/** Everything that the back end and the CLI left on the disk. */
function filesBelow(folder: string): { readonly name: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, text: readFileSync(join(entry.parentPath, entry.name), "latin1") }));
}

function holdersOf(texts: readonly { readonly name: string; readonly text: string }[]): string[] {
  return texts.flatMap(({ name, text }) =>
    Object.entries(secrets)
      .filter(([, secret]) => text.includes(secret))
      .map(([secretName]) => `${secretName} in ${name}`),
  );
}

interface Origin {
  readonly title: string;
  readonly secret: SecretSource;
  readonly environment?: Readonly<Record<string, string>>;
  readonly configuration?: Readonly<Record<string, string>>;
  readonly provider?: () => pulumi.ProviderResource;
  /** Out of what the service repeats: tokens by the provider, by the engine what it knows from the configuration. */
  readonly struckOut: readonly SecretName[];
  /** What Pulumi's own SDK writes into the most verbose log. */
  readonly logged: readonly SecretName[];
}

const { pat, ...declared } = secrets;
const tokens = ["pat", "github", "git"] as const;
const inProgram = ["github", "git", "label", "variable"] as const;
const account = (token: pulumi.Input<string>) => new QoderProvider("account", { pat: token, baseUrl: world.api.url });

const origins: readonly Origin[] = [
  {
    title: "the environment, and all others from the program",
    secret: fromProgram,
    environment: { QODER_PAT: pat },
    struckOut: tokens,
    logged: inProgram,
  },
  {
    title: "the stack's configuration, as all others",
    secret: fromConfiguration,
    configuration: { "qoder:pat": pat, ...declared },
    struckOut: ["pat", ...inProgram],
    logged: [],
  },
  {
    title: "an explicit provider, and all others from the program",
    secret: fromProgram,
    provider: () => account(pat),
    struckOut: tokens,
    logged: ["pat", ...inProgram],
  },
  {
    title: "an explicit provider that has it from the configuration, as all others",
    secret: fromConfiguration,
    configuration: secrets,
    provider: () => account(fromConfiguration("pat")),
    struckOut: ["pat", ...inProgram],
    logged: [],
  },
];

test.each(origins)(
  "no secret is in state, history, backups, output, errors or log when the token comes from $title",
  async ({ secret, environment = { QODER_PAT: "" }, configuration = {}, provider, struckOut, logged }) => {
    const stack = await world.stack("dev", environment);
    if (Object.keys(configuration).length > 0) {
      const values = Object.entries(configuration).map(([key, value]) => [key, { value, secret: true }]);
      await stack.automation.setAllConfig(Object.fromEntries(values));
    }
    const declaring = (description: string) => program(description, provider, secret);
    let log = "";
    const keep = (text: string) => {
      log += text;
    };
    const verbose = { logVerbosity: 9, logToStdErr: true, logFlow: true, debug: true, onError: keep, onOutput: keep };

    const { output } = await stack.preview(declaring("a"));
    await stack.automation.up({ ...verbose, program: declaring("a") });
    expect(world.live.metadata).toMatchObject({ label: secrets.label });
    expect(stateFile(world)).toContain('"LEVEL":"info"');
    const events: EngineEvent[] = [];
    await stack.automation.up({ program: declaring("a"), onEvent: (event) => events.push(event) });
    await stack.automation.refresh(verbose);
    const repeated = struckOut.map((name) => secrets[name]).join(" ");
    const error = { type: "invalid_request_error", message: `bad ${repeated}` };
    world.api.fault({ kind: "status", method: "POST", status: 400, body: { type: "error", error } });
    const up = stack.automation.up({ color: "never", diff: true, program: declaring("b") });
    const failed = await up.then(() => "no failure", String);
    expect(failed).toContain(`bad ${struckOut.map(() => "[secret]").join(" ")}`);
    expect(failed).toContain('~ description: "a" => "b"');
    await stack.automation.up({ ...verbose, program: declaring("b") });
    await stack.automation.destroy(verbose);

    expect(holdersOf([output, failed].map((text) => ({ name: "output", text })))).toEqual([]);
    expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
    expect(filesBelow(join(world.folder, "state")).length).toBeGreaterThan(3);
    expect(log).toContain("RegisterResource RPC finished");
    expect(holdersOf([{ name: "log", text: log }]).sort()).toEqual(logged.map((name) => `${name} in log`).sort());
    expect(holdersOf([{ name: "log", text: withoutSdkLines(log) }])).toEqual([]);
    const eventLines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
    const heard = holdersOf([{ name: "events", text: eventLines }]).sort();
    expect(heard).toEqual(logged.map((name) => `${name} in events`).sort());
    expect(holdersOf([{ name: "events", text: withoutSdkLines(eventLines) }])).toEqual([]);
  },
);

test("what a look-up reads is kept as a secret where the program asks for it", async () => {
  const stack = await world.stack("dev", { QODER_PAT: secrets.pat });
  const { id } = world.api.deployments.create({
    name: "theirs",
    agent: world.agent,
    environment_id: world.environmentId,
    initial_events: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }],
    environment_variables: `KEY=${secrets.variable}`,
    metadata: { label: secrets.label },
  });
  const additionalSecretOutputs = ["environmentVariables", "metadata", "effectiveMetadata"];
  await stack.up(async () => {
    QoderDeployment.get("theirs", id, { additionalSecretOutputs });
  });
  await stack.refresh();
  expect(stack.deployment().outputs).toMatchObject({ name: "theirs", status: "active" });
  expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
});

test("how the service shows a secret argument is encrypted, after an up, a refresh and an update", async () => {
  const stack = await world.stack("dev", { QODER_PAT: secrets.pat });
  world.api.switches.addedMembers = "elements";
  const declaring = (system: string) => async () => {
    const description = pulumi.secret(secrets.label);
    const tools = [{ type: "custom" as const, name: "ask", description, inputSchema: { type: "object" } }];
    new QoderAgent("asking", { model: "ultimate", system, tools });
  };
  await stack.up(declaring("a"));
  await stack.refresh();
  await stack.up(declaring("b"));
  const agent = stack.resources().find(({ type }) => type === agentType);
  expect(agent?.outputs?.["__shown"]).toMatchObject({ ciphertext: expect.any(String) });
  expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
});

test("an update that was done in part leaves no secret behind a refresh; the next up does the rest, or goes back and hides nothing", async () => {
  const stack = await world.stack("dev", { QODER_PAT: secrets.pat });
  const before = { metadata: { team: "a" }, environmentVariables: { LEVEL: "info" }, paused: false };
  const after = {
    resources: [{ type: "git_repository" as const, url: "https://git.example/b", password: secrets.git }],
    metadata: { team: "a", label: pulumi.secret(secrets.label) },
    environmentVariables: { LEVEL: "info", KEY: pulumi.secret(secrets.variable) },
    paused: true,
  };
  const declaring = (forward: Partial<QoderDeploymentArgs>, back: Partial<QoderDeploymentArgs>) => async () => {
    new QoderDeployment("forward", { ...world.args(), ...forward });
    new QoderDeployment("back", { ...world.args(), ...back });
  };
  await stack.up(declaring(before, before));
  const [forward, back] = ["forward", "back"].map(
    (wanted) => world.api.deployments.live().find(({ name }) => name === wanted)?.id,
  );
  // The service repeats what the provider cannot know to be a secret.
  const error = { type: "invalid_request_error", message: `no pause with ${secrets.label}` };
  const body = { type: "error", error };
  world.api.fault({ kind: "status", method: "POST", path: /\/pause$/, status: 400, body, times: 2 });
  const up = stack.automation.up({ color: "never", continueOnError: true, program: declaring(after, after) });
  const failed = await up.then(() => "no failure", String);
  for (const name of ["forward", "back"]) {
    const called = `QoderDeployment "${name}" \\(dep_\\w+\\): update was done in part,`;
    expect(failed).toMatch(new RegExp(`error: ${called} .*: no pause with label-`));
    expect(failed).toMatch(new RegExp(`\\* ${called} the next \`pulumi up\` goes on; why`));
  }
  await stack.refresh();
  await stack.refresh();
  world.sent();
  const stored = () => holdersOf(filesBelow(join(world.folder, "state")));
  expect(stored()).toEqual([]);

  const program = declaring(after, before);
  await stack.up(program);
  const sent = world.sent();
  const removal = { resources: [], metadata: { label: null }, environment_variables: "LEVEL=info" };
  expect(sent).toHaveLength(2);
  expect(sent).toContainEqual(["POST", `/deployments/${forward}/pause`]);
  expect(sent).toContainEqual(["POST", `/deployments/${back}`, removal]);
  await stack.previewNothing(program);
  await stack.refresh();
  await stack.previewNothing(program);
  expect(stored()).toEqual([]);
});

function withoutSdkLines(log: string): string {
  // The SDK logs every answer of the engine; the engine strikes out what it knows from the configuration, and nothing else
  // (pulumi/pulumi sdk/nodejs/runtime/resource.ts).
  return log
    .split("\n")
    .filter((line) => !line.includes("RegisterResource RPC finished"))
    .join("\n");
}
