import { createdKinds } from "../kinds";
import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { vaultCredential } from "../kinds/vault-credential";
import type { Switches } from "../qoder-api";
import type { MemberPath } from "../qoder-api/managed-objects";
import type { JsonObject } from "../qoder-api/wire";
import { timeLimits } from "../support/time-limits";
import { doors, type Properties, type SimulatedStack, useDoor, World } from "../support/world";

const world = World.ofTests(agent).pin("lists", "the tests compare lists as they were given");

const toolset = { type: "agent_toolset_20260401" };
const open = { type: "cloud", networking: { type: "unrestricted" } };

const custom = { type: "custom", skillId: "skill_1" };
const team = { tools: [toolset], multiagent: { type: "coordinator", agents: [{ type: "self" }] } };

const limits = { unrestrictedNetworking: "with-limits" } as const;
const elements = { addedMembers: "elements" } as const;

/** `added`: the member that the service adds and somebody else changes. */
type Addition = readonly [what: string, kind: KindRow, args: Properties, form: Partial<Switches>, added: MemberPath];
const additions: readonly Addition[] = [
  ["settings of the model", agent, { model: "ultimate" }, { modelEcho: "resolved" }, ["model", "effort"]],
  [
    "limits beside an open network",
    environment,
    { config: open },
    limits,
    ["config", "networking", "allow_mcp_servers"],
  ],
  ["a member of a skill", agent, { skills: [custom] }, elements, ["skills", 0, "revision"]],
  ["a member of a tool", agent, { tools: [toolset] }, elements, ["tools", 0, "revision"]],
  ["a member of an agent of a team", agent, team, elements, ["multiagent", "agents", 0, "revision"]],
];

test.each(additions)(
  "%s that the service adds: an adoption without an answer is sent again, and is quiet afterwards",
  async (_, kind, more, form) => {
    const { id, args } = await world.declared(kind, { ...more, ...timeLimits(30) }, form);
    const adopting = world.stack();
    const after = { ...args, adopt: id, description: "ours" };
    await world.unanswered(adopting, after, "reset-before");
    await adopting.up(after);
    await adopting.findsNoDifference(after);
  },
);

test.each(additions)(
  "%s that the service adds: an adoption sends the program's value once if a program can write the member, and is quiet afterwards",
  async (_, kind, more, form, path) => {
    const { id, args } = await world.declared(kind, more, form);
    const isWritable = path.includes("effort");
    const adopting = world.stack();
    await adopting.up({ ...args, adopt: id });
    const request = ["POST", world.path(id), expect.anything()];
    expect(world.sent()).toEqual([["GET", world.path(id)], ...(isWritable ? [request] : [])]);
    await adopting.findsNoDifference(args);
    world.console.changeMember(id, path, "theirs");
    const told = isWritable ? "update" : "same";
    expect(await adopting.refresh()).toBe(told);
    expect(JSON.stringify(adopting.state?.inputs).includes("theirs")).toBe(isWritable);
    expect(await adopting.preview(args)).toBe(told);
  },
);

const taken = [agent, environment].flatMap((kind) =>
  Object.entries(kind.rows).flatMap(([argument, { value, sent: theirs, needs, leftOut }]) =>
    leftOut === "cleared" || argument === "config" ? [{ kind, argument, theirs, value, needs }] : [],
  ),
);
test.each(taken)(
  "a program takes over an $argument of the console",
  async ({ kind, argument, theirs, value, needs }) => {
    const { stack, id, args } = await world.declared(kind, needs ?? {}, {
      ...limits,
      toolSettings: "resolved",
      addedMembers: "objects",
    });
    world.console.edit(id, theirs);
    expect(await stack.refresh()).toBe("update");
    world.sent();
    const after = { ...args, [argument]: value };
    await stack.up(after);
    const requests = world.sent();
    expect(requests.length).toBeLessThan(2);
    expect(requests).toEqual(requests.map(() => ["POST", world.path(id), expect.objectContaining(theirs)]));
    await stack.findsNoDifference(after);
    expect(world.sent()).toEqual([["GET", world.path(id)]]);
  },
);

