import { agent } from "../kinds/agent";
import type { MemberPath } from "../qoder-api/managed-objects";
import { EndingClock } from "../support/skipping-clock";
import { timeLimits } from "../support/time-limits";
import { doors, type Properties, useDoor, World } from "../support/world";

const world = World.ofTests();

const toolset = { type: "agent_toolset_20260401" };
const skill = { type: "custom", skillId: "skill_1" };
const least = { model: "ultimate" };

interface Row {
  readonly what: string;
  readonly before: Properties;
  readonly after: Properties;
  /** The member that somebody else changes before the update. */
  readonly path: MemberPath;
  readonly value: unknown;
  /** The difference in the words of the error. */
  readonly told: string;
}

const rows: readonly Row[] = [
  {
    what: "a label that somebody set and that the program adds",
    before: {},
    after: { metadata: { team: "ours" } },
    path: ["metadata", "team"],
    value: "theirs",
    told: "metadata",
  },
  {
    what: "a tool that somebody switched off",
    before: { tools: [toolset] },
    after: { tools: [{ ...toolset, disallowedTools: ["Write"] }] },
    path: ["tools", 0, "configs"],
    value: [{ name: "Bash", enabled: false }],
    told: "tools",
  },
  {
    what: "the effort that somebody chose for a model",
    before: {},
    after: { model: { id: "ultimate", contextWindow: 200_000 } },
    path: ["model"],
    value: { id: "ultimate", effort: "low" },
    told: "model",
  },
  {
    what: "the version that somebody pinned of a skill",
    before: { skills: [skill] },
    after: { skills: [skill, { type: "qoder", skillId: "skill_2" }] },
    path: ["skills", 0, "version"],
    value: "3",
    told: "skills",
  },
];

test.each(rows)("an update of the same argument names $what", async ({ before, after, path: changed, value, told }) => {
  const { stack, id, path } = await world.existing(agent, { ...least, ...before });
  world.api.agents.changeMember(id, changed, value);
  const theirs = world.api.agents.get(id);
  const args = { ...least, ...after };
  await expect(stack.up(args)).rejects.toThrow(
    `differs in ${told}. Nothing was sent on top of it.\nRun \`pulumi refresh\``,
  );
  expect(world.sent()).toEqual([
    ["POST", path, expect.objectContaining({ version: 1 })],
    ["GET", path],
  ]);
  expect(world.api.agents.get(id)).toEqual(theirs);
  await stack.refresh();
  await stack.up(args);
  await stack.findsNoDifference(args);
});

test("a label that somebody set to the wanted value is no conflict, and needs no second POST", async () => {
  const { stack, id, path } = await world.existing(agent, least);
  world.api.agents.edit(id, { metadata: { team: "ours" } });
  await stack.up({ ...least, metadata: { team: "ours" } });
  expect(world.sent()).toEqual([
    ["POST", path, { metadata: { team: "ours" }, version: 1 }],
    ["GET", path],
  ]);
});

test("a label that somebody added beside a declared one costs the update one GET and one more POST", async () => {
  const { stack, id, path } = await world.existing(agent, { ...least, metadata: { team: "ours" } });
  world.api.agents.edit(id, { metadata: { owner: "theirs" } });
  await stack.up({ ...least, metadata: { team: "new" } });
  expect(world.sent()).toEqual([
    ["POST", path, { metadata: { team: "new" }, version: 1 }],
    ["GET", path],
    ["POST", path, { metadata: { team: "new" }, version: 2 }],
  ]);
  expect(world.api.agents.get(id).metadata).toEqual({ team: "new", owner: "theirs" });
});

/** Only the list of models shows the settings that the service fills in, so nobody can tell them from somebody's settings. */
const ownChanges = agent.changes.filter(({ what }) => !what.startsWith("model"));

test.each(ownChanges)("a killed update of $what knows its version", async ({ before, after, switches }) => {
  world.reset({ ...switches, modelEcho: "resolved", skillVersions: "resolved", toolSettings: "resolved" });
  const { stack, id, path } = await world.existing(agent, { ...least, ...before });
  world.api.fault({ kind: "reset-after", method: "POST", path });
  const killed = world.stackOf(agent, world.command({ kind: agent, clock: new EndingClock(world.clock) }));
  killed.state = stack.state;
  await expect(killed.up({ ...least, ...after })).rejects.toThrow("the process has ended");
  const { version } = world.api.agents.get(id);
  world.sent();
  await stack.up({ ...least, ...after });
  expect(world.sent()).toEqual([
    ["POST", path, expect.objectContaining({ version: 1 })],
    ["GET", path],
  ]);
  expect(stack.state?.outputs["version"]).toBe(version);
  await stack.findsNoDifference({ ...least, ...after });
});

