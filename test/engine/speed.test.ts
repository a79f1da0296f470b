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

const mostRatio = 1.3;

/** Of the fastest of each: whatever else the machine does only adds time. */
function ratioOf(ours: readonly number[], theirs: readonly number[]): number {
  return Math.min(...ours) / Math.min(...theirs);
}

test("up of one deployment takes at most 1.3 times as long as up of an empty dynamic resource", async () => {
  const ours: number[] = [];
  const theirs: number[] = [];
  // In turn, so that a machine that gets slower is slower for both; longer where it is busy.
  for (let round = 0; round < 3 || (round < 8 && ratioOf(ours, theirs) > mostRatio); round += 1) {
    theirs.push(await secondsOfUp(`empty${round}`, async () => void new Empty("empty")));
    const args = { ...world.args(), name: `daily${round}` };
    ours.push(await secondsOfUp(`deployment${round}`, async () => void new QoderDeployment("daily", args)));
  }
  expect(ratioOf(ours, theirs)).toBeLessThanOrEqual(mostRatio);
});
