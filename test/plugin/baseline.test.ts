import { createdKinds } from "../kinds";
import { agent } from "../kinds/agent";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { vaultCredential } from "../kinds/vault-credential";
import type { Switches } from "../qoder-api";
import type { MemberPath } from "../qoder-api/member-changes";
import { doors, useDoor } from "../support/door";
import type { Properties } from "../support/provider";
import { timeLimits } from "../support/time-limits";
import { type KindWorld, World } from "../support/world";

let world: KindWorld;
beforeAll(async () => {
  world = await World.start(agent);
});
afterAll(() => world.stop());

const toolset = { type: "agent_toolset_20260401" };
const ask = { permissionPolicy: { type: "always_ask" } };
const askWire = { permission_policy: { type: "always_ask" } };
const tracker = [{ name: "tracker", url: "https://mcp.example.com" }];
const mcpTools = { type: "mcp_toolset", mcpServerName: "tracker" };
const allowed = { enabled: true, permissionPolicy: { type: "always_allow" } };
const open = { type: "cloud", networking: { type: "unrestricted" } };

interface Example {
  readonly what: string;
  readonly kind: KindRow;
  readonly args: Properties;
  readonly path: MemberPath;
  /** Absent if the member disappears. */
  readonly value?: unknown;
  /** The arguments that the state has after the refresh. */
  readonly told: Properties;
  readonly repair: Properties;
}

const examples: readonly Example[] = [
  {
    what: "a tool that is switched off",
    kind: agent,
    args: { tools: [toolset] },
    path: ["tools", 0, "configs"],
    value: [{ name: "Bash", enabled: false }],
    told: { tools: [{ ...toolset, configs: [{ name: "Bash", enabled: false }] }] },
    repair: { tools: [toolset] },
  },
  {
    what: "an MCP server whose tools run without a question",
    kind: agent,
    args: { mcpServers: tracker, tools: [mcpTools] },
    path: ["tools", 0, "default_config"],
    value: { enabled: true, permission_policy: { type: "always_allow" } },
    told: { tools: [{ ...mcpTools, defaultConfig: allowed }] },
    repair: { tools: [{ type: "mcp_toolset", mcp_server_name: "tracker" }] },
  },
  {
    what: "a setting of one more tool",
    kind: agent,
    args: { tools: [{ ...toolset, configs: [{ name: "Bash", ...ask }] }] },
    path: ["tools", 0, "configs"],
    value: [
      { name: "Bash", ...askWire },
      { name: "Write", enabled: false },
    ],
    told: {
      tools: [
        {
          ...toolset,
          configs: [
            { name: "Bash", ...ask },
            { name: "Write", enabled: false },
          ],
        },
      ],
    },
    repair: { tools: [{ ...toolset, configs: [{ name: "Bash", ...askWire }] }] },
  },
  {
    what: "a missing networking of an open environment",
    kind: environment,
    args: { config: open },
    path: ["config", "networking"],
    told: { config: { type: "cloud" } },
    repair: { config: open },
  },
];

const filled: Partial<Switches> = { toolSettings: "resolved", unrestrictedNetworking: "with-limits" };

describe.each<[string, Partial<Switches>]>([
  ["repeats the request", {}],
  ["fills in every default", filled],
])("if the service %s", (_, switches) => {
  test.each(examples)(
    "a refresh shows $what, and the next `up` restores the declared value with one request",
    async ({ kind, args: more, path, value, told, repair }) => {
      const { stack, id, args } = await world.declared(kind, more, switches);
      world.console.changeMember(id, path, value);
      expect(await stack.refresh()).toBe("update");
      expect(stack.state?.inputs).toMatchObject(told);
      expect(stack.state?.outputs).toMatchObject(told);
      expect(await stack.preview(args)).toBe("update");
      world.sent();
      const request = ["POST", world.path(id), world.bodyOf(repair)];
      await stack.up(args);
      expect(world.sent()).toEqual([request]);
      expect(await stack.refresh()).toBe("same");
      expect(await stack.preview(args)).toBe("same");
    },
  );
});