test.each(doors)("door %s: a refresh mends a killed update of a model with filled-in settings", async (door) => {
  useDoor(door);
  world.reset({ modelEcho: "resolved" });
  const { stack, id, path } = await world.existing(agent, least);
  world.api.fault({ kind: "reset-after", method: "POST", path });
  const killed = world.stackOf(agent, world.command({ kind: agent, clock: new EndingClock(world.clock) }));
  killed.state = stack.state;
  const after = { model: "lite" };
  await expect(killed.up(after)).rejects.toThrow("the process has ended");
  await expect(stack.up(after)).rejects.toThrow(
    "differs in model. Nothing was sent on top of it.\nRun `pulumi refresh`",
  );
  const { version } = world.api.agents.get(id);
  await stack.refresh();
  await stack.up(after);
  expect(world.api.agents.get(id).version).toBe(Number(version) + 1);
  await stack.findsNoDifference(after);
});

test("an update without an answer is sent again, on the version that it made itself", async () => {
  const limits = timeLimits(30);
  const { stack, id, path } = await world.existing(agent, { ...least, ...limits, system: "old" });
  world.api.fault({ kind: "reset-after", method: "POST", path });
  world.api.fault({ kind: "status", status: 403, method: "GET", path });
  await expect(stack.up({ ...least, ...limits, system: "new" })).rejects.toThrow("may have been done or not");
  expect(world.api.agents.get(id)).toMatchObject({ system: "new", version: 2 });
  world.sent();
  await stack.up({ ...least, ...limits, system: "old" });
  expect(world.sent()).toEqual([
    ["POST", path, { system: "old", version: 1 }],
    ["GET", path],
    ["POST", path, { system: "old", version: 2 }],
  ]);
  expect(world.api.agents.get(id)).toMatchObject({ system: "old", version: 3 });
  expect(await stack.preview({ ...least, ...limits, system: "old" })).toBe("same");
});

test.each(
  doors.flatMap((door) => ["system", "metadata.team", 'metadata["team"]'].map((path) => [path, door] as const)),
)("a changed argument with the path %s under ignoreChanges is no conflict: door %s", async (path, door) => {
  useDoor(door);
  const declared = { ...least, system: "old", metadata: { team: "old" } };
  const { stack, id } = await world.existing(agent, { ...declared, description: "old" });
  const theirs = path === "system" ? { system: "theirs" } : { metadata: { team: "theirs" } };
  world.api.agents.edit(id, theirs);
  stack.ignoreChanges = [path];
  await stack.up({ ...declared, description: "new" });
  expect(world.api.agents.get(id)).toMatchObject({ ...theirs, description: "new" });
});

test("an update of an argument overwrites no member of it that ignoreChanges leaves to others", async () => {
  const { stack, id } = await world.existing(agent, { ...least, tools: [toolset] });
  world.api.agents.changeMember(id, ["tools", 0, "configs"], [{ name: "Bash", enabled: false }]);
  stack.ignoreChanges = ["tools[0].configs"];
  const args = { ...least, tools: [{ ...toolset, disallowedTools: ["Write"] }] };
  await expect(stack.up(args)).rejects.toThrow("differs in tools. Nothing was sent on top of it");
});

test("an update that lost its first answer at a service that adds members goes out again on the version that it made", async () => {
  world.reset({ addedMembers: "elements" });
  const { stack, id, path } = await world.existing(agent, { ...least, tools: [toolset] });
  world.api.fault({ kind: "reset-after", method: "POST", path });
  const args = { ...least, tools: [{ ...toolset, disallowedTools: ["Write"] }] };
  await stack.up(args);
  expect(world.api.agents.get(id).version).toBe(3);
  await stack.findsNoDifference(args);
});

test("a label that leaves the program goes away, although somebody changed something else", async () => {
  const { stack, id } = await world.existing(agent, { ...least, metadata: { team: "ours", tier: "1" } });
  world.api.agents.edit(id, { metadata: { owner: "theirs" } });
  await stack.up({ ...least, metadata: { tier: "1" } });
  expect(world.api.agents.get(id).metadata).toEqual({ tier: "1", owner: "theirs" });
});

test.each(doors)("door %s: a change of the state alone sends nothing, and takes no foreign version", async (door) => {
  useDoor(door);
  const { stack, id } = await world.existing(agent, { ...least, system: "ours" });
  world.api.agents.edit(id, { system: "theirs" });
  expect(await stack.up({ ...least, system: "ours", archiveInUse: true })).toBe("update");
  expect(world.sent()).toEqual([]);
  expect(stack.state?.outputs).toMatchObject({ system: "ours", archiveInUse: true, version: 1 });
  expect(await stack.refresh()).toBe("update");
  expect(stack.state?.outputs).toMatchObject({ system: "theirs", version: 2 });
});

