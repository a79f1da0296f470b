import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { repository } from "../support/engine-world";

/** Files of two layers, which need all that their configuration gives them, and one that shares no modules. */
const files = ["unit/changes", "plugin/no-op", "unit/type-guards"];
const draw = ["--count", "2", "--from", "provider/resource/compare", ...files.flatMap((file) => ["--tests", file])];

test("`npm run mutants` records tests of both fast layers, and judges each defect that it draws", () => {
  const tsx = join(repository, "node_modules", "tsx", "dist", "cli.mjs");
  const tool = join(repository, "tools", "mutants", "main.ts");
  const { stdout, stderr, status } = spawnSync(process.execPath, [tsx, tool, ...draw], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("\n2 of 2 mutants are judged.") });
  const [killed = 0, survived = 0] = (/^(\d) killed, (\d) survived/.exec(stdout) ?? []).slice(1).map(Number);
  expect(killed + survived).toBe(2);
  expect(killed).toBeGreaterThan(0);
});
