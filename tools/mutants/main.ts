/**
 * `npm run mutants` makes small defects in the product, one at a time, and says which test fails first with each, or that none does. A test
 * is worth its lines if a defect lives without it. Stryker makes all defects of the files that it is given, thirty thousand here,
 * and offers no draw; this tool draws.
 *
 *   npm run mutants -- --count 300 --seconds 3600    goes on where the last run of the same draw ended
 *   npm run mutants -- --against before.json         lists what died in that result and lives now, and begins with the tests that killed then
 *
 * A mutant that no test of unit and plugin kills may still die in the layer engine, which this tool does not run.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
    /** The time for each part of the tests of one mutant, after which it counts as killed by its own slowness. */
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
  const before: readonly Verdict[] = values.against ? JSON.parse(readFileSync(values.against, "utf8")) : [];
  await judgeByKillers(mutants, before, folder);
  await judgeByAll(mutants, before, folder);
  const verdicts = verdictsIn(folder, mutants);
  const file = join(folder, "result.json");
  writeFileSync(file, JSON.stringify(verdicts, null, 2));
  process.stdout.write(resultTable(verdicts));
  say(`${verdicts.length} of ${mutants.length} mutants are judged. ${file}`);
  if (values.against) {
    const lost = worse(before, verdicts);
    say(lost.length === 0 ? "Nothing that died lives." : `These died before, and live now:\n${lost.join("\n")}`);
    process.exitCode = lost.length === 0 ? 0 : 1;
  }
}

/** The name of this draw over these sources and tests. */
function draw(): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([values.count, values.seed, values.from, values.tests]));
  for (const top of ["provider", "command", "test", "tools/mutants"]) {
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

/**
 * Judges each mutant that died before by the one test that killed it then. That takes seconds for a mutant and needs no recording, so a
 * comparison begins with its answers.
 */
async function judgeByKillers(mutants: readonly Mutant[], before: readonly Verdict[], folder: string): Promise<void> {
  const files = testFiles(values.tests);
  const killers = new Map<string, { file: string; title: string }>();
  for (const { key, killedBy = "" } of before) {
    const [, file = "", title = ""] = /^(\S+\.test\.ts): (.*)$/s.exec(killedBy) ?? [];
    if (files.includes(file)) killers.set(key, { file, title });
  }
  const drawn = [...mutants.entries()].filter(([index, { key }]) => killers.has(key) && !isJudged(folder, index));
  const wanted = new Map<string, string[]>();
  for (const [, { key }] of drawn) {
    const killer = killers.get(key);
    if (killer) wanted.set(killer.file, [...(wanted.get(killer.file) ?? []), killer.title]);
  }
  if (drawn.length === 0) return;
  await atOnce([wanted], async (tests, _index, place) => {
    const failed = await kept(join(folder, "failed-killer.json"), () => failureOf(undefined, tests, place));
    if (failed)
      throw new Error(`This test fails without any mutant:\n${failed.file}: ${failed.title}\n${failed.error}`);
  });
  await atOnce(drawn, async ([index, mutant], _index, place) => {
    const killer = killers.get(mutant.key);
    if (!killer) return;
    const startedAt = performance.now();
    const tests = new Map([[killer.file, [killer.title]]]);
    // What its killer no longer kills is asked once.
    const failure = await kept(join(folder, `killer-${index}.json`), () => failureOf(mutant, tests, place));
    if (failure) note(folder, index, verdictOf(mutant, tests, failure, startedAt), mutants.length);
  });
}

/** Judges the mutants without a verdict by all tests that evaluate them, those that survived before last. */
async function judgeByAll(mutants: readonly Mutant[], before: readonly Verdict[], folder: string): Promise<void> {
  const survivors = new Set(before.filter(({ killedBy }) => killedBy === undefined).map(({ key }) => key));
  const open = [...mutants.entries()].filter(([index]) => !isJudged(folder, index));
  open.sort(([, one], [, other]) => Number(survivors.has(one.key)) - Number(survivors.has(other.key)));
  if (open.length === 0) return;
  const recordings = await recorded(mutants, folder);
  if (!recordings) return say("The time is over. The same command goes on with the recording.");
  const failed = recordings.flatMap((one) => one.failed);
  if (failed.length > 0) throw new Error(`These tests fail without any mutant:\n${failed.join("\n")}`);
  await atOnce(open, async ([index, mutant], _index, place) => {
    const startedAt = performance.now();
    const tests = testsOf(mutant, index, recordings);
    let failure: Failure | null = null;
    for (const some of growingParts(tests)) failure ??= await failureOf(mutant, some, place);
    note(folder, index, verdictOf(mutant, tests, failure, startedAt), mutants.length);
  });
}

async function failureOf(mutant: Mutant | undefined, tests: WantedTests, place: string): Promise<Failure | null> {
  return (await firstFailure(mutant, tests, place, 1000 * Number(values.limit))) ?? null;
}

function verdictOf(mutant: Mutant, tests: WantedTests, failure: Failure | null, startedAt: number): Verdict {
  const { file, line, key, shown } = mutant;
  const killedBy = failure && [failure.file, failure.title].filter((one) => one !== "").join(": ");
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return { key, place: `${file}:${line}`, shown, files: tests.size, seconds, ...(killedBy && { killedBy }) };
}

const verdictFile = (folder: string, index: number) => join(folder, `verdict-${index}.json`);
const isJudged = (folder: string, index: number) => existsSync(verdictFile(folder, index));

function note(folder: string, index: number, verdict: Verdict, all: number): void {
  writeFileSync(verdictFile(folder, index), JSON.stringify(verdict));
  const judged = readdirSync(folder).filter((name) => name.startsWith("verdict-")).length;
  say(`${judged}/${all} ${verdict.place} ${verdict.killedBy ?? "SURVIVED"}`);
}

function verdictsIn(folder: string, mutants: readonly Mutant[]): readonly Verdict[] {
  const judged = [...mutants.keys()].filter((index) => isJudged(folder, index));
  const verdicts: Verdict[] = judged.map((index) => JSON.parse(readFileSync(verdictFile(folder, index), "utf8")));
  return verdicts.sort((one, other) => one.place.localeCompare(other.place));
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

/** Parts of the tests that run one after another: most mutants die in a few quick files, and the load of all others takes longest. */
function growingParts(tests: WantedTests): WantedTests[] {
  const entries = [...tests];
  const bounds = [0, 4, 20, entries.length];
  const parts = bounds.slice(1).map((end, index) => entries.slice(bounds[index], end));
  return parts.filter((part) => part.length > 0).map((part) => new Map(part));
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
