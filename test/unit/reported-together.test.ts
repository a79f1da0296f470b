import { reportedTogether } from "../../provider/resource/engine/reported-together";
import { type NextRuns, type PlanRemark, planInfo, planWarning } from "../../provider/resource/kind/diagnostics";

const names = Array.from({ length: 25 }, (_, index) => `chore-${index + 1}`);
const nextRuns = {
  at: 1,
  expression: "30 2 * * *",
  timezone: "Europe/Berlin",
  runs: [28, 29, 30].map((day) => `Sat 2026-11-${day} 02:30 (01:30 UTC)`),
};
const of = (kind: string, name: string, remark: PlanRemark) => ({
  remark,
  kind,
  name,
  label: `${kind} "${name}"`,
  urn: name,
});
const told = (remark: PlanRemark) => names.map((name) => of("QoderDeployment", name, remark));
/** The next runs of a deployment of this name. */
const runsOf = (name: string, runs: Partial<NextRuns>) =>
  of("QoderDeployment", name, { ...planWarning("next-runs", "runs"), nextRuns: { ...nextRuns, ...runs } });

test("25 deployments with one schedule cause one warning with five names and a count, and one table of at most 96 columns", () => {
  const dst = planWarning("dst", "the clocks skip 02:30");
  const messages = reportedTogether([...names.map((name) => runsOf(name, {})), ...told(dst)]);
  expect(messages.map(({ text }) => text)).toEqual([
    'QoderDeployment "chore-1", "chore-2", "chore-3", "chore-4", "chore-5" and 20 more: the clocks skip 02:30 [dst]',
    [
      "Next runs, in the time of Europe/Berlin:",
      "  Sat 2026-11-28 02:30 (01:30 UTC)  30 2 * * *  chore-1, chore-2, chore-3, chore-4 and 21 more",
      "  Sat 2026-11-29 02:30 (01:30 UTC)",
      "  Sat 2026-11-30 02:30 (01:30 UTC)",
    ].join("\n"),
  ]);
  expect(Math.max(...(messages[1]?.text ?? "").split("\n").map(({ length }) => length))).toBeLessThanOrEqual(96);
  expect(messages.map(({ urn }) => urn)).toEqual([undefined, undefined]);
});

test("resources with the same changed lines share a message, and one with other lines has its own", () => {
  const lines = { a: ["- once", "+ twice"], b: ["- twice", "+ once"], c: ["- once", "+ twice"] };
  const told = Object.entries(lines).map(([name, changed]) =>
    of("QoderAgent", name, { ...planInfo("changed-lines", "system: the changed lines"), lines: changed }),
  );
  expect(reportedTogether(told).map(({ text }) => text)).toEqual([
    'QoderAgent "a", "c": system: the changed lines [changed-lines]\n  - once\n  + twice',
    'QoderAgent "b": system: the changed lines [changed-lines]\n  - twice\n  + once',
  ]);
});

test("runs at one time stand in the order of names, and a schedule in another time zone shows the older zone alone", () => {
  const moved = ["chore-10", "chore-2"].map((name, index) => {
    const expression = `${30 + index} 2 * * *`;
    return runsOf(name, { expression, before: { ...nextRuns, timezone: "UTC", expression } });
  });
  expect(reportedTogether(moved).map(({ text }) => text)).toEqual([
    [
      "Next runs, in the time of Europe/Berlin:",
      "  Sat 2026-11-28 02:30 (01:30 UTC)  31 2 * * * (was UTC)  chore-2",
      "  Sat 2026-11-28 02:30 (01:30 UTC)  30 2 * * * (was UTC)  chore-10",
    ].join("\n"),
  ]);
});

test("a name that is too long for its line is cut, and the others are counted", () => {
  const long = ["a", "b", "c"].map((end) => runsOf(`${"platform-reporter-".repeat(4)}${end}`, {}));
  expect(tableOf(long)[1]).toBe(
    "  Sat 2026-11-28 02:30 (01:30 UTC)  30 2 * * *  platform-reporter-platform-reporter-… and 2 more",
  );
});

test.each([
  ["and no time zone", "Europe/Berlin", "(was 0 3 * * *)"],
  ["and the older time zone", "UTC", "(was 0 3 * * * UTC)"],
])("in a table of several schedules, a new expression shows the older one %s", (_, timezone, was) => {
  const before = { ...nextRuns, expression: "0 3 * * *", timezone };
  const schedules = ["chore-1", "chore-2"].map((name, at) => runsOf(name, { at, expression: `${at} 2 * * *`, before }));
  expect(tableOf(schedules).slice(1)).toEqual([
    `  Sat 2026-11-28 02:30 (01:30 UTC)  0 2 * * * ${was}  chore-1`,
    `  Sat 2026-11-28 02:30 (01:30 UTC)  1 2 * * * ${was}  chore-2`,
  ]);
});

const fleet = (count: number, named: (index: number) => string, timezone = (_: number) => "Europe/Berlin") =>
  Array.from({ length: count }, (_, at) =>
    runsOf(named(at), { at, expression: `${at} 2,4,6,8,10,12,14,16,18,20 1-7 * 1-5`, timezone: timezone(at) }),
  );
const tableOf = (told: ReturnType<typeof fleet>) => (reportedTogether(told)[0]?.text ?? "").split("\n");
const more = "`pulumi preview --json | npx pulumi-qoder calendar --preview -`";

test.each([
  [50, [`  and 38 more: ${more}`]],
  [13, [`  and 1 more: ${more}`]],
  [12, []],
])("of %i deployments the table has the next twelve starts, and a command that shows the others", (count, last) => {
  const lines = tableOf(fleet(count, (index) => `chore-${index}`));
  expect(lines.slice(13)).toEqual(last);
  const names12 = Array.from({ length: 12 }, (_, index) => `chore-${index}`);
  expect(lines.slice(1, 13).map((line) => line.split(" ").at(-1))).toEqual(names12);
});

test.each<[string, (index: number) => string]>([
  ["at the end", (index) => `platform-reporter-of-the-whole-department-repository${index}`],
  ["in the middle", (index) => `platform-reporter-of-the-whole-${index}-department-repository-nightly`],
  ["at the start", (index) => `${index}-platform-reporter-of-the-whole-department-repository`],
  ["where no cut shows it", (index) => `${"platform-".repeat(20)}${index}${"-repository".repeat(20)}`],
])("of names that differ %s no line has more than 96 columns", (_, named) => {
  for (const timezone of [
    () => "Europe/Berlin",
    (index: number) => (index === 0 ? "UTC" : "America/Argentina/ComodRivadavia"),
  ]) {
    const lines = tableOf(fleet(50, named, timezone));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(96);
  }
});
