import { scheduleWarnings } from "../../../provider/schedule/warnings";
import { changesOf, zones } from "./clock-changes";

// The moment of the update in the example of "Update a deployment", a Sunday.
const updated = new Date("2026-06-14T08:54:05Z");

const textsOf = (...given: Parameters<typeof scheduleWarnings>) => scheduleWarnings(...given).map(({ text }) => text);

/** The warning of two day fields, with the first run by each of them. */
function either(expression: string, byMonth?: string, byWeek?: string): string {
  const found = [byMonth && `on ${byMonth} by the day of the month`, byWeek && `on ${byWeek} by the day of the week`];
  const first = found.filter(Boolean).join(" and ");
  const due = `"${expression}" has days of the month and days of the week: it is due when either of the two fits`;
  return first === "" ? due : `${due}, as ${first}`;
}
test.each([
  ["0 9 * * *", "UTC", []],
  ["0 9 28 2 *", "UTC", []],
  ["0 9 29 2,3 *", "UTC", []],
  ["0 0 29 2 *", "UTC", ['"0 0 29 2 *" is due in leap years only, next on Tue 2028-02-29']],
  ["0 9 1 * 1", "UTC", [either("0 9 1 * 1", "Wed 2026-07-01", "Mon 2026-06-15")]],
  ["0 9 15,16 * MON", "UTC", [either("0 9 15,16 * MON", "Tue 2026-06-16", "Mon 2026-06-22")]],
  ["0 9 1 * 0-6", "UTC", [either("0 9 1 * 0-6", undefined, "Mon 2026-06-15")]],
  ["0 9 1-31 * 0-6", "UTC", [either("0 9 1-31 * 0-6")]],
])("the schedule %s in %s causes the warnings %j", (expression, timezone, warnings) => {
  expect(textsOf({ expression, timezone }, updated)).toEqual(warnings);
});

const skip = (times: string, date: string) => `skip ${times} on ${date}`;
const twice = (times: string, date: string) => `show ${times} twice on ${date}`;
/** Both in the order of their dates. */
function both(times: string, twiceOn: string, skippedOn: string): string {
  const isShownFirst = twiceOn.slice(4) < skippedOn.slice(4);
  const [first, second] = [twice(times, twiceOn), skip(times, skippedOn)];
  return isShownFirst ? `${first} and ${second}` : `${second} and ${first}`;
}
test.each([
  ["Europe/Berlin", "30 2 * * *", both("02:00 to 02:59", "Sun 2026-10-25", "Sun 2027-03-28")],
  ["Europe/Berlin", "30 2 28 * *", skip("02:00 to 02:59", "Sun 2027-03-28")],
  ["Europe/Berlin", "0 */2 * * *", both("02:00 to 02:59", "Sun 2026-10-25", "Sun 2027-03-28")],
  ["Europe/Berlin", "30 2 * * 1-5", ""],
  ["Europe/Berlin", "0 3 * * *", ""],
  ["Europe/Berlin", "59 1 * * *", ""],
  ["Europe/Berlin", "*/5 * * * *", ""],
  ["America/New_York", "30 1 * * *", twice("01:00 to 01:59", "Sun 2026-11-01")],
  ["America/New_York", "30 2 * * *", skip("02:00 to 02:59", "Sun 2027-03-14")],
  ["America/Santiago", "30 0 * * *", skip("00:00 to 00:59", "Sun 2026-09-06")],
  ["America/Santiago", "30 23 * * *", twice("23:00 to 23:59", "Sat 2027-04-03")],
  ["Antarctica/Troll", "30 2 * * *", both("01:00 to 02:59", "Sun 2026-10-25", "Sun 2027-03-28")],
  ["Australia/Lord_Howe", "15 2 * * *", skip("02:00 to 02:29", "Sun 2026-10-04")],
  ["Australia/Lord_Howe", "45 1 * * *", twice("01:30 to 01:59", "Sun 2027-04-04")],
  // The clocks skip half an hour: an hourly schedule loses one run, a half-hourly schedule loses none.
  ["Australia/Lord_Howe", "0 * * * *", skip("02:00 to 02:29", "Sun 2026-10-04")],
  ["Australia/Lord_Howe", "*/30 * * * *", ""],
  ["Pacific/Chatham", "0 3 * * *", both("02:45 to 03:44", "Sun 2027-04-04", "Sun 2026-09-27")],
  ["Asia/Shanghai", "30 2 * * *", ""],
  ["UTC", "30 2 * * *", ""],
])(
  "a warning says which hour the clocks of %s skip or repeat if a run of %s is due then: %s",
  (timezone, expression, effects) => {
    const warning = `the clocks of ${timezone} ${effects}: the API does not document whether a run starts then; choose another hour, or UTC`;
    expect(textsOf({ expression, timezone }, updated)).toEqual(effects === "" ? [] : [warning]);
  },
);

test("a warning gives date and times of each clock change in 5 years that a schedule meets", () => {
  const minute = 60_000;
  for (const { timezone, at, length, old, isSkip } of zones.flatMap(changesOf)) {
    const monthBefore = new Date(at - 30 * 24 * 60 * minute);
    const first = new Date(at + old - (isSkip ? 0 : length));
    const last = new Date(first.getTime() + length - minute);
    const [from, to] = [first, last].map((time) => time.toISOString().slice(11, 16));
    const times = isSkip ? `skip ${from} to ${to}` : `show ${from} to ${to} twice`;
    const date = first.toUTCString().slice(0, 3) + first.toISOString().slice(0, 10).padStart(11);
    expect(textsOf({ expression: "*/5 0-3,20-23 * * *", timezone }, monthBefore)).toEqual([
      expect.stringContaining(`${times} on ${date}`),
    ]);
  }
});
