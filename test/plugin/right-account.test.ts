import { createdKinds } from "../kinds";
import { agent } from "../kinds/agent";
import type { KindRow } from "../kinds/kind-row";
import { memoryStore } from "../kinds/memory-store";
import { skill, skillOf } from "../kinds/skill";
import { SharedCommand } from "../support/shared-command";
import { skillMd } from "../support/skill-folder";
import { doors, type SimulatedStack, textsOf, useDoor, World } from "../support/world";

const always = { times: Number.POSITIVE_INFINITY };
const hourMs = 3_600_000;
const minuteMs = 60_000;
const renewed = { "qoder:pat": "pt-renewed" };
const foreign = { "qoder:pat": "pt-other" };
const ofWrongAccount = "probably belongs to another account or workspace";
const ownId = (id: string) => id.split("/").at(-1) ?? "";
const failure = (work: Promise<unknown>) =>
  work.then(
    () => "nothing failed",
    (error) => textsOf(error).join(),
  );

describe.each(createdKinds)(
  "a $label that somebody deleted at Qoder, for a token that is new in the stack,",
  (kind) => {
    const world = World.ofTests(kind);

    let stores = 0;
    const store = () => {
      stores += 1;
      return { name: `beside ${stores}` };
    };

    /** The deleted object and a memory store, in the state of an earlier command. */
    async function both(config: Readonly<Record<string, string>> = renewed) {
      world.reset();
      const gone = await world.existing(kind, world.args());
      const declared = store();
      const other = await world.existing(memoryStore, declared);
      world.passTime(hourMs);
      for (const path of [gone.path, kind.witness(kind.least)].flatMap((one) => one ?? [])) {
        world.api.fault({ kind: "status", status: 404, path: new RegExp(`^${path}(/archive)?$`), ...always });
      }
      const command = new SharedCommand(world, config);
      return {
        gone: command.resource(kind, gone.stack),
        other: command.resource(memoryStore, other.stack),
        command,
        declared,
        ...gone,
      };
    }

    describe.each(["refresh", "destroy"] as const)("leaves the state in a %s", (command) => {
      test.each([
        [
          "before it",
          async (gone: SimulatedStack, other: SimulatedStack) => [await other[command](), await gone[command]()],
        ],
        [
          "at the same time",
          (gone: SimulatedStack, other: SimulatedStack) => Promise.all([gone[command](), other[command]()]),
        ],
      ])("that sees another object of the stack %s", async (_, run) => {
        const { gone, other } = await both();
        world.api.fault({ kind: "delay", delayMs: 50, path: /^\/memory_stores/ });
        await run(gone, other);
        expect(gone.state).toBeUndefined();
        expect(other.state === undefined).toBe(command === "destroy");
        const said = world.output.filter((text) => text.includes("is gone from Qoder, so this refresh takes it out"));
        expect(said).toHaveLength(command === "refresh" ? 1 : 0);
      });

      test("not if nothing else was seen, and the error says what to do", async () => {
        const { gone, id } = await both();
        const message = await failure(gone[command]());
        expect(message).toContain(ofWrongAccount);
        expect(message).toContain("`pulumi refresh` without `--target` and `--parallel 1`");
        expect(gone.state?.id).toBe(id);
      });

      test("not if the token belongs to another account: both objects stay", async () => {
        const { gone, other } = await both(foreign);
        const messages = await Promise.all([gone, other].map((one) => failure(one[command]())));
        expect(messages).toEqual([expect.stringContaining("failed: "), expect.stringContaining(ofWrongAccount)]);
        expect([gone.state, other.state]).not.toContain(undefined);
      });

      test("not if the only object that was seen is one that the new token made", async () => {
        const { gone } = await both();
        const other = world.stackOf(memoryStore, world.command({ kind: memoryStore, config: renewed }));
        await other.up(store());
        const shared = new SharedCommand(world, renewed);
        const stack = shared.resource(kind, gone);
        await shared.resource(memoryStore, other).refresh();
        expect(await failure(stack[command]())).toContain(ofWrongAccount);
        expect(stack.state?.id).toBe(gone.state?.id);
      });
    });

    test("a destroy keeps the object if the only object that was seen is one that this command created", async () => {
      const { gone, command } = await both(foreign);
      await command.resource(memoryStore, world.stackOf(memoryStore)).up(store());
      expect(await failure(gone.destroy())).not.toBe("nothing failed");
      expect(gone.state).toBeDefined();
    });

    for (const { what, before, after } of kind.changes.filter(({ switches }) => switches === undefined).slice(0, 1)) {
      test(`is out of the state without another object once that token has updated it (${what})`, async () => {
        world.reset();
        const { stack, id } = await world.existing(kind, world.args(before));
        const command = new SharedCommand(world, renewed).resource(kind, stack);
        expect(await command.up(world.args(after))).toBe("update");
        world.passTime(hourMs);
        world.console.remove(ownId(id));
        await command.refresh();
        expect(command.state).toBeUndefined();
      });
    }

    test("an `up` without it asks for an object that the program still declares", async () => {
      const { gone, other, declared } = await both();
      await other.up(declared);
      expect(world.sent()).toEqual([]);
      await gone.destroy();
      expect(gone.state).toBeUndefined();
      expect(world.sent().filter((request) => String(request).includes("/memory_stores/"))).toContainEqual([
        "GET",
        `/memory_stores/${other.state?.id}`,
      ]);
    });

    test.each([
      ["takes it out of the state", renewed, true],
      ["with the token of another account fails and keeps the state", foreign, false],
    ])("half a minute after its creation is asked for three times, and a refresh %s", async (_, config, isDropped) => {
      world.reset();
      const other = await world.existing(memoryStore, store());
      const gone = await world.existing(kind, world.args());
      world.passTime(minuteMs / 2);
      world.console.remove(ownId(gone.id));
      const command = new SharedCommand(world, config);
      const stack = command.resource(kind, gone.stack);
      world.sent();
      const refreshes = [stack.refresh(), command.resource(memoryStore, other.stack).refresh()];
      const [outcome] = await Promise.allSettled(refreshes);
      expect(outcome?.status).toBe(isDropped ? "fulfilled" : "rejected");
      expect(stack.state === undefined).toBe(isDropped);
      const ofOther = (request: unknown) => String(request) === `GET,/memory_stores/${other.id}`;
      // The refresh of the other object sends one GET of its own, and with a wrong token a few more.
      expect(world.sent().filter((request) => !ofOther(request)).length).toBeLessThanOrEqual(3);
    });
  },
);

