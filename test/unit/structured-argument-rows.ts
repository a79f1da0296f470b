import type { ArgumentRow } from "./argument-rows";

const textMessage = (text: string) => ({ type: "user.message", content: [{ type: "text", text }] });
const outcome = { type: "user.define_outcome", description: "Done", rubric: { type: "text", content: "Good" } };
const reordered = { rubric: { content: "Good", type: "text" }, description: "Done", type: "user.define_outcome" };
const repository = { type: "github_repository", url: "https://example.com/one", authorizationToken: "token" };
const shownRepository = { type: "github_repository", url: "https://example.com/one" };
const filledIn = { mount_path: "/data/workspace/one", checkout: null };
const casConfig = { session_strategy: "new_session", config: { max_retries: 2, timeout_ms: 300_000 } };
const casWithStats = { ...casConfig, stats: { total_runs: 4 } };

/** The arguments whose parts have a meaning of their own. */
export const structuredRows = {
  initialEvents: {
    value: [{ type: "user.message", content: "Go" }],
    sent: { initial_events: [textMessage("Go")] },
    removed: {},
    shown: { initial_events: [textMessage("Go")] },
    same: [
      [[{ type: "user.message", content: "Go" }], { initial_events: [textMessage("Go")] }],
      [[textMessage("Go")], { initial_events: [{ type: "user.message", content: "Go" }] }],
      [[outcome], { initial_events: [{ ...outcome, max_iterations: 3 }] }],
      [[{ ...outcome, maxIterations: 3 }], { initial_events: [{ ...outcome, max_iterations: null }] }],
      [[reordered], { initial_events: [outcome] }],
      [
        [textMessage("Go")],
        { initial_events: [{ ...textMessage("Go"), id: "evt_1", processed_at: null, created_at: "x" }] },
      ],
    ],
    drift: [
      [[{ type: "user.message", content: "Go" }], { initial_events: [textMessage("go")] }],
      [[textMessage("Go")], { initial_events: [textMessage("Go"), textMessage("Go")] }],
      [[textMessage("A"), textMessage("B")], { initial_events: [textMessage("B"), textMessage("A")] }],
      [[outcome], { initial_events: [{ ...outcome, max_iterations: 4 }] }],
      [[textMessage("Go")], { initial_events: [{ type: "user.later_kind", content: [{ type: "text", text: "Go" }] }] }],
    ],
  },
  resources: {
    value: [repository, { type: "file", fileId: "file_a", mountPath: "/a" }],
    sent: {
      resources: [
        { ...shownRepository, authorization_token: "token" },
        { type: "file", file_id: "file_a", mount_path: "/a" },
      ],
    },
    removed: { resources: [] },
    shown: { resources: [shownRepository, { type: "file", file_id: "file_a", mount_path: "/a" }] },
    described: [shownRepository, { type: "file", fileId: "file_a", mountPath: "/a" }],
    unset: { resources: [] },
    same: [
      [[repository], { resources: [{ ...shownRepository, ...filledIn }] }],
      [
        [{ type: "git_repository", url: "https://example.com/one", password: "p" }],
        { resources: [{ ...shownRepository, type: "git_repository", ...filledIn }] },
      ],
      [[{ type: "file", fileId: "file_a" }], { resources: [{ type: "file", file_id: "file_a", mount_path: "/m" }] }],
      [
        [{ type: "memory_store", memoryStoreId: "memstore_a" }],
        {
          resources: [
            { type: "memory_store", memory_store_id: "memstore_a", access: "read_write", instructions: null },
          ],
        },
      ],
      [[repository], { resources: [{ ...shownRepository, id: "sesr_1", created_at: "x", updated_at: "x" }] }],
      [
        [
          { ...repository, authorizationToken: "a", mountPath: "/a" },
          { ...repository, authorizationToken: "b", mountPath: "/b" },
        ],
        {
          resources: [
            { ...shownRepository, mount_path: "/a" },
            { ...shownRepository, mount_path: "/b" },
          ],
        },
      ],
      [undefined, { resources: [] }],
      [[], { resources: null }],
    ],
    drift: [
      [[repository], { resources: [] }],
      [[{ ...repository, mountPath: "/a" }], { resources: [{ ...shownRepository, mount_path: "/b" }] }],
      [[repository], { resources: [{ ...shownRepository, url: "https://example.com/two" }] }],
      [undefined, { resources: [{ type: "file", file_id: "file_a" }] }],
      [[repository], { resources: [{ ...shownRepository, checkout: { type: "commit", sha: "a" } }] }],
      [
        [{ type: "memory_store", memoryStoreId: "memstore_a" }],
        { resources: [{ type: "memory_store", memory_store_id: "memstore_a", instructions: "x" }] },
      ],
    ],
  },
  metadata: {
    value: { team: "platform", tier: "1" },
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
  },
  casConfig: {
    value: { maxRetries: 2 },
    sent: { metadata: { cas_config: { config: { max_retries: 2 } } } },
    removed: { metadata: { cas_config: null } },
    computed: { effectiveMetadata: { cas_config: casConfig } },
    shown: { metadata: { cas_config: casWithStats } },
    described: { sessionStrategy: "new_session", maxRetries: 2, timeoutMs: 300_000 },
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
  },
  environmentVariables: {
    value: { LOG_LEVEL: "info", A: "1" },
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
  },
} satisfies Record<string, ArgumentRow>;
