/** One project a layer: `npm test -- unit`. */
const layer = (displayName) => ({
  displayName,
  rootDir: __dirname,
  // The examples are packages of their own.
  moduleNameMapper: { "^pulumi-qoder$": "<rootDir>/provider" },
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  // Types are checked by `npm run check`; here they would only cost time.
  transform: { "^.+\\.ts$": ["ts-jest", { tsconfig: "tsconfig.json", transpilation: true }] },
});

module.exports = {
  // Only there to end what hangs: no test depends on how busy the machine is.
  testTimeout: 600_000,
  // The engine layer starts processes of its own; more workers than cores only make each command slower.
  maxWorkers: 2,
  projects: [layer("unit"), layer("plugin"), layer("engine")],
};
