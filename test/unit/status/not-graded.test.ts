import type { DeploymentStatus } from "../../../command/status/deployment-status";
import { json, openMetrics, report } from "../../../command/status/report";
import { picture } from "../../../command/status/svg";
import { tallyOf } from "../../../command/status/tally";

const run = {
  ...{ id: "drun_1", deploymentId: "dep_1", createdAt: "2026-11-20T01:00:00Z", sessionId: "sess_1" },
  ...{ trigger: "schedule", scheduledAt: undefined, agentVersion: 1, error: undefined },
};
const result = { state: "done, not graded", credits: 1.3 } as const;
const deployment: DeploymentStatus = {
  ...{ id: "dep_1", name: "daily", labels: {}, status: "active", pausedReason: undefined, isScheduled: true },
  ...{ nextRunAt: "2026-11-21T01:00:00Z", lastRun: run, lastResult: result, lastFailure: { found: undefined } },
  ...{ since: tallyOf([result, { state: "done", credits: 1 }]), failedInARow: [], runsSince: [{ run, result }] },
  ...{ missed: { since: 0, times: [] }, isOverdue: false, timezone: "Asia/Shanghai" },
  ...{
    agent: undefined,
    environment: undefined,
    isStrict: false,
    advisor: { selection: { by: "all" } },
    unusual: [],
    changed: [],
    long: [],
    working: [],
    changedAt: undefined,
    pausedDays: undefined,
    pausedBy: undefined,
    hasPauseMark: false,
  },
};
const view = { timeZone: "Asia/Shanghai", now: Date.UTC(2026, 10, 20, 4), since: 0, managed: new Map() };
const problem = "The last run is done, but not graded: an outcome that was asked for has no final grading";

test.each([80, 100])(
  "a run that is done and not graded has a word of its own in %d columns, and is not healthy",
  (columns) => {
    const text = report([deployment], { ...view, columns });
    expect(text).toMatch(/^! .*daily/m);
    expect(text).toContain("done, not graded");
    expect(text.replaceAll(/\s+/g, " ")).toContain(problem);
    expect(text).toMatch(/^0 of 1 healthy/m);
    expect(text.replaceAll(/\s+/g, " ")).toContain("1 run, 1 not graded, 1.3 credits.");
  },
);

test("--json has the state, the number and the problem", () => {
  expect(JSON.parse(json([deployment], new Map()))).toMatchObject([
    {
      lastRun: { result: { state: "done, not graded" } },
      since: { runs: 2, done: 1, notGraded: 1, failed: 0 },
      healthy: false,
      problems: [problem],
    },
  ]);
});

test("the metrics count it, and not as a failure", () => {
  const metrics = openMetrics([deployment]);
  for (const [name, value] of [
    ["healthy", 0],
    ["runs", 2],
    ["failures", 0],
    ["not_graded", 1],
  ] as const) {
    expect(metrics).toContain(`\nqoder_deployment_${name}{id="dep_1",name="daily"} ${value}\n`);
  }
});

test("the picture has a square of its own, and a legend", () => {
  const body = picture([deployment], { ...view, columns: undefined }).body.join("\n");
  expect(body).toContain("Fri 2026-11-20 09:00: done, not graded");
  expect(body).toMatch(/>done, not graded: 1</);
  expect(body).toMatch(/class="open"[^>]*\/><text[^>]*>G</);
});
