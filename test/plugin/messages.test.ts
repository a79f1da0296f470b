import * as pulumi from "@pulumi/pulumi";
import { deployment } from "../kinds/deployment";
import { vault } from "../kinds/vault";
import { vaultCredential } from "../kinds/vault-credential";
import { InProcessProvider } from "../support/in-process-provider";
import { doors, type KindWorld, SimulatedStack, useDoor, World } from "../support/world";

const world = World.ofTests();

const refusal = (message: string, param?: string) => ({
  type: "error",
  error: { type: "invalid_request_error", message, ...(param === undefined ? {} : { param }) },
});

const repositories = (authorizationToken: string, password: string) => [
  { type: "github_repository", url: "https://github.com/acme/a", authorizationToken },
  { type: "git_repository", url: "https://git.example/b", password },
];

test("an error shows [secret] for a token that the service repeats, and does not replace a secret of two letters", async () => {
  const resources = repositories("ghp_secret", "re");
  world.api.fault({ kind: "status", method: "POST", status: 400, body: refusal("ghp_secret is refused here") });
  await expect(world.stack().up(world.args({ resources }))).rejects.toThrow("[secret] is refused here");
});

const cutOff = `${"x".repeat(285)}ghp_0123456789abcdefghij`;
test.each([
  ["is cut off at the end of the quotation", cutOff.slice(285), cutOff],
  ["is in quoted JSON", 'pa"ss\\w0rd', `Bad body: ${JSON.stringify({ password: 'pa"ss\\w0rd' })}`],
])("an error does not show a repository token that %s", async (_, secret, body) => {
  world.api.fault({ kind: "status", method: "POST", status: 400, contentType: "text/plain", body });
  const up = world.stack().up(world.args({ resources: repositories(secret, secret) }));
  await expect(up).rejects.toThrow("was answered with 400");
  await expect(up).rejects.not.toThrow(/ghp|w0rd/);
});

test("an argument that is still unknown in `up`, because the resource of its value failed, is an error without a request", async () => {
  const unknown = pulumi.runtime.unknownValue;
  const advice =
    "is not known yet. The resource that provides it failed or was left out (`--target`).\n" +
    "Correct that resource, then run `pulumi up` again";
  const stack = world.stack();
  const refused = stack.up(world.args({ environmentId: unknown }));
  await expect(refused).rejects.toThrow(`QoderDeployment "daily": create failed: environmentId: ${advice}`);
  await stack.up(world.args());
  world.api.clearRequests();
  await expect(stack.up(world.args({ description: unknown }))).rejects.toThrow(`update failed: description: ${advice}`);
  expect(world.api.requests).toEqual([]);
});

describe("a conflict while another deployment has the name", () => {
  const create = (param: string) =>
    world.api.fault({ kind: "status", method: "POST", status: 409, body: refusal("in conflict", param) });

  test("is explained by the id of that deployment if the conflict is about the name", async () => {
    await world.stack().up(world.args());
    create("name");
    await expect(world.stack().up(world.args())).rejects.toThrow(`The name is taken by ${world.live.id}`);
  });

  test("after a move into a component, the error writes out the alias and says how to get out", async () => {
    await world.stack().up(world.args());
    const urn = "urn:pulumi:dev::moved::acme:index:Team$pulumi-nodejs:dynamic/qoder:Deployment::daily";
    const moved = new SimulatedStack(() => world.command(), urn).up(world.args());
    await expect(moved).rejects.toThrow(
      /is taken by dep_\w+, .*\n.*If this resource moved, undo that, run `pulumi up`, then move it with aliases: \[\{ parent: pulumi\.rootStackResource \}\] to it, or to the outermost component that moved with it/,
    );
  });

  test("is shown in the service's words if the conflict is about another argument", async () => {
    await world.stack().up(world.args());
    world.sent();
    create("agent");
    const up = world.stack().up(world.args());
    await expect(up).rejects.toThrow(/in conflict.*\nRun `pulumi refresh`, then `pulumi preview --diff`/);
    await expect(up).rejects.not.toThrow(/The name is taken|another name/);
    expect(world.sent()).toEqual([["POST", "/deployments", expect.anything()]]);
  });

  test("is shown without the words `name is taken` if an answer was lost before, because the create may have succeeded", async () => {
    world.api.switches.idempotencyKeys = "ignore";
    world.api.fault({ kind: "reset-after", method: "POST", path: "/deployments" });
    // The list does not show the new deployment yet.
    world.api.fault({ kind: "replace-body", method: "GET", transform: (list) => ({ ...list, data: [] }) });
    const message = await world.stack().up(world.args()).catch(String);
    expect(message).toContain(`It may have made ${world.live.id}`);
    expect(message).not.toContain("The name is taken");
  });
});

describe("a conflict of a kind without the argument `name`", () => {
  const services = { duplicateNamesElsewhere: "conflict", duplicateCredentials: "conflict" } as const;
  const oauth = { type: "mcp_oauth", mcpServerUrl: "https://mcp.example.com", accessToken: "a" };
  beforeEach(() => {
    world.reset(services);
    vaultCredential.prepare?.(world.api);
  });

  test("of vaults advises another displayName", async () => {
    const { id } = world.api.vaults.create({ display_name: "daily" });
    await expect(world.stackOf(vault).up(vault.least)).rejects.toThrow(
      new RegExp(`The name is taken by ${id}, .*\\nChoose another displayName, or set adopt: "${id}"`),
    );
  });

  test("of credentials advises another server or variable, and not another name", async () => {
    const { id } = await world.existing(vaultCredential, vaultCredential.least);
    const twin = world.stackOf(vaultCredential).up(vaultCredential.least);
    const taken = `The MCP server or variable is taken by ${id}, .*\\nChoose another MCP server or variable, or set adopt`;
    await expect(twin).rejects.toThrow(new RegExp(taken));
    // The credential with the server has another type, so the list does not tell which one it is.
    const other = world.stackOf(vaultCredential).up({ ...vaultCredential.least, auth: oauth });
    await expect(other).rejects.toThrow("Choose another MCP server or variable, or find the vault credential");
  });
});

