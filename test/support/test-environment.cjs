"use strict";

const { TestEnvironment } = require("jest-environment-node");

/** Adds to the errors of a failed test what the mock of the API chose where the pages leave it free. */
module.exports = class extends TestEnvironment {
  #reports = new this.global.Map();

  async setup() {
    await super.setup();
    this.global.latitudeReports = this.#reports;
  }

  handleTestEvent({ name, test }) {
    if (name === "test_start") this.#reports.clear();
    if (name !== "test_done" || test.errors.length === 0) return;
    for (const report of this.#reports.values()) {
      const text = report();
      if (text !== undefined) test.errors.push(Object.assign(new Error(text), { stack: text }));
    }
  }
};
