import { QoderDeployment } from "../../provider";
import type { EngineStack } from "../support/engine-stack";
import { EngineWorld } from "../support/engine-world";

// test/plugin/fault-matrix.test.ts has all faults of all operations; these two run with the real engine.

let world: EngineWorld;
let stack: EngineStack;
beforeEach(async () => {
  world = await EngineWorld.start();
  stack = await world.stack();
});
afterEach(() => world.stop());

function sent(): string[] {
  const lines = world.api.requests.map(({ method, path }) => `${method} ${path.replace(/dep_\w+/, "ID")}`);
  world.api.clearRequests();
  return lines;
}

test("after a lost answer to a create, the same `up` ends with one deployment, which is in the state", async () => {
  const program = async () => {
    new QoderDeployment("daily", world.args());
  };
  world.api.fault({ kind: "reset-after", method: "POST" });
  await stack.up(program);
  // The list has the name, the second POST shows that the service remembers the key, and the third is the create once more.
  const [create, list] = ["POST /deployments", "GET /deployments"];
  expect(sent()).toEqual([create, list, create, create]);
  expect(stack.deployment().id).toBe(world.live.id);
  await stack.previewNothing(program);
});

test("after a create whose pause fails, the state keeps the deployment, and the next `up` pauses it", async () => {
  const program = async () => {
    new QoderDeployment("daily", { ...world.args(), paused: true });
  };
  world.api.fault({
    kind: "status",
    method: "POST",
    path: /pause$/,
    status: 403,
    body: { type: "error", error: { type: "permission_error", message: "not yours" } },
  });
  await expect(stack.up(program)).rejects.toThrow("was done in part");
  expect(stack.deployment().id).toBe(world.live.id);
  sent();
  await stack.up(program);
  expect(sent()).toEqual(["POST /deployments/ID/pause"]);
  await stack.previewNothing(program);
});
