import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

const repository = join(__dirname, "..", "..");

/** The files that the statement loads after `earlier`, in a new process. */
function filesLoadedBy(statement: string, earlier = ""): string[] {
  const script = `
    ${earlier};
    const before = new Set(Object.keys(require.cache));
    ${statement};
    console.log(JSON.stringify(Object.keys(require.cache).filter((loaded) => !before.has(loaded))));`;
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { cwd: repository, encoding: "utf8" }).trim());
}

const builtFile = (file: string) => `require(${JSON.stringify(join(repository, "dist", file))})`;

/**
 * The number of files that a built file loads beside the SDK, by package; "" is this package. The file with the copy of
 * zod counts as zod's.
 */
function loadedBy(file: string, call = ""): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const path of filesLoadedBy(`${builtFile(file)}${call}`, 'require("@pulumi/pulumi")')) {
    const own = readFileSync(path, "utf8").includes('"ZodObject"') ? "zod" : "";
    const [, owner = own] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(relative(repository, path)) ?? [];
    counts[owner] = (counts[owner] ?? 0) + 1;
  }
  return counts;
}

test("the provider loads at most nine own files, and no HTTP client before the first request", () => {
  const { "": own, ...loaded } = loadedBy("dynamic-provider.js", ".deployment.configure({})");
  expect(own).toBeLessThanOrEqual(9);
  expect(loaded).toEqual({ zod: 1, croner: 1, "deep-diff": 1, "fastest-levenshtein": 1 });
});

test("a program loads only the SDK and at most eight files of this package", () => {
  const { "": own = 0, ...others } = loadedBy("index.js");
  expect(others).toEqual({});
  expect(own).toBeLessThanOrEqual(8);
});

test("a program loads neither the compiler nor the package manager of the SDK, and only three files beside the SDK's own start of a program", () => {
  const start = 'for (const name of ["settings", "stack"]) require("@pulumi/pulumi/runtime/" + name)';
  const more = filesLoadedBy(builtFile("index.js"), start).map((file) => file.replaceAll("\\", "/"));
  expect(more.flatMap((file) => /@pulumi\/pulumi\/(.*)\.js$/.exec(file)?.[1] ?? [])).toEqual([
    "config",
    "runtime/invoke",
    "version",
  ]);
  expect(filesLoadedBy('require("@pulumi/pulumi")').filter((file) => /arborist/.test(file))).not.toEqual([]);
  expect(filesLoadedBy(builtFile("index.js")).filter((file) => /arborist|typescript/.test(file))).toEqual([]);
});

test("a function for schedules loads its cron library at its call, and neither zod nor an HTTP client", () => {
  const schedule = '{ expression: "0 9 * * *", timezone: "UTC" }';
  const { "": _, ...runs } = loadedBy("index.js", `.nextRuns(${schedule})`);
  expect(Object.keys(runs).sort()).toEqual(["croner", "fastest-levenshtein"]);
  const { "": __, ...description } = loadedBy("index.js", `.describeSchedule(${schedule})`);
  expect(Object.keys(description).sort()).toEqual(["croner", "fastest-levenshtein"]);
});
