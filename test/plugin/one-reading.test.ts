import { z } from "zod";
import { kinds } from "../kinds";
import { shownBy } from "../support/shown-requests";
import { type KindWorld, type Properties, World } from "../support/world";

type Begin = (typeof kinds)[number]["begin"];

// No request carries this argument, so only a reading of the program's or the state's arguments asks its schema for a value.
const read = { acknowledge: ["verify"] };

describe.each(kinds.filter(({ fields }) => "acknowledge" in fields))("$label", (kind) => {
  const { acknowledge: field } = kind.kind.fields;
  const counts: Record<string, number[]> = {};
  let count = 0;

  async function counted(name: string, call: () => Promise<unknown>): Promise<unknown> {
    count = 0;
    return call().finally(() => {
      counts[name] = [...(counts[name] ?? []), count];
    });
  }

  /** The provider with a count of the readings in each call of the engine. */
  const begin: Begin = (session) =>
    new Proxy(kind.begin(session), {
      get(provider, name) {
        const call = Reflect.get(provider, name);
        return typeof call !== "function"
          ? call
          : (...given: unknown[]) => counted(String(name), async () => call.apply(provider, given));
      },
    });

  let world: KindWorld;
  beforeAll(async () => {
    world = await World.start({ ...kind, begin });
    const { recorded = z.unknown() } = field ?? {};
    const parse = recorded.safeParse;
    jest.spyOn(recorded, "safeParse").mockImplementation((value, settings) => {
      // The check of an argument of the program passes settings.
      count += settings === undefined ? 1 : 0;
      return parse(value, settings);
    });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await world.stop();
  });

  const [{ before, after, switches } = { before: {}, after: {}, switches: {} }] = kind.changes;
  test("each call of the engine reads the program's arguments once, and the state's once", async () => {
    world.reset(switches);
    const stack = world.stack();
    const args = (more: Properties) => world.args({ ...more, ...read });
    await shownBy(world, stack, args(before));
    await stack.up(args(before));
    await shownBy(world, stack, args(after));
    await stack.up(args(after));
    await stack.refresh();
    await stack.destroy();
    const isChanged = kind.changes.length > 0;
    const { configure: _, ...called } = counts;
    expect(called).toEqual({
      // A check without a recorded state, and two with one.
      check: isChanged ? [1, 1, 2, 2] : [1, 1, 1, 1],
      create: [1],
      diff: [2, 2, 2],
      ...(isChanged && { update: [2] }),
      read: [1],
      delete: [1],
    });
  });
});
