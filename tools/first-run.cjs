"use strict";

// Behind `npm test`, `npm run demo` and `npm run qoder-api`, any of which may be the very first command in a fresh
// clone: so this file has no dependencies, and its syntax is old enough to reach the sentence below on an old Node.js.
//
//   npm test                           the layers unit, plugin and engine
//   npm test -- unit                   one layer or more, also ci; unit and plugin need no Pulumi CLI
//   npm test -- unit schedule --watch  whatever follows goes to jest

const neededNode = [20, 18, 1]; // as "engines" in package.json

if (isOlder(process.versions.node.split(".").map(Number), neededNode)) {
  console.error(
    `This needs Node.js ${neededNode.join(".")} or later, and ${process.execPath} is ${process.version}. ` +
      "Get a later one from https://nodejs.org/ or with your version manager, and run this again.",
  );
  process.exit(1);
}

const { createHash } = require("node:crypto");
const { readdirSync, readFileSync, statSync } = require("node:fs");
const { createRequire } = require("node:module");
const { tmpdir } = require("node:os");
const { basename, join, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");
const { endLike, runForeground } = require("./foreground.cjs");
const { withLock } = require("./lock.cjs");

const root = resolve(__dirname, "..");
/** The layer ci needs a registry, or minutes, so only .ci/run starts it. */
const layers = ["unit", "plugin", "engine", "ci"];
const ordinary = ["unit", "plugin", "engine"];

/** Tests make much short-lived garbage. With more memory for it, they spend a tenth less time on its collection. */
const youngMemory = ["--min-semi-space-size=32", "--max-semi-space-size=64"];

/** One row for each task: its preparations, the arguments with which it starts Node.js, and what it adds to the environment. */
const tasks = {
  test: {
    needs: (args) => [installDependencies, build, ...(wantsEngine(args) ? [findPulumi] : [])],
    start: (args) => [...youngMemory, join(root, "node_modules", "jest", "bin", "jest.js"), ...jestArguments(args)],
    environment: (args) => (namesFiles(args) ? {} : { TEST_FILES_IN_GROUPS: "true" }),
  },
  demo: {
    needs: () => [installDependencies, build, findPulumi],
    start: (args) => typescript("tools/demo/main.ts", args),
  },
  bench: {
    needs: () => [installDependencies, build, findPulumi],
    start: (args) => typescript("bench/main.ts", args),
  },
  "qoder-api": {
    needs: () => [installDependencies],
    start: (args) => typescript("test/qoder-api/main.ts", args),
  },
};

async function main([name, ...args]) {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) {
    say(`Usage: node tools/first-run.cjs ${Object.keys(tasks).join("|")} [arguments]`);
    return { code: 1, signal: null };
  }
  for (const need of task.needs(args)) {
    const result = await need();
    if (result.code !== 0) return result;
  }
  const environment = task.environment ? task.environment(args) : {};
  return await node(task.start(args), { env: { ...process.env, ...environment } });
}

const done = { code: 0, signal: null };

async function installDependencies() {
  return await unlessFresh(hasDependencies, "Installing the dependencies with npm ci", () => {
    return npm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], { stdio: quiet });
  });
}

async function build() {
  return await unlessFresh(isBuilt, "Compiling the package and the mock", () => npm(["run", "--silent", "build"]));
}

function npm(args, options) {
  const own = process.env.npm_execpath;
  if (own && basename(own) === "npm-cli.js") return node([own, ...args], options);
  // On Windows npm is a .cmd file, which starts only through a shell.
  return runForeground("npm", args, { cwd: root, shell: process.platform === "win32", ...options });
}

async function findPulumi() {
  return await node(typescript("tools/pulumi-cli/main.ts", []), { stdio: quiet });
}

/** Hides the standard output of a step, and shows its standard error. */
const quiet = ["inherit", "ignore", "inherit"];

async function unlessFresh(isFresh, title, action) {
  if (isFresh()) return done;
  const clone = createHash("sha256").update(root).digest("hex").slice(0, 12);
  const lockFile = join(tmpdir(), `pulumi-qoder-first-run-${clone}.lock`);
  const waiting = () => say("Another run prepares this folder: waiting for it");
  const prepare = async () => {
    if (isFresh()) return done;
    say(title);
    const startedAt = performance.now();
    const result = await action();
    if (result.code === 0) say(`  done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    return result;
  };
  return await withLock(lockFile, prepare, { waiting });
}

/** npm lists the installed packages in node_modules/.package-lock.json, without packages for other platforms. */
function hasDependencies() {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const installed = packagesOf(join(root, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === "") return true;
    const found = installed[path];
    return found ? found.version === version && found.integrity === integrity : optional === true;
  });
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}

/** True if all files that package.json names and the stand-in exist, and none is older than a source. */
function isBuilt() {
  const folders = ["provider", "command", join("test", "qoder-api")].map((name) => join(root, name));
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name)),
  );
  const settings = ["build.ts", "package.json", "tsconfig.json", join("provider", "tsconfig.json")];
  const inputs = [...settings.map((name) => join(root, name)), ...sources];
  const { exports, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const named = [...Object.values(exports).flatMap((entry) => Object.values(entry)), ...Object.values(bin)];
  const outputs = [...named.filter((name) => name.startsWith("./dist/")), "stand-in/dist/index.js"].map((name) =>
    join(root, name),
  );
  return Math.min(...outputs.map(modifiedAt)) >= Math.max(...inputs.map(modifiedAt));
}

function modifiedAt(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? found.mtimeMs : 0;
}

function split(args) {
  const end = args.findIndex((arg) => !layers.includes(arg));
  return end < 0 ? { chosen: args, rest: [] } : { chosen: args.slice(0, end), rest: args.slice(end) };
}

function wantsEngine(args) {
  const { chosen } = split(args);
  return chosen.length === 0 || chosen.includes("engine") || chosen.includes("ci");
}

/** True for the words, the values of options and the watch mode, by which a person asks for single files of the layers. */
function namesFiles(args) {
  return split(args).rest.some((arg) => !arg.startsWith("--") || arg.startsWith("--watch"));
}

function jestArguments(args) {
  const { chosen, rest } = split(args);
  // The option comes last, because jest takes every word after it as the name of a project.
  return [...rest, "--selectProjects", ...(chosen.length === 0 ? ordinary : chosen)];
}

function typescript(file, args) {
  const tsx = createRequire(join(root, "package.json")).resolve("tsx");
  return ["--import", pathToFileURL(tsx).href, join(root, file), ...args];
}

function node(args, options) {
  return runForeground(process.execPath, args, { cwd: root, ...options });
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function isOlder(version, than) {
  const index = than.findIndex((part, position) => part !== version[position]);
  return index >= 0 && version[index] < than[index];
}

main(process.argv.slice(2)).then(endLike, (error) => {
  say(error.message);
  process.exitCode = 1;
});
