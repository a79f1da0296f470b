import { verdict } from "../../../provider/evaluation/verdict";
import { deploymentRun } from "../../kinds/deployment-run";
import type { Fault } from "../../qoder-api";
import { always, Runs } from "../../support/runs";
import { EndingClock } from "../../support/skipping-clock";
import { type Properties, type Provider, type SimulatedStack, World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const outcome = {
  type: "user.define_outcome",
  description: "A review",
  rubric: { type: "text", content: "It is complete." },
};

/** The runs of two cases of an evaluation: two of the first one, one of the second one. */
interface Evaluation {
  readonly stacks: readonly SimulatedStack[];
  readonly args: readonly Properties[];
}

function evaluation(prompt: string, first?: Evaluation): Evaluation {
  const deployments = first?.args.map((one) => one["deploymentId"]) ?? ["case-1", "case-1", "case-2"].map(caseOf);
  const args = deployments.map((deploymentId) =>
    world.args({ deploymentId, triggers: { prompt }, waitForResult: { satisfied: true, mustPass: false } }),
  );
  return { args, stacks: first?.stacks ?? args.map(() => world.stack()) };
}

const cases = new Map<string, string>();
function caseOf(name: string): string {
  const id = cases.get(name) ?? runs.deployment({ initial_events: [outcome] });
  cases.set(name, id);
  return id;
}

/** Ends each session with a grading when the provider reads it, at first or for the second time. */
function judge(reads: 1 | 2): void {
  const read = new Set<string>();
  world.api.fault({
    kind: "replace-body",
    method: "GET",
    path: /^\/sessions\/sess_\w+$/,
    ...always,
    transform(session) {
      const id = String(session["id"]);
      const isEnd = reads === 1 || read.has(id);
      read.add(id);
      return session["status"] === "running" && isEnd
        ? world.api.sessions.end(id, { outcomes: [{ result: "satisfied", explanation: "It is complete." }] })
        : session;
    },
  });
}

test.each([
  [0.28, 25, 7, "24%), and passRate asks for 28%"],
  [0.56, 25, 14, "52%), and passRate asks for 56%"],
  [0.7, 10, 7, "60%), and passRate asks for 70%"],
  [1, 3, 3, "66.7%), and passRate asks for 100%"],
])("a pass rate of %d for %i runs asks for %i of them", async (passRate, count, least, told) => {
  const judged = (passed: number) =>
    verdict.create({ name: "good", passRate, rows: [{ case: "a", passed, runs: count, credits: 0, failures: [] }] });
  expect(await judged(least)).toMatchObject({ id: "passed" });
  await expect(judged(least - 1)).rejects.toThrow(`${least - 1} of ${count} runs are satisfied (${told}`);
});

type Order = "at once" | "one after the other";

/** Runs an `up` of the evaluation. A resource whose call fails keeps its state of before, as if the process had been killed. */
async function up(
  { stacks, args }: Evaluation,
  command: Provider,
  order: Order,
  isKilled: boolean,
): Promise<Evaluation> {
  const nexts = stacks.map((stack) => world.later(stack, command));
  const run = async (index: number): Promise<boolean> => {
    const next = nexts[index];
    return (
      next === undefined ||
      next.up(args[index] ?? {}).then(
        () => true,
        () => false,
      )
    );
  };
  const ended: boolean[] = [];
  if (order === "at once") {
    ended.push(...(await Promise.all(args.map((_, index) => run(index)))));
  } else {
    for (const index of args.keys()) {
      ended.push(ended.every((one) => one) && (await run(index)));
    }
  }
  await command.end();
  return {
    args,
    stacks: isKilled ? nexts.map((next, index) => (ended[index] ? next : killed(stacks[index], next))) : nexts,
  };
}

/** What the engine still has after a kill: the removal of a replaced run is recorded, an answer that never came is not. */
function killed(before: SimulatedStack | undefined, after: SimulatedStack): SimulatedStack {
  const next = world.again(after);
  next.state = after.pendingReplacement ? after.state : before?.state;
  next.pendingReplacement = after.pendingReplacement;
  return next;
}

const started = () => world.api.runs.all().filter(({ session_id: session }) => session !== null);

async function finish(next: Evaluation, order: Order, count: number): Promise<Evaluation> {
  world.api.clearFaults();
  judge(2);
  runs.passMinutes(5);
  const last = await up(next, world.command(), order, false);
  const states = last.stacks.map(({ state }) => state);
  expect(states.map((state) => state?.outputs["result"])).toEqual(["done", "done", "done"]);
  expect(new Set(states.map((state) => state?.id)).size).toBe(3);
  expect(started()).toHaveLength(count);
  world.api.clearRequests();
  for (const [index, stack] of last.stacks.entries()) {
    expect(await stack.preview(last.args[index] ?? {})).toBe("same");
  }
  await up(last, world.command(), order, false);
  expect(world.api.requests).toEqual([]);
  expect(started()).toHaveLength(count);
  return last;
}

/** The requests of a run in an `up` in which nothing goes wrong: three that start it, and two that read its end. */
const ofOneRun = [1, 2, 3, 4, 5];
/** And places in the second and in the third run. */
const places = [...ofOneRun, 7, 9, 13, 15];
describe.each(["one after the other", "at once"] as const)(
  "if the service honours keys, and the runs start %s",
  (order) => {
    const reset = () => {
      world.reset({ idempotencyKeysForRuns: "honour" });
      cases.clear();
    };
    beforeEach(reset);

    const kill = (one: Evaluation) => up(one, world.command({ clock: new EndingClock(world.clock) }), order, true);

    test.each(places)("after a kill at request %d of an `up`, the next one pays for no run twice", async (place) => {
      for (const kind of ["reset-before", "reset-after"] as const) {
        reset();
        let next = evaluation("good");
        for (const [prompt, count] of [
          ["good", 3],
          ["better", 6],
        ] as const) {
          world.api.fault({ kind, skip: place - 1 });
          world.api.fault({ kind: "reset-before", ...always, skip: place - 1 });
          judge(1);
          const killedUp = await kill(evaluation(prompt, next));
          expect(started().length).toBeLessThanOrEqual(count);
          next = await finish(killedUp, order, count);
        }
      }
    });

    test("after a kill while the runs work, the next `up` waits for the same runs", async () => {
      judge(2);
      await finish(await kill(evaluation("good")), order, 3);
    });
  },
);

const faults: readonly (readonly [string, Omit<Fault, "method" | "path">])[] = [
  ["a refusal", { kind: "status", status: 403 }],
  ["too many requests", { kind: "status", status: 429 }],
  ["an error after it acted", { kind: "status-after", status: 502 }],
  ["a broken answer", { kind: "truncate", cut: "json" }],
];

describe.each(faults)("after %s", (_, fault) => {
  test.each(ofOneRun)("at request %d, this `up` or the next one ends with one run each", async (place) => {
    world.reset({ idempotencyKeysForRuns: "ignore" });
    cases.clear();
    world.api.fault({ ...fault, skip: place - 1 });
    judge(1);
    const order = "one after the other";
    await finish(await up(evaluation("good"), world.command(), order, false), order, 3);
  });
});
