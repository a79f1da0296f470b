import type { EnvironmentVariables } from "../../../provider/deployment/argument-rows";
import type { CasConfig } from "../../../provider/deployment/cas-config";
import type { Metadata } from "../../../provider/resource/kind/metadata";
import type { ArgumentRow, Mistake } from "../argument-row";

const notVault = "is not the id of a vault: vault_ and letters, digits, _ or -; give the QoderVault itself, or its id";
const casConfigShown = { session_strategy: "new_session", config: { max_retries: 2, timeout_ms: 300_000 } };
const casWithStats = { ...casConfigShown, stats: { total_runs: 4 } };
const keys = (count: number, value: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, value]));

export const vaultIds: ArgumentRow<readonly string[]> = {
  leftOut: "cleared",
  value: ["vault_c", "vault_a"],
  everyShape: ["vault_b", "vault_a"],
  limits: [Array(50).fill("vault_a")],
  sent: { vault_ids: ["vault_c", "vault_a"] },
  removed: { vault_ids: [] },
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
  edited: { by: { vault_ids: ["vault_d"] }, to: ["vault_d"] },
  mistakes: [
    ["vault_a", ['vaultIds: is a string; write ["vault_..."]']],
    [
      ["vault_a", "v", "vault_../x"],
      [`vaultIds[1]: ${notVault}`, `vaultIds[2]: ${notVault}`],
    ],
    [Array(51).fill("vault_a"), ["vaultIds: has more than 50 elements"]],
  ],
};

export const metadata: ArgumentRow<Metadata> = {
  leftOut: "untouched",
  value: { team: "platform", tier: "1" },
  everyShape: { team: "a" },
  limits: [keys(16, ""), { ["k".repeat(64)]: "v".repeat(512) }, { ["😀".repeat(64)]: "😀".repeat(512) }],
  sent: { metadata: { team: "platform", tier: "1" } },
  removed: { metadata: { team: null, tier: null } },
  shown: { metadata: { team: "platform", tier: "1", cas_config: casWithStats } },
  unset: { metadata: { cas_config: casWithStats } },
  same: [
    [{ team: "platform" }, { metadata: { "cost-center": "9", team: "platform", cas_config: casWithStats } }],
    [undefined, { metadata: { "cost-center": "9" } }],
    [{}, { metadata: { "cost-center": "9" } }],
  ],
  drift: [
    [{ team: "platform" }, { metadata: { team: "sales" } }],
    [{ team: "platform" }, { metadata: {} }],
    [{ team: "platform" }, { metadata: null }],
    [{ team: "" }, { metadata: {} }],
    [{ team: "1" }, { metadata: { team: { nested: 1 } } }],
  ],
  edited: {
    by: { metadata: { team: "edited", foreign: "x" } },
    to: { team: "edited", tier: "1" },
    repaired: { metadata: { team: "platform" } },
  },
  mistakes: [
    [keys(17, "v"), ["metadata: has more than 16 keys"]],
    [{ k: "x".repeat(513) }, ["metadata.k: has more than 512 characters"]],
    [{ k: 1 }, ["metadata.k: is a number; write it as a string"]],
    [["k"], ['metadata: is an array; write { name: "value" }']],
    [{ ["x".repeat(65)]: "v" }, [`metadata.${"x".repeat(65)}: the key has more than 64 characters`]],
    [{ "": "v" }, ["metadata.: the key is empty"]],
    [
      { cas_config: "x" },
      ["metadata: the key cas_config is reserved by Qoder; use the argument casConfig for its settings"],
    ],
  ],
};

