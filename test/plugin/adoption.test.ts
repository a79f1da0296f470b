import { createdKinds } from "../kinds";
import { environment } from "../kinds/environment";
import { file, fileOf } from "../kinds/file";
import type { KindRow } from "../kinds/kind-row";
import { skill, skillOf } from "../kinds/skill";
import { vault } from "../kinds/vault";
import { vaultCredential } from "../kinds/vault-credential";
import type { JsonObject } from "../qoder-api/wire";
import { skillMd } from "../support/skill-folder";
import { originOf, type Properties, SimulatedStack, World } from "../support/world";

describe.each(createdKinds)("$label", (kind) => {
  const world = World.ofTests(kind);

  /** Creates an object in another stack; for the adopting stack its creator makes no difference. */
  async function existing(args: Properties): Promise<string> {
    await world.stack().up(args);
    world.sent();
    return world.live.id;
  }

  const cases = Object.entries(kind.arguments).map(([name, { under = [{}], ...row }]) => ({
    name,
    row,
    switches: under[0] ?? {},
  }));

  /** The request of an adoption when the reply shows no difference: it carries the secrets, which no reply shows. */
  const secretsOf = (id: string) => (kind.sendsWhenAdopted ? [["POST", world.path(id), expect.anything()]] : []);

  const eachCase = cases.length > 0 ? test.each(cases) : undefined;
  const onlyThat = "adopting an object in which only $name differs sends $name, and the secrets that no reply shows";
  eachCase?.(onlyThat, async ({ name, row, switches }) => {
    world.reset(switches);
    const id = await existing(world.args({ ...row.needs, [name]: row.edited }));
    const args = world.args({ ...row.needs, [name]: row.value });
    const repair = world.bodyOf(row.repair);
    const stack = world.stack();
    await stack.up({ ...args, adopt: id });
    expect(stack.state?.id).toBe(id);
    expect(world.sent()).toEqual([
      ["GET", world.path(id)],
      ["POST", world.path(id), kind.sendsWhenAdopted ? expect.anything() : repair],
    ]);
    expect(world.live.id).toBe(id);
    // `adopt` may leave the program now.
    await stack.findsNoDifference(args);
  });

  async function leavesOut({ row: { needs, edit, cleared }, switches }: (typeof cases)[number]): Promise<void> {
    world.reset(switches);
    const id = await existing(world.args(needs));
    world.console.edit(id, edit);
    const repairs = cleared === undefined ? secretsOf(id) : [["POST", world.path(id), world.bodyOf(cleared)]];
    const stack = world.stack();
    await stack.up(world.args({ ...needs, adopt: id }));
    expect(world.sent()).toEqual([["GET", world.path(id)], ...repairs]);
    await stack.findsNoDifference(world.args(needs));
  }
  const leftOut = "if the program leaves out $name, an adoption either clears it or leaves its value alone";
  const others = cases.filter(({ name }) => !(name in kind.least) && name !== "name");
  const eachOther = others.length > 0 ? test.each(others) : undefined;
  eachOther?.(leftOut, leavesOut);

  const whereArchived = kind.end[0] === "POST" ? test : undefined;
  whereArchived?.("adopting an object that the same command archived fails, and creates no other object", async () => {
    const run = world.command();
    const holder = world.stack(run);
    await holder.up(world.args());
    const { id } = world.live;
    await holder.destroy();
    await expect(world.stack(run).up(world.args({ adopt: id }))).rejects.toThrow(`${id} was archived at`);
    expect(world.console.live()).toEqual([]);
  });

  test("adopting an object that equals the program sends no POST, except one with the secrets that no reply shows", async () => {
    const id = await existing(world.args());
    const stack = world.stack();
    await stack.up(world.args({ adopt: id }));
    // The reply does not show the files, so the provider downloads and compares them. A file has a link to its content.
    const links = kind.kind === file.kind ? [["GET", expect.stringMatching(/^\/contents\//)]] : [];
    const files = kind.kind.upload === undefined ? [] : [["GET", expect.stringMatching(/content$/)], ...links];
    expect(world.sent()).toEqual([["GET", world.path(id)], ...files, ...secretsOf(id)]);
    expect(stack.state?.id).toBe(id);
  });

  const unfit: [string, (id: string) => unknown, string][] = [
    ["that does not exist", (id) => world.console.remove(id), `no ${kind.noun} ID is visible to this token`],
  ];
  if (kind.kind.upload === undefined) {
    const advice = `ID was archived at .*\nRemove adopt to create a new ${kind.noun}`;
    unfit.push(["that is archived", (id) => world.console.archive(id), advice]);
  }
  test.each(unfit)("adopting an object %s fails after one GET", async (_, end, told) => {
    const id = await existing(world.args());
    end(id);
    const stack = world.stack();
    await expect(stack.up(world.args({ adopt: id }))).rejects.toThrow(new RegExp(told.replace("ID", id)));
    expect(world.sent()).toEqual([["GET", world.path(id)]]);
    expect(stack.state).toBeUndefined();
  });

  test("adopting an object that another resource of the command manages fails without a request", async () => {
    const run = world.command();
    await world.stack(run).up(world.args());
    const { id } = world.live;
    world.sent();
    await expect(world.stack(run).up(world.args({ adopt: id }))).rejects.toThrow(
      `the resource "daily" of this stack manages ${id} already`,
    );
    expect(world.sent()).toEqual([]);
  });

  test("a preview ignores adopt of a resource that has an object, and warns if adopt names another object", async () => {
    const stack = world.stack();
    await stack.up(world.args());
    const { id } = world.live;
    const other = `${kind.idPrefix}other`;
    const ignored = () => world.output.filter((text) => text.includes("is ignored"));
    world.sent();
    expect(await stack.preview(world.args({ adopt: id }))).toBe("same");
    expect(ignored()).toEqual([]);
    const adopt = kind.kind.within === undefined ? other : `vault_other/${other}`;
    expect(await stack.preview(world.args({ adopt }))).toBe("same");
    expect(ignored()).toEqual([
      expect.stringContaining(`adopt: "${adopt}" is ignored, because this resource has ${stack.state?.id} already`),
    ]);
    expect(world.sent()).toEqual([]);
  });
});

describe("an adopted deployment", () => {
  const world = World.ofTests();

  const url = "https://github.com/acme/shop";
  const resources = [{ type: "github_repository", url, authorizationToken: "ghp_ours" }];

  function existing(more: JsonObject = {}): string {
    return world.api.deployments.create({
      name: "daily",
      agent: world.agent,
      environment_id: world.environment,
      initial_events: [{ type: "user.message", content: [{ type: "text", text: "Generate today's status report" }] }],
      description: "made by hand",
      metadata: { foreign: "x" },
      ...more,
    }).id;
  }

  test("gets an argument that the reply does not show", async () => {
    const id = existing();
    const more = { budget: { maxCreditCost: "12.50" }, environmentVariables: { LEVEL: "info" } };
    const declared = { ...more, description: "made by hand" };
    world.api.fault({
      kind: "replace-body",
      method: "GET",
      transform: ({ environment_variables: _told, ...reply }) => reply,
    });
    const stack = world.stack();
    await stack.up(world.args({ ...declared, adopt: id }));
    expect(world.sent().slice(1)).toEqual([
      [
        "POST",
        `/deployments/${id}`,
        { environment_variables: "LEVEL=info", budget: { type: "limit", max_credit_cost: "12.50" } },
      ],
    ]);
    expect(await stack.refresh()).toBe("same");
  });

  test("keeps its live values in the state if the update fails, and the next `up` sends the whole update", async () => {
    const id = existing({ resources: [{ type: "github_repository", url, authorization_token: "ghp_theirs" }] });
    const declared = world.args({ adopt: id, description: "ours", resources });
    // No reply shows the token of a deployment.
    const ours = {
      description: "ours",
      resources: [{ type: "github_repository", url, authorization_token: "ghp_ours" }],
    };
    const post = ["POST", `/deployments/${id}`, ours];
    world.api.fault({ kind: "status", method: "POST", path: `/deployments/${id}`, status: 401 });
    const stack = world.stack();
    await expect(stack.up(declared)).rejects.toThrow("was done in part");
    expect(stack.state).toMatchObject({ id, outputs: { description: "made by hand" } });
    expect(JSON.stringify(stack.state?.outputs)).not.toContain("ghp_ours");
    expect(world.sent().slice(1)).toEqual([post]);
    await stack.up(declared);
    expect(world.sent()).toEqual([post]);
  });

  const live = () => world.api.deployments.live().map(({ id }) => id);

  /** A resource of an earlier command, and a second resource that adopts its deployment in a new command. */
  async function handOver() {
    const before = world.stack();
    await before.up(world.args());
    const later = world.command();
    const giver = world.later(before, later);
    const taker = new SimulatedStack(() => later, originOf(world.kind.type, "dev", "morning"));
    const id = before.state?.id ?? "";
    return { giver, id, take: () => taker.up({ ...world.args(), adopt: id }) };
  }

  test("moves to the adopting resource even if the resource that has it was refreshed in the same command", async () => {
    const { giver, id, take } = await handOver();
    await giver.refresh();
    await take();
    await giver.destroy();
    expect(live()).toEqual([id]);
  });

  test("stays in the state of its old resource while the adoption fails", async () => {
    const { giver, id, take } = await handOver();
    world.api.fault({ kind: "status", status: 403, method: "GET" });
    await expect(take()).rejects.toThrow("403");
    await expect(giver.destroy()).rejects.toThrow('the resource "morning" should adopt this object');
    expect(giver.state?.id).toBe(id);
    expect(live()).toEqual([id]);
  });

  test("leaves the state of its old resource if the adoption finds it archived", async () => {
    const { giver, id, take } = await handOver();
    world.api.deployments.archive(id);
    await expect(take()).rejects.toThrow(`${id} was archived at`);
    await giver.destroy();
    expect(giver.state).toBeUndefined();
  });
});

describe("an adoption is refused", () => {
  const bearer = { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: "mcp-one" };
  const variable = { type: "environment_variable", secretName: "API_KEY", secretValue: "value-one" };
  const refresh = { clientId: "client", refreshToken: "refresh-one", tokenEndpoint: "https://login.example.com/token" };
  const oauth = { type: "mcp_oauth", mcpServerUrl: "https://mcp.example.com", accessToken: "access-one" };
  const renewed = { ...oauth, refresh: { ...refresh, tokenEndpointAuth: { type: "none" } } };
  const otherClient = { ...renewed, refresh: { ...renewed.refresh, clientId: "other" } };
  const otherEndpoint = { ...renewed, refresh: { ...renewed.refresh, tokenEndpoint: "https://other.example.com" } };
  const otherResource = { ...renewed, refresh: { ...renewed.refresh, resource: "https://other.example.com" } };

  /** The argument or member that differs, the kind, the existing object, and what the program declares. */
  const cases: readonly (readonly [string, KindRow, Properties, Properties])[] = [
    ["content", file, fileOf("twelve bytes"), fileOf("a longer text")],
    ["name", file, fileOf(), { ...fileOf(), name: "nightly" }],
    ["expiresInSeconds", file, fileOf(), { ...fileOf(), expiresInSeconds: 86_400 }],
    ["expiresInSeconds", file, { ...fileOf(), expiresInSeconds: 3_600 }, { ...fileOf(), expiresInSeconds: 86_400 }],
    ["expiresInSeconds", file, { ...fileOf(), expiresInSeconds: 3_600 }, { ...fileOf(), expiresInSeconds: 3_720 }],
    ["metadata", file, fileOf(), { ...fileOf(), metadata: { team: "data" } }],
    ["name", skill, skillOf({ "SKILL.md": skillMd("daily") }), renamedSkill()],
    ["displayTitle", skill, skillOf(), { ...skillOf(), displayTitle: "Nightly" }],
    ["metadata", skill, skillOf(), { ...skillOf(), metadata: { team: "data" } }],
    ["displayName", vault, { displayName: "daily" }, { displayName: "nightly" }],
    ["metadata", vault, { displayName: "daily" }, { displayName: "daily", metadata: { team: "data" } }],
    ["config.type", environment, environment.least, environment.least],
    ["vaultId", vaultCredential, { vaultId: "vault_a", auth: bearer }, { vaultId: "vault_b", auth: bearer }],
    ["auth.mcpServerUrl", vaultCredential, ...auths(bearer, { ...bearer, mcpServerUrl: "https://other.example.com" })],
    ["auth.secretName", vaultCredential, ...auths(variable, { ...variable, secretName: "OTHER_KEY" })],
    ["auth.type", vaultCredential, ...auths(bearer, oauth)],
    ["auth.refresh", vaultCredential, ...auths(renewed, oauth)],
    ["auth.refresh.clientId", vaultCredential, ...auths(renewed, otherClient)],
    ["auth.refresh.tokenEndpoint", vaultCredential, ...auths(renewed, otherEndpoint)],
    ["auth.refresh.resource", vaultCredential, ...auths(renewed, otherResource)],
  ];

  function auths(before: Properties, after: Properties): readonly [Properties, Properties] {
    return [
      { vaultId: "vault_a", auth: before },
      { vaultId: "vault_a", auth: after },
    ];
  }

  function renamedSkill(): Properties {
    const { files, ...others } = skillOf({ "SKILL.md": skillMd("daily") });
    return { ...others, files, name: "nightly" };
  }

  const world = World.ofTests(vault);

  async function existing(kind: KindRow, args: Properties): Promise<string> {
    world.reset();
    kind.prepare?.(world.api);
    const { id } = await world.existing(kind, args);
    if (kind === environment) {
      world.api.environments.changeMember(id, ["config", "type"], "self_hosted");
    }
    return id;
  }

  test.each(cases)("by `up` and by an asking preview for another %s: %#", async (place, kind, before, wanted) => {
    const id = await existing(kind, before);
    const __command = { ...Object(wanted["__command"]), isPreview: true, verify: true };
    await expect(world.stackOf(kind).preview({ ...wanted, adopt: id, __command })).rejects.toThrow(
      `adopt: ${id} has another ${place} than the program says`,
    );
    const stack = world.stackOf(kind);
    await expect(stack.up({ ...wanted, adopt: id })).rejects.toThrow(
      `${id} has another ${place} than the program says, which the API cannot change in place; declare it as it is, or leave out adopt to create a new ${kind.noun}`,
    );
    expect(world.sent().filter((request) => !String(request).startsWith("GET"))).toEqual([]);
    expect(stack.state).toBeUndefined();
  });
});
