import fc from "fast-check";
import { aligned, cut, width, wrapped } from "../../provider/api/lines";

const texts = fc.string({ unit: "grapheme", maxLength: 80 });

test.each([
  ["report", 6],
  ["日报", 4],
  ["📈 growth", 9],
  ["e\u0301te\u0301", 3],
  ["की", 2],
  // Terminals differ: each may draw the parts of a picture, and every ignorable character is an escape.
  ["🕵\u200d♂", 2 + 6 + 2],
  ["🇩🇪", 4],
  ["👍🏽", 4],
  ["กำ", 2],
  ["\u3164", 6],
  ["a\u00adb", 8],
  ["\u{e0041}", 12],
])("the width of %s is at most %i columns on any terminal", (text, count) => {
  expect(width(text)).toBe(count);
});

test("cutting a text gives at most the allowed columns, and keeps a text that fits", () => {
  expect(cut("report", 6)).toBe("report");
  expect(cut("reports", 6)).toBe("repor…");
  expect(cut("日报 daily", 6)).toBe("日报 …");
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 60 }), (text, most) => {
      expect(width(cut(text, most))).toBeLessThanOrEqual(most);
    }),
  );
});

test("wrapping breaks a text between words, and within a word that is too long", () => {
  expect(wrapped("the last run failed", 10, "  ")).toEqual(["  the last", "  run", "  failed"]);
  expect(wrapped("it runs: `npx a b` ends it", 12)).toEqual(["it runs:", "`npx a b`", "ends it"]);
  expect(wrapped("a text  with two  spaces", 10)).toEqual(["a text", "with two", "spaces"]);
  expect(wrapped("it runs: `npx a b` ends it", 8)).toEqual(["it runs:", "`npx a", "b` ends", "it"]);
  expect(wrapped("to end it: pulumi config get a", 20)).toEqual(["to end it:", "pulumi config get a"]);
  expect(wrapped("pulumi up, which ends it", 12)).toEqual(["pulumi up,", "which ends", "it"]);
  expect(wrapped("see dep_0123456789 there", 8)).toEqual(["see", "dep_0123", "456789", "there"]);
  fc.assert(
    // No character is wider than the escape of one with two code units, and a character is not broken.
    fc.property(texts, fc.integer({ min: 12, max: 60 }), (text, most) => {
      const lines = wrapped(text, most);
      expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(most);
      expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    }),
  );
});

test("one character with many signs of a column each is broken, too", () => {
  const lines = wrapped(`क${"ी".repeat(50)}`, 10);
  expect(lines.map(width)).toEqual([10, 10, 10, 10, 10, 1]);
});

test("the cells of a column are aligned, no line ends in spaces, and all rows break between the same columns", () => {
  expect(
    aligned([
      ["", "NAME", "STATE"],
      ["!", "日报", "active"],
      ["", "daily", ""],
    ]),
  ).toEqual(["   NAME   STATE", "!  日报   active", "   daily"]);
  const table = [
    ["NAME", "NEXT RUN", "DONE"],
    ["a  b", "Nov 26 09:00", "7/7"],
    ["report", "never", ""],
  ];
  expect(aligned(table, 20, "  ")).toEqual([
    "NAME    NEXT RUN\n  DONE",
    "a  b    Nov 26 09:00\n  7/7",
    "report  never",
  ]);
});
