"use strict";

const Sequencer = require("@jest/test-sequencer").default;

/** Layers by the time of a file. One file runs most of the plugin layer once more. */
const layers = ["engine", "ci", "plugin", "unit"];
const longest = /[\\/]plugin-server\.test\.ts$/;

/** Without it, jest sorts the files of a fresh clone by their sizes, and a short file that takes long runs alone at the end. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path, context }) => (longest.test(path) ? 0 : layers.indexOf(context.config.displayName.name));
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
};
