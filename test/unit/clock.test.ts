import { durationText, exactDurationText, waitText } from "../../provider/api/clock";

test.each([
  [-5, "0 seconds"],
  [900, "1 second"],
  [59_000, "59 seconds"],
  [12 * 60_000, "12 minutes"],
  [60 * 60_000, "1 hour"],
  [47 * 60 * 60_000, "47 hours"],
  [72 * 60 * 60_000, "3 days"],
])("an age of %i ms is shown as %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

test.each([
  [60_000, "1 minute"],
  [86_400_000, "1440 minutes"],
  [90_000, "90 s"],
  [1_500, "1.5 s"],
])("a chosen duration of %i ms is shown as %s", (milliseconds, text) => {
  expect(exactDurationText(milliseconds)).toBe(text);
});

test.each([
  [0, "1 s"],
  [59_400, "59 s"],
  [120_000, "2 min"],
  [295_000, "4 min 55 s"],
])("a wait of %i ms is shown as %s", (milliseconds, text) => {
  expect(waitText(milliseconds)).toBe(text);
});
