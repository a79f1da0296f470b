import { originOf, SimulatedStack } from "../support/simulated-stack";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const live = () => world.api.deployments.live().map(({ id }) => id);

/** A resource as a run finds it that begins now, and one that is to adopt its deployment in that run. */
async function handOver() {
  const before = world.stack();
  await before.up(world.args());
  const later = world.command();
  const giver = world.again(before, later);
  giver.state = before.state;
  const taker = new SimulatedStack(() => later, originOf(world.kind.type, "dev", "morning"));
  const id = before.state?.id ?? "";
  return { giver, id, take: () => taker.up({ ...world.args(), adopt: id }) };
}

test("a refresh that compares what left the program does not stand in the way of the adoption", async () => {
  const { giver, id, take } = await handOver();
  await giver.refresh();
  await take();
  await giver.destroy();
  expect(live()).toEqual([id]);
});

test("while the adoption fails, the deployment stays in the state of the resource that gives it away", async () => {
  const { giver, id, take } = await handOver();
  world.api.fault({ kind: "status", status: 403, method: "GET" });
  await expect(take()).rejects.toThrow("403");
  await expect(giver.destroy()).rejects.toThrow('the resource "morning" was to take it over and does not have it');
  expect(giver.state?.id).toBe(id);
  expect(live()).toEqual([id]);
});

test("where the adoption finds it archived, the resource that gives it away is let go of", async () => {
  const { giver, id, take } = await handOver();
  world.api.deployments.archive(id);
  await expect(take()).rejects.toThrow(`${id} was archived at`);
  await giver.destroy();
  expect(giver.state).toBeUndefined();
});
