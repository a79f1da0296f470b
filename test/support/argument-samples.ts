import type { JsonObject } from "../qoder-api/wire";
import type { ArgumentName } from "./deployment";

/**
 * For each argument a value, another one, and what the service then holds on the wire. A new argument without a row does
 * not compile.
 */
export interface Sample {
  readonly value: unknown;
  /** What somebody makes of it at the service, as the body of an update, and how a program would write that. */
  readonly edit: JsonObject;
  readonly edited: unknown;
  /** What puts the value back. */
  readonly repair: Readonly<Record<string, unknown>>;
  /** What takes the edit back where the program leaves the argument out; absent where it is left to others. */
  readonly cleared?: JsonObject;
  readonly generations: readonly (1 | 2)[];
}

const github = { type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: "ghp_5e1d" };
const wireGithub = { type: "github_repository", url: "https://github.com/acme/shop", authorization_token: "ghp_5e1d" };

type Sampled = Exclude<ArgumentName, "paused" | "adopt">;

export function samples(ids: {
  readonly agent: string;
  readonly otherAgent: string;
  readonly environment: string;
  readonly otherEnvironment: string;
}): Readonly<Record<Sampled, Sample>> {
  return {
    name: {
      value: "daily",
      edit: { name: "nightly" },
      edited: "nightly",
      repair: { name: "daily" },
      generations: [1, 2],
    },
    description: {
      value: "the daily report",
      edit: { description: "edited" },
      edited: "edited",
      repair: { description: "the daily report" },
      cleared: { description: "" },
      generations: [1, 2],
    },
    agent: {
      value: ids.agent,
      edit: { agent: ids.otherAgent },
      edited: ids.otherAgent,
      repair: { agent: ids.agent },
      generations: [1, 2],
    },
    environmentId: {
      value: ids.environment,
      edit: { environment_id: ids.otherEnvironment },
      edited: ids.otherEnvironment,
      repair: { environment_id: ids.environment },
      generations: [1, 2],
    },
    schedule: {
      value: { expression: "0 9 * * *", timezone: "Asia/Shanghai" },
      edit: { schedule: { type: "cron", expression: "0 9 * * *", timezone: "UTC" } },
      edited: { expression: "0 9 * * *", timezone: "UTC" },
      repair: { schedule: { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" } },
      cleared: { schedule: null },
      generations: [1, 2],
    },
    initialEvents: {
      value: [
        { type: "user.message", content: "Generate today's status report" },
        { type: "user.define_outcome", description: "a report", rubric: { type: "text", content: "is complete" } },
      ],
      edit: { initial_events: [{ type: "user.message", content: [{ type: "text", text: "edited" }] }] },
      edited: [{ type: "user.message", content: "edited" }],
      repair: {
        initial_events: [
          { type: "user.message", content: [{ type: "text", text: "Generate today's status report" }] },
          { type: "user.define_outcome", description: "a report", rubric: { type: "text", content: "is complete" } },
        ],
      },
      generations: [1, 2],
    },
    resources: {
      value: [github, { type: "memory_store", memoryStoreId: "memstore_1" }],
      edit: { resources: [wireGithub, { type: "file", file_id: "file_1", mount_path: "/data" }] },
      edited: [github, { type: "file", fileId: "file_1", mountPath: "/data" }],
      repair: { resources: [wireGithub, { type: "memory_store", memory_store_id: "memstore_1" }] },
      cleared: { resources: [] },
      generations: [1, 2],
    },
    vaultIds: {
      value: ["vault_b", "vault_a"],
      edit: { vault_ids: ["vault_c"] },
      edited: ["vault_c"],
      repair: { vault_ids: ["vault_b", "vault_a"] },
      cleared: { vault_ids: [] },
      generations: [1, 2],
    },
    metadata: {
      value: { team: "platform", tier: "1" },
      edit: { metadata: { team: "edited", foreign: "x" } },
      edited: { team: "edited", tier: "1" },
      repair: { metadata: { team: "platform" } },
      generations: [1, 2],
    },
    casConfig: {
      value: { maxRetries: 2, timeoutMs: 60_000 },
      edit: { metadata: { cas_config: { config: { max_retries: 5 } } } },
      edited: { maxRetries: 5, timeoutMs: 60_000 },
      // All that is known travels, as the update page merges metadata one level deep.
      repair: {
        metadata: {
          cas_config: {
            session_strategy: "new_session",
            config: { max_concurrent: 1, max_retries: 2, timeout_ms: 60_000 },
          },
        },
      },
      generations: [1],
    },
    environmentVariables: {
      value: { LEVEL: "info", FLAG: "on" },
      edit: { environment_variables: "LEVEL=debug" },
      edited: { LEVEL: "debug" },
      repair: { environment_variables: "FLAG=on\nLEVEL=info" },
      cleared: { environment_variables: "" },
      generations: [2],
    },
    budget: {
      value: { maxCreditCost: "12.5" },
      edit: { budget: { type: "limit", max_credit_cost: "99.00" } },
      edited: { maxCreditCost: "99.00" },
      repair: { budget: { type: "limit", max_credit_cost: "12.5" } },
      generations: [2],
    },
  };
}
