import type { Change } from "../argument-row";

const schedule = { expression: "0 9 * * *", timezone: "Asia/Shanghai" };
const cron = { type: "cron", ...schedule };
const url = "https://github.com/acme/shop";
const github = { type: "github_repository", url, authorizationToken: "ghp_1" };

/** Changes of a program besides those of the rows of the arguments. */
export const changes: readonly Change[] = [
  {
    what: "the time zone of a schedule (sent whole)",
    before: { schedule },
    after: { schedule: { ...schedule, timezone: "UTC" } },
    sent: { schedule: { ...cron, timezone: "UTC" } },
  },
  { what: "a new schedule", before: {}, after: { schedule }, sent: { schedule: cron } },
  {
    what: "a name and a schedule at once",
    before: { name: "api-doc-verification-deployment", schedule },
    after: { name: "api-doc-verification-deployment-v2", schedule: { ...schedule, expression: "30 9 * * 1-5" } },
    sent: { name: "api-doc-verification-deployment-v2", schedule: { ...cron, expression: "30 9 * * 1-5" } },
  },
  {
    what: "the version of the agent",
    before: { agent: { id: "agent_a", version: 1 } },
    after: { agent: { id: "agent_a", version: 2 } },
    sent: { agent: { type: "agent", id: "agent_a", version: 2 } },
  },
  {
    what: "resources by one more (sent with all tokens)",
    before: { resources: [github] },
    after: { resources: [github, { type: "file", fileId: "file_1", mountPath: "/data" }] },
    sent: {
      resources: [
        { type: "github_repository", url, authorization_token: "ghp_1" },
        { type: "file", file_id: "file_1", mount_path: "/data" },
      ],
    },
  },
  {
    what: "a token of a repository (sent with the whole list)",
    before: { resources: [github] },
    after: { resources: [{ ...github, authorizationToken: "ghp_2" }] },
    sent: { resources: [{ type: "github_repository", url, authorization_token: "ghp_2" }] },
  },
  {
    what: "a label and a setting of casConfig in the same member",
    before: { metadata: { team: "a" }, casConfig: { maxRetries: 1 } },
    after: { metadata: { team: "b" }, casConfig: { maxRetries: 2 } },
    sent: {
      metadata: {
        team: "b",
        cas_config: {
          session_strategy: "new_session",
          config: { max_concurrent: 1, max_retries: 2, timeout_ms: 300_000 },
        },
      },
    },
    switches: { generation: 1 },
  },
  {
    what: "an environment variable (sent as a whole string, sorted)",
    before: { environmentVariables: { LEVEL: "info" } },
    after: { environmentVariables: { LEVEL: "info", FLAG: "on" } },
    sent: { environment_variables: "FLAG=on\nLEVEL=info" },
  },
];
