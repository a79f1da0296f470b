import { EngineWorld } from "../support/engine-world";
import { ImportedProject, importAll } from "../support/imported-project";
import { KeyService } from "../support/key-service";

let world: EngineWorld;
let project: ImportedProject;
beforeEach(async () => {
  world = await EngineWorld.start();
  project = new ImportedProject(world);
});
afterEach(() => world.stop());

const pulumi = (...args: string[]) => project.pulumi(...args);
const writes = () => world.api.requests.filter(({ method }) => method !== "GET");

const bearer = { type: "static_bearer", mcp_server_url: "https://mcp.example.com", token: "tok-9f2c" };
const variable = { type: "environment_variable", secret_name: "GITHUB_TOKEN", secret_value: "ghp-9f2c" };
const consent = {
  type: "mcp_oauth",
  mcp_server_url: "https://mcp.calendar.example/v1",
  access_token: "at-9f2c",
  expires_at: "2026-11-25T00:00:00Z",
  refresh: {
    client_id: "client",
    refresh_token: "rt-9f2c",
    token_endpoint: "https://auth.calendar.example/token",
    token_endpoint_auth: { type: "client_secret_post", client_secret: "cs-9f2c" },
  },
};

/** Creates a vault with these credentials, and returns the ids. */
function fill(...auths: readonly object[]): [vault: string, ...credentials: string[]] {
  const { id } = world.api.vaults.create({ display_name: "tracker", metadata: { team: "platform" } });
  return [id, ...auths.map((auth) => world.api.credentials.create(id, { auth: { ...auth } }).id)];
}

const previewNothing = ["preview", "--expect-no-changes"];
const upNothing = ["up", "--yes", "--skip-preview", "--expect-no-changes"];
const refreshNothing = ["refresh", "--yes", "--skip-preview", "--expect-no-changes"];

test("an imported OAuth credential stays unchanged while the service renews its tokens, and its placeholders are never sent", async () => {
  const [, consented = ""] = fill(consent);
  const told = await project.import("--all", "--kind", "vault,credential");
  expect(told).toContain("\nmcpCalendarExampleV1: Qoder renews these tokens and never shows them, ");
  await project.compile("--skipLibCheck");
  await pulumi("stack", "init", "dev", "--secrets-provider", KeyService.provider);
  await pulumi(...importAll);
  for (const command of [previewNothing, refreshNothing]) {
    await pulumi(...command);
  }
  world.api.credentials.renew(consented, "2026-11-26T00:00:00Z");
  for (const command of [refreshNothing, upNothing]) {
    await pulumi(...command);
  }

  // A vault cannot change, so this change would replace the vault and its credential.
  const program = project.program();
  const refusal = "auth.accessToken: is the placeholder of a secret that only Qoder knows; keep ignoreChanges";
  project.edit(() => program.replace('team: "platform"', 'team: "data"'));
  expect(await project.failingPulumi("preview")).toContain(refusal);
  project.edit(() => program.replace('{ ignoreChanges: ["auth"] },', "{},"));
  expect(await project.failingPulumi("preview")).toContain(refusal);
  expect(writes()).toEqual([]);
  expect(world.api.credentials.auth(consented)).toMatchObject({ refresh: { refresh_token: "rt-9f2c" } });
});

const key = "sk-live-8d1f2c7b9a3e4d5f6a7b8c9d0e1f2a3b";

test("the first `up` after an import sends only the secrets of credentials, each once, and no preview or state has one", async () => {
  const [vault, server, token] = fill(bearer, variable);
  const lessons = world.api.memoryStores.create({ name: "lessons" }).id;
  world.api.deployments.create({
    name: "triage",
    agent: world.agent,
    environment_id: world.environmentId,
    initial_events: [{ type: "user.message", content: "hello" }],
    vault_ids: [vault],
    environment_variables: `API_KEY=${key}`,
    resources: [{ type: "memory_store", memory_store_id: lessons }],
  });
  const told = await project.import("--all");
  expect(`${project.program()}${project.importFile()}`).not.toMatch(/9f2c/);
  expect(project.program()).not.toMatch(/"(vault|memstore)_/);
  await project.compile("--skipLibCheck");
  await pulumi("stack", "init", "dev", "--secrets-provider", KeyService.provider);
  const settings = [...told.matchAll(/^ {2}\d+\. pulumi config set --secret (\w+)$/gm)].map(([, name = ""]) => name);
  expect(settings).toEqual(["mcpExampleComToken", "githubTokenSecretValue", "triageApiKey"]);
  expect(await project.failingPulumi("preview")).toContain(
    `The stack dev lacks 3 settings:\n${settings.map((name) => `      pulumi config set --secret ${name}`).join("\n")}`,
  );
  for (const name of settings) {
    await pulumi("config", "set", "--secret", name, name === "triageApiKey" ? key : `value-of-${name}`);
  }
  expect(await pulumi(...importAll)).not.toMatch(/sk-live|plain-secret/);
  const preview = await pulumi("preview", "--diff");
  expect(preview).toContain("~ 2 to update\n");
  expect(
    preview
      .match(/^ +\+ .*$/gm)
      ?.map((line) => line.trim())
      .sort(),
  ).toEqual(["+ secretValue: [secret]", "+ token: [secret]"]);
  await pulumi("config", "set", "--secret", "triageApiKey", `${key}-renewed`);
  const renewed = await pulumi("preview", "--diff");
  expect(renewed).toContain("~ API_KEY: [secret] => [secret]\n");
  expect(`${preview}${renewed}${await pulumi("preview", "--json")}`).not.toMatch(/sk-live|value-of/);
  await pulumi("config", "set", "--secret", "triageApiKey", key);
  expect(writes()).toEqual([]);

  world.api.clearRequests();
  await pulumi("up", "--yes", "--skip-preview");
  expect(world.sent().toSorted()).toEqual(
    [
      [
        "POST",
        `/vaults/${vault}/credentials/${server}`,
        { auth: { type: "static_bearer", token: "value-of-mcpExampleComToken" } },
      ],
      [
        "POST",
        `/vaults/${vault}/credentials/${token}`,
        { auth: { type: "environment_variable", secret_value: "value-of-githubTokenSecretValue" } },
      ],
    ].toSorted(),
  );
  for (const command of [refreshNothing, previewNothing]) {
    await pulumi(...command);
  }
  expect(await pulumi("stack", "export")).not.toMatch(/value-of|9f2c|sk-live/);
});