export const casConfig: ArgumentRow<CasConfig> = {
  leftOut: "untouched",
  value: { maxRetries: 2, timeoutMs: 60_000 },
  everyShape: { sessionStrategy: "new_session", maxRetries: 1, timeoutMs: 1, maxConcurrent: 1 },
  limits: [{ sessionStrategy: "x", maxRetries: 0, timeoutMs: 1, maxConcurrent: 1 }],
  sent: { metadata: { cas_config: { config: { max_retries: 2, timeout_ms: 60_000 } } } },
  removed: { metadata: { cas_config: null } },
  computed: {
    effectiveMetadata: { cas_config: { ...casConfigShown, config: { max_retries: 2, timeout_ms: 60_000 } } },
  },
  shown: { metadata: { cas_config: { ...casWithStats, config: { max_retries: 2, timeout_ms: 60_000 } } } },
  described: { sessionStrategy: "new_session", maxRetries: 2, timeoutMs: 60_000 },
  unset: { metadata: { team: "platform" } },
  same: [
    [{ maxRetries: 2 }, { metadata: { cas_config: casWithStats } }],
    [{ maxRetries: 2 }, { metadata: { cas_config: { config: { max_retries: 2, region: "eu" }, more: 1 } } }],
    [undefined, { metadata: { cas_config: casWithStats } }],
  ],
  drift: [
    [{ maxRetries: 3 }, { metadata: { cas_config: casWithStats } }],
    [{ maxConcurrent: 1 }, { metadata: { cas_config: casWithStats } }],
    [{ maxRetries: 2 }, { metadata: {} }],
  ],
  edited: {
    by: { metadata: { cas_config: { config: { max_retries: 5 } } } },
    to: { maxRetries: 5, timeoutMs: 60_000 },
    // All known settings are sent, because an update merges metadata one level deep (API page of the update).
    repaired: {
      metadata: {
        cas_config: {
          session_strategy: "new_session",
          config: { max_concurrent: 1, max_retries: 2, timeout_ms: 60_000 },
        },
      },
    },
  },
  generations: [1],
  mistakes: [
    [{}, ["casConfig: names no setting"]],
    [{ maxRetries: 1, retries: 1 }, ["casConfig.retries: is not known here; did you mean maxRetries?"]],
    [
      { maxRetries: -1, timeoutMs: 0, maxConcurrent: 0, sessionStrategy: "" },
      [
        "casConfig.sessionStrategy: is empty",
        "casConfig.maxRetries: is below 0",
        "casConfig.timeoutMs: is below 1",
        "casConfig.maxConcurrent: is below 1",
      ],
    ],
    [
      { maxRetries: 0.5, timeoutMs: 1.5, maxConcurrent: 1.5 },
      ["maxRetries", "timeoutMs", "maxConcurrent"].map((name) => `casConfig.${name}: is not a whole number`),
    ],
  ],
};

const notName = (name: string): Mistake => [
  { [name]: "x" },
  [`environmentVariables.${name}: "${name}" is not a variable name: letters, digits and _, not starting with a digit`],
];
const reserved = (name: string): Mistake => [
  { [name]: "x" },
  [
    `environmentVariables.${name}: "${name}" is reserved by Qoder (SERVER_ENDPOINT, USER_ID, WORK_DIR and names that start with CAW_ or QODER_)`,
  ],
];
const separator = "the value holds ; or a line break, which the API reads as the next variable";

export const environmentVariables: ArgumentRow<EnvironmentVariables> = {
  leftOut: "cleared",
  value: { LOG_LEVEL: "info", A: "1" },
  everyShape: { LEVEL: "info" },
  limits: [{ _: "", userId: "a=b", CAWX: " ", QODER: "x" }],
  sent: { environment_variables: "A=1\nLOG_LEVEL=info" },
  removed: { environment_variables: "" },
  shown: { environment_variables: "LOG_LEVEL=info;A=1" },
  unset: { environment_variables: "" },
  same: [
    [{ LOG_LEVEL: "info", A: "1" }, { environment_variables: "LOG_LEVEL=info;A=1" }],
    [{ LOG_LEVEL: "info", A: "1" }, { environment_variables: "\nA=1;;\r\nLOG_LEVEL=info;\n" }],
    [{}, { environment_variables: "" }],
    [undefined, { environment_variables: null }],
    [undefined, { environment_variables: "" }],
  ],
  drift: [
    [{ A: "1" }, { environment_variables: "A=2" }],
    [{ A: "" }, { environment_variables: "" }],
    [{ A: "1" }, { environment_variables: "A=1;B=2" }],
    [undefined, { environment_variables: "A=1" }],
  ],
  edited: { by: { environment_variables: "LOG_LEVEL=debug" }, to: { LOG_LEVEL: "debug" } },
  generations: [2],
  mistakes: [
    ...["1A", "A-B", "A=B"].map(notName),
    ...["SERVER_ENDPOINT", "USER_ID", "WORK_DIR", "CAW_X", "QODER_PAT"].map(reserved),
    [{ A: "x;y", B: "x\ny", C: "x\ry" }, ["A", "B", "C"].map((name) => `environmentVariables.${name}: ${separator}`)],
    [{ A: true }, ["environmentVariables.A: is a boolean; write it as a string"]],
    ["A=1;B=2", ['environmentVariables: is a string; write { NAME: "value" }']],
  ],
};
