import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import { file, fileOf } from "../kinds/file";
import type { KindRow } from "../kinds/kind-row";
import { memoryStore } from "../kinds/memory-store";
import { skill, skillOf } from "../kinds/skill";
import { vault } from "../kinds/vault";
import { skillMd } from "../support/skill-folder";
import { doors, type Properties, type Provider, SimulatedStack, World } from "../support/world";

const content = "# Words\n";

describe.each(doors)("through the door %s", (door) => {
  const world = World.ofTests(undefined, door);

  /** A resource of an earlier `up` that an alias renames in a new command, and a new one under its old name in that command. */
  async function renamed(kind: KindRow, args: Properties) {
    const { stack } = await world.existing(kind, args);
    const run = world.command({ kind });
    const at = (origin: string) => new SimulatedStack(() => run, origin, "name" in kind.fields);
    const old = at(stack.origin.replace(/daily$/, "renamed"));
    old.state = stack.state;
    return { run, old, fresh: at(stack.origin) };
  }

  const posts = () => world.sent().filter((request) => String(request).startsWith("POST"));
  const skillMdOf = (text: string) => skillOf({ "SKILL.md": skillMd("daily", text) });

  /**
   * Writes both as the engine does, which works at several resources at once: it checks both before it writes either. Returns the errors
   * of the writes.
   */
  async function upBoth(
    run: Provider,
    resources: readonly (readonly [SimulatedStack, Properties])[],
    isTurned: boolean,
  ) {
    const checked: [SimulatedStack, Properties][] = [];
    for (const [stack, args] of isTurned ? resources.toReversed() : resources) {
      const { inputs, failures } = await run.check({ __origin: stack.origin, ...args }, stack.state?.inputs);
      expect(failures).toEqual([]);
      checked.push([stack, inputs]);
    }
    const written = async (stack: SimulatedStack, inputs: Properties) => {
      stack.state = await (stack.state === undefined ? run.create(inputs) : run.update(stack.state, inputs));
      return "nothing failed";
    };
    const errors = new Map<SimulatedStack, string>();
    for (const [stack, inputs] of checked) {
      errors.set(stack, await written(stack, inputs).catch(String));
    }
    return resources.map(([stack]) => errors.get(stack));
  }

  test.each([false, true])("a renamed skill and its successor upload their files (new first: %s)", async (isTurned) => {
    const { run, old, fresh } = await renamed(skill, skillMdOf("one"));
    const [changed, other] = [skillMdOf("two"), skillMdOf("three")];
    const both = [[old, changed] as const, [fresh, other] as const];
    expect(await upBoth(run, both, isTurned)).toEqual(["nothing failed", "nothing failed"]);
    const uploads = posts().map((request) => Object(request)[1]);
    expect(uploads.toSorted()).toEqual(["/skills", `/skills/${old.state?.id}/versions`]);
    const held = (id = "") => String(world.api.skills.files(id)["SKILL.md"]);
    expect([held(old.state?.id), held(fresh.state?.id)]).toEqual([skillMd("daily", "two"), skillMd("daily", "three")]);
    expect(await old.preview(changed)).toBe("same");
  });

  test.each(["the renamed", "the new"].flatMap((which) => [false, true].map((isTurned) => ({ which, isTurned }))))(
    "a message about $which deployment hides its own secret and shows the other's text (the new one first: $isTurned)",
    async ({ which, isTurned }) => {
      const { run, old, fresh } = await renamed(deployment, world.args({ name: "daily" }));
      const given = (name: string, description: string, isSecret: boolean) =>
        world.args({
          ...{ name, description },
          __command: { isPreview: false, ...(isSecret ? { secretPlaces: [["description"]] } : {}) },
        });
      const isNew = which === "the new";
      const [ofOld, ofNew] = [given("daily", "hunter-two", !isNew), given("other", "hunter-three", isNew)];
      const message = "hunter-two and hunter-three";
      const body = { type: "error", error: { type: "invalid_request_error", message } };
      world.api.fault({ kind: "status", status: 400, method: "POST", body, times: 2 });
      const told = await upBoth(run, [[old, ofOld] as const, [fresh, ofNew] as const], isTurned);
      const hidden = isNew ? "hunter-two and [secret]" : "[secret] and hunter-three";
      expect(told).toEqual(
        [isNew ? message : hidden, isNew ? hidden : message].map((text) => expect.stringContaining(text)),
      );
    },
  );

  test("messages name the renamed resource and the new one by their present names", async () => {
    const { run, old, fresh } = await renamed(deployment, world.args());
    await fresh.preview(world.args({ name: "other", adopt: old.state?.id, acknowledge: [] }));
    // `up` repeats the warnings about what it changes.
    await old.preview(world.args({ name: "daily", adopt: "dep_elsewhere", description: "new" }));
    await expect(fresh.up(world.args({ name: "other", adopt: old.state?.id }))).rejects.toThrow(
      `QoderDeployment "daily" ("other" at Qoder): create failed: the resource "renamed" of this stack manages ${old.state?.id} already`,
    );
    await run.end();
    const ignored = world.output.filter((text) => text.includes("is ignored"));
    expect(ignored).toEqual([expect.stringContaining('QoderDeployment "renamed" ("daily" at Qoder')]);
  });

  /** The kind, its name argument, and the arguments of a resource that gives no name. */
  const byDefault = [
    [vault, "displayName", {}],
    [file, "name", door === "plugin" ? { content } : fileOf(content)],
  ] as const;
  const command = { isPreview: false };
  /** A program of the SDK gives a resource without a name its Pulumi name. The plugin does so itself. */
  const left = (argument: string, args: Properties, name: string): Properties =>
    door === "plugin"
      ? { ...args, [argument]: undefined }
      : { ...args, [argument]: name, __command: { ...command, defaultName: argument } };

  const renamable = [
    ["agents", agent, agent.least],
    ["environments", environment, environment.least],
    ["memoryStores", memoryStore, memoryStore.least],
    ["deployments", deployment, undefined],
  ] as const;
  const all = [...byDefault, ...renamable.map(([, kind, args]) => [kind, "name", args] as const)];

  const programs = [
    ...byDefault.map((row) => [row[0].label, "by default", ...row] as const),
    ...all.map((row) => [row[0].label, "by the program", ...row] as const),
  ];
  test.each(programs)(
    "a renamed %s that gives no name, and whose name was first given %s, keeps its name and its object",
    async (_, how, kind, argument, given) => {
      const isGiven = how === "by the program";
      const args = given ?? world.args();
      const name = isGiven ? "Team" : "daily";
      const before = isGiven ? { ...args, [argument]: name, __command: command } : left(argument, args, name);
      const { old } = await renamed(kind, before);
      const { id } = old.state ?? {};
      expect(await old.up(left(argument, args, "renamed"))).toBe("same");
      expect(posts()).toEqual([]);
      expect(old.state).toMatchObject({ id, inputs: { [argument]: name }, outputs: { [argument]: name } });
      expect(await old.preview(left(argument, args, "renamed"))).toBe("same");
      const step = await old.preview({ ...args, [argument]: "renamed", __command: command });
      expect(step).toBe(kind.kind.fields[argument]?.replaces ? "replace" : "update");
    },
  );

  test.each(renamable)("a name that somebody gave %s is drift, in any program", async (collection, kind, given) => {
    const args = left("name", given ?? world.args(), "daily");
    const { stack, id, path } = await world.existing(kind, args);
    const name = stack.state?.inputs["name"];
    for (const title of ["theirs", "theirs again"]) {
      world.api[collection].edit(id, { name: title });
      expect(await stack.refresh()).toBe("update");
      expect(stack.state?.inputs).toMatchObject({ name: title });
    }
    world.sent();
    expect(await stack.up(args)).toBe("update");
    expect(world.sent()).toEqual([["POST", path, expect.objectContaining({ name })]]);
    await stack.findsNoDifference(args);
    expect(stack.state?.inputs).toMatchObject({ name });
    expect(stack.state?.inputs).not.toHaveProperty("__name");
  });
});
