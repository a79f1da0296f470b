import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderDeployment, QoderMemoryStore, QoderVault, QoderVaultCredential } from "../../provider";
import { type EngineStack, warnings } from "../support/engine-stack";
import { EngineWorld, stateFile } from "../support/engine-world";

/** The tests follow one stack from its first `up` to its destroy. */
let world: EngineWorld;
let stack: EngineStack;
beforeAll(async () => {
  world = await EngineWorld.start();
  stack = await world.stack();
  await stack.up(program());
});
afterAll(() => world.stop());
beforeEach(() => void world.sent());

interface Declared {
  readonly displayName?: string;
  readonly token?: string;
  readonly server?: string;
}

const firstToken = "mcp-token-of-the-first-day";
const secondToken = "mcp-token-of-the-second-day";
const server = "https://elsewhere.example.com";
const last: Declared = { displayName: "tracker-2", token: secondToken, server };

/** A vault with a credential, a memory store, and a deployment with both. */
function program({ displayName, token = firstToken, server = "https://mcp.example.com" }: Declared = {}): PulumiFn {
  return async () => {
    const vault = new QoderVault("tracker", displayName === undefined ? {} : { displayName });
    new QoderVaultCredential("tracker-token", {
      vaultId: vault.id,
      auth: { type: "static_bearer", mcpServerUrl: server, token: pulumi.secret(token) },
    });
    const lessons = new QoderMemoryStore("lessons");
    new QoderDeployment("triage", {
      ...world.args(),
      vaultIds: [vault],
      resources: [{ type: "memory_store", memoryStoreId: lessons.id }],
    });
  };
}

/** The live objects of the program. */
function live() {
  const [[vault, ...vaults], [credential, ...credentials], [store]] = [
    world.api.vaults.live(),
    world.api.credentials.live(),
    world.api.memoryStores.live(),
  ];
  expect([vaults, credentials]).toEqual([[], []]);
  return { vault: vault?.id ?? "", credential: credential?.id ?? "", store: store?.id ?? "", deployment: world.live };
}

test("a changed token is one request with the new token, and neither token is in the state, the output or the events", async () => {
  const before = live();
  expect(world.api.credentials.auth(before.credential)).toMatchObject({ token: firstToken });
  const preview = await stack.preview(program({ token: secondToken }));
  const up = await stack.up(program({ token: secondToken }));
  expect(world.sent()).toEqual([
    [
      "POST",
      `/vaults/${before.vault}/credentials/${before.credential}`,
      { auth: { type: "static_bearer", token: secondToken } },
    ],
  ]);
  expect(live().credential).toBe(before.credential);
  await stack.previewNothing(program({ token: secondToken }));
  expect(world.sent()).toEqual([]);
  // The debug lines of the SDK are events too, and have secrets: see SECURITY.md.
  const told = [...preview.events, ...up.events].filter(
    ({ diagnosticEvent }) => String(diagnosticEvent?.severity) !== "debug",
  );
  const texts = [preview.output, up.output, JSON.stringify(told), stateFile(world)];
  for (const token of [firstToken, secondToken]) {
    expect(texts.filter((text) => text.includes(token))).toEqual([]);
  }
});

test("another server deletes the credential and then creates another one, and the preview names the argument", async () => {
  const before = live();
  const preview = await stack.preview(program({ token: secondToken, server }));
  expect(warnings(preview)).toEqual([
    [expect.stringMatching(/::tracker-token$/), expect.stringContaining("auth.mcpServerUrl: the API cannot change it")],
  ]);
  await stack.up(program({ token: secondToken, server }));
  expect(world.sent()).toEqual([
    ["DELETE", `/vaults/${before.vault}/credentials/${before.credential}`],
    [
      "POST",
      `/vaults/${before.vault}/credentials`,
      { auth: { type: "static_bearer", mcp_server_url: server, token: secondToken } },
    ],
  ]);
});

test("another display name creates a vault, moves the credential and the deployment there, and archives the old vault last", async () => {
  const before = live();
  await stack.up(program(last));
  const after = live();
  expect(after.vault).not.toBe(before.vault);
  expect(after.deployment).toMatchObject({ id: before.deployment.id, vault_ids: [after.vault] });
  const writes = world.sent().filter((request) => Array.isArray(request) && request[0] !== "GET");
  expect(writes).toHaveLength(5);
  expect(writes[0]).toEqual(["POST", "/vaults", { display_name: "tracker-2" }]);
  expect(writes.slice(1, 3)).toEqual(
    expect.arrayContaining([
      ["POST", `/vaults/${after.vault}/credentials`, expect.anything()],
      ["POST", `/deployments/${before.deployment.id}`, { vault_ids: [after.vault] }],
    ]),
  );
  expect(writes.slice(3)).toEqual([
    ["DELETE", `/vaults/${before.vault}/credentials/${before.credential}`],
    ["POST", `/vaults/${before.vault}/archive`],
  ]);
  await stack.previewNothing(program(last));
});

test("a destroy ends a vault and a memory store after their credential and deployment", async () => {
  const { vault, credential, store, deployment } = live();
  expect(deployment).toMatchObject({ vault_ids: [vault], resources: [{ memory_store_id: store }] });
  expect(world.api.credentials.auth(credential)).toMatchObject({ token: secondToken });
  await stack.refresh();
  expect(world.sent()).toHaveLength(4);
  await stack.previewNothing(program(last));

  await stack.destroy();
  const ends = world.sent().flatMap((request) => (Array.isArray(request) && request[0] !== "GET" ? [request[1]] : []));
  const [archive, removal, end, storeEnd] = [
    `/deployments/${deployment.id}/archive`,
    `/vaults/${vault}/credentials/${credential}`,
    `/vaults/${vault}/archive`,
    `/memory_stores/${store}/archive`,
  ];
  expect([...ends].sort()).toEqual([archive, removal, end, storeEnd].sort());
  expect(ends.indexOf(end)).toBeGreaterThan(Math.max(ends.indexOf(archive), ends.indexOf(removal)));
  expect(ends.indexOf(storeEnd)).toBeGreaterThan(ends.indexOf(archive));
});
