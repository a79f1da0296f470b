import type { DeploymentArguments } from "../../../provider/deployment/argument-rows";
import type { Limits } from "../../../provider/deployment/limits";
import type { ArgumentRow, Mistake } from "../argument-row";

const scheduleOf = (expression: string) => `{ expression: "${expression}", timezone: "Europe/Berlin" }`;

export const schedule: ArgumentRow<DeploymentArguments["schedule"]> = {
  leftOut: "cleared",
  value: { expression: "0 9 * * *", timezone: "Asia/Shanghai" },
  sent: { schedule: { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" } },
  removed: { schedule: null },
  unset: { schedule: null },
  same: [
    [
      { timezone: "UTC", expression: "0 9 * * *" },
      {
        schedule: { type: "cron", expression: "0 9 * * *", timezone: "UTC", upcoming_runs_at: [], last_run_at: "x" },
      },
    ],
    [
      { timezone: "Asia/Kolkata", expression: " 0  9 * * *" },
      { schedule: { expression: "0 9 * * *", timezone: "Asia/Calcutta" } },
    ],
    [{ timezone: "UTC", expression: "0 9 * * *" }, { schedule: { expression: "0 9 * * *", timezone: "Etc/UTC" } }],
    [{ timezone: "Nowhere", expression: "0 9 * * *" }, { schedule: { expression: "0 9 * * *", timezone: "Nowhere" } }],
    [undefined, { schedule: null }],
  ],
  drift: [
    [{ expression: "0 9 * * *", timezone: "UTC" }, { schedule: null }],
    [
      { expression: "0 9 * * *", timezone: "UTC" },
      { schedule: { expression: "0 9 * * *", timezone: "Europe/London" } },
    ],
    [{ expression: "0 9 * * *", timezone: "UTC" }, { schedule: { expression: "09 * * * *", timezone: "UTC" } }],
    [{ expression: "0 9 * * *", timezone: "UTC" }, { schedule: { expression: "0 9 * * *", timezone: "Nowhere" } }],
    [undefined, { schedule: { expression: "0 9 * * *", timezone: "UTC" } }],
  ],
  edited: {
    by: { schedule: { type: "cron", expression: "0 9 * * *", timezone: "UTC" } },
    to: { expression: "0 9 * * *", timezone: "UTC" },
  },
  mistakes: [
    ["0 9 * * *", [`schedule: is a string; write ${scheduleOf("0 9 * * *")}`]],
    ["@hourly", [`schedule: is a string; write ${scheduleOf("0 9 * * *")}`]],
    ["30 6 * * MON", [`schedule: is a string; write ${scheduleOf("30 6 * * MON")}`]],
    ["every day", [`schedule: is a string; write ${scheduleOf("0 9 * * *")}`]],
    [["0 9 * * *", "UTC"], [`schedule: is an array; write ${scheduleOf("0 9 * * *")}`]],
    [
      { expression: "75 * * * *" },
      ["schedule.expression: minute 75 is out of range 0-59", "schedule.timezone: is missing"],
    ],
    [
      { cron: "0 9 * * *", expression: "0 9 * * *", timezone: "UTC" },
      ["schedule.cron: is not known here; known are expression, timezone"],
    ],
  ],
};

export const limits: ArgumentRow<Limits> = {
  leftOut: "ignored",
  value: { creditsPerDay: 50, creditsPerMonth: 1_000, runsPerDay: 30 },
  everyShape: { creditsPerDay: 0.5, creditsPerMonth: 1, runsPerDay: 1 },
  limits: [{ creditsPerDay: 0.01 }, { creditsPerMonth: 999_999_999_999 }],
  sent: {},
  removed: {},
  described: undefined,
  mistakes: [
    [{}, ["limits: names no limit; write { creditsPerDay: 50 }"]],
    ["50", ["limits: is a string; write { creditsPerDay: 50 }, in credits"]],
    [50, ["limits: is a number; write { creditsPerDay: 50 }, in credits"]],
    [{ creditsPerDay: "50" }, ["limits.creditsPerDay: is a string; write it as a number"]],
    [
      { creditsPerDay: 0, creditsPerMonth: -1 },
      ["limits.creditsPerDay: is not above 0", "limits.creditsPerMonth: is not above 0"],
    ],
    [
      { creditsPerDay: 5, creditsPerWeek: 5 },
      ["limits.creditsPerWeek: is not known here; known are creditsPerDay, creditsPerMonth, runsPerDay"],
    ],
  ],
};

export const expectedArtifacts: ArgumentRow<readonly string[]> = {
  leftOut: "ignored",
  value: ["report.md"],
  everyShape: ["report.md", "table.csv"],
  limits: [[], Array(50).fill("a")],
  sent: {},
  removed: {},
  described: undefined,
  mistakes: [
    ["report.md", ['expectedArtifacts: is a string; write ["report.md"]']],
    [[""], ["expectedArtifacts[0]: is empty"]],
    [[7], ["expectedArtifacts[0]: is a number; write it as a string"]],
  ],
};

const pausedByHand = { status: "paused", paused_reason: { type: "manual" } };
const active = { status: "active", paused_reason: null };
const failed = { status: "paused", paused_reason: { type: "error", error: { type: "vault_not_found_error" } } };

/** A pause is a request of its own; see `test/plugin/status.test.ts`. */
export const paused: ArgumentRow<boolean> = {
  leftOut: "untouched",
  value: true,
  sent: {},
  removed: {},
  shown: pausedByHand,
  unset: active,
  same: [
    [true, pausedByHand],
    [false, active],
    [false, failed],
    [true, failed],
    [undefined, pausedByHand],
  ],
  drift: [
    [false, pausedByHand],
    [true, active],
    [false, { status: "paused", paused_reason: null }],
  ],
  mistakes: [["yes", ["paused: is a string; write true or false"]]],
};

const notDecimal =
  "budget.maxCreditCost: is not a number of credits: a decimal with at most 12 digits before and 2 after the point";
const notPositive = "budget.maxCreditCost: is not above 0";

function notADecimal(maxCreditCost: string): Mistake {
  return [{ maxCreditCost }, [notDecimal]];
}

export const budget: ArgumentRow<{ readonly maxCreditCost: string }> = {
  leftOut: "untouched",
  value: { maxCreditCost: "7.5" },
  otherForms: { "with a zero at the end": { maxCreditCost: "12.50" } },
  limits: [{ maxCreditCost: "999999999999.99" }],
  sent: { budget: { type: "limit", max_credit_cost: "7.5" } },
  removed: { budget: null },
  unset: { budget: null },
  same: [
    [{ maxCreditCost: "12.50" }, { budget: { type: "limit", max_credit_cost: "12.5" } }],
    [{ maxCreditCost: "12.5" }, { budget: { type: "limit", max_credit_cost: "12.50" } }],
    [{ maxCreditCost: "12.50" }, { budget: { type: "limit", max_credit_cost: 12.5 } }],
    [{ maxCreditCost: "100" }, { budget: { type: "limit", max_credit_cost: "100.00" } }],
    [{ maxCreditCost: "0.5" }, { budget: { type: "limit", max_credit_cost: "00.50" } }],
    [undefined, { budget: { type: "limit", max_credit_cost: "1" } }],
  ],
  drift: [
    [{ maxCreditCost: "12.50" }, { budget: { type: "limit", max_credit_cost: "12.05" } }],
    [{ maxCreditCost: "100" }, { budget: { type: "limit", max_credit_cost: "1" } }],
    [{ maxCreditCost: "12.50" }, { budget: null }],
  ],
  edited: { by: { budget: { type: "limit", max_credit_cost: "99.00" } }, to: { maxCreditCost: "99.00" } },
  generations: [2],
  mistakes: [
    ["12", ['budget: is a string; write { maxCreditCost: "12" }, in credits']],
    [12.5, ['budget: is a number; write { maxCreditCost: "12.5" }, in credits']],
    ["$5", ['budget: is a string; write { maxCreditCost: "12.50" }, in credits']],
    [["x"], ['budget: is an array; write { maxCreditCost: "12.50" }, in credits']],
    [{}, ["budget.maxCreditCost: is missing"]],
    [{ maxCreditCost: "1", type: "limit" }, ["budget.type: is not known here; known are maxCreditCost"]],
    [{ maxCreditCost: 12.5 }, ['budget.maxCreditCost: is a number; write it as a string: "12.5"']],
    [{ maxCreditCost: [1] }, ['budget.maxCreditCost: is an array; write it as a string: "12.50"']],
    ...["$5", "1.234", "1234567890123", "1e3", "12.", ".5", " 1", "１"].map(notADecimal),
    [{ maxCreditCost: "0" }, [notPositive]],
    [{ maxCreditCost: "0.00" }, [notPositive]],
  ],
};
