import { z } from "zod";
import { environment } from "../kinds/environment";
import { DynamicProvider } from "../support/dynamic-provider";
import { honoured, honouredOnly, loseAnswer, neither } from "../support/interruption";
import { originOf, SimulatedStack } from "../support/simulated-stack";
import { until } from "../support/until";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

const always = { times: Number.POSITIVE_INFINITY };
const create = { method: "POST", path: "/deployments" };
const posted = ["POST", "/deployments", expect.anything()];
const looks = (count: number) => Array.from({ length: count }, () => ["GET", `/deployments/${world.live.id}`]);
const live = () => world.api.deployments.live().map(({ id }) => id);

test.each([
  ["create", "POST"],
  ["look", "GET"],
])("a deployment is found also where the answer to the %s tells no name", async (_, method) => {
  world.reset(honouredOnly.switches);
  const stack = world.stack();
  await loseAnswer(world, stack, world.args());
  const lost = live();
  world.passTime(3_000);
  world.api.fault({ kind: "replace-body", method, transform: ({ name: _name, ...reply }) => reply });
  await world.again(stack).up(world.args());
  expect(live()).toEqual(lost);
});

test("a list that shows archived ones too does not stop a create that was lost on its way", async () => {
  world.reset(honoured.switches);
  const archived = { id: "dep_old", name: "daily", archived_at: "2026-06-14T08:53:32Z" };
  world.api.fault({ kind: "reset-before", ...create });
  const transform = (list: object) => ({ ...list, data: [archived] });
  world.api.fault({ kind: "replace-body", method: "GET", path: "/deployments", transform });
  const stack = world.stack();
  await stack.up(world.args());
  expect(live()).toEqual([stack.state?.id]);
});

test("a service that takes the question for a create does not prove that it knows the key", async () => {
  world.reset(neither.switches);
  world.api.fault({ kind: "reset-after", ...create });
  world.api.fault({ kind: "status", status: 200, ...create, body: { id: "dep_x" } });
  await expect(world.stack().up(world.args())).rejects.toThrow("A deployment of this name stands");
  expect(live()).toHaveLength(1);
});

describe("where neither names are unique nor an answer proves that its deployment is new", () => {
  beforeEach(() => {
    world.reset(honouredOnly.switches);
    const transform = ({ created_at: _, ...reply }: Readonly<Record<string, unknown>>) => reply;
    world.api.fault({ kind: "replace-body", ...create, transform, times: 50 });
  });

  test("a create makes one deployment, also while reads do not know it yet", async () => {
    world.api.fault({ kind: "status", status: 404, method: "GET", times: 2 });
    const stack = world.stack();
    await stack.up(world.args());
    expect(live()).toEqual([stack.state?.id]);
    expect(world.sent()).toEqual([posted, ...looks(3)]);
  });

  test("a create makes one deployment, also when reads never show it", async () => {
    world.api.fault({ kind: "status", status: 404, method: "GET", ...always });
    const unseen = world.stack();
    await unseen.up(world.args());
    expect(live()).toEqual([unseen.state?.id]);
    expect(world.api.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  test("an object that was renamed since is neither taken over nor created again, but named", async () => {
    const renamed = world.stack();
    await renamed.up(world.args());
    world.api.deployments.edit(world.live.id, { name: "renamed" });
    const next = world.again(renamed);
    await expect(next.up(world.args())).rejects.toThrow(
      `names ${renamed.state?.id}, which is called "renamed" now, and does not tell whether that one is new`,
    );
    expect(next.state).toBeUndefined();
    expect(live()).toEqual([renamed.state?.id]);
  });
});

test("a clock that runs ahead and reads that do not know a new deployment yet make no second one", async () => {
  world.reset(honouredOnly.switches);
  const seconds = (text: unknown, add: number) => new Date(Date.parse(String(text)) + add * 1_000).toISOString();
  const transform = (reply: Readonly<Record<string, unknown>>) => ({
    ...reply,
    created_at: seconds(reply["created_at"], -2),
  });
  world.api.fault({ kind: "replace-body", ...create, transform });
  world.api.fault({ kind: "status", status: 404, method: "GET", times: 4 });
  const stack = world.stack();
  await stack.up(world.args());
  expect(live()).toEqual([stack.state?.id]);
  expect(world.sent()).toEqual([posted, ...looks(5)]);
});

describe("a lost create of an environment", () => {
  const { least: args } = environment;
  const named = () => world.api.environments.live().filter(({ name }) => name === "daily");
  beforeEach(() => {
    world.reset({ duplicateNamesElsewhere: "allow" });
  });
  const lose = () => world.api.fault({ kind: "reset-after", method: "POST", path: "/environments" });

  test("does not take an object of the name that somebody else creates in the meantime", async () => {
    lose();
    let other: { readonly id: string } | undefined;
    const transform = (list: Readonly<Record<string, unknown>>) => {
      other = world.api.environments.create({ name: "daily", description: "of another" });
      return { ...list, data: [other, ...z.array(z.unknown()).parse(list["data"])] };
    };
    world.api.fault({ kind: "replace-body", method: "GET", path: "/environments", transform });
    const stack = world.stackOf(environment);
    await stack.up({ ...args, description: "ours" });
    expect(stack.state?.id).not.toBe(other?.id);
    expect(named().map(({ id, description }) => [id, description])).toEqual(
      expect.arrayContaining([
        [stack.state?.id, "ours"],
        [other?.id, "of another"],
      ]),
    );
  });

  test("does not take an object that another resource of the stack has just created, if the list shows only that one", async () => {
    const run = world.command({ kind: environment });
    const [other, stack] = [world.stackOf(environment, run), world.stackOf(environment, run)];
    await other.up({ ...args, description: "of another" });
    lose();
    const transform = (list: object) => ({ ...list, data: [{ id: other.state?.id, name: "daily" }] });
    world.api.fault({ kind: "replace-body", method: "GET", path: "/environments", transform });
    await stack.up({ ...args, description: "ours" });
    expect(stack.state?.id).not.toBe(other.state?.id);
    expect(named().map(({ description }) => description)).toEqual(expect.arrayContaining(["ours", "of another"]));
  });
});

test("when the provider is killed in the middle of 50 creates, the next up has each of them once", async () => {
  world.reset();
  const declared = Array.from({ length: 50 }, (_, index) => `daily-${index}`);
  const config = { "qoder:pat": "pt-test", "qoder:baseUrl": world.api.url };
  const killed = await DynamicProvider.start({ config });
  const later = world.command();
  const upAll = (run: typeof killed | typeof later) =>
    Promise.allSettled(
      declared.map((name) =>
        new SimulatedStack(() => run, originOf(world.kind.type, "killed", name)).up(world.args({ name })),
      ),
    );
  const interrupted = upAll(killed);
  await until(
    () => live().length >= 10,
    () => `10 deployments are live, and not ${live().length}`,
  );
  await killed.stop();
  await interrupted;
  expect(live().length).toBeLessThan(50);
  world.passTime(3_000);
  const finished = await upAll(later);
  expect(finished.filter(({ status }) => status === "rejected")).toEqual([]);
  const found = world.api.deployments.live().map(({ name }) => name);
  expect(found.sort()).toEqual([...declared].sort());
});
