import { honoured, honouredOnly, InterruptedWorld, neither } from "../support/fault-interruption";

let world: InterruptedWorld;
beforeAll(async () => {
  world = await InterruptedWorld.start();
});
afterAll(() => world.stop());

test.each([
  ["create", "POST"],
  ["look", "GET"],
])("a deployment is found also where the answer to the %s tells no name", async (_, method) => {
  world.reset(honouredOnly);
  await world.loseAnswer(world.declared);
  const lost = world.live();
  world.passTime();
  world.api.fault({ kind: "replace-body", method, transform: ({ name: _name, ...reply }) => reply });
  const next = world.stack("later");
  await next.up(world.declared);
  expect(world.live()).toEqual(lost);
});

test("a list that shows archived ones too does not stop a create that was lost on its way", async () => {
  world.reset(honoured);
  const archived = { id: "dep_old", name: "daily", archived_at: "2026-06-14T08:53:32Z" };
  world.api.fault({ kind: "reset-before", method: "POST", path: "/deployments" });
  world.api.fault({
    kind: "replace-body",
    method: "GET",
    path: "/deployments",
    transform: (list) => ({ ...list, data: [archived] }),
  });
  const stack = world.stack("first");
  await stack.up(world.declared);
  expect(world.live()).toEqual([stack.state?.id]);
});

test("a service that takes the question for a create does not prove that it knows the key", async () => {
  world.reset(neither);
  world.api.fault({ kind: "reset-after", method: "POST", path: "/deployments" });
  world.api.fault({ kind: "status", status: 200, method: "POST", path: "/deployments", body: { id: "dep_x" } });
  await expect(world.stack("first").up(world.declared)).rejects.toThrow("A deployment of this name stands");
  expect(world.live()).toHaveLength(1);
});
