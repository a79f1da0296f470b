import * as fc from "fast-check";
import { expressionProblem } from "../../../provider/schedule/expression";

const order = "(minute hour day-of-month month day-of-week)";
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
  ["0 0 ? * *", `day of month "?": ${extensions}; write 0 0 * * *`],
  ["0 0 L * *", `day of month "L": ${extensions}`],
  ["0 0 * * MON#2", `day of week "MON#2": ${extensions}`],
  ["@daily", "@daily is not a 5-field cron expression; write 0 0 * * *"],
  ["@Weekly", "@Weekly is not a 5-field cron expression; write 0 0 * * 0"],
  [" ", `" " has 0 fields, but the API takes 5 ${order}`],
  ["0 9 * *", `"0 9 * *" has 4 fields, but the API takes 5 ${order}`],
  ["0 9 ? * 2 ?", `"0 9 ? * 2 ?" has 6 fields, but the API takes 5 ${order}`],
  ["0 0 0 9 * * * *", `"0 0 0 9 * * * *" has 8 fields, but the API takes 5 ${order}`],
  ["0 0 30 2 *", '"0 0 30 2 *" is never due: none of its months has such a day'],
])("%j is refused: %s", (expression, problem) => {
  expect(expressionProblem(expression)).toBe(problem);
});

const fields = (count: number) => (expression: string) =>
  `"${expression}" has ${count} fields, but the API takes 5 ${order}`;
const [two, six, seven] = [fields(2), fields(6), fields(7)];
const noSeconds = "; a run starts at most once a minute: no expression has seconds";
const ofAws = (expression: string) => `"${expression}" is no 5-field cron expression ${order}`;
const shifted = "; a day of the week that is a number counts from 1 = SUN there, and from 0 = SUN here";
test.each([
  ["cron(0 9 * * ? *)", ofAws, "; write 0 9 * * *"],
  [" cron( 0 9 * * ? * ) ", ofAws, "; write 0 9 * * *"],
  ["cron(0/15 8-17 ? * 2-6 *)", ofAws, `; write */15 8-17 * * MON-FRI${shifted}`],
  ["cron(5/15 9 2/7 1/3 ? *)", ofAws, "; write 5-59/15 9 2-31/7 */3 *"],
  ["cron(0 9 ? * 1,7 2026-2030)", ofAws, `; write 0 9 * * SUN,SAT, which runs in every year${shifted}`],
  ["cron(0 9 ? * 2/2 *)", ofAws, `; write 0 9 * * MON-SAT/2${shifted}`],
  ["0 9 ? * MON *", six, "; write 0 9 * * MON"],
  ["0 9 * * ? 2026", six, "; write 0 9 * * *, which runs in every year"],
  ["0 9 * * MON 2026", six, "; write 0 9 * * MON, which runs in every year"],
  ["0 0 9 * * ?", six, "; write 0 9 * * *"],
  ["0 0 9 ? * 2-6", six, `; write 0 9 * * MON-FRI${shifted}`],
  ["0 0 9 * * *", six, "; write 0 9 * * * if the first field is the seconds, 0 0 9 * * if the last is the year"],
  ["0 0 9 * * * 2026", seven, "; write 0 9 * * *, which runs in every year"],
  ["0 0 9 ? * 2 *", seven, `; write 0 9 * * MON${shifted}`],
  ["*/10 * * * * *", six, `${noSeconds}; without them it is * * * * *`],
  ["0/30 0 9 * * ?", six, `${noSeconds}; without them it is 0 9 * * *`],
  ["cron(0 9 L * ? *)", ofAws, `; day of month "L": ${extensions}`],
  ["cron(0 25 * * ? *)", ofAws, "; hour 25 is out of range 0-23"],
  [
    "cron(0 9 ? * 0 *)",
    ofAws,
    '; day of week "0" is out of range 1-7 there; name the days: SUN MON TUE WED THU FRI SAT',
  ],
  ["cron(9 * *)", ofAws, ""],
  ["rate(1 minute)", ofAws, "; write * * * * *"],
  ["rate(5 minutes)", ofAws, "; write */5 * * * *"],
  ["rate(1 hour)", ofAws, "; write 0 * * * *"],
  ["Rate( 6  hours )", ofAws, "; write 0 */6 * * *"],
  ["rate(1 day)", ofAws, "; write 0 0 * * *"],
  ["rate(7 days)", ofAws, "; write 0 0 * * SUN"],
  ["rate(7 minutes)", ofAws, "; none means every 7 minutes, as that divides no hour, day or week"],
  ["rate(0 days)", ofAws, ""],
  ["@every 15m", two, "; write */15 * * * *"],
  ["@every 1h30m", two, ""],
] as const)(
  "%j, a form of another scheduler, is refused, and the message gives a valid expression if one exists",
  (expression, refused, advice) => {
    expect(expressionProblem(expression)).toBe(`${refused(expression)}${advice}`);
    for (const [, rewritten = ""] of advice.matchAll(/; write (.*?)(?=;|, which| if|$)/g)) {
      expect(expressionProblem(rewritten)).toBeUndefined();
    }
  },
);

test.each([
  ["CRON_TZ=Asia/Shanghai 0 9 * * *", "0 9 * * *"],
  ["TZ=Asia/Shanghai 0 0 9 ? * MON", "0 9 * * MON"],
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
