import { agent } from "../support/kinds";
import { PluginWorld } from "../support/plugin-world";
import type { Properties } from "../support/provider";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.resetAll());

const toolset = { type: "agent_toolset_20260401" };
const model = "ultimate";
const skill = (skillId: string) => ({ type: "custom", skillId });
const sent = (skill_id: string) => ({ type: "custom", skill_id });
const ask = { name: "Bash", permission_policy: { type: "always_ask" } };

test.each<[string, Properties, object, Properties, string]>([
  [
    "a label that the program begins to set",
    { model },
    { metadata: { a: "1" } },
    { model, metadata: { a: "2" } },
    "metadata",
  ],
  [
    "the value of a label that the program removes",
    { model, metadata: { a: "1" } },
    { metadata: { a: "2" } },
    { model },
    "metadata",
  ],
  [
    "a tool that the program says nothing of",
    { model, tools: [toolset] },
    { tools: [{ ...toolset, configs: [{ name: "Bash", enabled: false }] }] },
    { model, tools: [{ ...toolset, disallowedTools: ["Write"] }] },
    "tools",
  ],
  [
    "the permission of a tool that the program says nothing of",
    { model, tools: [toolset] },
    { tools: [{ ...toolset, configs: [ask] }] },
    { model, tools: [{ ...toolset, disallowedTools: ["Write"] }] },
    "tools",
  ],
  ["the effort of a model", { model }, { model: { id: model, effort: "high" } }, { model: "auto" }, "model"],
  [
    "the version of a skill",
    { model, skills: [skill("skill_1")] },
    { skills: [{ ...sent("skill_1"), version: "7" }] },
    { model, skills: [skill("skill_1"), skill("skill_2")] },
    "skills",
  ],
])(
  "%s, changed by somebody after the last look, is named and not overwritten",
  async (_, before, edit, after, name) => {
    const { stack, id, path } = await world.existing(agent, before);
    world.api.agents.edit(id, { ...edit });
    const held = JSON.stringify(world.api.agents.get(id));
    const message = new RegExp(`nothing was sent over what somebody else changed: version 2 .* differs in ${name}: `);
    await expect(stack.up(after)).rejects.toThrow(message);
    expect(world.sent()).toEqual([
      ["POST", path, expect.objectContaining({ version: 1 })],
      ["GET", path],
    ]);
    expect(JSON.stringify(world.api.agents.get(id))).toBe(held);
  },
);

test("a lost update whose refusal cannot be looked into stays open, and the next up looks first", async () => {
  const { stack, id, path } = await world.existing(agent, { model });
  world.api.fault({ kind: "reset-after", method: "POST", path });
  world.api.fault({ kind: "status", method: "GET", path, status: 403, body: { error: { message: "no" } } });
  await expect(stack.up({ model, system: "b" })).rejects.toThrow("may have been done or not");
  expect(stack.state?.outputs["__open"]).toBe(true);
  world.sent();
  await stack.up({ model, system: "b" });
  expect(world.sent()[0]).toEqual(["GET", path]);
  expect(world.api.agents.get(id)).toMatchObject({ system: "b", version: 2 });
  expect(await stack.preview({ model, system: "b" })).toBe("same");
});
