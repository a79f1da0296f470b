import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runsAlone, writeGroup } from "../../test/support/together.cjs";
import { type Mutant, withMutant } from "./draw";
import { filesBelow, repository } from "./test-files";

/** What environment.cjs writes of a run without mutants. */
export interface Recording {
  /** The tests that fail without any mutant. */
  readonly failed: readonly string[];
  readonly tests: Readonly<Record<string, readonly RecordedTest[]>>;
  /** The mutants that modules evaluate while they are loaded, by their places in the draw. */
  readonly atLoad: readonly number[];
}

interface RecordedTest {
  readonly title: string;
  readonly ms: number;
  readonly mutants: readonly number[];
}

/** The tests of a file that are to run, or all of them. */
export type WantedTests = ReadonlyMap<string, readonly string[] | true>;

export interface Failure {
  readonly file: string;
  readonly title: string;
  readonly error: string;
}

/** What environment.cjs and transform.cjs read. */
interface Plan {
  readonly matches: readonly string[];
  /** The texts in place of files, by their whole paths. */
  readonly sources: Readonly<Record<string, string>>;
  readonly tests?: Readonly<Record<string, readonly string[] | true>>;
  readonly result: string;
}

/** Only ends a run that hangs: no recording depends on how busy the machine is. */
const recordingLimitMs = 3_600_000;

/** Runs all tests of these files, which share their modules, and records which tests evaluate which mutants. */
export async function record(files: readonly string[], mutants: readonly Mutant[], folder: string): Promise<Recording> {
  const result = join(folder, "recording.json");
  const plan = { matches: groupsOf(files, folder), sources: sourcesThatTell(mutants), result };
  const { output } = await jest(plan, folder, recordingLimitMs);
  const recording: Recording | undefined = existsSync(result) ? JSON.parse(readFileSync(result, "utf8")) : undefined;
  const missing = files.filter((file) => recording?.tests[file] === undefined);
  if (recording === undefined || missing.length > 0) {
    throw new Error(`jest recorded nothing of ${missing.join(", ")}:\n${output}`);
  }
  return recording;
}

/** The first failure among these tests with this mutant, or without any; undefined if none fails. */
export async function firstFailure(
  mutant: Mutant | undefined,
  tests: WantedTests,
  folder: string,
  limitMs: number,
): Promise<Failure | undefined> {
  const result = join(folder, "failure.json");
  const sources = mutant ? sourceWith(mutant) : {};
  const plan = { matches: groupsOf([...tests.keys()], folder), sources, tests: Object.fromEntries(tests), result };
  const { code, output } = await jest(plan, folder, limitMs);
  if (code === 0) return undefined;
  if (existsSync(result)) return JSON.parse(readFileSync(result, "utf8"));
  const error = output.trim().split("\n").slice(-30).join("\n");
  return {
    file: "",
    title: code === null ? `(no end within ${limitMs / 1000} s)` : "(while the files were loaded)",
    error,
  };
}

function sourceWith(mutant: Mutant): Readonly<Record<string, string>> {
  const file = join(repository, mutant.file);
  return { [file]: withMutant(readFileSync(file, "utf8"), mutant) };
}

/** A file that runs all of these files, and those that share no modules. */
function groupsOf(files: readonly string[], folder: string): readonly string[] {
  const alone = files.filter((file) => runsAlone(join(repository, file)));
  const group = join(folder, "group.test.cjs");
  writeGroup(
    repository,
    group,
    files.filter((file) => !alone.includes(file)),
  );
  return [...(alone.length < files.length ? [group] : []), ...alone.map((file) => join(repository, file))];
}

/** The product, with a call at the site of each mutant, and around each module. */
function sourcesThatTell(mutants: readonly Mutant[]): Readonly<Record<string, string>> {
  const files = ["provider", "command"].flatMap((folder) => filesBelow(folder, ".ts"));
  return Object.fromEntries(
    files.map((file) => {
      const path = join(repository, file);
      const own = [...mutants.entries()].filter(([, mutant]) => mutant.file === file);
      return [path, aroundModule(withCalls(readFileSync(path, "utf8"), own))];
    }),
  );
}

function withCalls(text: string, mutants: readonly (readonly [number, Mutant])[]): string {
  const insertions = mutants.flatMap(([index, { site }]) => [
    // Of two sites that begin or end at one place, the longer one is outside.
    { at: site.start, rank: 2, length: -site.end, text: `(globalThis.__reached?.(${index}), (` },
    { at: site.end, rank: 1, length: site.end - site.start, text: "))" },
  ]);
  insertions.sort((one, other) => one.at - other.at || one.rank - other.rank || one.length - other.length);
  let result = "";
  let done = 0;
  for (const { at, text: inserted } of insertions) {
    result += text.slice(done, at) + inserted;
    done = at;
  }
  return result + text.slice(done);
}

function aroundModule(text: string): string {
  const start = text.startsWith("#!") ? text.indexOf("\n") + 1 : 0;
  return `${text.slice(0, start)}globalThis.__loading?.(1);${text.slice(start)}\nglobalThis.__loading?.(-1);`;
}

function jest(plan: Plan, folder: string, limitMs: number): Promise<{ code: number | null; output: string }> {
  mkdirSync(dirname(plan.result), { recursive: true });
  rmSync(plan.result, { force: true });
  const file = join(folder, "plan.json");
  writeFileSync(file, JSON.stringify(plan));
  const script = join(repository, "node_modules", "jest", "bin", "jest.js");
  const args = [
    script,
    "--config",
    join(__dirname, "jest.config.cjs"),
    "--runInBand",
    "--silent",
    "--ci",
    "--forceExit",
  ];
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: repository,
      env: { ...process.env, MUTANTS_PLAN: file },
      stdio: ["ignore", "ignore", "pipe"],
      // A group of its own, so that its end is also the end of what a test has started.
      detached: true,
    });
    const end = () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL");
    const limit = setTimeout(end, limitMs);
    process.once("exit", end);
    let output = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      process.off("exit", end);
      done({ code, output });
    });
  });
}
