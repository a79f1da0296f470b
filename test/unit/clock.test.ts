import { durationText, exactDurationText, systemClock, waitText } from "../../provider/api/clock";
import { until } from "../support/until";

test.each([
  [-5, "0 seconds"],
  [900, "1 second"],
  [12 * 60_000, "12 minutes"],
  [47 * 60 * 60_000, "47 hours"],
  [72 * 60 * 60_000, "3 days"],
])("an age of %i ms is shown as %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

test.each([
  [60_000, "1 minute"],
  [86_400_000, "1440 minutes"],
  [90_000, "90 s"],
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

test.each([0.2, 0, -5])("the clock of the system ends a request whose time is over in %d ms", async (milliseconds) => {
  const signal = systemClock.abortAfter(milliseconds);
  await until(() => signal?.aborted === true, "the signal is aborted");
  expect(signal?.reason).toMatchObject({ name: "TimeoutError" });
});

test.each([2 ** 31, Number.POSITIVE_INFINITY])("no timer ends a request after %d ms", (milliseconds) => {
  expect(systemClock.abortAfter(milliseconds)).toBeNull();
  expect(systemClock.abortAfter(2 ** 31 - 1)?.aborted).toBe(false);
});
