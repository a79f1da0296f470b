/**
 * `npm run bench` measures what this package costs beside the engine. It writes bench/results.json, the tables in docs/scale.md
 * and bench/README.md, and the plot docs/pictures/scale.svg. `-- --quick` takes fewer rounds and sizes, and writes nothing.
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
import { checkAndDiff, growth, loadingOf, overlap, readsAlone, stateBytes } from "./single";
import { floor, mixed, ours, type Subject, subjects } from "./subjects";
import { tables, writeTables } from "./table";

interface Plan {
  readonly rounds: number;
  /** The numbers of deployments in one stack, each measured for all subjects. */
  readonly amounts: readonly number[];
  readonly growth: readonly number[];
  /** The sizes of stacks whose state is a multiplied one. */
  readonly multiplied: readonly number[];
}

// The engine writes the whole state after each resource: one round of 500 takes nine minutes, so it is measured once.
const full: Plan = { rounds: 5, amounts: [1, 10, 100], growth: [100, 500], multiplied: [2_000] };
// Short, because a first run may have to build the CLI, which takes three of its five minutes.
const quick: Plan = { rounds: 1, amounts: [20], growth: [], multiplied: [] };

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
  for (const subject of subjects) {
    await life(world, project, subject, 1, ["preview"]);
  }
  const lives = [];
  for (const amount of plan.amounts) {
    lives.push(...(await livesOf(subjects, amount, plan.rounds, newLifeOf)));
  }
  lives.push(...(await livesOf([mixed], most, 1, newLifeOf)));
  progress("the smaller figures");
  const readAmounts = plan.amounts.filter((amount) => amount > 1);
  const alone = [];
  for (const amount of readAmounts) {
    alone.push({ amount, cpu: await readsAlone(world, amount, plan.rounds) });
  }
  const grown = [];
  for (const amount of plan.growth) {
    for (const subject of [ours, floor]) {
      progress(`growth: ${amount} of ${subject.name}`);
      grown.push({ subject: subject.name, amount, ...(await growth(world, project, subject, amount)) });
    }
  }
  const large = [];
  for (const amount of plan.multiplied) {
    for (const subject of [ours, floor]) {
      progress(`preview and refresh of ${amount} of ${subject.name}`);
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
      provider: await loadingOf("dynamic-provider.js", plan.rounds, ".provider.configure({})"),
      program: await loadingOf("index.js", plan.rounds),
    },
    checkAndDiffMs: await checkAndDiff(),
    growth: grown,
    multiplied: large,
  });
}

interface Seen {
  readonly subject: string;
  readonly step: Step;
  readonly result: StepResult;
}

/** Runs each step of all subjects one after the other, so that other work of the machine slows down all of them alike. */
async function livesOf(
  those: readonly Subject[],
  amount: number,
  rounds: number,
  newLifeOf: (subject: Subject, amount: number) => ReturnType<typeof newLife>,
) {
  const seen: Seen[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const lives = new Map<string, Awaited<ReturnType<typeof newLife>>>();
    // Each round begins with another subject.
    const first = round % those.length;
    for (const subject of [...those.slice(first), ...those.slice(0, first)]) {
      lives.set(subject.name, await newLifeOf(subject, amount));
    }
    for (const step of steps) {
      progress(`${step} of ${amount}: ${[...lives.keys()].join(", ")}; round ${round} of ${rounds}`);
      for (const [subject, next] of lives) {
        seen.push({ subject, step, result: await next(step) });
      }
    }
  }
  return those.map(({ name }) => ({ subject: name, amount, steps: medians(seen, name) }));
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
