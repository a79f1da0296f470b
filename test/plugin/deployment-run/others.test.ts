import { deploymentRun } from "../../kinds/deployment-run";
import type { JsonObject } from "../../qoder-api/wire";
import { Runs } from "../../support/runs";
import { doors, useDoor, World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);
beforeEach(() => world.reset({ idempotencyKeysForRuns: "ignore" }));

const byHand = () => world.api.deployments.run(runs.deploymentId).id;
const aMinuteAgo = () => {
  byHand();
  runs.passMinutes(1);
};

describe.each(doors)("through the door %s a new resource", (door) => {
  beforeEach(() => useDoor(door));

  test.each<[string, () => unknown]>([
    ["by hand of a minute ago", aMinuteAgo],
    [
      "from before the last change of the deployment",
      () => {
        aMinuteAgo();
        world.api.deployments.edit(runs.deploymentId, { description: "changed" });
      },
    ],
    ["of the schedule", () => world.api.deployments.runBySchedule(runs.deploymentId)],
    [
      "of the schedule whose time cannot be read",
      () => {
        world.api.deployments.runBySchedule(runs.deploymentId);
        const trigger_context = { type: "schedule", scheduled_at: 1_781_427_212 };
        const transform = ({ data, ...page }: JsonObject) => ({
          ...page,
          data: [data].flat().map((run) => ({ ...Object(run), trigger_context })),
        });
        world.api.fault({ kind: "replace-body", method: "GET", path: runs.list, transform });
      },
    ],
    [
      "that could not start",
      () => {
        world.api.environments.archive("env_a");
        byHand();
        world.api.environments.overwrite("env_a", { archived_at: null });
      },
    ],
    ["of another deployment", () => world.api.deployments.run(runs.deployment())],
  ])("does not take a run %s, and starts its own", async (_, before) => {
    before();
    const others = runs.startedIds;
    const stack = world.stack();
    await stack.up(world.args());
    expect(runs.startedIds).toEqual([...others, stack.state?.id]);
    expect(world.output).toEqual([]);
  });
});

test("a change of the triggers starts its own run, however new a manual run is", async () => {
  const stack = world.stack();
  await stack.up(world.args({ triggers: [1] }));
  const [first] = runs.startedIds;
  const second = byHand();
  await stack.up(world.args({ triggers: [2] }));
  expect(runs.startedIds).toEqual([first, second, stack.state?.id]);
  expect(world.output).toEqual([]);
});

test("the `up` after a killed change of the triggers takes no manual run that is older than the replaced run", async () => {
  aMinuteAgo();
  const [before] = runs.startedIds;
  world.api.deployments.edit(runs.deploymentId, { description: "changed" });
  const stack = world.stack();
  await stack.up(world.args({ triggers: [1] }));
  const first = stack.state?.id;
  world.api.deployments.overwrite(runs.deploymentId, { updated_at: "2026-01-01T00:00:00Z" });
  const next = await runs.killed(stack, world.args({ triggers: [2] }), 1, "before");
  await next.up(world.args({ triggers: [2] }));
  expect(runs.startedIds).toEqual([before, first, next.state?.id]);
});

test("twenty resources that run one deployment in one `up` have one run each, even if answers are lost", async () => {
  runs.strike({ kind: "reset-after", times: 3 });
  const command = world.command();
  const stacks = Array.from({ length: 20 }, () => world.stack(command));
  await Promise.all(stacks.map((stack) => stack.up(world.args())));
  expect(stacks.map(({ state }) => state?.id).sort()).toEqual([...runs.startedIds].sort());
  expect(runs.startedIds).toHaveLength(20);
  expect(world.output).toEqual([]);
});

test("after a run that was refused, the next resource of the same command still starts its run", async () => {
  runs.strike({ kind: "status", status: 400, times: 1 });
  const command = world.command();
  const stacks = [world.stack(command), world.stack(command)];
  const outcomes = await Promise.allSettled(stacks.map((stack) => stack.up(world.args())));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(runs.startedIds).toEqual(stacks.flatMap(({ state }) => state?.id ?? []));
});

describe("beside a resource whose run an earlier `up` started three minutes ago", () => {
  async function earlier() {
    const stack = world.stack();
    await stack.up(world.args());
    runs.passMinutes(3);
    return { stack, id: stack.state?.id };
  }

  test("a new resource of the same command does not take that run", async () => {
    const { stack, id } = await earlier();
    const command = world.command();
    expect(await world.later(stack, command).up(world.args())).toBe("same");
    const added = world.stack(command);
    await added.up(world.args());
    expect(runs.startedIds).toEqual([id, added.state?.id]);
  });

  test("with --target, a new resource beside an older resource of the same deployment starts its own run", async () => {
    const { id } = await earlier();
    const added = world.stack();
    await added.up(world.args());
    expect(runs.startedIds).toEqual([id, added.state?.id]);
    expect(world.output).toEqual([]);
    expect(await added.preview(world.args())).toBe("same");
  });

  test("if the service honours keys, a new resource with the old name of a renamed one does not take its run", async () => {
    world.api.switches.idempotencyKeysForRuns = "honour";
    const { stack, id } = await earlier();
    const command = world.command();
    const renamed = world.stack(command);
    renamed.state = stack.state;
    expect(await renamed.up(world.args())).toBe("same");
    const added = world.again(stack, command);
    await added.up(world.args());
    expect(runs.startedIds).toEqual([id, added.state?.id]);
  });
});
