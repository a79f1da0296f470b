import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

const repository = join(__dirname, "..", "..");

/**
 * The number of files that a built file loads beside the SDK, by package; "" is this package. The file with the copy of
 * zod counts as zod's.
 */
function loadedBy(file: string, call = ""): Record<string, number> {
  const script = `
    require("@pulumi/pulumi");
    const before = new Set(Object.keys(require.cache));
    require(${JSON.stringify(join(repository, "dist", file))})${call};
    console.log(JSON.stringify(Object.keys(require.cache).filter((loaded) => !before.has(loaded))));`;
  const text = execFileSync(process.execPath, ["-e", script], { cwd: repository, encoding: "utf8" });
  const loaded: string[] = JSON.parse(text.trim());
  const counts: Record<string, number> = {};
  for (const path of loaded) {
    const own = readFileSync(path, "utf8").includes('"ZodObject"') ? "zod" : "";
    const [, owner = own] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(relative(repository, path)) ?? [];
    counts[owner] = (counts[owner] ?? 0) + 1;
  }
  return counts;
}

test("the provider loads at most nine own files, and no HTTP client before the first request", () => {
  const { "": own, ...loaded } = loadedBy("dynamic-provider.js", ".provider.configure({})");
  expect(own).toBeLessThanOrEqual(9);
  expect(loaded).toEqual({ zod: 1, croner: 1, "deep-diff": 1, "fastest-levenshtein": 1 });
});

test("a program loads only the SDK and at most seven files of this package", () => {
  const { "": own = 0, ...others } = loadedBy("index.js");
  expect(others).toEqual({});
  expect(own).toBeLessThanOrEqual(7);
});

test("a function for schedules loads its cron library at its call, and neither zod nor an HTTP client", () => {
  const schedule = '{ expression: "0 9 * * *", timezone: "UTC" }';
  const { "": _, ...runs } = loadedBy("index.js", `.nextRuns(${schedule})`);
  expect(Object.keys(runs).sort()).toEqual(["croner", "fastest-levenshtein"]);
  const { "": __, ...description } = loadedBy("index.js", `.describeSchedule(${schedule})`);
  expect(Object.keys(description).sort()).toEqual(["croner", "cronstrue", "fastest-levenshtein"]);
});
