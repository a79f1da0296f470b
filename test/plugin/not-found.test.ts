import { managedKinds } from "../kinds";
import { timeLimits } from "../support/time-limits";
import { type SimulatedStack, textsOf, World } from "../support/world";

const always = { times: Number.POSITIVE_INFINITY };
const hourMs = 3_600_000;
const commands = ["refresh", "destroy"] as const;
const operations = { refresh: "read", destroy: "delete" };

describe.each(managedKinds)("$label", (kind) => {
  const world = World.ofTests(kind);

  const witness = kind.witness(kind.least);
  const existing = () => world.existing(kind, world.args());
  const withOtherToken = (stack: SimulatedStack) =>
    stack.in(() => world.command({ config: { "qoder:pat": "pt-renewed" } }), true).after(stack);
  const archiveOf = (path: string) => [...kind.looks.beforeArchive, ["POST", `${path}/archive`]];

  /** Whether the state still has the object, and whether the service still has it unarchived. */
  function outcome(stack: SimulatedStack, id: string) {
    return { isKept: stack.state?.id === id, isLive: world.console.live().some((one) => one.id === id) };
  }
  const asWanted = (command: (typeof commands)[number]) =>
    command === "refresh" ? { isKept: true, isLive: true } : { isKept: false, isLive: false };

  for (const { before, after } of kind.changes.filter(({ switches }) => switches === undefined).slice(0, 1)) {
    test(`the error of an update of a vanished object says that \`pulumi refresh\` takes it out of the state`, async () => {
      const stack = world.stack();
      await stack.up(world.args(before));
      world.api.fault({ kind: "status", status: 404, ...always });
      const failed = await stack.up(world.args(after)).then(() => [], textsOf);
      expect(failed.join()).toContain(`is gone, run \`pulumi refresh\`, then \`pulumi up\``);
    });
  }

  test("a destroy whose archive is refused reads the object, and succeeds if it is archived already", async () => {
    const { stack, id, path } = await existing();
    world.console.archive(id);
    await stack.destroy();
    expect(world.sent()).toEqual([...archiveOf(path), ["GET", path]]);
    expect(stack.state).toBeUndefined();
  });

  test("a refresh removes an object that somebody archived and says so, and the next `up` creates an object with its name", async () => {
    const { stack, id, path } = await existing();
    world.console.archive(id);
    world.output.length = 0;
    expect(await stack.refresh()).toBe("delete");
    expect(world.output).toEqual([
      expect.stringMatching(
        `^${kind.label} "daily" \\(${id}\\): was archived at \\S+, so this refresh takes it out of`,
      ),
    ]);
    expect(world.sent()).toEqual([["GET", path]]);
    expect(await stack.up(world.args())).toBe("create");
    expect(world.live).toMatchObject({ id: stack.state?.id, name: "daily" });
    expect(stack.state?.id).not.toBe(id);
    expect(await stack.preview(world.args())).toBe("same");
  });

  describe.each(commands)("a %s", (command) => {
    test.each<[string, string, unknown]>([
      ["a page of a web server", "text/html", "<html><center><h1>404 Not Found</h1></center>nginx</html>"],
      ["the reply of a gateway", "application/json", { message: "no Route matched with those values" }],
      ["an error of an unknown type", "application/json", { error: { type: "route_error", message: "No such path" } }],
    ])("fails and keeps the object after a 404 that is %s", async (_, contentType, body) => {
      const { stack, id, path } = await existing();
      world.passTime(hourMs);
      const archive = new RegExp(`^${path}`);
      world.api.fault({ kind: "status", status: 404, path: archive, contentType, body, ...always });
      await expect(stack[command]()).rejects.toThrow("was answered with 404");
      expect(outcome(stack, id)).toEqual({ isKept: true, isLive: true });
    });

    test("of a missing object with the token that made it asks twice, and the next `up` creates a new object", async () => {
      const { stack, id, path } = await existing();
      world.vanish(id);
      await stack[command]();
      expect(stack.state).toBeUndefined();
      const looks = [
        ["GET", path],
        ["GET", path],
      ];
      expect(world.sent()).toEqual(command === "refresh" ? looks : [...archiveOf(path), ...looks]);
      await stack.up(world.args());
      expect(world.live.id).toBe(stack.state?.id);
    });

    if (witness === undefined) {
      test("of a missing object with another token and without a witness for the account fails and keeps the state", async () => {
        const { stack, id } = await existing();
        world.vanish(id);
        const later = withOtherToken(stack);
        const [message] = await later[command]().then(() => [], textsOf);
        expect(message).toBe(
          `${kind.label} "daily" (${id}): ${operations[command]} failed: ${id} cannot be seen by this token, nor another object of its token: it probably belongs to another account or workspace.\nCheck qoder:pat, workspaceId, baseUrl. If it is gone: \`pulumi refresh\` without \`--target\` and \`--parallel 1\`, or \`pulumi state delete\``,
        );
        expect(later.state?.id).toBe(id);
      });
    } else {
      test("of a missing object with another token reads the object again and the witness", async () => {
        const { stack, id, path } = await existing();
        world.vanish(id);
        const later = withOtherToken(stack);
        await later[command]();
        expect(later.state).toBeUndefined();
        const looks = [
          ["GET", path],
          ["GET", path],
          ["GET", witness],
        ];
        expect(world.sent()).toEqual(command === "refresh" ? looks : [...archiveOf(path), ...looks]);
      });

      test.each([403, 404])(
        "with another token and a witness that is answered with %d fails and keeps the state",
        async (status) => {
          const { stack, id } = await existing();
          world.vanish(id);
          world.api.fault({ kind: "status", status, method: "GET", path: witness });
          const later = withOtherToken(stack);
          await expect(later[command]()).rejects.toThrow("probably belongs to another account or workspace");
          expect(later.state?.id).toBe(id);
        },
      );
    }

    test("succeeds after a single 404 of the API", async () => {
      const { stack, id, path } = await existing();
      world.passTime(hourMs);
      world.api.fault({ kind: "status", status: 404, path: new RegExp(`^${path}`), times: 1 });
      await stack[command]();
      expect(outcome(stack, id)).toEqual(asWanted(command));
    });

    test("waits for an object that the service does not show yet", async () => {
      world.api.switches.hiddenForMs = 30_000;
      const { stack, id } = await existing();
      await stack[command]();
      expect(outcome(stack, id)).toEqual(asWanted(command));
    });

    test("fails and keeps a new object if its time limit ends while the service does not show the object", async () => {
      world.api.switches.hiddenForMs = 30_000;
      const { stack, id } = await world.existing(kind, world.args(timeLimits(10)));
      await expect(stack[command]()).rejects.toThrow("is less than 1 minute old and may not be visible yet");
      expect(outcome(stack, id)).toEqual({ isKept: true, isLive: true });
    });
  });
});
