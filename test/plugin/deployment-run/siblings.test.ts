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

/** A resource of an earlier `up`, which started its run three minutes ago. */
async function earlier() {
  const stack = world.stack();
  await stack.up(world.args());
  runs.passMinutes(3);
  return { stack, id: stack.state?.id ?? "" };
}

/** The arguments as the program side gives them in the next `up`, for a resource beside the earlier one. */
function declared(more: object = {}) {
  return world.args({ __command: { isPreview: false, siblings: file.declare() }, ...more });
}

/** The engine tells the program the id of another resource. */
function tell(id: string, { place } = file.declare()): void {
  file.hasId(place, id);
  file.isRegistered(place);
}

const warned = (id: string) => [expect.stringContaining(`goes on with ${id}, started 3 minutes ago`)];

describe("with --target, a resource that is added beside another one of the deployment", () => {
  test.each(["before", "after"])("starts its own run where the program declares the other one %s it", async (order) => {
    const { id } = await earlier();
    const [first, second] = [file.declare(), file.declare()];
    const [other, own] = order === "before" ? [first, second] : [second, first];
    tell(id, other);
    const added = world.stack();
    await added.up(world.args({ __command: { isPreview: false, siblings: own } }));
    expect(runs.startedIds).toEqual([id, added.state?.id]);
    expect(world.output).toEqual([]);
    expect(await added.preview(world.args())).toBe("same");
  });

  test("waits for the id of the other one, which the engine tells later", async () => {
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

  test("goes on with its own run after an up that was killed, although the other one has a run as well", async () => {
    const { id } = await earlier();
    tell(id);
    const next = await runs.killed(world.stack(), declared(), 3, "after");
    runs.passMinutes(3);
    await next.up(declared());
    expect(runs.startedIds).toEqual([id, next.state?.id]);
    expect(world.output).toEqual(warned(runs.startedIds[1] ?? ""));
  });

  test("goes on with the run where the other one is new and no target, as nobody else has it", async () => {
    const id = world.api.deployments.run(runs.deploymentId).id;
    runs.passMinutes(3);
    file.isRegistered(file.declare().place);
    const added = world.stack();
    await added.up(declared());
    expect(added.state?.id).toBe(id);
    expect(world.output).toEqual(warned(id));
  });

  test("goes on with the run after ten seconds where the program does not tell the id of the other one", async () => {
    const { id } = await earlier();
    file.declare();
    const began = world.clock.now();
    const added = world.stack();
    await added.up(declared());
    expect(added.state?.id).toBe(id);
    expect(world.output).toEqual(warned(id));
    expect(world.clock.now() - began).toBeGreaterThan(10_000);
  });
});

test("a resource that the program declares once the other one is registered starts its own run as well", async () => {
  const { id } = await earlier();
  tell(id);
  const added = world.stack();
  await added.up(declared());
  expect(runs.startedIds).toEqual([id, added.state?.id]);
});

test("nobody waits for a resource that the engine asks about, whether the state knows it or not", async () => {
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

test("where keys are honoured, a new resource at the place of one that was renamed does not get its run", async () => {
  world.reset({ idempotencyKeysForRuns: "honour" });
  const { stack, id } = await earlier();
  // The deployment was changed, so that only the key leads to the run.
  world.api.deployments.edit(runs.deploymentId, { description: "changed" });
  tell(id);
  const added = world.again(stack);
  await added.up(declared());
  expect(runs.startedIds).toEqual([id, added.state?.id]);
});

test("a file that cannot be read counts as missing", async () => {
  const { id } = await earlier();
  const added = world.stack();
  const siblings = { file: "/nowhere/siblings.jsonl", place: 1 };
  await added.up(world.args({ __command: { isPreview: false, siblings } }));
  expect(added.state?.id).toBe(id);
  expect(world.output).toEqual(warned(id));
});
