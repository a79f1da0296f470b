import { isWanted, remarkChoice, remarkChoiceProblem } from "../../provider/resource/engine/remarks";
import { diagnosticKinds, diagnosticMeanings, isDiagnosticKind } from "../../provider/resource/kind/diagnostics";

test.each([
  ["all", "all", []],
  ["none", "none", []],
  ["dst", "all", ["dst"]],
  ["dst,same-minute", "all", ["dst", "same-minute"]],
  [" warnings , dst ,", "warnings", ["dst"]],
  ["", "all", []],
])("qoder:diagnostics %j gives the level %s, and hides the kinds %j", (setting, level, quiet) => {
  expect(remarkChoice(setting)).toEqual({ level, quiet });
  expect(remarkChoiceProblem(setting)).toBeUndefined();
});

test.each([
  ["silent", '"silent"'],
  ["warnings, dts, same-minutes", '"dts", "same-minutes"'],
  ["constructor", '"constructor"'],
])("the error about unknown words in qoder:diagnostics %j names the words and lists all kinds", (setting, named) => {
  expect(remarkChoiceProblem(setting)).toBe(
    `qoder:diagnostics has ${named}; it takes all, warnings, none, and with commas the kinds of warnings to leave out: ${diagnosticKinds.join(", ")}`,
  );
});

test.each(diagnosticKinds)("the kind %s has a meaning, and qoder:diagnostics hides only its remarks", (kind) => {
  const other = kind === "dst" ? "adopt" : "dst";
  expect(isDiagnosticKind(kind)).toBe(true);
  expect(diagnosticMeanings[kind]).toMatch(/^\S.*[^.]$/);
  for (const severity of ["info", "warning"] as const) {
    expect(isWanted({ severity, kind }, remarkChoice(kind))).toBe(false);
    expect(isWanted({ severity, kind: other }, remarkChoice(kind))).toBe(true);
  }
});
