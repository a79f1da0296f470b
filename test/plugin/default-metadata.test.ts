import { kinds } from "../kinds";
import { doors, type Properties, World } from "../support/world";

const labelled = kinds.filter(({ kind }) => kind.fields["metadata"] !== undefined);

const configOf = (labels: object | undefined) =>
  labels === undefined ? {} : { "qoder:defaultMetadata": JSON.stringify(labels) };

describe.each(doors)("through the door %s,", (door) => {
  describe.each(labelled)("qoder:defaultMetadata and a $label:", (kind) => {
    const world = World.ofTests(kind, door);

    /** One resource, whose commands each have their own configuration. */
    function resource() {
      const first = world.stack();
      const up = async (labels: object | undefined, more: Properties = {}) => {
        const stack = world.again(first, world.command({ config: configOf(labels), kind }));
        stack.state = first.state;
        stack.ignoreChanges = command.ignoreChanges;
        const step = await stack.up(
          world.args({ ...more, __command: { ...Object(kind.least["__command"]), ...Object(more["__command"]) } }),
        );
        first.state = stack.state;
        return { step, metadata: stack.state?.inputs["metadata"] };
      };
      const command: { ignoreChanges: readonly string[] } = { ignoreChanges: [] };
      return Object.assign(up, { of: first, command });
    }

    const replaces = kind.kind.fields["metadata"]?.replaces === true;

    test("a create carries the labels, numbers and booleans as texts, and the program's own value of a key", async () => {
      const [up, own] = [resource(), { metadata: { team: "data" } }];
      const labels = { cost: 42, shared: true, team: "platform" };
      const all = { cost: "42", shared: "true", team: "data" };
      expect(await up(labels, own)).toEqual({ step: "create", metadata: all });
      expect(world.live).toMatchObject({ metadata: all });
      // Only an object that keeps its labels needs to know them later.
      expect(up.of.state?.inputs["__defaultMetadata"]).toEqual(replaces ? ["cost", "shared"] : undefined);
      expect(await up(labels, own)).toEqual({ step: "same", metadata: all });
    });

    test("a changed, a new and a removed label are an update of these keys, or nothing where an update is a replacement", async () => {
      const up = resource();
      const before = { cost: "1", team: "a" };
      const after = { team: "b", tier: "2" };
      await up(before);
      world.sent();
      const changed = replaces ? { step: "same", metadata: before } : { step: "update", metadata: after };
      expect(await up(after)).toEqual(changed);
      const bodies = world.sent().map((request) => Object(request)[2]?.metadata);
      expect(bodies.filter((body) => body !== undefined)).toEqual(replaces ? [] : [{ cost: null, ...after }]);
      expect(await up(after)).toEqual({ ...changed, step: "same" });
      expect(await up(undefined)).toEqual(
        replaces ? { ...changed, step: "same" } : { step: "update", metadata: undefined },
      );
    });

    test("a label that moves from the program to the setting, and back, is no difference while the object has it", async () => {
      const up = resource();
      const own = { metadata: { team: "a" } };
      const both = { cost: "1", team: "a" };
      await up({ cost: "1" }, own);
      world.sent();
      for (const [labels, more] of [
        [both, {}],
        [{ cost: "1" }, own],
        [undefined, { metadata: both }],
        [both, {}],
      ] as const) {
        expect(await up(labels, more)).toEqual({ step: "same", metadata: both });
      }
      expect(world.sent()).toEqual([]);
      // A label that leaves both is a label that the program removes, if it was the program's last.
      const left = await up({ cost: "1" });
      expect(left.step).toBe(replaces ? "same" : "update");
    });

    test("an adopted object gets the labels, or keeps what it has where its metadata cannot change", async () => {
      const own = { metadata: { tier: "2" } };
      const elsewhere = world.stack();
      await elsewhere.up(world.args({ metadata: { tier: "2", team: "x" } }));
      const id = elsewhere.state?.id ?? "";
      const up = resource();
      const adopting = { ...own, adopt: id };
      const labels = { cost: "1", team: "platform" };
      const metadata = replaces ? own.metadata : { ...labels, ...own.metadata };
      expect(await up(labels, adopting)).toEqual({ step: "create", metadata });
      expect(up.of.state?.id).toBe(id);
      const live = replaces ? { tier: "2", team: "x" } : metadata;
      expect(world.console.all()).toEqual([expect.objectContaining({ metadata: live })]);
      expect(await up(labels, adopting)).toEqual({ step: "same", metadata });
      expect(await up(labels, own)).toEqual({ step: "same", metadata });
    });

    test("an object without a label gets one, unless its metadata cannot change", async () => {
      const up = resource();
      const own = { metadata: { team: "a" } };
      await up(undefined, own);
      expect((await up({ cost: "1" }, own)).step).toBe(replaces ? "same" : "update");
    });

    test.each([["metadata"], ["metadata.cost"]])(
      "with ignoreChanges %s no update sends a label that the object does not have, also after a refresh",
      async (path) => {
        const [before = {}, after = {}] = otherArguments(kind);
        const up = resource();
        const own = { metadata: { team: "a" } };
        await up(undefined, { ...before, ...own });
        up.command.ignoreChanges = [path];
        world.sent();
        const labels = { cost: "1" };
        // The engine passes the recorded inputs in place of the ignored ones.
        const declared = () => ({ ...after, metadata: up.of.state?.inputs["metadata"] });
        const steps = [await up(labels, declared())];
        await up.of.refresh();
        steps.push(await up(labels, declared()));
        expect(steps.map(({ step }) => step)).toEqual([replaces ? "same" : "update", "same"]);
        expect(JSON.stringify(world.sent())).not.toContain("cost");
        expect(world.live).toMatchObject(own);
        up.command.ignoreChanges = [];
        expect((await up(labels, { ...after, ...own })).step).toBe(replaces ? "same" : "update");
        expect(world.live).toMatchObject(replaces ? own : { metadata: { ...labels, ...own.metadata } });
      },
    );
  });
});

/** The arguments before and after an update that leaves the labels alone; none for a kind whose metadata cannot change. */
function otherArguments({ changes, kind }: (typeof labelled)[number]): readonly Properties[] {
  const others = changes.find(({ before, after, switches }) => {
    return switches === undefined && [before, after].every((one) => !Object.hasOwn(one, "metadata"));
  });
  return others === undefined || kind.fields["metadata"]?.replaces ? [] : [others.before, others.after];
}

describe("a wrong qoder:defaultMetadata", () => {
  const world = World.ofTests();

  test.each([
    ["no object", '"platform"', "qoder:defaultMetadata is no object of labels"],
    ["an object in a label", '{"team":{"a":1}}', "qoder:defaultMetadata.team is no label"],
    ["a label of 513 characters", JSON.stringify({ team: "a".repeat(513) }), "qoder:defaultMetadata.team is no label"],
  ])("that has %s fails the preview once, with the right command", async (_, text, problem) => {
    const provider = world.command({ config: { "qoder:defaultMetadata": text } });
    const { failures: first } = await provider.check(world.args({ name: "one" }));
    const { failures: second } = await provider.check(world.args({ name: "two" }));
    expect(first).toEqual([expect.stringContaining(problem)]);
    expect(first?.[0]).toContain("`pulumi config set --path qoder:defaultMetadata.team VALUE`");
    expect(second).toEqual([]);
  });
});
