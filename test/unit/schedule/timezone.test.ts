import * as fc from "fast-check";
import { timezoneProblem } from "../../../provider/schedule/timezone";
import { check } from "../../support/deployment";
import { required } from "../declared";

test.each("UTC Etc/UTC Asia/Shanghai America/Argentina/Buenos_Aires Etc/GMT-8 PRC CET EST5EDT GMT+0".split(" "))(
  "%s is a time zone",
  (timezone) => {
    expect(timezoneProblem(timezone)).toBeUndefined();
  },
);

const notIana = "is not an IANA time zone such as UTC, Europe/Berlin or Asia/Shanghai";
const offset = "is an offset; name a zone such as Asia/Shanghai, or one of Etc, whose sign is the other way round";
const shared =
  "is not an IANA time zone, and several zones share this abbreviation; name one such as Asia/Shanghai or America/Chicago";
const meant = (timezone: string) => `is not an IANA time zone; did you mean ${timezone}?`;
test.each([
  ["Europe/Berln", `"Europe/Berln" ${meant("Europe/Berlin")}`],
  ["Asia/Shanghi", `"Asia/Shanghi" ${meant("Asia/Shanghai")}`],
  ["America/New York", `"America/New York" ${meant("America/New_York")}`],
  ["Asia/Kolkatta", `"Asia/Kolkatta" ${meant("Asia/Kolkata")}`],
  ["UCT+", `"UCT+" ${notIana}`],
  ["UTCC", `"UTCC" ${meant("UTC")}`],
  ["Mars/Olympus", `"Mars/Olympus" ${notIana}`],
  ["", `"" ${notIana}`],
  ["Asia/Shanghai ", `"Asia/Shanghai " ${meant("Asia/Shanghai")}`],
  ["Berlin", `"Berlin" ${meant("Europe/Berlin")}`],
  ["Asia/Beijing", `"Asia/Beijing" ${meant("Asia/Shanghai")}`],
  ["Shanghi", `"Shanghi" ${meant("Asia/Shanghai")}`],
  ["Europe/Shanghai", `"Europe/Shanghai" ${meant("Asia/Shanghai")}`],
  ["San Francisco", `"San Francisco" ${meant("America/Los_Angeles")}`],
  ["Mars", `"Mars" ${notIana}`],
  ["CST", `"CST" ${shared}`],
  ["bst", `"bst" ${shared}`],
  ["new york", `"new york" ${meant("America/New_York")}`],
  ["GMT+8", `"GMT+8" ${offset}, here Etc/GMT-8`],
  ["UTC-03:00", `"UTC-03:00" ${offset}, here Etc/GMT+3`],
  ["+08:00", `"+08:00" ${offset}, here Etc/GMT-8`],
  ["-0330", `"-0330" ${offset}`],
  ["utc+20", `"utc+20" ${offset}`],
])("%j is no time zone: %s", (timezone, problem) => {
  expect(timezoneProblem(timezone)).toBe(problem);
});

test("the error about a zone with one wrong, missing, doubled or swapped letter suggests the nearest zone", () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone").filter((zone) => zone.length > 8));
  const mistyped = fc.tuple(zones, fc.nat(), fc.constantFrom("wrong", "missing", "doubled", "swapped"));
  fc.assert(
    fc.property(mistyped, ([zone, place, mistake]) => {
      const at = place % (zone.length - 1);
      const [before, letter, after] = [zone.slice(0, at), zone.charAt(at), zone.slice(at + 1)];
      const text = {
        wrong: `${before}q${after}`,
        missing: `${before}${after}`,
        doubled: `${before}${letter}${letter}${after}`,
        swapped: before + after.charAt(0) + letter + after.slice(1),
      }[mistake];
      const problem = timezoneProblem(text);
      fc.pre(problem !== undefined);
      const [, suggested = ""] = /did you mean (.*)\?$/.exec(problem) ?? [];
      // Another zone may be as near: America/Atka is no farther from "America/Aka" than America/Adak.
      expect([suggested, typingErrors(text, suggested) <= typingErrors(text, zone)]).toEqual([
        expect.any(String),
        true,
      ]);
    }),
    { numRuns: 300 },
  );
});

/** The number of letters in which two names differ, without regard to case and underscores. */
function typingErrors(one: string, other: string): number {
  const [a, b] = [one, other].map((name) => name.toLowerCase().replaceAll("_", ""));
  let row = Array.from({ length: (b?.length ?? 0) + 1 }, (_, index) => index);
  for (const [index, letter] of [...(a ?? "")].entries()) {
    const next = [index + 1];
    for (const [column, wanted] of [...(b ?? "")].entries()) {
      const [same = 0, above = 0, left = 0] = [row[column], row[column + 1], next[column]];
      next.push(Math.min(same + (letter === wanted ? 0 : 1), above + 1, left + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

test("checks of several deployments in a zone make one clock", () => {
  const made = jest.spyOn(Intl, "DateTimeFormat");
  for (const hour of [1, 2, 3]) {
    check({}, { ...required, schedule: { expression: `0 ${hour} * * *`, timezone: "America/Boise" } });
  }
  expect(made).toHaveBeenCalledTimes(1);
  made.mockRestore();
});
