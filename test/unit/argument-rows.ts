import type { DeploymentOutputs } from "../../provider/deployment/outputs";
import type { ArgumentName } from "../support/deployment";
import type { Wire } from "./merge-rules";
import { structuredRows } from "./structured-argument-rows";

/** What is promised of one argument. */
export interface ArgumentRow {
  readonly value: unknown;
  /** The body that sets it. */
  readonly sent: Wire;
  /** The body that removes it. */
  readonly removed: Wire;
  /** What the removal needs to know of the service. */
  readonly computed?: Partial<DeploymentOutputs>;
  /** The members of a deployment that holds the value. */
  readonly shown: Wire;
  /** How a deployment that nobody declared shows the value; like `value` when left out. */
  readonly described?: unknown;
  /** The members of a deployment that holds none. */
  readonly unset?: Wire;
  /** What a program asks for, beside members that mean the same. */
  readonly same: readonly (readonly [unknown, Wire])[];
  /** What a program asks for, beside members that mean something else. */
  readonly drift: readonly (readonly [unknown, Wire])[];
}

const paused = { status: "paused", paused_reason: { type: "manual" } };
const active = { status: "active", paused_reason: null };
const failed = { status: "paused", paused_reason: { type: "error", error: { type: "vault_not_found_error" } } };

/** A row an argument. */
export const argumentRows: Readonly<Record<ArgumentName, ArgumentRow>> = {
  ...structuredRows,
  name: {
    value: "report",
    sent: { name: "report" },
    removed: {},
    shown: { name: "report" },
    same: [],
    drift: [["report", { name: "Report" }]],
  },
  description: {
    value: "Daily",
    sent: { description: "Daily" },
    removed: { description: "" },
    shown: { description: "Daily" },
    unset: { description: "" },
    same: [
      ["", { description: null }],
      ["", { description: "" }],
      [undefined, { description: null }],
      [undefined, { description: "" }],
      [undefined, {}],
    ],
    drift: [
      ["Daily", { description: null }],
      ["Daily", { status: "active" }],
      ["Daily", { description: "daily" }],
      [undefined, { description: "by hand" }],
    ],
  },
  agent: {
    value: { id: "agent_a", version: 2 },
    sent: { agent: { id: "agent_a", type: "agent", version: 2 } },
    removed: {},
    shown: { agent: { id: "agent_a", type: "agent", version: 2 } },
    same: [
      ["agent_a", { agent: { id: "agent_a", type: "agent", version: 7 } }],
      [{ id: "agent_a" }, { agent: { id: "agent_a", type: "agent", version: 7 } }],
      ["agent_a", { agent: { id: "agent_a", type: "agent" } }],
      [{ id: "agent_a", version: 2 }, { agent: { id: "agent_a", type: "agent", version: 2 } }],
    ],
    drift: [
      ["agent_a", { agent: { id: "agent_b", type: "agent", version: 7 } }],
      [{ id: "agent_a", version: 2 }, { agent: { id: "agent_a", type: "agent", version: 3 } }],
    ],
  },
  environmentId: {
    value: "env_a",
    sent: { environment_id: "env_a" },
    removed: {},
    shown: { environment_id: "env_a" },
    same: [],
    drift: [["env_a", { environment_id: "env_b" }]],
  },
  schedule: {
    value: { expression: "30 9 * * 1-5", timezone: "Asia/Shanghai" },
    sent: { schedule: { type: "cron", expression: "30 9 * * 1-5", timezone: "Asia/Shanghai" } },
    removed: { schedule: null },
    shown: { schedule: { type: "cron", expression: "30 9 * * 1-5", timezone: "Asia/Shanghai" } },
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
      [
        { timezone: "Nowhere", expression: "0 9 * * *" },
        { schedule: { expression: "0 9 * * *", timezone: "Nowhere" } },
      ],
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
  },
  vaultIds: {
    value: ["vault_b", "vault_a"],
    sent: { vault_ids: ["vault_b", "vault_a"] },
    removed: { vault_ids: [] },
    shown: { vault_ids: ["vault_b", "vault_a"] },
    unset: { vault_ids: [] },
    same: [
      [["vault_b", "vault_a"], { vault_ids: ["vault_a", "vault_b"] }],
      [["vault_a", "vault_a"], { vault_ids: ["vault_a"] }],
      [[], { vault_ids: null }],
      [undefined, { vault_ids: [] }],
    ],
    drift: [
      [["vault_a"], { vault_ids: ["vault_a", "vault_b"] }],
      [["vault_a", "vault_b"], { vault_ids: ["vault_a"] }],
      [undefined, { vault_ids: ["vault_a"] }],
    ],
  },
  budget: {
    value: { maxCreditCost: "12.50" },
    sent: { budget: { type: "limit", max_credit_cost: "12.50" } },
    removed: { budget: null },
    shown: { budget: { type: "limit", max_credit_cost: "12.50" } },
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
  },
  paused: {
    value: true,
    sent: {},
    removed: {},
    shown: paused,
    unset: active,
    same: [
      [true, paused],
      [false, active],
      [false, failed],
      [true, failed],
      [undefined, paused],
    ],
    drift: [
      [false, paused],
      [true, active],
      [false, { status: "paused", paused_reason: null }],
    ],
  },
  adopt: {
    value: "dep_b",
    sent: {},
    removed: {},
    shown: { id: "dep_b" },
    described: undefined,
    unset: { id: "dep_b" },
    same: [["dep_b", { name: "report" }]],
    drift: [],
  },
};
