import { EngineError, withoutSecondCopies } from "../../provider/resource/engine/answer";

test("the process does not write an error that the engine prints, and writes all other lines", () => {
  const written: unknown[][] = [];
  const write = withoutSecondCopies((...values) => written.push([...values]));
  // The server of dynamic providers reports an error in this form.
  const report = (thrown: Error) => write(`${thrown}: ${thrown.stack}`);
  report(new EngineError("read failed"));
  expect(written).toEqual([]);
  const foreign = new Error("boom");
  report(foreign);
  write("a", 1);
  write();
  expect(written).toEqual([[`Error: boom: ${foreign.stack}`], ["a", 1], []]);
  expect(String(new EngineError("read failed"))).toBe("Error: read failed");
});