describe("the error of a refusal that the account may have caused", () => {
  type Settings = Readonly<Record<"config" | "environment", Readonly<Record<string, string>>>>;

  async function refusedAs({ config = {}, environment = {} }: Partial<Settings>): Promise<string> {
    const provider = new InProcessProvider({
      config: { "qoder:baseUrl": world.api.url, ...config },
      clock: world.clock,
      environment,
      tell: async () => {},
    });
    const { inputs } = await provider.check({ name: "daily", ...world.args() });
    return provider.create(inputs).then(() => "", String);
  }

  test.each<[string, Partial<Settings>]>([
    ["qoder:pat of the stack's configuration", { config: { "qoder:pat": "pt-wrong" } }],
    ['the QoderProvider "staging"', { config: { "qoder:pat": "pt-wrong", "qoder:account": "staging" } }],
    ["QODER_ACCESS_TOKEN", { environment: { QODER_ACCESS_TOKEN: "pt-wrong", QODER_PAT: "pt-test" } }],
    ["QODER_PAT", { environment: { QODER_PAT: "pt-wrong" } }],
  ])("says that the refused token came from %s", async (source, options) => {
    const message = await refusedAs(options);
    expect(message).toContain(`was answered with 401 authentication_error: Invalid API key or token`);
    // No other token counts for a resource of a QoderProvider.
    const remedy = source.startsWith("the QoderProvider")
      ? "Set a valid pat in that QoderProvider"
      : "Set a valid token: `pulumi config set --secret qoder:pat`";
    expect(message).toContain(`. Token from ${source}.\n${remedy}`);
    expect(message).not.toContain("pt-wrong");
  });

  const workspace = { "qoder:workspaceId": "wrk_7" };
  test.each<[string, Settings["config"], RegExp]>([
    [
      "the workspace of the configuration",
      workspace,
      /\. Workspace wrk_7 from qoder:workspaceId of the stack's configuration\.\n/,
    ],
    [
      "the workspace of the QoderProvider",
      { ...workspace, "qoder:account": "staging" },
      /\. Workspace wrk_7 from the QoderProvider "staging"\.\n/,
    ],
    ["no workspace if the request had none", {}, /^(?!.*workspace)/s],
  ])("names, if the agent is not found, %s", async (_, config, told) => {
    world.api.agents.remove(world.agent);
    const message = await refusedAs({ config: { "qoder:pat": "pt-test", ...config } });
    expect(message).toContain("404 not_found_error (param agent)");
    expect(message).toMatch(told);
    expect(message).toContain("\nCheck the id in the program, and that the token can see that object");
  });
});

const [older, correct] = ["Remove casConfig: it belongs to the older generation of the API", "Correct the argument"];
test.each<[string, string, object, number]>([
  ["does not know casConfig", older, refusal("metadata values must be strings.", "metadata.cas_config"), 1],
  ["does not know casConfig, and names metadata,", older, refusal("Metadata values must be strings", "metadata"), 1],
  ["does not know casConfig, and names no param,", older, refusal('unknown field "cas_config"'), 1],
  ["refuses the values of casConfig", correct, refusal("at most 5.", "metadata.cas_config.config.max_retries"), 9],
])("the error of a service that %s advises: %s", async (_, advice, body, maxRetries) => {
  world.api.fault({ kind: "status", method: "POST", status: 400, body });
  const up = world.stack().up(world.args({ casConfig: { maxRetries } }));
  await expect(up).rejects.toThrow(advice);
  await expect(up).rejects.not.toThrow(advice === older ? correct : "older generation");
});

test.each(([404, 403] as const).flatMap((status) => doors.map((door) => ({ status, door }))))(
  "the error of an update of a credential that is gone, answered with $status through the door $door, advises `pulumi refresh` before it names tokens",
  async ({ status, door }) => {
    useDoor(door);
    const credentials: KindWorld = world;
    const { stack, id, path, args } = await credentials.declared(vaultCredential, { secretVersion: 1 });
    credentials.vanish(id);
    if (status === 403) {
      credentials.api.fault({ kind: "status", status, method: "POST", path });
    }
    await expect(stack.up({ ...args, secretVersion: 2 })).rejects.toThrow(
      /\nIf the vault credential is (archived or )?gone, run `pulumi refresh`, then `pulumi up`\. .*token/,
    );
  },
);

test.each(doors)("door %s: a 404 for a base URL without its path names URL and path first", async (door) => {
  useDoor(door);
  const { origin } = new URL(world.api.url);
  const command = world.command({ config: { "qoder:baseUrl": origin } });
  await expect(world.again(world.stack(), command).up(world.args())).rejects.toThrow(
    `\nLet qoder:baseUrl end with /api/v1/cloud: ${origin} lacks this path. Check`,
  );
  const { stack, id } = await world.existing(deployment, world.args());
  world.vanish(id);
  await expect(stack.up(world.args({ description: "new" }))).rejects.not.toThrow("lacks this path");
});
