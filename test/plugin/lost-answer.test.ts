import { createdKinds } from "../kinds";
import { timeLimits } from "../support/time-limits";
import { doors, useDoor, World } from "../support/world";

const always = { times: Number.POSITIVE_INFINITY };
describe.each(createdKinds)("a create of a $label whose answer never arrives", (kind) => {
  const world = World.ofTests(kind);
  const end = kind.end[0] === "DELETE" ? "delete" : "archive";
  const lose = () => world.api.fault({ kind: "headers-then-silence", method: "POST", path: world.create, ...always });

  test.each(doors)("fails through the door %s with the object's id and age, and two ways on", async (door) => {
    useDoor(door);
    lose();
    const stack = world.stack();
    const failed = await stack.up(world.args()).then(() => "nothing failed", String);
    const { id } = world.live;
    expect(failed).toMatch(new RegExp(`It may have made \\S*${id}, created \\d+ \\w+ ago`));
    expect(failed).toMatch(new RegExp(`To keep it, set adopt: "\\S*${id}"; otherwise ${end} it`));
    expect(stack.state).toBeUndefined();
    // One list, after the last try.
    const requests = world.api.requests.map(({ method, path }) => `${method} ${path}`);
    expect(requests.at(-1)).toBe(`GET ${kind.place}`);
    world.api.clearFaults();
    world.passTime(3_000);
    const next = world.again(stack);
    await next.up(world.args({ adopt: id }));
    expect(world.console.live()).toHaveLength(1);
  });

  test("names neither an object of another resource of the command, nor one that is older than the create", async () => {
    world.reset({ duplicateNames: "allow", duplicateNamesElsewhere: "allow", duplicateCredentials: "allow" });
    const command = world.command();
    await world.stack().up(world.args());
    world.passTime(3_600_000);
    // The check refuses a second resource with the same unique name.
    const others = kind.kind.naming?.isUnique ? 0 : 1;
    if (others > 0) {
      await world.stack(command).up(world.args());
    }
    world.api.fault({ kind: "status", status: 504, method: "POST", path: world.create, ...always });
    const failed = await world
      .stack(command)
      .up(world.args(timeLimits(10)))
      .then(() => "nothing failed", String);
    expect(failed).toContain("504");
    expect(failed).not.toContain("It may have made");
    expect(world.console.live()).toHaveLength(1 + others);
  });
});