describe.each(doors)("door %s: in a stack with an object that another account made by mistake", (door) => {
  const world = World.ofTests(memoryStore);
  beforeEach(() => useDoor(door));

  /** The stacks of two objects and of the one that the mistake made. */
  async function mistaken(config: Readonly<Record<string, string>> = foreign, way: "create" | "import" = "create") {
    world.reset();
    const ours = [
      await world.existing(memoryStore, { name: "one" }),
      await world.existing(memoryStore, { name: "two" }),
    ];
    const made = new SharedCommand(world, config).resource(memoryStore, world.stackOf(memoryStore));
    await made.up({ name: "three" });
    if (way === "import") {
      made.state = await new SharedCommand(world, config).provider(memoryStore).read(made.state?.id ?? "", {});
    }
    world.passTime(hourMs);
    return { ours, made };
  }
  const together = (work: readonly (() => Promise<string>)[]) => Promise.all(work.map((run) => run()));
  async function inTurn(work: readonly (() => Promise<string>)[]): Promise<string[]> {
    const messages: string[] = [];
    for (const run of work) {
      messages.push(await run());
    }
    return messages;
  }
  const orders = (["refresh", "destroy"] as const).flatMap((does) =>
    [together, inTurn].flatMap((run) =>
      [false, true].flatMap((isFirst) =>
        (["create", "import"] as const).map((way) => ({ does, order: run.name, run, isFirst, way })),
      ),
    ),
  );
  test.each(orders)("no $does ($order) drops another object; own first: $isFirst; by $way", async (row) => {
    const { does, run, isFirst, way } = row;
    const { ours, made } = await mistaken(foreign, way);
    const command = new SharedCommand(world, foreign);
    const all = [...ours.map(({ stack }) => stack), made].map((stack) => command.resource(memoryStore, stack));
    const work = all.map((stack) => async () => failure(stack[does]()));
    const messages = await run(isFirst ? work.toReversed() : work);
    expect(messages.filter((message) => message.includes("failed: "))).toHaveLength(2);
    expect(all.slice(0, 2).map(({ state }) => state?.id)).toEqual(ours.map(({ id }) => id));
  });

  test("a refresh with the right token, also with a renewed one, keeps all, and drops an object that is gone", async () => {
    for (const config of [{}, renewed]) {
      const { ours, made } = await mistaken();
      const command = new SharedCommand(world, config);
      const [one, two, three] = [...ours.map(({ stack }) => stack), made].map((stack) =>
        command.resource(memoryStore, stack),
      );
      const id = three?.state?.id;
      world.vanish(ours[0]?.id ?? "");
      const answers = await Promise.all(
        [one, two, three].map((stack) => failure(stack?.refresh() ?? Promise.resolve())),
      );
      expect(answers).toEqual(["nothing failed", "nothing failed", expect.stringContaining(ofWrongAccount)]);
      expect([one?.state, two?.state?.id, three?.state?.id]).toEqual([undefined, ours[1]?.id, id]);
    }
  });

  test("a workspace by mistake is as a token of another account", async () => {
    const { ours, made } = await mistaken({ "qoder:workspaceId": "wrk_2" });
    const command = new SharedCommand(world, { "qoder:workspaceId": "wrk_2" });
    const all = [...ours.map(({ stack }) => stack), made].map((stack) => command.resource(memoryStore, stack));
    await Promise.all(all.map((stack) => failure(stack.refresh())));
    expect(all.map(({ state }) => state === undefined)).toEqual([false, false, false]);
  });

  /** The hash in the state, of 48 bits. */
  const maker = (stack: SimulatedStack) => {
    expect(JSON.stringify(stack.state)).not.toContain("pt-");
    expect(stack.state?.outputs["__maker"]).toMatch(/^[0-9a-f]{12}$/);
    return stack.state?.outputs["__maker"];
  };

  test("the state names the token that created, imported, adopted or last updated the object, by a hash", async () => {
    const { stack, id } = await world.existing(memoryStore, { name: "one" });
    const first = maker(stack);
    const by = (config: Readonly<Record<string, string>>, from = stack) =>
      new SharedCommand(world, config).resource(memoryStore, from);
    const updated = by(renewed);
    await updated.up({ name: "one", description: "new" });
    const second = maker(updated);
    expect(second).not.toBe(first);
    const refreshed = by({}, updated);
    expect(await refreshed.refresh()).toBe("same");
    expect(maker(refreshed)).toBe(second);
    const adopted = by(renewed, world.stackOf(memoryStore));
    await adopted.up({ name: "one", adopt: id });
    expect(maker(adopted)).toBe(second);
    for (const [config, hash] of [
      [{}, first],
      [renewed, second],
    ] as const) {
      const imported = by(config, world.stackOf(memoryStore));
      imported.state = await new SharedCommand(world, config).provider(memoryStore).read(id, {});
      expect(maker(imported)).toBe(hash);
    }
  });

  test("a wrong token that changes the state alone, without a request, proves nothing by that", async () => {
    const { stack, id } = await world.existing(memoryStore, { name: "one" });
    const first = maker(stack);
    const wrong = () => new SharedCommand(world, foreign).resource(memoryStore, stack);
    const changed = wrong();
    await changed.up({ name: "one", deleteOnDestroy: true });
    expect(world.sent()).toEqual([]);
    expect(maker(changed)).toBe(first);
    expect(await failure(changed.refresh())).toContain(ofWrongAccount);
    expect(changed.state?.id).toBe(id);
  });

  test("after a rotation the deletion of the only object that the new token wrote is found", async () => {
    for (const does of ["refresh", "destroy"] as const) {
      world.reset();
      const { stack, id } = await world.existing(memoryStore, { name: "one" });
      await world.existing(memoryStore, { name: "of the former token" });
      const after = new SharedCommand(world, renewed).resource(memoryStore, stack);
      await after.up({ name: "one", description: "new" });
      world.vanish(id);
      await new SharedCommand(world, renewed).resource(memoryStore, after)[does]();
    }
  });
});