interface Addition {
  readonly what: string;
  readonly kind: KindRow;
  readonly args: Properties;
  readonly switches: Partial<Switches>;
  /** The member that the service added and somebody else changes. */
  readonly path: MemberPath;
}

const additions: readonly Addition[] = [
  {
    what: "limits beside an open network",
    kind: environment,
    args: { config: open },
    switches: { unrestrictedNetworking: "with-limits" },
    path: ["config", "networking", "allow_mcp_servers"],
  },
  {
    what: "a member of a skill",
    kind: agent,
    args: { skills: [{ type: "custom", skillId: "skill_1" }] },
    switches: { addedMembers: "elements" },
    path: ["skills", 0, "revision"],
  },
  {
    what: "a member of a tool",
    kind: agent,
    args: { tools: [toolset] },
    switches: { addedMembers: "elements" },
    path: ["tools", 0, "revision"],
  },
  {
    what: "a member of an agent of a team",
    kind: agent,
    args: { tools: [toolset], multiagent: { type: "coordinator", agents: [{ type: "self" }] } },
    switches: { addedMembers: "elements" },
    path: ["multiagent", "agents", 0, "revision"],
  },
];
const resolvedModel: Addition = {
  ...{ what: "settings of the model", kind: agent },
  args: { model: "ultimate" },
  switches: { modelEcho: "resolved" },
  path: ["model", "effort"],
};

test.each([resolvedModel, ...additions])(
  "$what that the service adds to its replies: `up` and a refresh show no difference and make no second version",
  async ({ kind, args: more, switches }) => {
    const { stack, id, args } = await world.declared(kind, more, switches);
    const before = world.console.get(id);
    for (const step of [await stack.up(args), await stack.refresh(), await stack.preview(args), await stack.up(args)]) {
      expect(step).toBe("same");
    }
    expect(world.sent()).toEqual([["GET", world.path(id)]]);
    expect(world.console.get(id)).toEqual(before);
  },
);

test.each([resolvedModel, ...additions])(
  "$what that the service adds: an adoption without an answer is sent again, and is quiet afterwards",
  async ({ kind, args: more, switches }) => {
    const { id, args } = await world.declared(kind, { ...more, ...timeLimits(30) }, switches);
    const adopting = world.stack();
    const after = { ...args, adopt: id, description: "ours" };
    world.api.fault({ kind: "reset-before", method: "POST", times: Number.POSITIVE_INFINITY });
    await expect(adopting.up(after)).rejects.toThrow("may have been done or not");
    world.api.clearFaults();
    await adopting.up(after);
    for (const step of [await adopting.refresh(), await adopting.preview(after), await adopting.up(after)]) {
      expect(step).toBe("same");
    }
  },
);

test.each([resolvedModel, ...additions])(
  "$what that the service adds: an adoption takes it for somebody's, sends the program's value once, and is quiet afterwards",
  async ({ kind, args: more, switches, path }) => {
    const { id, args } = await world.declared(kind, more, switches);
    const isDocumented = path.includes("networking");
    const adopting = world.stack();
    await adopting.up({ ...args, adopt: id });
    const request = ["POST", world.path(id), expect.anything()];
    expect(world.sent()).toEqual([["GET", world.path(id)], ...(isDocumented ? [] : [request])]);
    for (const step of [await adopting.refresh(), await adopting.preview(args), await adopting.up(args)]) {
      expect(step).toBe("same");
    }
    world.console.changeMember(id, path, "theirs");
    expect(await adopting.refresh()).toBe("update");
    expect(JSON.stringify(adopting.state?.inputs)).toContain("theirs");
    expect(await adopting.preview(args)).toBe("update");
  },
);

