import { agent } from "../kinds/agent";
import type { MemberPath } from "../qoder-api/member-changes";
import type { Properties } from "../support/provider";
import { timeLimits } from "../support/time-limits";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const toolset = { type: "agent_toolset_20260401" };
const skill = { type: "custom", skillId: "skill_1" };
const least = { model: "ultimate" };

interface Row {
  readonly what: string;
  readonly before: Properties;
  readonly after: Properties;
  /** What somebody else changes meanwhile. */
  readonly path: MemberPath;
  readonly value: unknown;
  /** What the error says that differs. */
  readonly told: string;
}

const rows: readonly Row[] = [
  {
    what: "a label that somebody set and the program begins to set",
    before: {},
    after: { metadata: { team: "ours" } },
    path: ["metadata", "team"],
    value: "theirs",
    told: 'metadata: {} => {"team":"theirs"}',
  },
  {
    what: "a label whose value somebody changed and the program removes",
    before: { metadata: { team: "ours", tier: "1" } },
    after: { metadata: { tier: "1" } },
    path: ["metadata", "team"],
    value: "theirs",
    told: 'metadata: {"team":"ours"} => {"team":"theirs"}',
  },
  {
    what: "a tool that somebody switched off",
    before: { tools: [toolset] },
    after: { tools: [{ ...toolset, disallowedTools: ["Write"] }] },
    path: ["tools", 0, "configs"],
    value: [{ name: "Bash", enabled: false }],
    told: "tools: ",
  },
  {
    what: "tools that somebody wants to be asked about",
    before: { tools: [toolset] },
    after: { tools: [{ ...toolset, enabledTools: ["Bash"] }] },
    path: ["tools", 0, "default_config"],
    value: { permission_policy: { type: "always_ask" } },
    told: "tools: ",
  },
  {
    what: "the effort that somebody chose for a model",
    before: {},
    after: { model: { id: "ultimate", contextWindow: 200_000 } },
    path: ["model"],
    value: { id: "ultimate", effort: "low" },
    told: 'model: "ultimate" => {"id":"ultimate","effort":"low"}',
  },
  {
    what: "the version that somebody pinned of a skill",
    before: { skills: [skill] },
    after: { skills: [skill, { type: "qoder", skillId: "skill_2" }] },
    path: ["skills", 0, "version"],
    value: "3",
    told: "skills: ",
  },
];

test.each(rows)(
  "$what is named where the program changes the same argument, and nothing is sent over it",
  async ({ before, after, path: changed, value, told }) => {
    const { stack, id, path } = await world.existing(agent, { ...least, ...before });
    world.api.agents.changeMember(id, changed, value);
    const theirs = world.api.agents.get(id);
    const args = { ...least, ...after };
    await expect(stack.up(args)).rejects.toThrow(`differs in ${told}`);
    expect(world.sent()).toEqual([
      ["POST", path, expect.objectContaining({ version: 1 })],
      ["GET", path],
    ]);
    expect(world.api.agents.get(id)).toEqual(theirs);
    await stack.refresh();
    await stack.up(args);
    expect(await stack.refresh()).toBe("same");
    expect(await stack.preview(args)).toBe("same");
  },
);

test("a label that somebody set to what the program begins to set is no conflict, and is sent once more", async () => {
  const { stack, id, path } = await world.existing(agent, least);
  world.api.agents.edit(id, { metadata: { team: "ours" } });
  await stack.up({ ...least, metadata: { team: "ours" } });
  expect(world.sent()).toEqual([
    ["POST", path, { metadata: { team: "ours" }, version: 1 }],
    ["GET", path],
    ["POST", path, { metadata: { team: "ours" }, version: 2 }],
  ]);
});

test("a label that somebody set beside ours costs one more try", async () => {
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

test("a second conflict in one update is an error, and nothing is tried a third time", async () => {
  const { stack, id, path } = await world.existing(agent, least);
  world.api.agents.bumpVersion(id);
  const body = { error: { message: "Version conflict" } };
  world.api.fault({ kind: "status", status: 409, method: "POST", path, body, skip: 1 });
  await expect(stack.up({ ...least, system: "new" })).rejects.toThrow("Version conflict");
  expect(world.sent()).toEqual([
    ["POST", path, { system: "new", version: 1 }],
    ["GET", path],
    ["POST", path, { system: "new", version: 2 }],
  ]);
  await stack.refresh();
  await stack.up({ ...least, system: "new" });
  expect(world.api.agents.get(id)).toMatchObject({ system: "new", version: 3 });
});

test("a lost update whose repetition is refused, and which no look can prove, is open: the next one looks first", async () => {
  const limits = timeLimits(30);
  const { stack, id, path } = await world.existing(agent, { ...least, ...limits, system: "old" });
  world.api.fault({ kind: "reset-after", method: "POST", path });
  world.api.fault({ kind: "status", status: 403, method: "GET", path });
  await expect(stack.up({ ...least, ...limits, system: "new" })).rejects.toThrow("may have been done or not");
  expect(world.api.agents.get(id)).toMatchObject({ system: "new", version: 2 });
  world.sent();
  await stack.up({ ...least, ...limits, system: "old" });
  expect(world.sent()).toEqual([
    ["GET", path],
    ["POST", path, { system: "old", version: 2 }],
  ]);
  expect(world.api.agents.get(id)).toMatchObject({ system: "old", version: 3 });
  expect(await stack.preview({ ...least, ...limits, system: "old" })).toBe("same");
});
