import * as fc from "fast-check";
import { distance } from "fastest-levenshtein";
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
  ["America/New York", `"America/New York" ${meant("America/New_York")}`],
  ["UTCC", `"UTCC" ${meant("UTC")}`],
  ["", `"" ${notIana}`],
  ["Asia/Shanghai ", `"Asia/Shanghai " ${meant("Asia/Shanghai")}`],
  ["Berlin", `"Berlin" ${meant("Europe/Berlin")}`],
  ["Asia/Beijing", `"Asia/Beijing" ${meant("Asia/Shanghai")}`],
  ["Europe/Shanghai", `"Europe/Shanghai" ${meant("Asia/Shanghai")}`],
  ["San Francisco", `"San Francisco" ${meant("America/Los_Angeles")}`],
  ["Mars", `"Mars" ${notIana}`],
  ["CST", `"CST" ${shared}`],
  ["bst", `"bst" ${shared}`],
  ["GMT+8", `"GMT+8" ${offset}, here Etc/GMT-8`],
  ["UTC-03:00", `"UTC-03:00" ${offset}, here Etc/GMT+3`],
  ["+08:00", `"+08:00" ${offset}, here Etc/GMT-8`],
  ["-0330", `"-0330" ${offset}`],
])("%j is no time zone: %s", (timezone, problem) => {
  expect(timezoneProblem(timezone)).toBe(problem);
});

const plain = (name: string) => name.toLowerCase().replaceAll("_", "");

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
      const typingErrors = (name: string) => distance(plain(text), plain(name));
      expect([suggested, typingErrors(suggested) <= typingErrors(zone)]).toEqual([expect.any(String), true]);
    }),
    { numRuns: 300 },
  );
});

test("checks of several deployments in a zone make one clock", () => {
  const made = jest.spyOn(Intl, "DateTimeFormat");
  for (const hour of [1, 2, 3]) {
    check({}, { ...required, schedule: { expression: `0 ${hour} * * *`, timezone: "America/Boise" } });
  }
  expect(made).toHaveBeenCalledTimes(1);
  made.mockRestore();
});
