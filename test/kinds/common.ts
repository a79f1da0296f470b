import { type DiagnosticKind, diagnosticKinds } from "../../provider/resource/kind/diagnostics";
import { type ArgumentRow, type Change, inMember } from "./argument-row";

// Arguments that several kinds have.

export const name: ArgumentRow = {
  leftOut: "refused",
  value: "daily",
  sent: { name: "daily" },
  removed: {},
  drift: inMember("name", [["a", "b"]]),
  edited: { by: { name: "nightly" }, to: "nightly" },
  mistakes: [["", "name: is empty"]],
};

export const description: ArgumentRow = {
  leftOut: "cleared",
  value: "for the team",
  sent: { description: "for the team" },
  removed: { description: "" },
  unset: { description: "" },
  same: inMember("description", [
    ["", null],
    ["", ""],
  ]),
  drift: inMember("description", [["a", "b"]]),
  edited: { by: { description: "for all" }, to: "for all" },
};

export const metadata: ArgumentRow = {
  leftOut: "untouched",
  value: { team: "platform" },
  sent: { metadata: { team: "platform" } },
  removed: { metadata: { team: null } },
  unset: { metadata: {} },
  same: inMember("metadata", [[{ a: "1" }, { a: "1", other: "2" }]]),
  drift: inMember("metadata", [[{ a: "1" }, { a: "2" }]]),
  edited: { by: { metadata: { team: "data" } }, to: { team: "data" } },
};

/** An argument that no request has. */
const unsent = { leftOut: "ignored", sent: {}, removed: {}, described: undefined } as const;
export const archiveInUse: ArgumentRow = { ...unsent, value: true };
export const deleteOnDestroy: ArgumentRow = { ...unsent, value: true };
export const adopt: ArgumentRow = { ...unsent, value: "x_1" };
export const acknowledge = {
  ...unsent,
  value: ["verify"],
  mistakes: [
    [["dts"], `acknowledge[0]: is not one of ${diagnosticKinds.join(", ")}`],
    ["verify", "acknowledge: is not an array"],
  ],
} satisfies ArgumentRow<DiagnosticKind[]>;

/** The arguments that have an effect in one command only: a change of them is never a difference. */
export const ofOneCommand: readonly string[] = ["adopt", "acknowledge"];

/** Changes besides those of the rows, for every kind that has the arguments. */
export const commonChanges: readonly Change[] = [
  {
    what: "a new label",
    before: { metadata: { team: "a" } },
    after: { metadata: { team: "a", tier: "1" } },
    sent: { metadata: { tier: "1" } },
  },
  {
    what: "labels of which one is added, one changed, one removed and one kept",
    before: { metadata: { team: "a", tier: "1", keep: "x" } },
    after: { metadata: { tier: "2", owner: "b", keep: "x" } },
    sent: { metadata: { team: null, tier: "2", owner: "b" } },
  },
  {
    what: "a description beside a name",
    before: { name: "daily", description: "old" },
    after: { name: "nightly", description: "new" },
    sent: { name: "nightly", description: "new" },
  },
];
