import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { QoderDeployment, QoderProvider } from "../../provider";
import { type EngineStack, EngineWorld } from "../support/engine-world";

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

type SecretSource = (name: keyof typeof secrets) => pulumi.Input<string>;
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
    return { metadata: deployment.effectiveMetadata, resources: deployment.resources };
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

test.each(["the environment", "the stack's configuration", "an explicit provider"] as const)(
  "no secret is in state, history, backups, output or errors when the token comes from %s",
  async (origin) => {
    const stack = await world.stack(
      "dev",
      origin === "the environment" ? { QODER_PAT: secrets.pat } : { QODER_PAT: "" },
    );
    const configured = origin === "the stack's configuration";
    if (configured) {
      await configure(stack);
    }
    const secret = configured ? fromConfiguration : fromProgram;
    const provider =
      origin === "an explicit provider"
        ? () => new QoderProvider("account", { pat: secrets.pat, baseUrl: world.api.url })
        : undefined;
    const printed: string[] = [];
    const keep = async (run: Promise<{ output: string }>) => printed.push((await run).output);
    await keep(stack.preview(program("a", provider, secret)));
    await keep(stack.up(program("a", provider, secret)));
    await keep(stack.refresh());
    await keep(stack.preview(program("b", provider, secret)));
    // Which values of labels and variables are secret, the engine knows from the configuration, and the provider never.
    const { label, variable, ...tokens } = secrets;
    const repeated = Object.values(configured ? secrets : tokens);
    const error = { type: "invalid_request_error", message: `bad ${repeated.join(" ")}` };
    world.api.fault({ kind: "status", method: "POST", status: 400, body: { type: "error", error } });
    const failed = await stack.up(program("b", provider, secret)).catch((error: unknown) => String(error));
    expect(failed).toContain(`bad ${repeated.map(() => "[secret]").join(" ")}`);
    await keep(stack.up(program("b", provider, secret)));
    await keep(stack.destroy());
    expect(holdersOf([...printed, String(failed)].map((text) => ({ name: "output", text })))).toEqual([]);
    expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
    expect(filesBelow(join(world.folder, "state")).length).toBeGreaterThan(3);
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

describe("an update that was done in part, and a refresh before it is finished", () => {
  const update = { metadata: { team: "a" }, environmentVariables: { LEVEL: "info" }, paused: false };
  const declaring = (more: object) => async () => {
    new QoderDeployment("daily", { ...world.args(), ...update, ...more });
  };
  const changed = declaring({
    resources: [{ type: "git_repository", url: "https://git.example/b", password: secrets.git }],
    metadata: { team: "a", label: pulumi.secret(secrets.label) },
    environmentVariables: { LEVEL: "info", KEY: pulumi.secret(secrets.variable) },
    paused: true,
  });

  async function halfDone(): Promise<EngineStack> {
    const stack = await world.stack("dev", { QODER_PAT: secrets.pat });
    await stack.up(declaring({}));
    // The service repeats what the provider cannot know to be a secret.
    const error = { type: "invalid_request_error", message: `no pause with ${secrets.label}` };
    world.api.fault({ kind: "status", method: "POST", path: /\/pause$/, status: 400, body: { type: "error", error } });
    const failed = await stack.up(changed).catch((thrown: unknown) => String(thrown));
    expect(failed).toMatch(
      /error: QoderDeployment "daily" \(dep_\w+\): update was done in part, .*: no pause with label-/,
    );
    expect(failed).toMatch(
      /\* QoderDeployment "daily" \(dep_\w+\): update was done in part, the next `pulumi up` goes on; why/,
    );
    await stack.refresh();
    await stack.refresh();
    world.sent();
    return stack;
  }

  test("leave no secret in the state, and the next up does the rest", async () => {
    const stack = await halfDone();
    expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
    await stack.up(changed);
    expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);
    await stack.previewNothing(changed);
    await stack.refresh();
    await stack.previewNothing(changed);
    expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
  });

  test("hide nothing from an up that goes back to the old program", async () => {
    const stack = await halfDone();
    await stack.up(declaring({}));
    expect(world.sent()).toEqual([
      [
        "POST",
        `/deployments/${world.live.id}`,
        { resources: [], metadata: { label: null }, environment_variables: "LEVEL=info" },
      ],
    ]);
    await stack.previewNothing(declaring({}));
  });
});

async function configure(stack: EngineStack): Promise<void> {
  const { pat, ...others } = secrets;
  for (const [key, value] of Object.entries({ "qoder:pat": pat, ...others })) {
    await stack.automation.setConfig(key, { value, secret: true });
  }
}

async function verboseLog(
  stack: EngineStack,
  secret: SecretSource,
  provider?: () => pulumi.ProviderResource,
): Promise<string> {
  let log = "";
  const keep = (text: string) => {
    log += text;
  };
  const verbose = { logVerbosity: 9, logToStdErr: true, logFlow: true, debug: true, onError: keep, onOutput: keep };
  await stack.automation.up({ ...verbose, program: program("a", provider, secret) });
  await stack.automation.refresh(verbose);
  await stack.automation.up({ ...verbose, program: program("b", provider, secret) });
  await stack.automation.destroy(verbose);
  expect(log).toContain("RegisterResource RPC finished");
  return log;
}

test("in the most verbose log no secret appears when all come from the stack's configuration", async () => {
  const stack = await world.stack("dev", { QODER_PAT: "" });
  await configure(stack);
  const log = await verboseLog(stack, fromConfiguration);
  expect(world.api.deployments.all()[0]?.environment_variables).toContain(secrets.variable);
  expect(holdersOf([{ name: "log", text: log }])).toEqual([]);
});

test("in the most verbose log a secret that is written in the program appears only in what Pulumi's own SDK writes", async () => {
  const stack = await world.stack("dev", { QODER_PAT: secrets.pat });
  const log = await verboseLog(stack, fromProgram);
  expect(log).not.toContain(secrets.pat);
  expect(holdersOf([{ name: "log", text: withoutSdkLines(log) }])).toEqual([]);
});

test.each<[string, SecretSource, string[]]>([
  ["only in what Pulumi's own SDK writes when it is written in the program", fromProgram, ["pat in log"]],
  ["not at all when it comes from the stack's configuration", fromConfiguration, []],
])("in the most verbose log the token of an explicit provider appears %s", async (_, secret, holders) => {
  const stack = await world.stack("dev", { QODER_PAT: "" });
  if (secret === fromConfiguration) {
    await configure(stack);
    await stack.automation.setConfig("pat", { value: secrets.pat, secret: true });
    await stack.automation.removeConfig("qoder:pat");
  }
  const provider = () => new QoderProvider("account", { pat: secret("pat"), baseUrl: world.api.url });
  const log = await verboseLog(stack, secret, provider);
  const found = holdersOf([{ name: "log", text: log }]);
  expect(found.filter((holder) => holder.startsWith("pat"))).toEqual(holders);
  expect(holdersOf([{ name: "log", text: withoutSdkLines(log) }])).toEqual([]);
});

function withoutSdkLines(log: string): string {
  // The SDK logs every answer of the engine; the engine strikes out what it knows from the configuration, and nothing else
  // (pulumi/pulumi sdk/nodejs/runtime/resource.ts).
  return log
    .split("\n")
    .filter((line) => !line.includes("RegisterResource RPC finished"))
    .join("\n");
}
