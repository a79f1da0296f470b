"use strict";

const { default: Sequencer } = require("@jest/test-sequencer");
const { folder } = require("./together.cjs");

/** Starts the groups of files first. They are the longest, and jest takes them for short ones by the size of their files. */
module.exports = class GroupsFirst extends Sequencer {
  sort(tests) {
    const isGroup = ({ path }) => path.includes(folder);
    return [...super.sort(tests)].sort((one, other) => Number(isGroup(other)) - Number(isGroup(one)));
  }
};