describe("a change that somebody made since the last refresh", () => {
  const limits = { unrestrictedNetworking: "with-limits" } as const;

  test("is still shown by a refresh after an update of another argument", async () => {
    const { stack, id, args } = await world.declared(environment, { config: open }, limits);
    world.console.changeMember(id, ["config", "networking", "allow_mcp_servers"], true);
    await stack.up({ ...args, description: "new" });
    expect(world.sent()).toEqual([["POST", world.path(id), { description: "new" }]]);
    expect(await stack.refresh()).toBe("update");
    expect(stack.state?.inputs).toMatchObject({ config: { networking: { allowMcpServers: true } } });
    world.sent();
    await stack.up({ ...args, description: "new" });
    expect(world.sent()).toEqual([["POST", world.path(id), { config: open }]]);
    expect(await stack.refresh()).toBe("same");
  });
});

const taken: readonly {
  readonly kind: KindRow;
  readonly argument: string;
  readonly theirs: Properties;
  readonly value: unknown;
}[] = [
  { kind: agent, argument: "tools", theirs: { tools: [toolset] }, value: [toolset] },
  {
    ...{ kind: agent, argument: "skills", theirs: { skills: [{ type: "custom", skill_id: "skill_1" }] } },
    value: [{ type: "custom", skillId: "skill_1" }],
  },
  {
    ...{ kind: agent, argument: "mcpServers", theirs: { mcp_servers: [{ type: "url", ...tracker[0] }] } },
    value: tracker,
  },
  {
    ...{ kind: environment, argument: "config", theirs: { config: { ...open, setup_script: "true" } } },
    value: { ...open, setupScript: "true" },
  },
];
test.each(taken)(
  "a program takes over the $argument that somebody set at the console, although the service adds members",
  async ({ kind, argument, theirs, value }) => {
    const { stack, id, args } = await world.declared(kind, {}, { ...filled, addedMembers: "objects" });
    world.console.edit(id, theirs);
    expect(await stack.refresh()).toBe("update");
    world.sent();
    const after = { ...args, [argument]: value };
    await stack.up(after);
    const requests = world.sent();
    expect(requests.length).toBeLessThan(2);
    expect(requests).toEqual(requests.map(() => ["POST", world.path(id), expect.objectContaining(theirs)]));
    for (const step of [await stack.refresh(), await stack.preview(after), await stack.up(after)]) {
      expect(step).toBe("same");
    }
    expect(world.sent()).toEqual([["GET", world.path(id)]]);
  },
);

test("a value that somebody gave an undeclared argument does not hide a later change of a declared argument", async () => {
  const switches = { addedMembers: "elements" } as const;
  const { stack, id, args } = await world.declared(agent, { tools: [toolset] }, switches);
  world.console.edit(id, { description: "theirs" });
  expect(await stack.refresh()).toBe("update");
  world.console.changeMember(id, ["tools", 0, "revision"], "theirs");
  await stack.refresh();
  expect(JSON.stringify(stack.state?.inputs["tools"])).toContain("theirs");
  world.sent();
  const request = ["POST", world.path(id), world.bodyOf({ description: "", tools: [toolset] })];
  await stack.up(args);
  expect(world.sent()).toEqual([request]);
  expect(await stack.refresh()).toBe("same");
});

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

/** Members of `auth` that somebody changes by a body, with the value that the state has after a refresh. */
const foreignMembers = [
  { auth: closed, theirs: { networking: open.networking }, at: ["networking"], told: open.networking },
  {
    ...{ auth: closed, theirs: { networking: wireNetworking("a.example.com", "b.example.com") } },
    ...{ at: ["networking"], told: networking("a.example.com", "b.example.com") },
  },
  {
    ...{ auth: closed, theirs: { injection_location: { header: true, body: true } } },
    ...{ at: ["injectionLocation"], told: { header: true, body: true } },
  },
  {
    ...{ auth: variable, theirs: { networking: wireNetworking("b.example.com") } },
    ...{ at: ["networking"], told: networking("b.example.com") },
  },
  { auth: oauth, theirs: { expires_at: later }, at: ["expiresAt"], told: later },
  { auth: oauth, theirs: { refresh: { scope: "everything" } }, at: ["refresh", "scope"], told: "everything" },
  { auth: oauth, theirs: { refresh: { scope: null } }, at: ["refresh", "scope"], told: undefined },
  {
    ...{ auth: { ...bearer, refresh: refreshing }, theirs: { refresh: { scope: "everything" } } },
    ...{ at: ["refresh", "scope"], told: "everything" },
  },
];

