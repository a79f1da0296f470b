import * as fc from "fast-check";
import { expressionProblem } from "../../../provider/schedule/expression";

const extensions = "?, L, W and # are extensions that the API does not take";

test.each([
  "* * * * *",
  "0 9 * * *",
  "*/15 0-23/2 1,15 1-12 0-7",
  "0 0 * JAN-mar MON,Wed,fri",
  "00 09 * * 7",
  "  0\t9  * * *  ",
  "0 0 29 2 *",
  "0 0 30 2 1",
])("%j is a valid expression", (expression) => {
  expect(expressionProblem(expression)).toBeUndefined();
});

test.each([
  ["75 * * * *", "minute 75 is out of range 0-59"],
  ["0 24 * * *", "hour 24 is out of range 0-23"],
  ["0 0 0 * *", "day of month 0 is out of range 1-31"],
  ["0 0 32 * *", "day of month 32 is out of range 1-31"],
  ["0 0 * 0 *", "month 0 is out of range 1-12"],
  ["0 0 * * 8", "day of week 8 is out of range 0-7"],
  ["*/60 * * * *", "minute step 60 is out of range 1-59"],
  ["*/0 * * * *", "minute step 0 is out of range 1-59"],
  ["50-10 * * * *", 'minute range "50-10" runs backwards; write 50-59,0-10'],
  ["50-10/5 * * * *", 'minute range "50-10" runs backwards; write it as two ranges'],
  ["0 0 * * SAT-MON", 'day of week range "SAT-MON" runs backwards; write SAT,SUN-MON'],
  ["0 0 * * FRI-SUN", 'day of week range "FRI-SUN" runs backwards; write FRI-SAT,SUN'],
  ["5/15 * * * *", 'minute "5/15": a step needs a range or *, for example 5-59/15'],
  ["-1 * * * *", 'minute "-1" is not a number, a range a-b, a list or *'],
  ["1.5 * * * *", 'minute "1.5" is not a number, a range a-b, a list or *'],
  ["1,,2 * * * *", 'minute "" is not a number, a range a-b, a list or *'],
  ["0 0 * JANUARY *", 'month "JANUARY" is not a number or one of JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'],
  ["0 0 * * FUN", 'day of week "FUN" is not a number or one of SUN MON TUE WED THU FRI SAT'],
  ["0 0 ? * *", `day of month "?": ${extensions}`],
  ["0 0 L * *", `day of month "L": ${extensions}`],
  ["0 0 * * MON#2", `day of week "MON#2": ${extensions}`],
  ["0 0 30 2 *", '"0 0 30 2 *" is never due: none of its months has such a day'],
])("%j is refused: %s", (expression, problem) => {
  expect(expressionProblem(expression)).toBe(problem);
});

test.each([
  " ",
  "0 9 * *",
  "0 0 9 * * ?",
  "0 0 9 ? * 2 *",
  "0 0 0 9 * * * *",
  "@daily",
  "@every 15m",
  "cron(0 9 * * ? *)",
  "rate(5 minutes)",
])("%j is refused with the order of the five fields and the forms of other schedulers", (expression) => {
  expect(expressionProblem(expression)).toBe(
    `"${expression}" is no cron expression of 5 fields (minute hour day-of-month month day-of-week); the API takes no seconds, no year, and none of @daily, cron() and rate()`,
  );
});

test.each([
  ["CRON_TZ=Asia/Shanghai 0 9 * * *", "0 9 * * *"],
  ["TZ=Asia/Shanghai 0 0 9 ? * MON", "0 0 9 ? * MON"],
  ["TZ=Asia/Shanghai 0 9", "0 9"],
])("%j is refused, and the message shows where to write the time zone", (expression, bare) => {
  expect(expressionProblem(expression)).toBe(
    `"${expression}" names a time zone; write expression: "${bare}", timezone: "Asia/Shanghai"`,
  );
});

test("an expression is refused as never firing only if its month has none of its days", () => {
  const lastDays = fc.uniqueArray(fc.integer({ min: 28, max: 31 }), { minLength: 1 });
  fc.assert(
    fc.property(lastDays, fc.constantFrom(1, 2, 4), (days, month) => {
      const longest = { 1: 31, 2: 29, 4: 30 }[month];
      const exists = days.some((day) => day <= longest);
      expect(expressionProblem(`0 0 ${days.join(",")} ${month} *`) === undefined).toBe(exists);
    }),
  );
});
