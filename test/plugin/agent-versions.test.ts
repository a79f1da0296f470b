import { agent } from "../kinds/agent";
import type { Properties } from "../support/provider";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const toolset = { type: "agent_toolset_20260401" };
const args = { model: "ultimate", system: "You write reports." };

const existing = (declared: Properties = args) => world.existing(agent, declared);

describe("a version that somebody else made", () => {
  test("and that changed nothing of ours is no obstacle: one read, and the change again", async () => {
    const { stack, id, path } = await existing();
    world.api.agents.edit(id, { description: "", metadata: { other: "x" } });
    await stack.up({ ...args, system: "b" });
    expect(world.sent()).toEqual([
      ["POST", path, { system: "b", version: 1 }],
      ["GET", path],
      ["POST", path, { system: "b", version: 2 }],
    ]);
    expect(stack.state?.outputs).toMatchObject({ system: "b", version: 3 });
    expect(world.output.join("\n")).toContain(
      "version 2 was made elsewhere and changed nothing that the program declares",
    );
  });

  test("and that changed what we declare is shown argument by argument, and nothing is sent over it", async () => {
    const { stack, id, path } = await existing({ ...args, tools: [toolset] });
    world.api.agents.edit(id, { system: "You write poems.", tools: [], metadata: { other: "x" } });
    await expect(stack.up({ model: "auto", system: args.system, tools: [toolset] })).rejects.toThrow(
      'nothing was sent over what somebody else changed: version 2 was made after 1, the last that the state knows, and differs in system: "You write reports." => "You write poems."; tools: [{"type":"agent_toolset_20260401"}] => nothing. Run `pulumi refresh` to take it in',
    );
    expect(world.sent()).toEqual([
      ["POST", path, { model: "auto", version: 1 }],
      ["GET", path],
    ]);
    expect(await stack.refresh()).toBe("update");
    expect(await stack.up({ model: "auto", system: args.system, tools: [toolset] })).toBe("update");
    expect(world.api.agents.get(id)).toMatchObject({ system: args.system, tools: [toolset], version: 3 });
  });

  test("is shown around the first character that differs", async () => {
    const long = "Be brief. ".repeat(100);
    const { stack, id } = await existing({ ...args, system: `${long}In English.` });
    world.api.agents.edit(id, { system: `${long}In French.` });
    await expect(stack.up({ ...args, model: "auto", system: `${long}In English.` })).rejects.toThrow(
      'system: …brief. Be brief. In English." => …brief. Be brief. In French."',
    );
  });

  test("shows no value of an argument that holds a secret, also one that held it before", async () => {
    const { stack, id } = await existing({ ...args, __secrets: ["system"] });
    world.api.agents.edit(id, { system: "You write reports, password hunter2." });
    const failed = expect(stack.up({ ...args, model: "auto" })).rejects;
    await failed.toThrow("differs in system (a secret). Run `pulumi refresh`");
    await failed.not.toThrow(/hunter2|reports/);
  });

  test("hides what the service repeats of an argument that holds a secret", async () => {
    const tools = [{ type: "custom", name: "ask", description: "password hunter3", inputSchema: {} }];
    const message = "Invalid value: password hunter2, password hunter3 of custom";
    world.api.fault({ kind: "status", method: "POST", path: "/agents", status: 400, body: { error: { message } } });
    const declared = { ...args, system: "password hunter2", tools, __secrets: ["system", "tools"] };
    await expect(world.stackOf(agent).up(declared)).rejects.toThrow("Invalid value: [secret], [secret] of custom");
  });

  test("and that is what we want already needs no request", async () => {
    const { stack, id, path } = await existing();
    world.api.agents.edit(id, { system: "b" });
    await stack.up({ ...args, system: "b" });
    expect(world.sent()).toEqual([
      ["POST", path, { system: "b", version: 1 }],
      ["GET", path],
    ]);
    expect(stack.state?.outputs).toMatchObject({ system: "b", version: 2 });
  });

  test("is our own where the answer to the change was lost", async () => {
    const { stack, id, path } = await existing();
    world.api.fault({ kind: "reset-after", method: "POST", path });
    await stack.up({ ...args, system: "b" });
    expect(world.api.agents.get(id)).toMatchObject({ system: "b", version: 2 });
    expect(stack.state?.outputs).toMatchObject({ version: 2 });
  });

  test("is taken in by a refresh, which is no change of what the program declares", async () => {
    const { stack, id, path } = await existing();
    world.api.agents.bumpVersion(id);
    expect(await stack.refresh()).toBe("same");
    expect(stack.state?.outputs).toMatchObject({ version: 2 });
    world.sent();
    await stack.up({ ...args, system: "b" });
    expect(world.sent()).toEqual([["POST", path, { system: "b", version: 2 }]]);
  });

  test("is looked up where the state knows none, and nothing is sent blindly", async () => {
    const { stack, id, path } = await existing();
    const state = stack.state ?? { id, inputs: {}, outputs: {} };
    stack.state = { ...state, outputs: { ...state.outputs, version: null } };
    await stack.up({ ...args, system: "b" });
    expect(world.sent()).toEqual([
      ["GET", path],
      ["POST", path, { system: "b", version: 1 }],
    ]);
  });
});

test("a conflict of another kind is told as the service tells it", async () => {
  const { stack, path } = await existing();
  world.api.agents.create({ name: "taken" });
  world.api.switches.duplicateNamesElsewhere = "conflict";
  await expect(stack.up({ ...args, name: "taken" })).rejects.toThrow("An agent named 'taken' already exists");
  expect(world.sent()).toEqual([
    ["POST", path, { name: "taken", version: 1 }],
    ["GET", path],
  ]);
});
