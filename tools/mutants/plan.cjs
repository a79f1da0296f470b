"use strict";

const { readFileSync } = require("node:fs");

/** What `run-tests.ts` wants from this run of jest. */
module.exports = JSON.parse(readFileSync(process.env.MUTANTS_PLAN, "utf8"));
