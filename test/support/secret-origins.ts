import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { QoderDeployment, QoderMemoryStore, QoderProvider, QoderVault, QoderVaultCredential } from "../../provider";
import { type EngineWorld, stateFile } from "./engine-world";
import { filesBelow, holdersOf, secrets } from "./secret-scan";

type SecretName = keyof typeof secrets;
type SecretSource = (name: SecretName) => pulumi.Input<string>;
/** The provider makes secrets of the tokens of repositories and credentials, so this program does not mark them. */
const fromProgram: SecretSource = (name) =>
  ["github", "git", "mcp", "refresh"].includes(name) ? secrets[name] : pulumi.secret(secrets[name]);
const fromConfiguration: SecretSource = (name) => new pulumi.Config().requireSecret(name);

function program(
  world: EngineWorld,
  description: string,
  provider?: () => pulumi.ProviderResource,
  secret: SecretSource = fromProgram,
) {
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
    const options = provider === undefined ? {} : { provider: provider() };
    const vault = new QoderVault("tracker", { metadata: { label: secret("label") } }, options);
    const mcpServerUrl = "https://mcp.example.com";
    const auth = { type: "static_bearer" as const, mcpServerUrl, token: secret("mcp") };
    const bearer = new QoderVaultCredential("bearer", { vaultId: vault.id, auth }, options);
    const refresh = {
      clientId: "client",
      refreshToken: secret("refresh"),
      tokenEndpoint: "https://login.example.com/token",
      tokenEndpointAuth: { type: "client_secret_basic" as const, clientSecret: secret("mcp") },
    };
    const consent = {
      type: "mcp_oauth" as const,
      mcpServerUrl: `${mcpServerUrl}/two`,
      accessToken: secret("mcp"),
      refresh,
    };
    const oauth = new QoderVaultCredential("oauth", { vaultId: vault.id, auth: consent }, options);
    const lessons = new QoderMemoryStore("lessons", { metadata: { label: secret("label") } }, options);
    // The update that fails must come last: the engine ends the program, and other registrations would fail then.
    const dependsOn = [bearer, oauth, lessons];
    const deployment = new QoderDeployment("daily", args, { ...options, dependsOn });
    const { effectiveMetadata, resources, environmentVariables } = deployment;
    return { effectiveMetadata, resources, environmentVariables };
  };
}

interface Origin {
  readonly title: string;
  readonly secret: SecretSource;
  readonly environment?: Readonly<Record<string, string>>;
  readonly configuration?: Readonly<Record<string, string>>;
  readonly provider?: (world: EngineWorld) => pulumi.ProviderResource;
  /** The secrets that an error of the deployment hides: the provider hides its own, and the engine those of the configuration. */
  readonly struckOut: readonly SecretName[];
  /** The secrets that Pulumi's SDK writes into the most verbose log. */
  readonly logged: readonly SecretName[];
}

const { pat, ...declared } = secrets;
const ofDeployment = ["pat", "github", "git", "label", "variable"] as const;
const inProgram = ["github", "git", "label", "variable", "mcp", "refresh"] as const;
const account = (world: EngineWorld, token: pulumi.Input<string>) =>
  new QoderProvider("account", { pat: token, baseUrl: world.api.url });

export const origins: readonly Origin[] = [
  {
    title: "the environment and all other secrets from the program",
    secret: fromProgram,
    environment: { QODER_PAT: pat },
    struckOut: ofDeployment,
    logged: inProgram,
  },
  {
    title: "the stack's configuration, like all other secrets",
    secret: fromConfiguration,
    configuration: { "qoder:pat": pat, ...declared },
    struckOut: ["pat", ...inProgram],
    logged: [],
  },
  {
    title: "an explicit provider and all other secrets from the program",
    secret: fromProgram,
    provider: (world) => account(world, pat),
    struckOut: ofDeployment,
    logged: ["pat", ...inProgram],
  },
  {
    title: "an explicit provider with values of the configuration, like all other secrets",
    secret: fromConfiguration,
    configuration: secrets,
    provider: (world) => account(world, fromConfiguration("pat")),
    struckOut: ["pat", ...inProgram],
    logged: [],
  },
];

/** A stack from its first preview to its destroy, none of whose records may have a secret. */
export async function liveWithSecrets(
  world: EngineWorld,
  { secret, environment = { QODER_PAT: "" }, configuration = {}, provider, struckOut, logged }: Origin,
): Promise<void> {
  const stack = await world.stack("dev", environment);
  if (Object.keys(configuration).length > 0) {
    const values = Object.entries(configuration).map(([key, value]) => [key, { value, secret: true }]);
    await stack.automation.setAllConfig(Object.fromEntries(values));
  }
  const declaring = (description: string) => program(world, description, provider && (() => provider(world)), secret);
  let log = "";
  const keep = (text: string) => {
    log += text;
  };
  const verbose = { logVerbosity: 9, logToStdErr: true, logFlow: true, debug: true, onError: keep, onOutput: keep };

  const { output } = await stack.preview(declaring("a"));
  const events: EngineEvent[] = [];
  await stack.automation.up({ ...verbose, program: declaring("a"), onEvent: (event) => events.push(event) });
  expect(world.live.metadata).toMatchObject({ label: secrets.label });
  expect(stateFile(world)).toContain('"LEVEL":"info"');
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
}

function withoutSdkLines(log: string): string {
  // The SDK logs every answer of the engine; the engine hides only the secrets of the configuration in these lines
  // (pulumi/pulumi sdk/nodejs/runtime/resource.ts).
  return log
    .split("\n")
    .filter((line) => !line.includes("RegisterResource RPC finished"))
    .join("\n");
}
