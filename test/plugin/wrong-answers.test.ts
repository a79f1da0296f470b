import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { Switches } from "../qoder-api";
import { type Properties, World } from "../support/world";

/** The service remembers keys and allows two objects with one name; `ignored` makes it ignore keys. */
const remembered: Partial<Switches> = { duplicateNames: "allow", duplicateNamesElsewhere: "allow" };
const ignored: Partial<Switches> = { idempotencyKeys: "ignore", idempotencyKeysElsewhere: "ignore" };

describe.each([deployment, agent, environment])("$label", (kind) => {
  const world = World.ofTests(kind);
  beforeEach(() => world.reset(remembered));

  const args = (more: Properties = {}) => world.args({ name: "mine", ...more });

  /** The id of an object of another stack. */
  async function theirs(declared: Properties): Promise<string> {
    const stack = world.stack();
    await stack.up(world.args(declared));
    world.sent();
    return stack.state?.id ?? "";
  }

  /** The service creates the object, and answers with another one. */
  function answerWith(another: () => unknown, times = 1): void {
    world.api.fault({ kind: "another-object", method: "POST", path: world.create, another, times });
  }

  const isRepeated = kind.kind.documentsKey === true;
  const services = [["remembers keys", {}] as const, ["ignores keys", ignored] as const];
  const live = () => world.console.live();
  const named = (name: string) => live().filter((object) => object.name === name);
  const requests = (isMeant: (request: { method: string; path: string; body: unknown }) => boolean) =>
    world.api.requests.filter(isMeant);
  const creates = () => requests(({ method, path }) => method === "POST" && path === world.create);
  const touching = (id: string) => requests(({ method, path }) => method === "POST" && path.startsWith(world.path(id)));

  describe("a create that is answered with an object of another name", () => {
    if (isRepeated) {
      test("is sent again under its key, and records its own object", async () => {
        const other = await theirs({ name: "theirs" });
        answerWith(() => world.console.get(other));
        const stack = world.stack();
        await stack.up(args());
        expect(stack.state?.id).toBe(named("mine")[0]?.id);
        expect(live()).toHaveLength(2);
        expect(creates()).toHaveLength(2);
        expect(touching(other)).toEqual([]);
        await stack.findsNoDifference(args());
      });
      return;
    }

    test.each(services)("names its object, which `adopt` takes, if the service %s", async (_, switches) => {
      Object.assign(world.api.switches, switches);
      const other = await theirs({ name: "theirs" });
      answerWith(() => world.console.get(other));
      const stack = world.stack();
      const failed = await stack.up(args()).catch(String);
      const [made] = named("mine");
      expect(failed).toContain(`the response describes ${other}, which is called "theirs"`);
      expect(failed).toContain(`It may have made ${made?.id}, created `);
      expect(failed).toContain(`set adopt: "${made?.id}"`);
      expect(stack.state).toBeUndefined();
      expect(creates()).toHaveLength(1);
      await stack.up(args({ adopt: made?.id }));
      expect(stack.state?.id).toBe(made?.id);
      expect(live()).toHaveLength(2);
      expect(touching(other)).toEqual([]);
    });

    test("fails with advice to look at Qoder, if no list shows its own object", async () => {
      const other = await theirs({ name: "theirs" });
      answerWith(() => world.console.get(other));
      const hide = (list: object) => ({ ...list, data: [world.console.get(other)] });
      const path = `/${kind.collection}`;
      world.api.fault({ kind: "replace-body", method: "GET", path, transform: hide, times: 2 });
      const stack = world.stack();
      await expect(stack.up(args())).rejects.toThrow(
        `It may have made a ${kind.noun} that no list shows.\nTo keep it, set adopt to its id in the console; otherwise archive it`,
      );
      expect(stack.state).toBeUndefined();
      expect(creates()).toHaveLength(1);
      expect(touching(other)).toEqual([]);
    });
  });

  test("a create accepts an answer whose name differs in surrounding white space", async () => {
    const transform = (reply: object) => ({ ...reply, name: " mine " });
    world.api.fault({ kind: "replace-body", method: "POST", path: world.create, transform });
    const stack = world.stack();
    await stack.up(args());
    expect(stack.state?.id).toBe(world.live.id);
    expect(world.sent()).toEqual(world.creates);
  });

  async function answeredWithHeld() {
    const run = world.command();
    const first = world.stack(run);
    await first.up(args({ name: "first" }));
    const held = first.state?.id ?? "";
    world.sent();
    answerWith(() => ({ ...world.console.get(held), name: "mine" }));
    const stack = world.stack(run);
    const failed = await stack.up(args()).then(() => undefined, String);
    expect(touching(held)).toEqual([]);
    expect(live()).toHaveLength(2);
    return { held, stack, failed };
  }

  if (isRepeated) {
    test("a create that is answered with the object of another resource records its own object", async () => {
      const { stack } = await answeredWithHeld();
      expect(stack.state?.id).toBe(named("mine")[0]?.id);
      expect(creates()).toHaveLength(2);
    });
  } else {
    test.each(services)("a create with another's answer names its own id, if the service %s", async (_, switches) => {
      Object.assign(world.api.switches, switches);
      const { held, stack, failed } = await answeredWithHeld();
      expect(failed).toContain(
        `the response describes ${held}, which another resource of this stack manages or archived`,
      );
      expect(failed).toContain(`It may have made ${named("mine")[0]?.id}`);
      expect(stack.state).toBeUndefined();
      expect(creates()).toHaveLength(1);
    });
  }

  test("a create that is answered with the archived object of an earlier create records its own object, or names it", async () => {
    const stack = world.stack(world.command());
    await stack.up(args());
    const archived = stack.state?.id ?? "";
    await stack.destroy();
    world.sent();
    // The service repeats its answer under the first key, and answers the second create with the same object.
    world.api.fault({
      ...{ kind: "another-object", method: "POST", path: world.create, skip: 1 },
      another: () => ({ ...world.console.get(archived), archived_at: null }),
    });
    const failed = await stack.up(args()).then(() => undefined, String);
    const { id } = world.live;
    if (isRepeated) {
      expect(stack.state?.id).toBe(id);
    } else {
      expect(failed).toContain(`It may have made ${id}`);
    }
    expect(id).not.toBe(archived);
    expect(creates()).toHaveLength(isRepeated ? 3 : 2);
    expect(touching(archived)).toEqual([]);
  });

  test("two creates whose answers are exchanged record their own objects, or name them", async () => {
    const run = world.command();
    const stacks = ["one", "two"].map((name) => ({ name, stack: world.stack(run) }));
    world.api.fault({ kind: "crossed-answers", method: "POST", path: world.create });
    const failed = await Promise.all(
      stacks.map(({ name, stack }) => stack.up(world.args({ name })).then(() => undefined, String)),
    );
    expect(live()).toHaveLength(2);
    for (const [index, { name, stack }] of stacks.entries()) {
      const [own] = named(name);
      if (isRepeated) {
        expect(stack.state?.id).toBe(own?.id);
      } else {
        expect(failed[index]).toContain(`It may have made ${own?.id}`);
      }
    }
    expect(creates()).toHaveLength(isRepeated ? 4 : 2);
  });
});
