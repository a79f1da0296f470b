import { deploymentRun } from "../../kinds/deployment-run";
import { Runs } from "../../support/runs";
import { World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);
beforeEach(() => world.reset({ idempotencyKeysForRuns: "ignore" }));

/** A resource whose run an earlier `up` started three minutes ago. With `--target`, no later command calls the provider for it. */
async function earlier() {
  const stack = world.stack();
  await stack.up(world.args());
  runs.passMinutes(3);
  return { stack, id: stack.state?.id ?? "" };
}

test("with --target, a new resource beside an older resource of the same deployment starts its own run", async () => {
  const { id } = await earlier();
  const added = world.stack();
  await added.up(world.args());
  expect(runs.startedIds).toEqual([id, added.state?.id]);
  expect(world.output).toEqual([]);
  expect(await added.preview(world.args())).toBe("same");
});

test("with --target, a new resource takes its own run after a killed `up`, and not the run of an older resource", async () => {
  const { id } = await earlier();
  const next = await runs.killed(world.stack(), world.args(), 3, "after");
  runs.passMinutes(3);
  await next.up(world.args());
  expect(runs.startedIds).toEqual([id, next.state?.id]);
  expect(world.output).toEqual([expect.stringContaining(`continues with ${next.state?.id}, started 3 minutes ago`)]);
});

test("if the service honours keys, a new resource with the old name of a renamed one does not take its run", async () => {
  world.reset({ idempotencyKeysForRuns: "honour" });
  const { stack, id } = await earlier();
  const renamed = world.stack();
  renamed.state = stack.state;
  expect(await renamed.preview(world.args())).toBe("same");
  const added = world.again(stack);
  await added.up(world.args());
  expect(runs.startedIds).toEqual([id, added.state?.id]);
});
