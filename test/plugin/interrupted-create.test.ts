import { managedKinds } from "../kinds";
import type { Switches } from "../qoder-api";
import { honoured, honouredOnly, lose, losses, namesOnly, neither } from "../support/interruption";
import { type Provider, World } from "../support/world";

const minuteMs = 60_000;
const always = { times: Number.POSITIVE_INFINITY };

describe.each(managedKinds)("$label", (kind) => {
  const world = World.ofTests(kind);
  /** Two commands. */
  let runs: readonly [first: Provider, later: Provider];

  function begin(switches: Partial<Switches>): void {
    world.reset(switches);
    runs = [world.command(), world.command()];
  }

  const live = () => world.console.live().map(({ id }) => id);
  const list = ["GET", `/${kind.collection}`];
  const look = (id: string | undefined) => ["GET", world.path(id ?? "")];
  const strike = (fault: "reset-before" | "reset-after", times = 1) =>
    world.api.fault({ kind: fault, method: "POST", path: world.create, times });
  /** An argument that `up` clears if the program leaves it out. */
  const [[, row] = ["none", undefined]] = Object.entries(kind.arguments).filter(([, { cleared }]) => cleared);

  const ends: readonly [string, (id: string) => void][] = [
    ["an archive", (id) => void world.console.archive(id)],
    ["a removal", (id) => world.vanish(id)],
  ];

  const isRepeated = kind.kind.documentsKey === true;
  // A create whose page documents the key relies on it.
  const services = [honoured, honouredOnly, namesOnly, ...(isRepeated ? [] : [neither])];

  describe.each(services)("if it has $has", ({ switches }) => {
    beforeEach(() => begin(switches));

    test("a create that did not reach the service does not take the object of another stack with that name", async () => {
      const other = world.stack(runs[0]);
      await other.up(world.args());
      strike("reset-before");
      const stack = world.stack(runs[1]);
      const failed = await stack.up(world.args()).then(() => undefined, String);
      if (isRepeated && switches.duplicateNames === "allow") {
        expect(live().sort()).toEqual([other.state?.id, stack.state?.id].sort());
      } else {
        expect(failed).toContain(`adopt: "${other.state?.id}"`);
        expect(stack.state).toBeUndefined();
        expect(live()).toEqual([other.state?.id]);
      }
    });

    // A preview environment lives and ends with each push.
    test("after each of eight destroys in a day the next `up` creates a new object, in the same command and in a later one", async () => {
      const ids = new Set<string | undefined>();
      const stack = world.stack(runs[0]);
      for (let life = 0; life < 8; life += 1) {
        await stack.up(world.args());
        ids.add(stack.state?.id);
        expect(live()).toEqual([stack.state?.id]);
        await stack.destroy();
      }
      world.passTime(3_000);
      const next = world.again(stack, runs[1]);
      await next.up(world.args());
      ids.add(next.state?.id);
      expect(live()).toEqual([next.state?.id]);
      expect(ids.size).toBe(9);
    });

    describe.each(ends)("after %s by somebody else", (_end, end) => {
      test.each(losses)("and %s before, the next `up` creates a new object", async (loss) => {
        const { lost, next } = await lose(world, loss, runs);
        end(lost);
        // The creation time of a deployment has whole seconds.
        world.passTime(3_000);
        await next.up(world.args());
        expect(live()).toEqual([next.state?.id]);
        expect(next.state?.id).not.toBe(lost);
        expect(world.output.join()).not.toContain("continues with");
      });
    });
  });

  describe.each([honoured, honouredOnly])("if it has $has", ({ switches }) => {
    beforeEach(() => begin(switches));

    test.each(losses)("after %s, the next `up` takes the object with one request, and prints that", async (loss) => {
      const { lost, next } = await lose(world, loss, runs);
      world.passTime(5 * minuteMs);
      await next.up(world.args());
      expect(world.sent()).toEqual([...world.creates, look(lost)]);
      expect(live()).toEqual([next.state?.id]);
      expect(next.state?.id).toBe(lost);
      expect(world.output).toContainEqual(
        expect.stringMatching(
          `${kind.label} "daily": continues with ${lost}, created \\d+ minutes ago by an interrupted \`up\``,
        ),
      );
      expect(await next.preview(world.args())).toBe("same");
    });

    test("the next `up` does not take an object of more than an hour ago, and the error names the id to adopt", async () => {
      const stack = world.stack(runs[0]);
      const id = await world.interrupt(stack, world.args());
      world.passTime(61 * minuteMs);
      const next = world.again(stack, runs[1]);
      await expect(next.up(world.args())).rejects.toThrow(
        `${kind.label} "daily": create failed: the service answered with ${id}, created 1 hour ago from the same arguments, perhaps by another stack.\nSet adopt: "${id}"`,
      );
      expect(next.state).toBeUndefined();
      await next.up(world.args({ adopt: id }));
      expect(live()).toEqual([next.state?.id]);
      expect(next.state?.id).toBe(id);
    });

    if (isRepeated) {
      test("after an answer that is lost once, the same `up` sends the create again, and finds the object", async () => {
        strike("reset-after");
        const stack = world.stack(runs[0]);
        await stack.up(world.args());
        expect(world.sent()).toEqual([...world.creates, ...world.creates.slice(-1)]);
        expect(live()).toEqual([stack.state?.id]);
        expect(await stack.preview(world.args())).toBe("same");
      });
    } else {
      test("after an answer that is lost once, `up` lists once and names the object, and the next `up` continues with it", async () => {
        strike("reset-after");
        const stack = world.stack(runs[0]);
        await expect(stack.up(world.args())).rejects.toThrow(`It may have made ${live()[0] ?? ""}`);
        expect(world.sent()).toEqual([...world.creates, list]);
        world.passTime(3_000);
        const next = world.again(stack, runs[1]);
        await next.up(world.args());
        expect(live()).toEqual([next.state?.id]);
      });
    }

    test("the next `up` restores the declared arguments of an object that somebody changed in between", async () => {
      const stack = world.stack(runs[0]);
      const id = await world.interrupt(stack, world.args());
      world.console.edit(id, row?.edit ?? {});
      world.passTime(3_000);
      const repair = ["POST", world.path(id), world.bodyOf(row?.cleared ?? {})];
      await world.again(stack, runs[1]).up(world.args());
      expect(world.sent()).toEqual([...world.creates, look(id), repair]);
    });
  });

  test("the error names the create without an answer and the failed GET, if both fail", async () => {
    begin(honoured.switches);
    strike("reset-after", Number.POSITIVE_INFINITY);
    world.api.fault({ kind: "status", status: 403, method: "GET", path: `/${kind.collection}`, ...always });
    const label = `POST ${world.create} got no answer`;
    await expect(world.stack(runs[0]).up(world.args())).rejects.toThrow(new RegExp(`${label}.*403`, "s"));
  });
});