const networking = (...allowedHosts: string[]) => ({ type: "limited", allowedHosts });
const wireNetworking = (...hosts: string[]) => ({ type: "limited", allowed_hosts: hosts });
const variable = { type: "environment_variable", secretName: "API_KEY", secretValue: "value-one" };
const closed = { ...variable, networking: networking("a.example.com"), injectionLocation: { header: true } };
const refreshing = {
  clientId: "client",
  refreshToken: "refresh-one",
  tokenEndpoint: "https://login.example.com/token",
  tokenEndpointAuth: { type: "client_secret_basic", clientSecret: "secret-one" },
};
const scoped = { ...refreshing, scope: "read", resource: "https://mcp.example.com" };
const bearer = { type: "mcp_oauth", mcpServerUrl: "https://mcp.example.com", accessToken: "access-one" };
const oauth = { ...bearer, expiresAt: "2030-01-01T00:00:00Z", refresh: scoped };

const later = "2031-01-01T00:00:00Z";
const added: Partial<Switches> = { addedMembers: "objects", unknownFields: "accept" };

/** The service answers the next write, and reads of the object, with these members of `auth`. */
function showsAuth(path: string, members: object, reads: object = {}): void {
  const rendition = (body: object) => ({ ...body, auth: { ...Object(body).auth, ...members } });
  world.api.fault({ kind: "rendition", method: "POST", path, rendition });
  world.api.fault({ kind: "rendition", method: "GET", path, rendition, ...reads });
}

test("a time that leaves the program is the service's own, even if the service shows the same time again", async () => {
  const { stack, path, args } = await world.declared(vaultCredential, { auth: oauth });
  showsAuth(path, { expires_at: oauth.expiresAt }, { times: 2 });
  const { expiresAt: _, ...after } = oauth;
  await stack.up({ ...args, auth: after });
  await stack.findsNoDifference({ ...args, auth: after });
});

test("an adoption of a credential leaves a member to a service that keeps it", async () => {
  const { id, path, args } = await world.declared(vaultCredential, { auth: variable });
  const theirs = { injection_location: { header: true, body: true } };
  world.console.edit(id, { auth: { type: variable.type, ...theirs } });
  showsAuth(path, theirs, { skip: 1 });
  const adopting = world.stack();
  const after = { ...args, adopt: id };
  await adopting.up(after);
  await adopting.findsNoDifference(after);
});

/** Members of `auth` that somebody changes, what the state has after a refresh, and an update of another member with its body. */
const rotations = [
  {
    ...{ auth: closed, theirs: { networking: wireNetworking("a.example.com", "b.example.com") } },
    ...{ at: ["networking"], told: networking("a.example.com", "b.example.com") },
    ...{ ours: { secretValue: "value-two" }, sent: { secret_value: "value-two" } },
  },
  {
    ...{ auth: closed, theirs: { injection_location: { header: true, body: true } } },
    ...{ at: ["injectionLocation"], told: { header: true, body: true } },
    ...{ ours: { networking: networking("c.example.com") }, sent: { networking: wireNetworking("c.example.com") } },
  },
  {
    ...{ auth: oauth, theirs: { refresh: { scope: "everything" } }, at: ["refresh", "scope"], told: "everything" },
    ...{ ours: { refresh: { refreshToken: "refresh-two" } }, sent: { refresh: { refresh_token: "refresh-two" } } },
  },
  {
    ...{ auth: oauth, theirs: { expires_at: later }, at: ["expiresAt"], told: later },
    ...{ ours: { refresh: { scope: "write" } }, sent: { refresh: { scope: "write" } } },
  },
  {
    ...{ auth: oauth, theirs: { refresh: { scope: null } }, at: ["refresh", "scope"], told: undefined },
    ...{ ours: { accessToken: "access-two" }, sent: { access_token: "access-two" } },
  },
];

test.each(rotations)(
  "a refresh shows $theirs that somebody gave `auth` after an update of only $sent, and the next `up` restores it",
  async ({ auth, theirs, at, told, ours, sent }) => {
    const { stack, id, args } = await world.declared(vaultCredential, { auth }, added);
    const type = { type: auth.type };
    world.console.edit(id, { auth: { ...type, ...theirs } });
    const inner = "refresh" in auth && "refresh" in ours ? { refresh: { ...auth.refresh, ...ours.refresh } } : {};
    const after = { ...args, auth: { ...auth, ...ours, ...inner } };
    await stack.up(after);
    expect(world.sent()).toEqual([["POST", world.path(id), { auth: { ...type, ...sent } }]]);
    expect(await stack.refresh()).toBe("update");
    const member = at.reduce((value, name) => Object(value)[name], stack.state?.outputs["auth"]);
    expect({ member }).toMatchObject({ member: told });
    expect(await stack.preview(after)).toBe("update");
    expect(await stack.up(after)).toBe("update");
    await stack.findsNoDifference(after);
    world.console.edit(id, { auth: { ...type, ...theirs } });
    expect(await stack.refresh()).toBe("update");
  },
);

