import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderDeployment } from "../../provider";
import { EngineWorld } from "../support/engine-world";

let world: EngineWorld;
beforeAll(async () => {
  world = await EngineWorld.start();
});
afterAll(() => world.stop());

const empty: pulumi.dynamic.ResourceProvider = { create: async () => ({ id: "empty", outs: {} }) };
class Empty extends pulumi.dynamic.Resource {
  constructor(name: string) {
    super(empty, name, {});
  }
}

async function secondsOfUp(stackName: string, program: PulumiFn): Promise<number> {
  const stack = await world.stack(stackName);
  const start = performance.now();
  await stack.up(program);
  return (performance.now() - start) / 1_000;
}

test("up of one deployment takes at most 1.3 times as long as up of an empty dynamic resource", async () => {
  const ours: number[] = [];
  const theirs: number[] = [];
  // In turn, so that a machine that gets slower is slower for both.
  for (let round = 0; round < 5; round += 1) {
    theirs.push(await secondsOfUp(`empty${round}`, async () => void new Empty("empty")));
    const args = { ...world.args(), name: `daily${round}` };
    ours.push(await secondsOfUp(`deployment${round}`, async () => void new QoderDeployment("daily", args)));
  }
  // The fastest of each: whatever else the machine does only adds time.
  const [our, their] = [Math.min(...ours), Math.min(...theirs)];
  const ratio = our / their;
  console.info(
    `up: ${our.toFixed(2)} s with a deployment, ${their.toFixed(2)} s with an empty dynamic resource, ratio ${ratio.toFixed(2)}`,
  );
  expect(ratio).toBeLessThanOrEqual(1.3);
});