const reporter = { model: "ultimate", system: "You write reports." };

describe("an agent", () => {
  test("is not updated if somebody else's new version changed declared arguments, and the error names each of them", async () => {
    const { stack, id, path } = await world.existing(agent, { ...reporter, tools: [toolset] });
    world.api.agents.edit(id, { system: "You write poems.", tools: [], metadata: { other: "x" } });
    await expect(stack.up({ model: "auto", system: reporter.system, tools: [toolset] })).rejects.toThrow(
      "version 2, made after 1, differs in system, tools. Nothing was sent on top of it.\nRun `pulumi refresh`",
    );
    expect(world.sent()).toEqual([
      ["POST", path, { model: "auto", version: 1 }],
      ["GET", path],
    ]);
    expect(await stack.refresh()).toBe("update");
    expect(await stack.up({ model: "auto", system: reporter.system, tools: [toolset] })).toBe("update");
    expect(world.api.agents.get(id)).toMatchObject({ system: reporter.system, tools: [toolset], version: 3 });
  });

  test("with a secret argument is named in the error without its values", async () => {
    const { stack, id } = await world.existing(agent, { ...reporter, __secrets: ["system"] });
    world.api.agents.edit(id, { system: "You write reports, password hunter2." });
    const failed = expect(stack.up({ ...reporter, model: "auto" })).rejects;
    await failed.toThrow("differs in system. Nothing was sent on top of it.\nRun `pulumi refresh`");
    await failed.not.toThrow(/hunter2|reports/);
  });

  test("is the same in a refresh after a new version without a changed argument, and the refresh records the version", async () => {
    const { stack, id, path } = await world.existing(agent, reporter);
    world.api.agents.bumpVersion(id);
    expect(await stack.refresh()).toBe("same");
    expect(stack.state?.outputs).toMatchObject({ version: 2 });
    world.sent();
    await stack.up({ ...reporter, system: "b" });
    expect(world.sent()).toEqual([["POST", path, { system: "b", version: 2 }]]);
  });

  test("is not updated a third time if its version changes again, nor a second time if somebody archived it", async () => {
    const { stack, id, path } = await world.existing(agent, reporter);
    world.api.agents.bumpVersion(id);
    world.api.fault({ kind: "status", method: "POST", path, status: 409, times: 2 });
    await expect(stack.up({ ...reporter, system: "b" })).rejects.toThrow("409 conflict_error");
    expect(world.sent()).toEqual([
      ["POST", path, { system: "b", version: 1 }],
      ["GET", path],
      ["POST", path, { system: "b", version: 2 }],
    ]);
    world.api.agents.archive(id);
    await expect(stack.up({ ...reporter, system: "b" })).rejects.toThrow("409 conflict_error");
    expect(world.sent().filter((request) => JSON.stringify(request).includes("POST"))).toHaveLength(1);
  });

  test("is not updated without a version, if the service shows none", async () => {
    const { stack, id, path } = await world.existing(agent, reporter);
    const state = stack.state ?? { id, inputs: {}, outputs: {} };
    stack.state = { ...state, outputs: { ...state.outputs, version: null } };
    world.api.fault({ kind: "replace-body", method: "GET", path, transform: ({ version: _, ...shown }) => shown });
    await expect(stack.up({ ...reporter, system: "b" })).rejects.toThrow("version is not as the API documents it");
    expect(world.sent()).toEqual([["GET", path]]);
    stack.state = state;
    world.api.fault({ kind: "status", method: "POST", path, status: 409 });
    world.api.fault({ kind: "replace-body", method: "GET", path, transform: ({ version: _, ...shown }) => shown });
    await expect(stack.up({ ...reporter, system: "b" })).rejects.toThrow("version is not as the API documents it");
    expect(world.sent()).toEqual([
      ["POST", path, { system: "b", version: 1 }],
      ["GET", path],
    ]);
  });

  test("is read before an update if its state has no version", async () => {
    const { stack, id, path } = await world.existing(agent, reporter);
    const state = stack.state ?? { id, inputs: {}, outputs: {} };
    stack.state = { ...state, outputs: { ...state.outputs, version: null } };
    await stack.up({ ...reporter, system: "b" });
    expect(world.sent()).toEqual([
      ["GET", path],
      ["POST", path, { system: "b", version: 1 }],
    ]);
  });
});

test("the error of a conflict about a name has the words of the service", async () => {
  const { stack, path } = await world.existing(agent, reporter);
  world.api.agents.create({ name: "taken" });
  world.api.switches.duplicateNamesElsewhere = "conflict";
  await expect(stack.up({ ...reporter, name: "taken" })).rejects.toThrow("An agent named 'taken' already exists");
  expect(world.sent()).toEqual([
    ["POST", path, { name: "taken", version: 1 }],
    ["GET", path],
  ]);
});
