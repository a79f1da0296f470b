/** One project a layer: `npm test -- unit`. */
const layer = (displayName) => ({
  displayName,
  rootDir: __dirname,
  // The examples are packages of their own.
  moduleNameMapper: { "^pulumi-qoder$": "<rootDir>/provider" },
  setupFiles: ["<rootDir>/test/support/late-packages.cjs"],
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  transform: { "^.+\\.ts$": "<rootDir>/test/support/jest-transform.cjs" },
});

module.exports = {
  // These limits only stop a test that hangs: no test depends on how busy the machine is.
  testTimeout: 600_000,
  workerGracefulExitTimeout: 60_000,
  // One more than the cores of a small machine, because some tests wait most of their time: for a silence, an end, a lock.
  maxWorkers: 3,
  projects: [layer("unit"), layer("plugin"), layer("engine"), layer("ci")],
};
