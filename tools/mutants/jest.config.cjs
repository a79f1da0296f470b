"use strict";

const usual = require("../../jest.config.cjs");
const plan = require("./plan.cjs");

const { displayName: _, ...project } = usual.projects.find(({ displayName }) => displayName === "plugin");
const [files] = Object.keys(project.transform);

/** The files of one run, of whatever layer: only the plugin layer needs its door, and the unit layer does not notice it. */
module.exports = {
  ...project,
  transform: { [files]: require.resolve("./transform.cjs") },
  testEnvironment: require.resolve("./environment.cjs"),
  testMatch: plan.matches,
  // The first failure decides.
  bail: plan.tests ? 1 : 0,
  testTimeout: 60_000,
};
