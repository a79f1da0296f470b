import { agent } from "../kinds/agent";
import type { MemberPath } from "../qoder-api/managed-objects";
import { timeLimits } from "../support/time-limits";
import { doors, type Properties, useDoor, World } from "../support/world";

const world = World.ofTests(agent);

const toolset = { type: "agent_toolset_20260401" };
const skill = { type: "custom", skillId: "skill_1" };
const least = { model: "ultimate" };
const labelled = (team: string) => ({ metadata: { team } });
const withoutWrite = { tools: [{ ...toolset, disallowedTools: ["Write"] }] };
const ofContext = { model: { id: "ultimate", contextWindow: 200_000 } };
const twoSkills = { skills: [skill, { type: "qoder", skillId: "skill_2" }] };

/** What somebody changes at a path before an update from one program to another. */
type Row = readonly [what: string, before: Properties, after: Properties, path: MemberPath, value: unknown];
const off = [{ name: "Bash", enabled: false }];
const rows: readonly Row[] = [
  ["a label that somebody set and that the program adds", {}, labelled("ours"), ["metadata", "team"], "theirs"],
  ["a tool that somebody switched off", { tools: [toolset] }, withoutWrite, ["tools", 0, "configs"], off],
  ["the effort that somebody chose for a model", {}, ofContext, ["model"], { id: "ultimate", effort: "low" }],
  ["the version that somebody pinned of a skill", { skills: [skill] }, twoSkills, ["skills", 0, "version"], "3"],
];

test.each(rows)("an update of the same argument names %s", async (_, before, after, changed, value) => {
  const { stack, id, path } = await world.existing(agent, { ...least, ...before });
  world.api.agents.changeMember(id, changed, value);
  const theirs = world.api.agents.get(id);
  const args = { ...least, ...after };
  await expect(stack.up(args)).rejects.toThrow(
    `differs in ${changed[0]}. Nothing was sent on top of it.\nRun \`git pull\` first`,
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

const posted = (path: string, version: number, body: object) => ["POST", path, { ...body, version }];

test.each([
  ["set to the wanted value is no conflict, and needs no second POST", {}, { team: "ours" }, { team: "ours" }, 1],
  [
    "added beside a declared one costs one GET and one more POST",
    { team: "old" },
    { owner: "theirs" },
    { team: "ours" },
    2,
  ],
  ["added beside one that leaves the program stays", { team: "old", tier: "1" }, { owner: "theirs" }, { tier: "1" }, 2],
])("a label that somebody %s", async (_, before, theirs, metadata, posts) => {
  const { stack, id, path } = await world.existing(agent, { ...least, metadata: before });
  world.api.agents.edit(id, { metadata: theirs });
  await stack.up({ ...least, metadata });
  const body = { metadata: "team" in metadata ? metadata : { team: null } };
  const requests = [posted(path, 1, body), ["GET", path], posted(path, 2, body)];
  expect(world.sent()).toEqual(requests.slice(0, posts + 1));
  expect(world.api.agents.get(id).metadata).toEqual({ ...metadata, ...theirs });
});

/** Only the list of models shows the settings that the service fills in, so nobody can tell them from somebody's settings. */
const ownChanges = agent.changes.filter(({ what }) => !what.startsWith("model"));

/** An update that the service does while the process ends. */
async function killed(before: Properties, after: Properties) {
  const { stack, id, path } = await world.existing(agent, { ...least, ...before });
  world.api.fault({ kind: "reset-after", method: "POST", path });
  await expect(world.ending(stack).up({ ...least, ...after })).rejects.toThrow("the process has ended");
  world.sent();
  return { stack, path, version: Number(world.api.agents.get(id).version), live: () => world.api.agents.get(id) };
}

test.each(ownChanges)("a killed update of $what knows its version", async ({ before, after, switches }) => {
  world.reset({ ...switches, modelEcho: "resolved", skillVersions: "resolved", toolSettings: "resolved" });
  const { stack, path, version } = await killed(before, after);
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
  const after = { model: "lite" };
  const { stack, version, live } = await killed({}, after);
  await expect(stack.up(after)).rejects.toThrow(
    "differs in model. Nothing was sent on top of it.\nRun `git pull` first",
  );
  await stack.refresh();
  await stack.up(after);
  expect(live().version).toBe(version + 1);
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
  world.api.agents.changeMember(id, ["tools", 0, "configs"], off);
  stack.ignoreChanges = ["tools[0].configs"];
  await expect(stack.up({ ...least, ...withoutWrite })).rejects.toThrow(
    "differs in tools. Nothing was sent on top of it",
  );
});

test("an update that lost its first answer at a service that adds members meets what it made, and sends nothing more", async () => {
  world.reset({ addedMembers: "elements" });
  const { stack, id, path } = await world.existing(agent, { ...least, tools: [toolset] });
  world.api.fault({ kind: "reset-after", method: "POST", path });
  const args = { ...least, ...withoutWrite };
  await stack.up(args);
  expect(world.api.agents.get(id).version).toBe(2);
  await stack.findsNoDifference(args);
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
      "version 2, made after 1, differs in system, tools. Nothing was sent on top of it.\nRun `git pull` first",
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
    await failed.toThrow("differs in system. Nothing was sent on top of it.\nRun `git pull` first");
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

  test("is read before an update if its state has no version, and is not updated if the service shows none", async () => {
    const { stack, path } = await world.existing(agent, reporter);
    const { state } = stack;
    const forgotten = state && { ...state, outputs: { ...state.outputs, version: null } };
    const after = { ...reporter, system: "b" };
    const post = ["POST", path, { system: "b", version: 1 }];
    const hidden = async () => {
      world.api.fault({ kind: "replace-body", method: "GET", path, transform: ({ version: _, ...shown }) => shown });
      await expect(stack.up(after)).rejects.toThrow("version is not as the API documents it");
    };
    stack.state = forgotten;
    await hidden();
    expect(world.sent()).toEqual([["GET", path]]);
    stack.state = state;
    world.api.fault({ kind: "status", method: "POST", path, status: 409 });
    await hidden();
    expect(world.sent()).toEqual([post, ["GET", path]]);
    stack.state = forgotten;
    await stack.up(after);
    expect(world.sent()).toEqual([["GET", path], post]);
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
