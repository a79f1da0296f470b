import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

/** An npm that writes the report of a test run with a passed test in each layer, and as many failures as the test wants. */
const npm = `#!${process.execPath}
const { appendFileSync, mkdirSync, symlinkSync, writeFileSync } = require("node:fs");
const args = process.argv.slice(2);
const [command, ...rest] = args.filter((arg) => arg !== "--");
const file = rest.find((arg) => arg.startsWith("--outputFile="))?.slice("--outputFile=".length);
const run = file?.endsWith("/own.json") ? "own" : "latest";
const path = process.env.PATH.split(":")[0];
appendFileSync(process.env.CALLED, [command, ...rest.filter((arg) => !arg.startsWith("--") && !arg.startsWith("/"))].join(" ") + (path.includes("node-latest") ? " by the latest" : "") + "\\n");
if (command === "install") {
  const bin = rest[rest.indexOf("--prefix") + 1] + "/node_modules/node-latest/bin";
  mkdirSync(bin, { recursive: true });
  symlinkSync(process.execPath, bin + "/node");
}
if (command === "test") {
  const layers = rest.filter((arg) => ["unit", "plugin", "engine", "ci"].includes(arg) && arg !== process.env.EMPTY);
  const failed = Number(process.env.FAILED === run);
  const testResults = layers.map((layer) => ({ name: "/x/test/" + layer + "/a", assertionResults: [{ status: "passed" }] }));
  writeFileSync(file, JSON.stringify({ numPassedTests: layers.length, numFailedTests: failed, testResults }));
  process.exitCode = failed;
}
if (command === process.env.FAILED) process.exitCode = 1;
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-ci-"));
  mkdirSync(join(folder, ".ci"));
  cpSync(resolve(__dirname, "..", "..", ".ci", "run"), join(folder, ".ci", "run"));
  writeFileSync(join(folder, "npm"), npm);
  chmodSync(join(folder, "npm"), 0o755);
  // The version decides whether a second run is due.
  const old = 'const { spawnSync } = require("node:child_process");\n';
  const node = `#!${process.execPath}\n${old}const args = process.argv.slice(2);\nif (args[1] === 'process.versions.node.split(".")[0]') console.log(process.env.MAJOR);\nelse process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status;\n`;
  writeFileSync(join(folder, "node"), node);
  chmodSync(join(folder, "node"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(more: Readonly<Record<string, string>>) {
  const called = join(folder, "called");
  const PATH = [folder, process.env["PATH"]].join(delimiter);
  const env = { ...process.env, MAJOR: "20", ...more, PATH, CALLED: called };
  const { status, stdout } = spawnSync("bash", [".ci/run"], { cwd: folder, env, encoding: "utf8" });
  return { status, last: stdout.trim().split("\n").at(-1), called: readFileSync(called, "utf8").trim().split("\n") };
}

test("CI runs unit and plugin once more on the latest Node.js, and its last line counts both runs", () => {
  expect(run({})).toEqual({
    status: 0,
    last: "6 passed, 0 failed",
    called: [
      "ci",
      "run check",
      "test unit plugin engine ci",
      `install node-latest@npm:node-${process.platform}-${process.arch}@26`,
      "test unit plugin by the latest",
    ],
  });
  expect(run({ MAJOR: "26" })).toMatchObject({ status: 0, last: "4 passed, 0 failed" });
});

test.each([
  [{ FAILED: "own" }, "6 passed, 1 failed"],
  [{ FAILED: "latest" }, "6 passed, 1 failed"],
  [{ FAILED: "install" }, "4 passed, 0 failed"],
  [{ EMPTY: "plugin" }, "4 passed, 0 failed"],
])("CI fails after %j", (more, last) => {
  expect(run(more)).toMatchObject({ status: 1, last });
});
