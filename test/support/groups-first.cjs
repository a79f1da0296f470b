"use strict";

const { default: Sequencer } = require("@jest/test-sequencer");
const { folder } = require("./together.cjs");

/**
 * Starts the groups of files first, those of the layer plugin before the shorter ones of unit, then the other files of their layers, then
 * the rest. A group is long, and so is a file that runs other files, but jest takes both for short ones by the size of their files: a
 * worker that starts one last works alone at the end.
 */
module.exports = class GroupsFirst extends Sequencer {
  sort(tests) {
    const grouped = new Set(tests.filter(({ path }) => path.includes(folder)).map(layerOf));
    const rank = (test) => {
      if (test.path.includes(folder)) return layerOf(test) === "plugin" ? 0 : 1;
      return grouped.has(layerOf(test)) ? 2 : 3;
    };
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
};

function layerOf({ context }) {
  return context.config.displayName?.name;
}
