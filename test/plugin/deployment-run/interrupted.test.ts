import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderOfNotes } from "../../../provider/deployment-run/start-note";
import { deploymentRuns } from "../../../provider/kinds/table";
import { deploymentRun } from "../../kinds/deployment-run";
import type { Switches } from "../../qoder-api/switches";
import { DynamicProvider } from "../../support/dynamic-provider";
import { always, Runs, start } from "../../support/runs";
import { timeLimits } from "../../support/time-limits";
import { until } from "../../support/until";
import { type SimulatedStack, World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const services: readonly [string, Partial<Switches>][] = [
  ["honours keys", { idempotencyKeysForRuns: "honour" }],
  ["ignores keys", { idempotencyKeysForRuns: "ignore" }],
  [
    "ignores keys and changes updated_at of the deployment with each run",
    { idempotencyKeysForRuns: "ignore", runTouchesDeployment: true },
  ],
];
const boundaries = start.flatMap((name, index) =>
  (["before", "after"] as const).map((when) => ({ name, request: index + 1, when })),
);
const first = () => world.args({ triggers: { commit: "4f2a" } });
const second = () => world.args({ triggers: { commit: "77c1" } });
const killedAtStart = (args = first()) => runs.killed(world.stack(), args, 3, "after");

describe.each(services)("if the service %s", (_, service) => {
  beforeEach(() => world.reset(service));

  async function finish(next: SimulatedStack, args: ReturnType<typeof first>, count: number): Promise<void> {
    runs.passMinutes(5);
    await next.up(args);
    expect(runs.startedIds).toHaveLength(count);
    expect(next.state?.id).toBe(runs.startedIds.at(-1));
    await next.findsNoDifference(args);
    expect(runs.startedIds).toHaveLength(count);
  }

  test.each([2_000, 20_000])(
    "the up right after a killed one waits until the list shows the run that it lacks for %i ms, and ends with one run",
    async (runsUnlistedForMs) => {
      world.api.switches.runsUnlistedForMs = runsUnlistedForMs;
      const next = await killedAtStart();
      await next.up(first());
      expect(runs.startedIds).toEqual([next.state?.id]);
      expect(runs.sent()).not.toContain("RUN");
    },
  );

  test("the up right after a killed one fails without a run if its time limit ends before the list can show the run", async () => {
    world.api.switches.runsUnlistedForMs = 30_000;
    const limited = { ...first(), ...timeLimits(10) };
    const next = await killedAtStart(limited);
    await expect(next.up(limited)).rejects.toThrow(
      `an interrupted command may have started a run of ${runs.deploymentId}, which the list may not show yet.\nRun the same command again in a minute`,
    );
    expect(runs.startedIds).toHaveLength(1);
    await finish(next, limited, 1);
  });

  test.each(boundaries)("after a first up, killed $when $name, there is one run", async ({ request, when, name }) => {
    const next = await runs.killed(world.stack(), first(), request, when);
    const hasStarted = name === "RUN" && when === "after";
    expect(runs.startedIds).toHaveLength(hasStarted ? 1 : 0);
    await finish(next, first(), 1);
    const warning = `warning: QoderDeploymentRun "daily": continues with ${runs.startedIds[0]}, started 5 minutes ago by an interrupted \`up\`, or by hand. Change triggers to run ${runs.deploymentId} once more`;
    expect(world.output).toEqual(hasStarted ? [warning] : []);
  });
});

test.each(boundaries)("after a replacement, killed $when $name, each value has one run", async ({ request, when }) => {
  world.reset({ idempotencyKeysForRuns: "ignore" });
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
});

test("an up on another machine starts a run, because only the machine of a killed up knows what it began", async () => {
  await killedAtStart();
  const elsewhere = world.stack();
  await elsewhere.up(first());
  expect(runs.startedIds).toEqual([expect.anything(), elsewhere.state?.id]);
});

test("the up after a killed one takes no manual run in place of the run that the killed one started, even if no list shows that run", async () => {
  world.api.fault({ kind: "reset-before", method: "GET", path: /^\/sessions\//, ...always });
  const args = { ...first(), waitForResult: true };
  const stack = world.stack();
  await expect(world.ending(stack).up(args)).rejects.toThrow("the process has ended");
  world.api.clearFaults();
  world.api.runs.remove(runs.startedIds[0] ?? "");
  runs.passMinutes(1);
  world.api.deployments.run(runs.deploymentId);
  world.api.switches.sessionsEnd = "at-once";
  const next = world.again(stack);
  await next.up(args);
  expect(next.state?.id).toBe(runs.startedIds.at(-1));
  expect(runs.startedIds).toHaveLength(2);
});

test.each([
  ["honour", 23],
  ["honour", 25],
  ["ignore", 1],
] as const)("if keys are to %s, a resource starts another run %d hours after its removal", async (keys, hours) => {
  world.reset({ idempotencyKeysForRuns: keys });
  const stack = world.stack();
  await stack.up(first());
  await stack.destroy();
  runs.passMinutes(hours * 60);
  await stack.up(first());
  expect(runs.startedIds).toHaveLength(2);
  expect(stack.state?.id).toBe(runs.startedIds.at(-1));
  expect(world.output).toEqual([]);
});

describe("if the service ignores keys", () => {
  beforeEach(() => world.reset({ idempotencyKeysForRuns: "ignore" }));

  test.each([
    [24, 1],
    [25, 2],
  ])("a first up, killed %d hours ago, and the next up have started %d runs in all", async (hours, count) => {
    const next = await killedAtStart();
    runs.passMinutes(hours * 60 - 1);
    await next.up(first());
    expect(runs.startedIds).toHaveLength(count);
  });

  test("the next up finds the run of a killed change behind hundreds of later scheduled runs", async () => {
    const stack = world.stack();
    await stack.up(first());
    runs.passMinutes(5);
    const next = await runs.killed(stack, second(), 3, "after");
    const [, killed] = runs.startedIds;
    for (let minute = 0; minute < 300; minute += 1) {
      runs.passMinutes(1);
      world.api.deployments.runBySchedule(runs.deploymentId);
    }
    await next.up(second());
    expect(next.state?.id).toBe(killed);
  });

  test("after a first up whose start was refused, the next up takes no manual run", async () => {
    runs.strike({ kind: "status", status: 403, times: 1 });
    const stack = world.stack();
    await expect(stack.up(first())).rejects.toThrow("403");
    world.api.deployments.run(runs.deploymentId);
    await stack.up(first());
    expect(runs.startedIds).toEqual([expect.anything(), stack.state?.id]);
  });

  test("the next up takes the run of a provider process that died after the start", async () => {
    runs.strike({ kind: "silence", times: 1 });
    const provider = await DynamicProvider.start({ config: config(), source: deploymentRuns.source });
    const stack = world.stack(provider);
    const up = expect(stack.up(first())).rejects.toThrow();
    await until(
      () => runs.startedIds.length === 1,
      () => "the service has started a run",
    );
    await provider.stop();
    await up;
    const next = world.again(stack);
    await next.up(first());
    expect(runs.startedIds).toEqual([next.state?.id]);
  });

  test("after a replacement that failed between removal and create, the next up takes the run that was started", async () => {
    const stack = world.stack();
    await stack.up(first());
    runs.strike({ kind: "reset-after", times: 1 });
    world.api.fault({ kind: "status", status: 403, method: "GET", path: runs.list, skip: 1 });
    await expect(stack.up(second())).rejects.toThrow(
      /POST .*\/run got no answer.*It is unknown whether a run started: .*403.*Run the same command again/s,
    );
    expect(stack.pendingReplacement).toBe(true);
    await stack.up(second());
    expect(runs.startedIds).toHaveLength(2);
    expect(stack.state?.id).toBe(runs.startedIds[1]);
  });
});

test.each(["honour", "ignore"] as const)(
  "the next up does not take the run of a killed up if the deployment was changed since (keys: %s)",
  async (idempotencyKeysForRuns) => {
    world.reset({ idempotencyKeysForRuns });
    const next = await killedAtStart();
    runs.passMinutes(5 * 60);
    world.api.deployments.edit(runs.deploymentId, { description: "changed" });
    await next.up(first());
    expect(runs.startedIds).toHaveLength(2);
    expect(world.output).toEqual([]);
  },
);

const config = () => ({ "qoder:pat": "pt-test", "qoder:baseUrl": world.api.url });

/** Runs the test with another folder for the states of programs, which no other test writes into. */
async function withStateHome(folder: string, test: () => Promise<void>): Promise<void> {
  const home = process.env["XDG_STATE_HOME"];
  process.env["XDG_STATE_HOME"] = folder;
  try {
    await test();
  } finally {
    process.env["XDG_STATE_HOME"] = home;
  }
}

test("a regular end of the command removes the note of a run, which is in a folder for this user alone", async () => {
  const home = mkdtempSync(join(tmpdir(), "pulumi-qoder-state-"));
  await withStateHome(home, async () => {
    const provider = await DynamicProvider.start({ config: config(), source: deploymentRuns.source });
    await world.stack(provider).up(first());
    expect(readdirSync(folderOfNotes())).toHaveLength(1);
    expect(statSync(folderOfNotes()).mode & 0o777).toBe(0o700);
    await provider.end();
    await provider.stop();
    expect(readdirSync(folderOfNotes())).toEqual([]);
  });
  rmSync(home, { recursive: true });
});

test("a note that cannot be written is said, and the run is started", async () => {
  await withStateHome(__filename, async () => {
    const stack = world.stack();
    await stack.up(first());
    expect(runs.startedIds).toEqual([stack.state?.id]);
    expect(world.output.join()).toMatch(
      /warning: .*the note of this start cannot be written: .*the next one may start a second run/,
    );
  });
});
