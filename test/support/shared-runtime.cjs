"use strict";

const { readFileSync } = require("node:fs");
const { sep } = require("node:path");
const { default: Runtime } = require("jest-runtime");

const packages = `${sep}node_modules${sep}`;
/** The loaded modules of packages, by their files, for all test files of the worker. */
const modules = new Map();
/** The compiled functions of all files, with the source of each. */
const functions = new Map();
let current;

/**
 * Loads a package once in a worker, and compiles a file once. The project's own files are run anew for each test file. Every test file of
 * a worker has the same realm (`shared-environment.cjs`).
 */
module.exports = class SharedRuntime extends Runtime {
  constructor(config, environment, resolver, transformer, cacheFS, options, testPath, globalConfig) {
    super(config, environment, resolver, transformer, cacheFS, options, testPath, globalConfig);
    current = this;
    const registry = this.registries.getActiveCjsRegistry();
    for (const [path, module] of modules) registry.set(path, module);
    // What a file loads that mocks packages may hold a mock.
    this.keeps = !/jest\.(do)?[mM]ock\(/.test(readFileSync(testPath, "utf8"));
    const { executor } = this.cjsLoader;
    const compile = executor.compile.bind(executor);
    executor.compile = (source, path) => {
      const known = functions.get(path);
      if (known?.source === source) return known.compiled;
      const compiled = compile(source, path);
      functions.set(path, { source, compiled });
      return compiled;
    };
  }

  /** A package that an earlier test file loaded may load more of its files later. */
  requireModule(...arguments_) {
    return current === this ? super.requireModule(...arguments_) : current.requireModule(...arguments_);
  }

  requireModuleOrMock(...arguments_) {
    return current === this ? super.requireModuleOrMock(...arguments_) : current.requireModuleOrMock(...arguments_);
  }

  teardown() {
    if (this.keeps) {
      for (const [path, module] of this.registries.getActiveCjsRegistry()) {
        if (path.includes(packages) && module.loaded) modules.set(path, module);
      }
    }
    super.teardown();
  }
};