test("`up` fails if the service ignores that a variable without `networking` opens the network of a credential", async () => {
  const { stack, id, path, args } = await world.declared(vaultCredential, { auth: closed });
  world.api.fault({ kind: "ignored-write", method: "POST", path });
  const after = { ...args, auth: { ...variable, injectionLocation: { header: true } } };
  await expect(stack.up(after)).rejects.toThrow("still shows the old value");
  expect(await stack.preview(after)).toBe("update");
  await stack.up(after);
  expect(world.console.get(id)).toMatchObject({ auth: { networking: { type: "unrestricted" } } });
  expect(await stack.refresh()).toBe("same");
});

test("members that an update changed beside one that the service ignored are recorded, also a secret", async () => {
  const { stack, path, args } = await world.declared(vaultCredential, { auth: closed });
  showsAuth(path, { injection_location: { header: true } });
  const { injectionLocation: _, ...after } = { ...closed, secretValue: "value-two" };
  await expect(stack.up({ ...args, auth: after })).rejects.toThrow("still shows the old value");
  expect(stack.state?.outputs["auth"]).toEqual({ ...closed, secretValue: "value-two" });
  world.sent();
  await stack.up(args);
  const restored = { secret_value: variable.secretValue, injection_location: { header: true } };
  expect(world.sent()).toEqual([["POST", path, { auth: { type: variable.type, ...restored } }]]);
});

test("an update of a member that no reply shows succeeds, and prints nothing", async () => {
  const model = { id: "ultimate", contextWindow: 200_000 };
  const { stack, path, args } = await world.declared(agent, { model });
  const rendition = (body: object) => ({ ...body, model: { id: "ultimate", context_window: 200_000 } });
  world.api.fault({ kind: "rendition", path, rendition, times: Number.POSITIVE_INFINITY });
  await stack.up({ ...args, model: { ...model, effort: "high" } });
  expect(world.output).toEqual([]);
});

/**
 * Labels are the other value that an update carries in parts. The service refuses an update of a locked object that somebody changed,
 * and an update of casConfig carries all settings of the program.
 */
const labelled = createdKinds.filter(({ kind, isLocked }) => {
  const { metadata } = kind.fields;
  return metadata?.wire === "metadata" && metadata.replaces !== true && isLocked !== true;
});

test.each(labelled.map((kind) => ({ label: kind.label, kind })))(
  "a refresh of a $label shows a label that somebody changed, after an update of another label",
  async ({ kind }) => {
    const { stack, id, args } = await world.declared(kind, { metadata: { team: "a", tier: "1" } });
    world.console.edit(id, { metadata: { team: "b" } });
    const after = { ...args, metadata: { team: "a", tier: "2" } };
    await stack.up(after);
    expect(world.sent()).toEqual([["POST", world.path(id), { metadata: { tier: "2" } }]]);
    expect(await stack.refresh()).toBe("update");
    expect(stack.state?.inputs["metadata"]).toEqual({ team: "b", tier: "2" });
    expect(await stack.preview(after)).toBe("update");
    await stack.up(after);
    expect(await stack.refresh()).toBe("same");
    expect(stack.state?.inputs["metadata"]).toEqual(after.metadata);
  },
);

/** The program declares the value that the service fills in, and then removes it. */
type FilledIn = readonly [what: string, kind: KindRow, form: Partial<Switches>, argument: string, leftOut: unknown];
const filledIn: readonly FilledIn[] = [
  ["the settings of a model", agent, { modelEcho: "resolved" }, "model", "ultimate"],
  ["the version of a skill", agent, { skillVersions: "resolved" }, "skills", [custom]],
  ["the settings of tools", agent, { toolSettings: "resolved" }, "tools", [toolset]],
  ["the place of a file", deployment, { fillDefaults: true }, "resources", [{ type: "file", fileId: "file_1" }]],
];

test.each(filledIn)(
  "removing %s from the program is one update, even if the service fills in the same value",
  async (_, kind, form, argument, leftOut) => {
    const { stack, id, args } = await world.declared(kind, { [argument]: leftOut }, form);
    const given = { ...args, [argument]: Reflect.get(await world.find("id", id), argument) };
    await stack.up(given);
    world.sent();
    expect(await stack.up(args)).toBe("update");
    expect(world.sent()).toHaveLength(1);
    await stack.findsNoDifference(args);
    expect(stack.state?.outputs[argument]).toEqual(leftOut);
  },
);

