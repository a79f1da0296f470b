import { bearer, consent, variable } from "../support/auths";
import { create, previewNothing, refreshNothing, upNothing } from "../support/imported-account";
import { ImportedProject, importAll } from "../support/imported-project";

const project = ImportedProject.ofTests();
const pulumi = (...args: string[]) => project.pulumi(...args);

/** Creates a vault with these credentials, and returns the ids. */
function fill(...auths: readonly object[]): [vault: string, ...credentials: string[]] {
  const { vaults, credentials } = project.api;
  const { id } = vaults.create({ display_name: "tracker", metadata: { team: "platform" } });
  return [id, ...auths.map((auth) => credentials.create(id, { auth: { ...auth } }).id)];
}

test("an imported OAuth credential stays unchanged while the service renews its tokens, and its placeholders are never sent", async () => {
  const [, consented = ""] = fill(consent);
  const told = await project.import("--all", "--kind", "vault,credential");
  expect(told).toContain("\nmcpCalendarExampleV1: Qoder renews these tokens and never shows them, ");
  await project.compile("--skipLibCheck");
  await project.intoNewStack();
  await project.each(previewNothing, refreshNothing);
  project.api.credentials.renew(consented, "2026-11-26T00:00:00Z");
  await project.each(refreshNothing, upNothing);

  // A vault cannot change, so this change would replace the vault and its credential.
  const program = project.program();
  const refusal = "auth.accessToken: is the placeholder of a secret that only Qoder knows; keep ignoreChanges";
  project.edit(() => program.replace('team: "platform"', 'team: "data"'));
  expect(await project.failingPulumi("preview")).toContain(refusal);
  project.edit(() => program.replace(/ignoreChanges: \[\s*"auth",?\s*\],?/, ""));
  expect(await project.failingPulumi("preview")).toContain(refusal);
  expect(project.writes()).toEqual([]);
  expect(project.api.credentials.auth(consented)).toMatchObject({ refresh: { refresh_token: "rt-9f2c" } });
});

const key = "sk-live-8d1f2c7b9a3e4d5f6a7b8c9d0e1f2a3b";

test("the first `up` after an import sends only the secrets of credentials, each once, and no preview or state has one", async () => {
  const [vault, server, token] = fill(bearer, variable);
  const lessons = project.api.memoryStores.create({ name: "lessons" }).id;
  const resources = [{ type: "memory_store", memory_store_id: lessons }];
  create(project.world, {
    ...{ name: "triage", vault_ids: [vault], resources },
    environment_variables: `API_KEY=${key}`,
  });
  const told = await project.import("--all");
  expect(`${project.program()}${project.importFile()}`).not.toMatch(/9f2c/);
  expect(project.program()).not.toMatch(/"(vault|memstore)_/);
  await project.compile("--skipLibCheck");
  await project.newStack();
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
  const added = preview.match(/^ +\+ .*$/gm)?.map((line) => line.trim());
  expect(added?.sort()).toEqual(["+ secretValue: [secret]", "+ token: [secret]"]);
  await pulumi("config", "set", "--secret", "triageApiKey", `${key}-renewed`);
  const renewed = await pulumi("preview", "--diff");
  expect(renewed).toContain("~ API_KEY: [secret] => [secret]\n");
  expect(`${preview}${renewed}${await pulumi("preview", "--json")}`).not.toMatch(/sk-live|value-of/);
  await pulumi("config", "set", "--secret", "triageApiKey", key);
  expect(project.writes()).toEqual([]);

  project.api.clearRequests();
  await pulumi("up", "--yes", "--skip-preview");
  const update = (id: string | undefined, auth: object) => ["POST", `/vaults/${vault}/credentials/${id}`, { auth }];
  expect(project.world.sent().toSorted()).toEqual(
    [
      update(server, { type: "static_bearer", token: "value-of-mcpExampleComToken" }),
      update(token, { type: "environment_variable", secret_value: "value-of-githubTokenSecretValue" }),
    ].toSorted(),
  );
  await project.each(refreshNothing, previewNothing);
  expect(await pulumi("stack", "export")).not.toMatch(/value-of|9f2c|sk-live/);
});
