"use strict";

const { TestEnvironment: NodeEnvironment } = require("jest-environment-node");

let shared;

/** What Pulumi's SDK keeps about one program, whichever copy of the SDK asks (its `runtime/state.js`). */
const ofProgram = ["globalStore", "stackResource"];

/**
 * One realm for all test files of a worker, so that they can share the packages that they load (`shared-runtime.cjs`). Each test file finds
 * the environment variables and the folder of the one before it restored, and no Pulumi program.
 */
module.exports = class SharedEnvironment {
  constructor(config, context) {
    shared ??= new NodeEnvironment(config, context);
    this.global = shared.global;
    this.moduleMocker = shared.moduleMocker;
    this.fakeTimers = shared.fakeTimers;
    this.fakeTimersModern = shared.fakeTimersModern;
    this.variables = { ...shared.global.process.env };
    this.directory = process.cwd();
  }

  async setup() {}

  async teardown() {
    const { env } = this.global.process;
    for (const name of Object.keys(env)) delete env[name];
    Object.assign(env, this.variables);
    for (const name of ofProgram) delete this.global[name];
    process.chdir(this.directory);
  }

  exportConditions() {
    return shared.exportConditions();
  }

  getVmContext() {
    return shared.getVmContext();
  }
};
