import { create, list, look } from "../support/fault-columns";
import {
  honoured,
  honouredOnly,
  InterruptedWorld,
  namesOnly,
  neither,
  type Service,
} from "../support/fault-interruption";
import type { Properties } from "../support/provider";

let world: InterruptedWorld;
beforeAll(async () => {
  world = await InterruptedWorld.start();
});
afterAll(() => world.stop());

const names = new Map([
  [honoured, "keys and unique names"],
  [honouredOnly, "keys, but not unique names"],
  [namesOnly, "unique names, but no keys"],
  [neither, "neither keys nor unique names"],
]);
const where = (...services: Service[]) =>
  services.map((service): [string, Service] => [names.get(service) ?? "", service]);

/** The service acted, but its answer did not reach the state. */
const losses: readonly [string, (args: Properties) => Promise<string>][] = [
  ["the answer was lost", (args) => world.loseAnswer(args)],
  ["the process ended", (args) => world.endProvider(args)],
];

const ends: readonly [string, (id: string) => void][] = [
  ["an archive", (id) => world.api.deployments.archive(id)],
  ["a removal", (id) => world.vanish(id)],
];

describe.each(where(honoured, honouredOnly, namesOnly, neither))("where the service has %s", (_, service) => {
  beforeEach(() => world.reset(service));

  test("a create is one request when nothing went wrong", async () => {
    await world.stack("first").up(world.declared);
    expect(world.sent()).toEqual([create]);
  });

  test("a create that did not reach the service leaves the other stack's deployment alone", async () => {
    const other = world.stack("first", "dev");
    await other.up(world.declared);
    world.api.fault({ kind: "reset-before", method: "POST", path: "/deployments" });
    const stack = world.stack("later", "prod");
    await expect(stack.up(world.declared)).rejects.toThrow(`adopt: "${other.state?.id}"`);
    expect(stack.state).toBeUndefined();
    expect(world.live()).toEqual([other.state?.id]);
  });

  test("what was destroyed is created anew, by the same process and by a later one", async () => {
    const ids = new Set<string | undefined>();
    const stack = world.stack("first");
    for (let life = 0; life < 3; life += 1) {
      await stack.up(world.declared);
      ids.add(stack.state?.id);
      expect(world.live()).toEqual([stack.state?.id]);
      await stack.destroy();
    }
    world.passTime();
    const later = world.stack("later");
    await later.up(world.declared);
    ids.add(later.state?.id);
    expect(world.live()).toEqual([later.state?.id]);
    expect(ids.size).toBe(4);
  });

  test("what was destroyed is created anew, also where an archived deployment keeps its name", async () => {
    const stack = world.stack("first");
    await stack.up(world.declared);
    const first = stack.state?.id;
    await stack.destroy();
    world.passTime();
    const transform = (reply: object) => ({ ...reply, name: "daily" });
    world.api.fault({ kind: "replace-body", method: "GET", times: Number.POSITIVE_INFINITY, transform });
    const later = world.stack("later");
    await later.up(world.declared);
    expect(world.live()).toEqual([later.state?.id]);
    expect(later.state?.id).not.toBe(first);
  });

  describe.each(ends)("after %s by somebody else", (_end, end) => {
    test.each(losses)("and %s before, a new one is created", async (_loss, lose) => {
      await lose(world.declared);
      const [lost = ""] = world.live();
      end(lost);
      world.passTime();
      const next = world.stack("later");
      await next.up(world.declared);
      expect(world.live()).toEqual([next.state?.id]);
      expect(next.state?.id).not.toBe(lost);
    });
  });

  test("a lost answer is reported with the id to adopt, and adopting it ends with one deployment", async () => {
    const message = await world.loseAnswer(world.declared);
    const [lost = ""] = world.live();
    expect(message).toContain(`adopt: "${lost}"`);
    world.passTime();
    const next = world.stack("later");
    await next.up({ ...world.declared, adopt: lost });
    expect(next.state?.id).toBe(lost);
    expect(world.live()).toEqual([lost]);
    expect(await next.preview(world.declared)).toBe("same");
  });
});

