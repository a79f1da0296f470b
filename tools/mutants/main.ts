/**
 * `npm run mutants` makes small defects in the product, one at a time, and says which test fails first with each, or that none does. A test
 * is worth its lines if a defect lives without it. Stryker makes all defects of the files that it is given, thirty thousand here,
 * and offers no draw; this tool draws.
 *
 *   npm run mutants -- --count 300 --seconds 3600    goes on where the last run of the same draw ended
 *   npm run mutants -- --against before.json         lists what died in that result and lives now
 *
 * A mutant that no test of unit and plugin kills may still die in the layer engine, which this tool does not run.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { drawnMutants, type Mutant, usualFolders } from "./draw";
import { type Failure, firstFailure, type Recording, record, type WantedTests } from "./run-tests";
import { resultTable, type Verdict, worse } from "./table";
import { filesBelow, reachedBy, repository, testFiles } from "./test-files";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    /** The time after which no further run of jest starts. */
    seconds: { type: "string", default: "86400" },
    /** The time for the tests of one mutant, after which it counts as killed by its own slowness. */
    limit: { type: "string", default: "600" },
    workers: { type: "string", default: "1" },
    from: { type: "string", multiple: true, default: usualFolders },
    tests: { type: "string", multiple: true, default: [] },
    against: { type: "string" },
  },
});
const endsAt = performance.now() + 1000 * Number(values.seconds);
const isOver = () => performance.now() > endsAt;
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** How many files one run of jest records: few enough that a run which stops early loses little. */
const recordedTogether = 12;

async function main(): Promise<void> {
  const folder = join(repository, "node_modules", ".cache", "mutants", draw());
  mkdirSync(folder, { recursive: true });
  const mutants = await kept(join(folder, "mutants.json"), () =>
    drawnMutants(values.from, Number(values.count), Number(values.seed)),
  );
  const recordings = await recorded(mutants, folder);
  if (!recordings) return say("The time is over. The same command goes on with the recording.");
  const failed = recordings.flatMap((one) => one.failed);
  if (failed.length > 0) throw new Error(`These tests fail without any mutant:\n${failed.join("\n")}`);
  const verdicts = await judged(mutants, recordings, folder);
  const file = join(folder, "result.json");
  writeFileSync(file, JSON.stringify(verdicts, null, 2));
  process.stdout.write(resultTable(verdicts));
  say(`${verdicts.length} of ${mutants.length} mutants are judged. ${file}`);
  if (values.against) {
    const lost = worse(JSON.parse(readFileSync(values.against, "utf8")), verdicts);
    say(lost.length === 0 ? "Nothing that died lives." : `These died before, and live now:\n${lost.join("\n")}`);
    process.exitCode = lost.length === 0 ? 0 : 1;
  }
}

/** The name of this draw over these sources and tests. */
function draw(): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([values.count, values.seed, values.from, values.tests]));
  for (const top of ["provider", "command", "contract", "test", "tools/mutants"]) {
    for (const file of filesBelow(top, ""))
      if (/\.(ts|cjs)$/.test(file)) hash.update(readFileSync(join(repository, file)));
  }
  return hash.digest("hex").slice(0, 12);
}

/** What an earlier run wrote into this file, otherwise what `make` makes. */
async function kept<Value>(file: string, make: () => Value | Promise<Value>): Promise<Value> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const made = await make();
  writeFileSync(file, JSON.stringify(made));
  return made;
}

async function recorded(mutants: readonly Mutant[], folder: string): Promise<readonly Recording[] | undefined> {
  const files = testFiles(values.tests);
  const count = Math.ceil(files.length / recordedTogether);
  const groups = Array.from({ length: count }, (_, group) => files.filter((_file, index) => index % count === group));
  const found: Recording[] = [];
  await atOnce(groups, async (group, index, place) => {
    const recording = await kept(join(folder, `recording-${index}.json`), () => record(group, mutants, place));
    found.push(recording);
    say(`Recorded ${found.length} of ${count} groups of test files`);
  });
  return found.length === count ? found : undefined;
}

async function judged(mutants: readonly Mutant[], recordings: readonly Recording[], folder: string) {
  const verdicts: Verdict[] = [];
  await atOnce(mutants, async (mutant, index, place) => {
    const verdict = await kept(join(folder, `verdict-${index}.json`), async () => {
      const startedAt = performance.now();
      const tests = testsOf(mutant, index, recordings);
      const failure =
        tests.size === 0 ? undefined : await firstFailure(mutant, tests, place, 1000 * Number(values.limit));
      return verdictOf(mutant, tests, failure, Math.round((performance.now() - startedAt) / 1000));
    });
    verdicts.push(verdict);
    say(`${verdicts.length}/${mutants.length} ${mutant.file}:${mutant.line} ${verdict.killedBy ?? "SURVIVED"}`);
  });
  return verdicts.sort((one, other) => one.place.localeCompare(other.place));
}

function verdictOf(mutant: Mutant, tests: WantedTests, failure: Failure | undefined, seconds: number): Verdict {
  const { file, line, key, shown } = mutant;
  const killedBy = failure && [failure.file, failure.title].filter((one) => one !== "").join(": ");
  return { key, place: `${file}:${line}`, shown, files: tests.size, seconds, ...(killedBy && { killedBy }) };
}

/** The tests that evaluate the mutant, those of the quickest file first. */
function testsOf(mutant: Mutant, index: number, recordings: readonly Recording[]): WantedTests {
  const changesAll = recordings.some(({ atLoad }) => atLoad.includes(index));
  const files = recordings.flatMap(({ tests }) => Object.entries(tests));
  const wanted = files.flatMap(([file, tests]) => {
    const isReached = changesAll && reachedBy(file).has(join(repository, mutant.file));
    const own = isReached ? tests : tests.filter(({ mutants }) => mutants.includes(index));
    const ms = own.reduce((sum, one) => sum + one.ms, 0);
    return own.length === 0 ? [] : [{ file, ms, titles: own.map(({ title }) => title) }];
  });
  wanted.sort((one, other) => one.ms - other.ms);
  return new Map(wanted.map(({ file, titles }) => [file, titles]));
}

/** Does the work on all items, some at once, each worker in a folder of its own, until the time is over. */
async function atOnce<Item>(
  items: readonly Item[],
  work: (item: Item, index: number, place: string) => Promise<void>,
): Promise<void> {
  const open = [...items.entries()];
  const workers = Array.from({ length: Number(values.workers) }, async (_, worker) => {
    const place = join(repository, ".test-groups", "mutants", `${process.pid}-${worker}`);
    mkdirSync(place, { recursive: true });
    for (let next = open.shift(); next && !isOver(); next = open.shift()) await work(next[1], next[0], place);
    rmSync(place, { recursive: true, force: true });
  });
  await Promise.all(workers);
}

main().catch((error: Error) => {
  say(error.stack ?? error.message);
  process.exitCode = 1;
});
