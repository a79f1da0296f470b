import { SiblingFile } from "../../../provider/program/siblings";
import { deploymentRun } from "../../kinds/deployment-run";
import { Runs } from "../../support/runs";
import { type KindWorld, World } from "../../support/world";

let world: KindWorld;
let runs: Runs;
let file: SiblingFile;
beforeAll(async () => {
  world = await World.start(deploymentRun);
  runs = new Runs(world);
});
afterAll(() => world.stop());
beforeEach(() => {
  world.reset({ idempotencyKeysForRuns: "ignore" });
  file = new SiblingFile();
});
afterEach(() => file.remove());

/** A resource whose run an earlier `up` started three minutes ago. */
async function earlier() {
  const stack = world.stack();
  await stack.up(world.args());
  runs.passMinutes(3);
  return { stack, id: stack.state?.id ?? "" };
}

/** The arguments that the program gives a second resource of the same deployment in the next `up`. */
function declared(more: object = {}) {
  return world.args({ __command: { isPreview: false, siblings: file.declare() }, ...more });
}

/** The engine tells the program the id of another resource. */
function tell(id: string, { place } = file.declare()): void {
  file.hasId(place, id);
  file.isRegistered(place);
}

const warned = (id: string) => [expect.stringContaining(`goes on with ${id}, started 3 minutes ago`)];

describe("with --target, a new resource beside an older resource of the same deployment", () => {
  test.each(["before", "after"])(
    "starts its own run if the program declares the older resource %s it",
    async (order) => {
      const { id } = await earlier();
      const [first, second] = [file.declare(), file.declare()];
      const [other, own] = order === "before" ? [first, second] : [second, first];
      tell(id, other);
      const added = world.stack();
      await added.up(world.args({ __command: { isPreview: false, siblings: own } }));
      expect(runs.startedIds).toEqual([id, added.state?.id]);
      expect(world.output).toEqual([]);
      expect(await added.preview(world.args())).toBe("same");
    },
  );

  test("waits for the id of the older resource, which the program gets late", async () => {
    const { id } = await earlier();
    const other = file.declare();
    world.api.fault({
      kind: "replace-body",
      method: "GET",
      path: runs.list,
      transform: (page) => {
        setImmediate(() => tell(id, other));
        return page;
      },
    });
    const added = world.stack();
    await added.up(declared());
    expect(runs.startedIds).toEqual([id, added.state?.id]);
  });

  test("takes its own run after a killed `up`, and not the run of the older resource", async () => {
    const { id } = await earlier();
    tell(id);
    const next = await runs.killed(world.stack(), declared(), 3, "after");
    runs.passMinutes(3);
    await next.up(declared());
    expect(runs.startedIds).toEqual([id, next.state?.id]);
    expect(world.output).toEqual(warned(runs.startedIds[1] ?? ""));
  });
});

test("a resource that is declared after the older resource was registered starts its own run", async () => {
  const { id } = await earlier();
  tell(id);
  const added = world.stack();
  await added.up(declared());
  expect(runs.startedIds).toEqual([id, added.state?.id]);
});

test("without --target two new resources beside an older one start their runs without the wait", async () => {
  const { stack, id } = await earlier();
  const command = world.command();
  const seen = world.again(stack, command);
  seen.state = stack.state;
  expect(await seen.up(declared())).toBe("same");
  const added = [world.stack(command), world.stack(command)];
  const began = world.clock.now();
  await Promise.all(added.map((one) => one.up(declared())));
  expect(runs.startedIds).toEqual([id, ...added.map((one) => one.state?.id)]);
  expect(world.clock.now() - began).toBeLessThan(10_000);
});

test("if the service honours keys, a new resource with the old name of a renamed one does not take its run", async () => {
  world.reset({ idempotencyKeysForRuns: "honour" });
  const { stack, id } = await earlier();
  // After a change of the deployment only the key leads to the run.
  world.api.deployments.edit(runs.deploymentId, { description: "changed" });
  tell(id);
  const added = world.again(stack);
  await added.up(declared());
  expect(runs.startedIds).toEqual([id, added.state?.id]);
});