describe.each(where(honoured, honouredOnly))("where the service has %s", (_, service) => {
  beforeEach(() => world.reset(service));

  test.each(losses)("after %s, the next up finds the deployment with one more request", async (_loss, lose) => {
    await lose(world.declared);
    const lost = world.live();
    world.passTime();
    const next = world.stack("later");
    await next.up(world.declared);
    expect(world.sent()).toEqual([create, look]);
    expect([next.state?.id]).toEqual(lost);
    expect(world.live()).toEqual(lost);
    expect(await next.preview(world.declared)).toBe("same");
  });

  test("an answer that is lost once is fetched within the same command", async () => {
    world.api.fault({ kind: "reset-after", method: "POST", path: "/deployments" });
    const stack = world.stack("first");
    await stack.up(world.declared);
    expect(world.sent()).toEqual([create, list, `${create} {}`, look]);
    expect(world.live()).toEqual([stack.state?.id]);
  });

  test("a found deployment that somebody changed meanwhile gets what is declared", async () => {
    await world.loseAnswer(world.declared);
    const [lost = ""] = world.live();
    world.api.deployments.edit(lost, { description: "by hand" });
    world.api.deployments.pause(lost);
    world.passTime();
    await world.stack("later").up({ ...world.declared, paused: false });
    expect(world.sent()).toEqual([create, look, "POST /deployments/ID", "POST /deployments/ID/unpause"]);
    expect(world.api.deployments.get(lost)).toMatchObject({ description: "", status: "active" });
  });
});

describe.each(where(honoured, namesOnly))("where the service has %s", (_, service) => {
  beforeEach(() => world.reset(service));

  test("the same program in another stack is told whose name it wants, and takes over nothing", async () => {
    const first = world.stack("first", "dev");
    await first.up(world.declared);
    const second = world.stack("later", "prod");
    world.sent();
    await expect(second.up(world.declared)).rejects.toThrow(`adopt: "${first.state?.id}"`);
    expect(second.state).toBeUndefined();
    expect(world.sent()).toEqual([create, list]);
    expect(world.live()).toEqual([first.state?.id]);
  });

  test.each(losses)(
    "after %s and a change of the program, the first one is named and can be adopted",
    async (_loss, lose) => {
      await lose(world.declared);
      const [lost = ""] = world.live();
      const changed = { ...world.declared, description: "changed" };
      const next = world.stack("later");
      await expect(next.up(changed)).rejects.toThrow(`adopt: "${lost}"`);
      expect(world.live()).toEqual([lost]);
      world.sent();
      await next.up({ ...changed, adopt: lost });
      expect(world.sent()).toEqual([look, "POST /deployments/ID"]);
      expect(world.api.deployments.get(lost).description).toBe("changed");
      expect(await next.preview(changed)).toBe("same");
    },
  );
});

describe.each(where(namesOnly))("where the service has %s", (_, service) => {
  beforeEach(() => world.reset(service));

  test.each(losses)("after %s, the next up names the deployment, and adopt ends with one", async (_loss, lose) => {
    await lose(world.declared);
    const [lost = ""] = world.live();
    const next = world.stack("later");
    await expect(next.up(world.declared)).rejects.toThrow(`adopt: "${lost}"`);
    expect(next.state).toBeUndefined();
    await next.up({ ...world.declared, adopt: lost });
    expect(world.live()).toEqual([lost]);
    expect(await next.preview(world.declared)).toBe("same");
  });
});

describe.each(where(honouredOnly, neither))("where the service has %s", (_, service) => {
  beforeEach(() => world.reset(service));

  test("the same program in another stack gets a deployment of its own", async () => {
    const [first, second] = [world.stack("first", "dev"), world.stack("later", "prod")];
    await first.up(world.declared);
    await second.up(world.declared);
    expect(world.live()).toEqual([first.state?.id, second.state?.id]);
    expect(await first.refresh()).toBe("same");
  });
});

test("a key that leads to what another resource of the run manages makes a deployment of its own", async () => {
  world.reset(honouredOnly);
  const one = world.stack("first");
  await one.up(world.declared);
  world.passTime();
  // Declared under the old name of a resource that has another one by now: the same key.
  const other = world.stack("first");
  await other.up(world.declared);
  expect(world.live()).toEqual([one.state?.id, other.state?.id]);
});

test("when the look for a lost create fails too, the message still tells that it may have acted", async () => {
  world.reset();
  world.api.fault({ kind: "reset-after", method: "POST", path: "/deployments" });
  world.api.fault({ kind: "status", status: 403, method: "GET", path: "/deployments" });
  await expect(world.stack("first").up(world.declared)).rejects.toThrow(/POST \/deployments got no answer.*403/s);
});

test("when the provider is killed in the middle of 50 creates, the next up has each of them once", async () => {
  world.reset();
  const declared = Array.from({ length: 50 }, (_, index) => `daily-${index}`);
  const killed = await world.newProcess();
  const upAll = (run: typeof killed | "later") =>
    Promise.allSettled(declared.map((name) => world.stack(run, "dev", name).up({ ...world.declared, name })));
  const interrupted = upAll(killed);
  await world.haveLive(10);
  await killed.stop();
  await interrupted;
  expect(world.live().length).toBeLessThan(50);
  world.passTime();
  const finished = await upAll("later");
  expect(finished.filter(({ status }) => status === "rejected")).toEqual([]);
  const found = world.api.deployments.live().map(({ name }) => name);
  expect(found.sort()).toEqual([...declared].sort());
});
