import { agent } from "../kinds/agent";
import type { Properties } from "../support/provider";
import { World } from "../support/world";

const world = World.ofTests();

const toolset = { type: "agent_toolset_20260401" };
const args = { model: "ultimate", system: "You write reports." };

const existing = (declared: Properties = args) => world.existing(agent, declared);

describe("an agent", () => {
  test("is not updated if somebody else's new version changed declared arguments, and the error names each of them", async () => {
    const { stack, id, path } = await existing({ ...args, tools: [toolset] });
    world.api.agents.edit(id, { system: "You write poems.", tools: [], metadata: { other: "x" } });
    await expect(stack.up({ model: "auto", system: args.system, tools: [toolset] })).rejects.toThrow(
      "version 2, made after 1, differs in system, tools. Nothing was sent on top of it.\nRun `pulumi refresh`",
    );
    expect(world.sent()).toEqual([
      ["POST", path, { model: "auto", version: 1 }],
      ["GET", path],
    ]);
    expect(await stack.refresh()).toBe("update");
    expect(await stack.up({ model: "auto", system: args.system, tools: [toolset] })).toBe("update");
    expect(world.api.agents.get(id)).toMatchObject({ system: args.system, tools: [toolset], version: 3 });
  });

  test("with a secret argument is named in the error without its values", async () => {
    const { stack, id } = await existing({ ...args, __secrets: ["system"] });
    world.api.agents.edit(id, { system: "You write reports, password hunter2." });
    const failed = expect(stack.up({ ...args, model: "auto" })).rejects;
    await failed.toThrow("differs in system. Nothing was sent on top of it.\nRun `pulumi refresh`");
    await failed.not.toThrow(/hunter2|reports/);
  });

  test("is the same in a refresh after a new version without a changed argument, and the refresh records the version", async () => {
    const { stack, id, path } = await existing();
    world.api.agents.bumpVersion(id);
    expect(await stack.refresh()).toBe("same");
    expect(stack.state?.outputs).toMatchObject({ version: 2 });
    world.sent();
    await stack.up({ ...args, system: "b" });
    expect(world.sent()).toEqual([["POST", path, { system: "b", version: 2 }]]);
  });

  test("is not updated a third time if its version changes again, nor a second time if somebody archived it", async () => {
    const { stack, id, path } = await existing();
    world.api.agents.bumpVersion(id);
    world.api.fault({ kind: "status", method: "POST", path, status: 409, times: 2 });
    await expect(stack.up({ ...args, system: "b" })).rejects.toThrow("409 conflict_error");
    expect(world.sent()).toEqual([
      ["POST", path, { system: "b", version: 1 }],
      ["GET", path],
      ["POST", path, { system: "b", version: 2 }],
    ]);
    world.api.agents.archive(id);
    await expect(stack.up({ ...args, system: "b" })).rejects.toThrow("409 conflict_error");
    expect(world.sent().filter((request) => JSON.stringify(request).includes("POST"))).toHaveLength(1);
  });

  test("is not updated without a version, if the service shows none", async () => {
    const { stack, id, path } = await existing();
    const state = stack.state ?? { id, inputs: {}, outputs: {} };
    stack.state = { ...state, outputs: { ...state.outputs, version: null } };
    world.api.fault({ kind: "replace-body", method: "GET", path, transform: ({ version: _, ...shown }) => shown });
    await expect(stack.up({ ...args, system: "b" })).rejects.toThrow("version is not as the API documents it");
    expect(world.sent()).toEqual([["GET", path]]);
    stack.state = state;
    world.api.fault({ kind: "status", method: "POST", path, status: 409 });
    world.api.fault({ kind: "replace-body", method: "GET", path, transform: ({ version: _, ...shown }) => shown });
    await expect(stack.up({ ...args, system: "b" })).rejects.toThrow("version is not as the API documents it");
    expect(world.sent()).toEqual([
      ["POST", path, { system: "b", version: 1 }],
      ["GET", path],
    ]);
  });

  test("is read before an update if its state has no version", async () => {
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

test("the error of a conflict about a name has the words of the service", async () => {
  const { stack, path } = await existing();
  world.api.agents.create({ name: "taken" });
  world.api.switches.duplicateNamesElsewhere = "conflict";
  await expect(stack.up({ ...args, name: "taken" })).rejects.toThrow("An agent named 'taken' already exists");
  expect(world.sent()).toEqual([
    ["POST", path, { name: "taken", version: 1 }],
    ["GET", path],
  ]);
});