test("a time that leaves the program is the service's own, even if the service shows the same time again", async () => {
  const { stack, id, args } = await world.declared(vaultCredential, { auth: oauth });
  const rendition = (body: object) => {
    const { auth } = Object(body);
    return { ...body, auth: { ...auth, expires_at: oauth.expiresAt } };
  };
  world.api.fault({ kind: "rendition", method: "POST", path: world.path(id), rendition });
  world.api.fault({ kind: "rendition", method: "GET", path: world.path(id), rendition, times: 2 });
  const { expiresAt: _, ...after } = oauth;
  await stack.up({ ...args, auth: after });
  expect(await stack.preview({ ...args, auth: after })).toBe("same");
  expect(await stack.refresh()).toBe("same");
});

test("an adoption of a credential leaves a member to a service that keeps it, and says so once", async () => {
  const { id, args } = await world.declared(vaultCredential, { auth: variable });
  const theirs = { injection_location: { header: true, body: true } };
  world.console.edit(id, { auth: { type: variable.type, ...theirs } });
  const rendition = (body: object) => ({ ...body, auth: { ...Object(body).auth, ...theirs } });
  for (const method of ["POST", "GET"]) {
    world.api.fault({ kind: "rendition", method, path: world.path(id), rendition, skip: method === "GET" ? 1 : 0 });
  }
  const adopting = world.stack();
  const after = { ...args, adopt: id };
  await adopting.up(after);
  for (const step of [await adopting.refresh(), await adopting.preview(after), await adopting.up(after)]) {
    expect(step).toBe("same");
  }
  expect(world.output.filter((text) => text.includes("keeps members of auth"))).toHaveLength(1);
});

/** Updates of other members, each with its body. */
const otherMembers = [
  { type: variable.type, ours: { secretValue: "value-two" }, sent: { secret_value: "value-two" } },
  {
    type: variable.type,
    ours: { injectionLocation: { header: false } },
    sent: { injection_location: { header: false } },
  },
  {
    type: variable.type,
    ours: { networking: networking("c.example.com") },
    sent: { networking: wireNetworking("c.example.com") },
  },
  { type: bearer.type, ours: { accessToken: "access-two" }, sent: { access_token: "access-two" } },
  {
    type: bearer.type,
    ours: { expiresAt: "2029-01-01T00:00:00Z" },
    sent: { expires_at: "2029-01-01T00:00:00Z" },
  },
  {
    type: bearer.type,
    ours: { refresh: { refreshToken: "refresh-two" } },
    sent: { refresh: { refresh_token: "refresh-two" } },
  },
  { type: bearer.type, ours: { refresh: { scope: "write" } }, sent: { refresh: { scope: "write" } } },
];

function isOtherMember(theirs: object, sent: object): boolean {
  return Object.entries(sent).every(([name, value]) =>
    name === "refresh" && "refresh" in theirs ? isOtherMember(Object(theirs.refresh), value) : !(name in theirs),
  );
}

const rotations = foreignMembers.flatMap((foreign) =>
  otherMembers
    .filter(({ type, sent }) => type === foreign.auth.type && isOtherMember(foreign.theirs, sent))
    .flatMap((other) =>
      [{}, { addedMembers: "objects", unknownFields: "accept" } as const].map((switches) => ({
        ...{ ...foreign, ...other, switches },
        what: `${JSON.stringify(foreign.theirs)} that somebody gave \`auth\` ${JSON.stringify(switches)}`,
        update: JSON.stringify(other.sent),
      })),
    ),
);

