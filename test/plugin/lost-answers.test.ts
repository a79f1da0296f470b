import { z } from "zod";
import { environment } from "../kinds/environment";
import { honouredOnly, loseAnswer } from "../support/interruption";
import { World } from "../support/world";

const world = World.ofTests();

const create = { method: "POST", path: "/deployments" };
const posted = ["POST", "/deployments", expect.anything()];
const looks = (count: number) => Array.from({ length: count }, () => ["GET", `/deployments/${world.live.id}`]);
const live = () => world.api.deployments.live().map(({ id }) => id);

test.each([
  ["create", "POST"],
  ["read", "GET"],
])("the next `up` finds a deployment of a lost create even if the answer to the %s has no name", async (_, method) => {
  world.reset(honouredOnly.switches);
  const stack = world.stack();
  await loseAnswer(world, stack, world.args());
  const lost = live();
  world.passTime(3_000);
  world.api.fault({ kind: "replace-body", method, transform: ({ name: _name, ...reply }) => reply });
  await world.again(stack).up(world.args());
  expect(live()).toEqual(lost);
});

test("a create makes one deployment, even if the clocks differ by two seconds and its first reads are answered with 404", async () => {
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

describe("a create of an environment whose answer was lost", () => {
  const { least: args } = environment;
  const named = () => world.api.environments.live().filter(({ name }) => name === "daily");
  beforeEach(() => {
    world.reset({ duplicateNamesElsewhere: "allow" });
  });
  const lose = () => world.api.fault({ kind: "reset-after", method: "POST", path: "/environments" });

  test("does not take an object with the name that somebody else creates in between", async () => {
    lose();
    let other: { readonly id: string } | undefined;
    const transform = (list: Readonly<Record<string, unknown>>) => {
      other = world.api.environments.create({ name: "daily", description: "of another" });
      return { ...list, data: [other, ...z.array(z.unknown()).parse(list["data"])] };
    };
    world.api.fault({ kind: "replace-body", method: "GET", path: "/environments", transform });
    const stack = world.stackOf(environment);
    const failed = await stack.up({ ...args, description: "ours" }).then(() => undefined, String);
    expect(failed).toContain("set adopt to the id of one");
    expect(named().map(({ id }) => failed?.includes(id))).toEqual([true, true]);
    expect(stack.state).toBeUndefined();
  });

  test("does not take the object of another resource of the command, even if the list shows no other object", async () => {
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
