const { availableParallelism } = require("node:os");
const { together } = require("./test/support/together.cjs");

// `npm test` sets it where it names no file.
const inGroups = process.env["TEST_FILES_IN_GROUPS"] === "true";

/** One project for each layer of tests: `npm test -- unit`. */
const layer = (displayName, groups) => ({
  displayName,
  rootDir: __dirname,
  moduleNameMapper: {
    // The examples are packages of their own, and import this one by its name.
    "^pulumi-qoder$": "<rootDir>/provider",
    // zod has its messages in sixty languages. The build takes English only, too.
    "^\\.\\./locales/index\\.cjs$": "zod/v4/locales/en.cjs",
  },
  setupFiles: [
    "<rootDir>/tools/pulumi-cli/late-packages.cjs",
    ...(process.env["TEST_DAYS_AHEAD"] ? ["<rootDir>/test/support/shifted-date.cjs"] : []),
  ],
  testEnvironment: "<rootDir>/test/support/test-environment.cjs",
  setupFilesAfterEnv: displayName === "plugin" ? ["<rootDir>/test/support/door.ts"] : [],
  testMatch:
    inGroups && groups ? together(__dirname, displayName, groups) : [`<rootDir>/test/${displayName}/**/*.test.ts`],
  // These packages are ES modules, which jest does not load.
  transform: {
    "^.+\\.ts$|/node_modules/(string-width|strip-ansi|ansi-regex|get-east-asian-width)/.+\\.js$":
      "<rootDir>/test/support/jest-transform.cjs",
  },
  transformIgnorePatterns: [],
});

module.exports = {
  // These two limits only stop a test or a worker that hangs: no test depends on how busy the machine is.
  testTimeout: 600_000,
  workerGracefulExitTimeout: 60_000,
  // One more than the cores, because some tests only wait: for a silence, an end or a lock. A worker takes up to 1.4 GB of memory.
  maxWorkers: Math.min(availableParallelism(), 4) + 1,
  testSequencer: "<rootDir>/test/support/groups-first.cjs",
  projects: [layer("unit", 6), layer("plugin", 6), layer("engine"), layer("ci")],
};