test("a read by id describes an open network without the limits that the service shows beside it", async () => {
  world.pin("inside", "an empty value is described if an unknown member is in it");
  const config = { type: "cloud", networking: { type: "unrestricted" } };
  const { stack, id } = await world.declared(environment, { config }, { unrestrictedNetworking: "with-limits" });
  const found = await world.command().read(id, {});
  expect(found?.inputs["config"]).toEqual(config);
  const imported = world.again(stack);
  imported.state = found;
  world.sent();
  await imported.up(found?.inputs ?? {});
  expect(world.sent()).toEqual([]);
  await imported.findsNoDifference(found?.inputs ?? {});
});

const shownIn = ({ state }: SimulatedStack) => String(state?.outputs["__shown"]);

test("no baseline holds a token, even if the service repeats the token", async () => {
  const resources = [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: "hunter2" }];
  const { stack, id, args } = await world.declared(
    deployment,
    { resources },
    { fillDefaults: true, addedMembers: "objects" },
  );
  world.console.changeMember(id, ["resources", 0, "authorization_token"], "hunter2");
  expect(await stack.refresh()).toBe("same");
  world.console.changeMember(id, ["resources", 0, "mount_path"], "/elsewhere");
  expect(await stack.refresh()).toBe("update");
  expect(shownIn(stack)).toContain("acme/shop");
  expect(shownIn(stack)).not.toContain("hunter2");
  await stack.up(args);
  expect(world.console.get(id)).toMatchObject({ resources: [{ url: "https://github.com/acme/shop" }] });
  expect(await stack.refresh()).toBe("same");
});

const secretive: readonly (readonly [
  kind: KindRow,
  before: Properties,
  edit: JsonObject,
  after: Properties,
  other: Properties,
])[] = [
  [
    deployment,
    { environmentVariables: { KEY: "hunter2", OTHER: "a" } },
    { environment_variables: "OTHER=a" },
    { environmentVariables: { OTHER: "a" } },
    { description: "new" },
  ],
  [agent, { system: "hunter2" }, { system: "theirs" }, { system: "theirs" }, { description: "new" }],
  [
    agent,
    { metadata: { team: "a", key: "hunter2" } },
    { metadata: { key: null } },
    { metadata: { team: "a" } },
    { description: "new" },
  ],
  [
    environment,
    { config: { type: "cloud", setupScript: "login hunter2" } },
    { config: { type: "cloud", setup_script: "theirs" } },
    { config: { type: "cloud", setupScript: "theirs" } },
    { description: "new" },
  ],
];

describe.each(doors)("through the door %s", (door) => {
  beforeEach(() => useDoor(door));

  test.each(
    secretive.map(([kind, before, edit, after, other]) => ({ label: kind.label, kind, before, edit, after, other })),
  )(
    "a program that follows the removal of a secret from $before of a $label leaves no earlier value in the state after an update",
    async ({ kind, before, edit, after, other }) => {
      const { stack, id } = await world.declared(kind, before);
      world.console.edit(id, edit);
      expect(await stack.refresh()).toBe("update");
      expect(shownIn(stack)).toContain("hunter2");
      const args = world.args({ ...after, ...other });
      await stack.up(args);
      expect(JSON.stringify(stack.state)).not.toContain("hunter2");
      await stack.findsNoDifference(args);
    },
  );
});

test("a read by id records no baseline: nothing marks it as a secret, and nobody knows yet what the service filled in", async () => {
  const config = { type: "cloud", networking: { type: "unrestricted" }, setupScript: "login hunter2" };
  const { id } = await world.declared(environment, { config }, { unrestrictedNetworking: "with-limits" });
  const found = await world.command().read(id, {});
  expect(found?.outputs).toMatchObject({ config: { setupScript: "login hunter2" } });
  expect(found?.outputs).not.toHaveProperty("__shown");
  const again = await world.command().read(id, found?.outputs ?? {});
  expect(again?.outputs["config"]).toEqual(found?.outputs["config"]);
  expect(again?.outputs).not.toHaveProperty("__shown");
});

test("a member that somebody added, and that a service keeps which merges the configuration, is left to the service", async () => {
  const packages = { type: "cloud", packages: { apt: ["jq"] } };
  const { stack, id, args } = await world.declared(
    environment,
    { config: packages },
    { environmentConfigUpdate: "merge" },
  );
  world.console.edit(id, { config: { type: "cloud", setup_script: "curl theirs.example.com" } });
  const after = { ...args, config: { type: "cloud" } };
  await stack.up(after);
  await stack.findsNoDifference(after);
});
