"use strict";

const { existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { dirname, relative, resolve } = require("node:path");
const TestEnvironment = require("../../test/support/test-environment.cjs");
const plan = require("./plan.cjs");

const root = resolve(__dirname, "..", "..");

/**
 * Without `tests` in the plan, records which tests evaluate the site of which mutant, and how long each test takes. With it, runs only those tests until
 * one fails, and writes the name of that one.
 */
module.exports = class MutantEnvironment extends TestEnvironment {
  #path;
  #current;
  #startedAt = 0;
  #loading = 0;
  #hasFailed = false;
  #record = { failed: [], tests: {}, atLoad: new Set() };

  constructor(config, context) {
    super(config, context);
    this.#path = relative(root, context.testPath).replaceAll("\\", "/");
    this.global.__loading = (step) => {
      this.#loading += step;
    };
    this.global.__reached = (mutant) => {
      // Modules are loaded once, so a mutant that is evaluated meanwhile changes all tests and not only the present one.
      if (this.#loading > 0 || this.#current === undefined) this.#record.atLoad.add(mutant);
      else this.#current.mutants.add(mutant);
    };
  }

  handleTestEvent(event) {
    super.handleTestEvent(event);
    const { name, test, error } = event;
    if (name === "test_start") this.#start(test);
    if (name === "test_done") this.#end(test);
    if (name === "test_fn_failure" || name === "hook_failure" || name === "error") this.#fail(test, error);
  }

  async teardown() {
    if (!plan.tests) write(plan.result, this.#withEarlier());
    await super.teardown();
  }

  /** A file that shares no modules has an environment of its own, and all of a run record into one file. */
  #withEarlier() {
    const { failed, tests, atLoad } = this.#record;
    const earlier = existsSync(plan.result) ? JSON.parse(readFileSync(plan.result, "utf8")) : undefined;
    return {
      failed: [...(earlier?.failed ?? []), ...failed],
      tests: { ...earlier?.tests, ...tests },
      atLoad: [...new Set([...(earlier?.atLoad ?? []), ...atLoad])],
    };
  }

  #start(test) {
    const { file, title } = this.#nameOf(test);
    const wanted = plan.tests?.[file];
    if (this.#hasFailed || (plan.tests && wanted !== true && !wanted?.includes(title))) test.mode = "skip";
    this.#current = { mutants: new Set() };
    this.#startedAt = performance.now();
  }

  #end(test) {
    const { file, title } = this.#nameOf(test);
    this.#record.tests[file] ??= [];
    const ms = Math.round(performance.now() - this.#startedAt);
    this.#record.tests[file].push({ title, ms, mutants: [...this.#current.mutants] });
    this.#current = undefined;
  }

  #fail(test, error) {
    const { file, title } = test ? this.#nameOf(test) : { file: this.#path, title: "(while it was loaded)" };
    this.#record.failed.push(`${file}: ${title}`);
    if (plan.tests && !this.#hasFailed) write(plan.result, { file, title, error: String(error?.[0] ?? error) });
    this.#hasFailed = true;
  }

  /** In a group of files, the outermost block has the name of the file. */
  #nameOf(test) {
    const titles = [];
    for (let one = test; one.parent; one = one.parent) titles.unshift(one.name);
    const file = titles[0].endsWith(".test.ts") ? titles.shift() : this.#path;
    return { file, title: titles.join(" › ") };
  }
};

function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}
