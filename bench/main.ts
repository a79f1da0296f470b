/**
 * `npm run bench` measures what this package costs beside the engine. It writes bench/results.json, the tables in
 * bench/README.md, and the plot docs/pictures/scale.svg. `-- --quick` takes fewer rounds and sizes, and writes nothing.
 */
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { EngineWorld, repository } from "../test/support/engine-world";
import { InstalledProject } from "../test/support/installed-project";
import { life, newLife, type Step, type StepResult, steps } from "./life";
import { median } from "./measure";
import { multiplied } from "./multiplied";
import { writePlot } from "./plot";
import { type Results, resultsSchema } from "./results";
import { checkAndDiff, loadingOf, overlap, readsAlone, stateBytes } from "./single";
import { floor, mixed, ours, type Subject, subjects, throughPlugin } from "./subjects";
import { tables, writeTables } from "./table";

interface Plan {
  /** The rounds with the most deployments, and of the smaller figures. */
  readonly rounds: number;
  /** The rounds with fewer deployments. */
  readonly roundsOfFewer: number;
  /** The rounds of the programs that use the plugin, with the most deployments. */
  readonly roundsThroughPlugin: number;
  /** The numbers of deployments in one stack. */
  readonly amounts: readonly number[];
  /** The sizes of stacks whose state is a multiplied one, each measured once. */
  readonly multiplied: readonly number[];
}

const full: Plan = {
  rounds: 5,
  roundsOfFewer: 2,
  roundsThroughPlugin: 3,
  amounts: [1, 10, 100],
  multiplied: [500, 2_000],
};
// Short, because a first run may have to build the CLI, which takes three of its five minutes.
const quick: Plan = {
  rounds: 1,
  roundsOfFewer: 1,
  roundsThroughPlugin: 1,
  amounts: [20],
  multiplied: [40],
};

async function main(args: readonly string[]): Promise<void> {
  const isQuick = args.includes("--quick");
  const plan = isQuick ? quick : full;
  const world = await EngineWorld.start();
  try {
    const results = await measured(world, plan, `npm run bench${isQuick ? " -- --quick" : ""}`);
    console.log(tables(results));
    if (isQuick) {
      return;
    }
    writeFileSync(join(repository, "bench", "results.json"), `${JSON.stringify(results, undefined, 2)}\n`);
    writeTables(results);
    writePlot(results);
  } finally {
    await world.stop();
  }
}

async function measured(world: EngineWorld, plan: Plan, command: string): Promise<Results> {
  const project = new InstalledProject(world);
  const newLifeOf = (subject: Subject, amount: number) => newLife(world, project, subject, amount);
  const most = Math.max(...plan.amounts);
  progress("warming up");
  for (const subject of [...subjects, ...throughPlugin]) {
    await life(world, project, subject, 1, ["preview"]);
  }
  const lives = [];
  for (const amount of plan.amounts) {
    const compared = repeated(subjects, amount === most ? plan.rounds : plan.roundsOfFewer);
    const plugin = repeated(amount === most ? throughPlugin : [], plan.roundsThroughPlugin);
    lives.push(...(await livesOf([...compared, ...plugin], amount, newLifeOf)));
  }
  lives.push(...(await livesOf(repeated([mixed], 1), most, newLifeOf)));
  progress("the smaller figures");
  const readAmounts = plan.amounts.filter((amount) => amount > 1);
  const alone = [];
  for (const amount of readAmounts) {
    alone.push({ amount, cpu: await readsAlone(world, amount, plan.rounds) });
  }
  const large = [];
  for (const amount of plan.multiplied) {
    for (const subject of [ours, floor]) {
      progress(`commands without a change: ${amount} of ${subject.name}`);
      large.push(...(await multiplied(world, project, subject, amount)));
    }
  }
  return resultsSchema.parse({
    command,
    machine: `${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB, ${process.platform}, Node.js ${process.versions.node}`,
    rounds: plan.rounds,
    lives,
    readsAlone: alone,
    state: await stateBytes(world, project),
    overlap: await overlap(world, project, most, 100),
    loadingMs: {
      provider: await loadingOf("dynamic-provider.js", plan.rounds, ".deployment.configure({})"),
      program: await loadingOf("index.js", plan.rounds),
    },
    checkAndDiffMs: await checkAndDiff(),
    multiplied: large,
  });
}

interface Seen {
  readonly subject: string;
  readonly step: Step;
  readonly result: StepResult;
}

interface Repeated {
  readonly subject: Subject;
  readonly rounds: number;
}

function repeated(those: readonly Subject[], rounds: number): Repeated[] {
  return those.map((subject) => ({ subject, rounds }));
}

/** Runs each step of all subjects one after the other, so that other work of the machine slows down all of them alike. */
async function livesOf(
  all: readonly Repeated[],
  amount: number,
  newLifeOf: (subject: Subject, amount: number) => ReturnType<typeof newLife>,
) {
  const seen: Seen[] = [];
  const most = Math.max(...all.map(({ rounds }) => rounds));
  for (let round = 1; round <= most; round += 1) {
    const those = all.filter(({ rounds }) => round <= rounds).map(({ subject }) => subject);
    const lives = new Map<string, Awaited<ReturnType<typeof newLife>>>();
    // Each round begins with another subject.
    const first = round % those.length;
    for (const subject of [...those.slice(first), ...those.slice(0, first)]) {
      lives.set(subject.name, await newLifeOf(subject, amount));
    }
    for (const step of steps) {
      progress(`${step} of ${amount}: ${[...lives.keys()].join(", ")}; round ${round} of ${most}`);
      for (const [subject, next] of lives) {
        seen.push({ subject, step, result: await next(step) });
      }
    }
  }
  return all.map(({ subject: { name }, rounds }) => ({ subject: name, amount, rounds, steps: medians(seen, name) }));
}

function medians(seen: readonly Seen[], subject: string) {
  const of = (step: Step, figure: keyof StepResult) =>
    median(seen.filter((one) => one.subject === subject && one.step === step).map(({ result }) => result[figure]));
  return Object.fromEntries(
    steps.map((step) => [
      step,
      { cpu: of(step, "cpu"), wall: of(step, "wall"), requests: of(step, "requests"), bytes: of(step, "bytes") },
    ]),
  );
}

const start = performance.now();

function progress(line: string): void {
  console.error(`${String(Math.round((performance.now() - start) / 1_000)).padStart(5)} s  ${line}`);
}

void main(process.argv.slice(2));
