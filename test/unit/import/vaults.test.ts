import { bearer, consent, variable } from "../../support/auths";
import { useImportWorld } from "./import-world";
import { inLine } from "./in-line";

const world = useImportWorld();

const vault = (name: string) => world.vault(name);
const credential = (vaultId: string, auth: object = bearer) => world.credential(vaultId, auth);

test("the program of a deployment, its vault, credential and memory store has references between them", async () => {
  const tracker = vault("tracker");
  const token = credential(tracker);
  const lessons = world.api.memoryStores.create({ name: "lessons", description: "what went wrong" }).id;
  const resources = [{ type: "memory_store", memory_store_id: lessons, access: "read_only" }];
  const deployment = world.create("triage", { vault_ids: [tracker, "vault_elsewhere"], resources });
  const { status, stderr, stdout } = await world.into(deployment, token, lessons, tracker);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(world.importedIds()).toEqual([tracker, token, lessons, deployment]);
  const expected = `import * as pulumi from "@pulumi/pulumi";
import { QoderDeployment, QoderMemoryStore, QoderVault, QoderVaultCredential, requireSettings } from "pulumi-qoder";

requireSettings({ secret: ["mcpExampleComToken"] });
export const config = new pulumi.Config();

export const tracker = new QoderVault("tracker");

export const mcpExampleCom = new QoderVaultCredential("mcp.example.com", {
  vaultId: tracker.id,
  auth: {
    type: "static_bearer",
    mcpServerUrl: "https://mcp.example.com",
    token: config.requireSecret("mcpExampleComToken"),
  },
});

export const lessons = new QoderMemoryStore("lessons", {
  description: "what went wrong",
});

export const triage = new QoderDeployment("triage", {
  agent: { id: "${world.agent}", version: 1 },
  environmentId: "${world.environmentId}",
  initialEvents: "hello",
  resources: [{ type: "memory_store", access: "read_only", memoryStoreId: lessons.id }],
  vaultIds: [tracker, "vault_elsewhere"],
});
`;
  expect(world.declarations()).toBe(inLine(expected));
  expect(stdout).toContain("Wrote 1 vault, 1 vault credential, 1 memory store and 1 deployment to ");
});

test("--all imports the live credentials of each live vault, in the order of the vaults", async () => {
  const [first, second, gone] = [vault("first"), vault("second"), vault("gone")];
  const ids = [credential(first, variable), credential(first), credential(second)];
  credential(gone);
  world.api.vaults.archive(gone);
  const [, archived = ""] = credential(second, consent).split("/");
  world.api.credentials.archive(archived);
  expect(await world.into("--all", "--kind", "vault,vault credential")).toMatchObject({ status: 0, stderr: "" });
  expect(world.importedIds()).toEqual([first, second, ...ids]);
  expect(world.requests).toEqual([
    "GET /vaults",
    `GET /vaults/${first}/credentials`,
    `GET /vaults/${second}/credentials`,
  ]);
});

test.each(["credential", "vault credential", "vault-credential"])(
  "--kind %s imports only credentials, which name their vaults by id",
  async (kind) => {
    const [first, second] = [vault("first"), vault("second")];
    const ids = [credential(first), credential(second)];
    expect(await world.into("--all", "--kind", kind)).toMatchObject({ status: 0, stderr: "" });
    expect(world.importedIds()).toEqual(ids);
    expect(world.program()).toContain(`vaultId: "${first}"`);
    expect(world.program()).toContain('config.requireSecret("mcpExampleCom2Token")');
  },
);

test("no file has a secret, and the command prints a `pulumi config set` for each before the import", async () => {
  const tracker = vault("tracker");
  for (const auth of [bearer, variable, consent]) {
    credential(tracker, auth);
  }
  world.api.switches.fillDefaults = true;
  const { stdout, stderr } = await world.into("--all", "--kind", "vault,credential");
  expect(stderr).toBe("");
  expect(world.program() + world.textOf("import.json")).not.toContain("9f2c");
  expect(stdout).toMatch(
    /2\. pulumi config set --secret mcpExampleComToken\n {2}3\. pulumi config set --secret githubTokenSecretValue\n {2}4\. pulumi import /,
  );
  expect(stdout).toContain(
    "5. pulumi preview, which shows that `pulumi up` will send the 2 secrets, and no other change\n",
  );
  expect(stdout).toContain(
    "6. pulumi up, which sends each secret once, as the API does not give it back, and records ",
  );
  expect(stdout).not.toContain("--expect-no-changes");
});

test("a credential with renewed tokens is imported with ignoreChanges, and program and terminal say why", async () => {
  const tracker = vault("tracker");
  credential(tracker, consent);
  const { stdout } = await world.into("--all", "--kind", "vault,credential");
  const why =
    "Qoder renews these tokens and never shows them, so no program can know them: ignoreChanges leaves them to Qoder.";
  const expected = `export const mcpCalendarExampleV1 = new QoderVaultCredential(
  "mcp-calendar-example-v1",
  {
    vaultId: tracker.id,
    auth: {
      type: "mcp_oauth",
      mcpServerUrl: "https://mcp.calendar.example/v1",
      accessToken: "known to Qoder alone",
      refresh: {
        clientId: "client",
        refreshToken: "known to Qoder alone",
        tokenEndpoint: "https://auth.calendar.example/token",
        tokenEndpointAuth: { type: "client_secret_post", clientSecret: "known to Qoder alone" },
      },
      // ${why}
    },
  },
  { ignoreChanges: ["auth"] },
);`;
  expect(world.line()).toContain(inLine(expected));
  expect(world.program()).not.toContain("config");
  expect(stdout).toContain(`\nmcpCalendarExampleV1: ${why}\n`);
  expect(stdout).toContain("pulumi preview --expect-no-changes");
});
