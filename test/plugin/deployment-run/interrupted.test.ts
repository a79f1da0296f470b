import { deploymentRun } from "../../kinds/deployment-run";
import { Runs, start } from "../../support/runs";
import { World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const boundaries = start.flatMap((name, index) =>
  (["before", "after"] as const).map((when) => ({ name, request: index + 1, when })),
);
const first = () => world.args({ triggers: { commit: "4f2a" } });
const second = () => world.args({ triggers: { commit: "77c1" } });
const killedAtStart = (args = first()) => runs.killed(world.stack(), args, 3, "after");

test.each(
  boundaries.flatMap((at) => [
    { ...at, keys: "honour" as const, gate: false },
    { ...at, keys: "honour" as const, gate: true },
    { ...at, keys: "ignore" as const, gate: false },
  ]),
)(
  "the up after a first up, killed $when $name, starts a second run only if keys are to be ignored ($keys, a gate: $gate)",
  async ({ request, when, name, keys, gate }) => {
    world.reset({ idempotencyKeysForRuns: keys, sessionsEnd: "at-once" });
    const args = { ...first(), ...(gate ? { waitForResult: true } : {}) };
    const next = await runs.killed(world.stack(), args, request, when);
    const hasStarted = name === "RUN" && when === "after";
    expect(runs.startedIds).toHaveLength(hasStarted ? 1 : 0);
    runs.passMinutes(5);
    await next.up(args);
    const isContinued = hasStarted && keys === "honour";
    expect(runs.startedIds).toHaveLength(hasStarted && !isContinued ? 2 : 1);
    expect(next.state?.id).toBe(runs.startedIds.at(-1));
    const warning = `warning: QoderDeploymentRun "daily": continues with ${runs.startedIds[0]}, started 5 minutes ago by an interrupted \`up\`. Change triggers to run ${runs.deploymentId} once more`;
    expect(world.output.filter((line) => line.startsWith("warning"))).toEqual(isContinued ? [warning] : []);
    await next.findsNoDifference(args);
  },
);

test.each(boundaries)(
  "after a replacement, killed $when $name, each value has one run if the service honours keys",
  async ({ request, when }) => {
    world.reset({ idempotencyKeysForRuns: "honour" });
    const stack = world.stack();
    await stack.up(first());
    const { state } = stack;
    runs.passMinutes(5);
    await runs.killed(stack, second(), request, when);
    runs.passMinutes(5);
    // The engine calls the provider with the old state if the resource option deleteBeforeReplace is false.
    const creating = world.command();
    const { inputs } = await creating.check({ ...second(), __origin: stack.origin }, state?.inputs);
    await creating.diff(state?.id ?? "", state?.outputs ?? {}, inputs);
    const made = await creating.create(inputs);
    expect(runs.startedIds).toEqual([state?.id, made.id]);
  },
);

test.each([
  ["honour", 20, false, 1],
  ["honour", 65, false, 2],
  ["honour", 65, true, 1],
  ["honour", 125, true, 2],
  ["honour", 23 * 60, true, 2],
  ["honour", 25 * 60, false, 2],
  ["ignore", 20, false, 2],
] as const)(
  "if keys are to %s, the up %d minutes after a killed one (a gate with its own hour: %s) has %d runs in all",
  async (idempotencyKeysForRuns, minutes, isGate, count) => {
    world.reset({ idempotencyKeysForRuns, sessionsEnd: "at-once" });
    const args = { ...first(), ...(isGate ? { waitForResult: true } : {}) };
    const next = await killedAtStart(args);
    runs.passMinutes(minutes);
    await next.up(args);
    expect(runs.startedIds).toHaveLength(count);
    expect(next.state?.id).toBe(runs.startedIds.at(-1));
  },
);

test("a resource that was removed with its run takes it again within an hour with a warning, and starts another one later", async () => {
  world.reset({ idempotencyKeysForRuns: "honour" });
  const stack = world.stack();
  await stack.up(first());
  const { id } = stack.state ?? {};
  await stack.destroy();
  runs.passMinutes(10);
  await stack.up(first());
  expect([stack.state?.id, world.output]).toEqual([id, [expect.stringContaining("Change triggers to run")]]);
  await stack.destroy();
  runs.passMinutes(60);
  await stack.up(first());
  expect(runs.startedIds).toEqual([id, stack.state?.id]);
});

test("a `--replace` starts another run, also if the service repeats its answers", async () => {
  world.reset({ idempotencyKeysForRuns: "honour" });
  const stack = world.stack();
  await stack.up(first());
  await world.later(stack).replace(first());
  expect(runs.startedIds).toHaveLength(2);
});

test("the next up does not take the run of a killed up if the deployment was changed since", async () => {
  world.reset({ idempotencyKeysForRuns: "honour" });
  const next = await killedAtStart();
  runs.passMinutes(5);
  world.api.deployments.edit(runs.deploymentId, { description: "changed" });
  await next.up(first());
  expect(runs.startedIds).toHaveLength(2);
  expect(world.output).toEqual([]);
});

test.each([
  ["before it", 0],
  ["and the list does not show yet", 90_000],
])(
  "the next up takes the run of a killed up if a later run, which somebody started %s, moved `updated_at`",
  async (_, runsUnlistedForMs) => {
    world.reset({ idempotencyKeysForRuns: "honour", runTouchesDeployment: true });
    const next = await killedAtStart();
    runs.passMinutes(1);
    world.api.switches.runsUnlistedForMs = runsUnlistedForMs;
    const command = world.command();
    await world.stack(command).up(second());
    runs.passMinutes(1);
    const again = world.again(next, command);
    await again.up(first());
    expect(runs.startedIds).toHaveLength(2);
    expect(again.state?.id).toBe(runs.startedIds[0]);
  },
);

test("after a lost answer and a list that is refused, the error says how to look for the run", async () => {
  runs.strike({ kind: "reset-after", times: 1 });
  world.api.fault({ kind: "status", status: 403, method: "GET", path: runs.list, skip: 1 });
  await expect(world.stack().up(first())).rejects.toThrow(
    /POST .*\/run got no answer.*It is unknown whether a run started: .*403.*Look at `npx pulumi-qoder logs dep_a` first: the same command may start a second run/s,
  );
});
