import { hiddenOutputs, isAnswerLost } from "../../provider/resource/state";

describe("the hidden outputs of a state that an earlier build wrote", () => {
  test.each([
    [{ __inputs: "told" }, "create", false],
    [{ __inputs: "told", __open: true }, "create, answer lost", true],
    [{ __inputs: "kept" }, "update", false],
    [{ __inputs: "kept", __open: true }, "update, answer lost", true],
    [{ __inputs: "stale" }, "update, refreshed", false],
    [{ __inputs: "other" }, undefined, false],
    [{}, undefined, false],
  ])("%j mean that the last write left %s", (older, unfinished, lost) => {
    const outputs = hiddenOutputs({ name: "nightly", __entry: "e", ...older });
    expect(outputs).toEqual({ __entry: "e", __unfinished: unfinished });
    expect(isAnswerLost(outputs)).toBe(lost);
  });

  test("have no effect beside the hidden outputs of this build", () => {
    expect(hiddenOutputs({ __inputs: "kept", __open: true, __unfinished: "update, refreshed" })).toEqual({
      __unfinished: "update, refreshed",
    });
  });
});