test("a skill to which another token has added a version is out of the state without another object", async () => {
  const world = await World.start(skill);
  const { stack, id } = await world.existing(skill, skillOf());
  const command = new SharedCommand(world, renewed).resource(skill, stack);
  expect(await command.up(skillOf({ "SKILL.md": skillMd("daily"), "more.md": "more" }))).toBe("update");
  world.vanish(id);
  expect(await command.refresh()).toBe("delete");
  await world.stop();
});

test("a team whose members are visible leaves the state of a stack with nothing else", async () => {
  const kind: KindRow = agent;
  const world = await World.start(kind);
  const member = await world.existing(agent, agent.least);
  const tools = [{ type: "agent_toolset_20260401" }];
  const team = await world.existing(agent, {
    ...agent.least,
    name: "team",
    tools,
    multiagent: { type: "coordinator", agents: [member.id] },
  });
  world.vanish(team.id);
  expect(await new SharedCommand(world, renewed).resource(agent, team.stack).refresh()).toBe("delete");
  await world.stop();
});

/** Kinds whose removal deletes, with the arguments for that. */
const deleted: readonly (readonly [KindRow, object])[] = createdKinds.flatMap((kind): [KindRow, object][] => {
  if (kind.end[0] === "DELETE") return [[kind, {}]];
  return "deleteOnDestroy" in kind.fields ? [[kind, { deleteOnDestroy: true }]] : [];
});