test.each(rotations.flatMap((row) => doors.map((door) => ({ ...row, door }))))(
  "through the door $door a refresh shows $what after an update of only $update, and the next `up` restores the declared value",
  async ({ auth, theirs, at, told, ours, sent, switches, door }) => {
    useDoor(door);
    const { stack, id, args } = await world.declared(vaultCredential, { auth }, switches);
    const type = { type: auth.type };
    // The times of the service have no parts of a second.
    world.clock.pass(2_000);
    world.console.edit(id, { auth: { ...type, ...theirs } });
    const inner = "refresh" in auth && "refresh" in ours ? { refresh: { ...auth.refresh, ...ours.refresh } } : {};
    const after = { ...args, auth: { ...auth, ...ours, ...inner } };
    const look = ["GET", world.path(id)];
    const isUsedOnce = JSON.stringify(sent).includes("refresh_token");
    if (isUsedOnce) {
      // Somebody's update may be our own, whose answer was lost.
      await expect(stack.up(after)).rejects.toThrow(
        "nothing was sent.\nRun `pulumi refresh` and then `pulumi up` again",
      );
      expect(world.sent()).toEqual([look]);
    } else {
      await stack.up(after);
      expect(world.sent()).toEqual([["POST", world.path(id), { auth: { ...type, ...sent } }]]);
    }
    // After a refused update the engine keeps the inputs of the program before it.
    expect(await stack.refresh()).toBe(isUsedOnce ? "same" : "update");
    const member = at.reduce((value, name) => Object(value)[name], stack.state?.outputs["auth"]);
    expect({ member }).toMatchObject({ member: told });
    expect(await stack.preview(after)).toBe("update");
    expect(await stack.up(after)).toBe("update");
    for (const step of [await stack.up(after), await stack.refresh(), await stack.preview(after)]) {
      expect(step).toBe("same");
    }
    world.console.edit(id, { auth: { ...type, ...theirs } });
    expect(await stack.refresh()).toBe("update");
  },
);

test("`up` fails if the service ignores that a variable without `networking` opens the network of a credential", async () => {
  const { stack, id, args } = await world.declared(vaultCredential, { auth: closed });
  world.api.fault({ kind: "ignored-write", method: "POST", path: world.path(id) });
  const after = { ...args, auth: { ...variable, injectionLocation: { header: true } } };
  await expect(stack.up(after)).rejects.toThrow("still shows the old value");
  expect(await stack.preview(after)).toBe("update");
  await stack.up(after);
  expect(world.console.get(id)).toMatchObject({ auth: { networking: { type: "unrestricted" } } });
  expect(await stack.refresh()).toBe("same");
});

test("members that an update changed beside one that the service ignored are recorded, also a secret", async () => {
  const { stack, id, args } = await world.declared(vaultCredential, { auth: closed });
  const rendition = (body: object) => {
    const { auth } = Object(body);
    return { ...body, auth: { ...auth, injection_location: { header: true } } };
  };
  world.api.fault({ kind: "rendition", method: "POST", path: world.path(id), rendition });
  world.api.fault({ kind: "rendition", method: "GET", path: world.path(id), rendition });
  const { injectionLocation: _, ...after } = { ...closed, secretValue: "value-two" };
  await expect(stack.up({ ...args, auth: after })).rejects.toThrow("still shows the old value");
  expect(stack.state?.outputs["auth"]).toEqual({ ...closed, secretValue: "value-two" });
  world.sent();
  await stack.up(args);
  expect(world.sent()).toEqual([
    ["POST", world.path(id), { auth: { type: variable.type, secret_value: variable.secretValue } }],
  ]);
});

/**
 * Labels are the other value that an update carries in parts. The service refuses an update of a locked object that somebody changed,
 * and an update of casConfig carries all settings of the program.
 */
const labelled = createdKinds.filter(({ kind, isLocked }) => {
  const { metadata } = kind.fields;
  return metadata?.wire === "metadata" && metadata.replaces !== true && isLocked !== true;
});

test.each(labelled.flatMap((kind) => doors.map((door) => ({ label: kind.label, kind, door }))))(
  "through the door $door a refresh of a $label shows a label that somebody changed, after an update of another label",
  async ({ kind, door }) => {
    useDoor(door);
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
