import { EngineError, withoutSecondCopies } from "../../provider/resource/engine/answer";

test("errors that the engine prints are not written again, and the lines of others are", () => {
  const written: unknown[][] = [];
  const write = withoutSecondCopies((...values) => written.push([...values]));
  // As the server of dynamic providers reports what a provider threw.
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