describe.each(deleted.map(([kind, more]) => ({ label: kind.label, kind, more })))(
  "after a DELETE of a $label without an answer",
  ({ kind, more }) => {
    const world = World.ofTests(kind);

    /** The stack with a resource whose deletion stayed without an answer, before or after it took effect. */
    async function cutOff(fault: "reset-before" | "reset-after") {
      world.reset();
      const { stack, id } = await world.existing(kind, world.args({ ...more }));
      world.passTime(minuteMs);
      world.api.fault({ kind: fault, method: "DELETE", ...always });
      world.api.fault({ kind: "reset-before", method: "GET", path: /_\w+$/, ...always });
      await failure(stack.destroy());
      world.api.clearFaults();
      expect(world.console.all().some((one) => ownId(one.id) === ownId(id))).toBe(fault === "reset-before");
      return { stack, id };
    }
    const next = (stack: SimulatedStack, config = {}) => new SharedCommand(world, config).resource(kind, stack);

    test("a destroy with the token of another account that answers 503 and then 404 keeps the object", async () => {
      world.reset();
      const { stack, id } = await world.existing(kind, world.args({ ...more }));
      world.passTime(hourMs);
      world.api.fault({ kind: "status", status: 503, body: "upstream connect error", method: "DELETE" });
      const wrong = next(stack, foreign);
      expect(await failure(wrong.destroy())).toContain(ofWrongAccount);
      expect(wrong.state?.id).toBe(id);
      expect(world.console.all().map((one) => ownId(one.id))).toContain(ownId(id));
    });

    test("a destroy with the token of another account fails, and the one with the right token deletes the object", async () => {
      const { stack, id } = await cutOff("reset-before");
      const wrong = next(stack, foreign);
      expect(await failure(wrong.destroy())).not.toBe("nothing failed");
      expect(wrong.state?.id).toBe(id);
      const right = next(stack);
      await right.destroy();
      expect(world.console.all().map((one) => ownId(one.id))).not.toContain(ownId(id));
      expect(right.state).toBeUndefined();
    });

    test.each(["reset-before", "reset-after"] as const)("a destroy (%s) deletes an invisible object", async (fault) => {
      world.reset({ hiddenForMs: 20_000 });
      const { stack, id } = await world.existing(kind, world.args({ ...more }));
      world.api.fault({ kind: fault, method: "DELETE" });
      await stack.destroy();
      expect(world.console.all().map((one) => ownId(one.id))).not.toContain(ownId(id));
      expect(stack.state).toBeUndefined();
    });

    test.each(["destroy", "refresh"] as const)(
      "the next %s takes 404 for done, also of the only resource",
      async (does) => {
        const { stack } = await cutOff("reset-after");
        const again = next(stack);
        await again[does]();
        expect(again.state).toBeUndefined();
      },
    );
  },
);
