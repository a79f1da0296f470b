import { serverOutputs } from "../support/deployment";

const none = {
  ...{ status: null, pausedReason: null, archivedAt: null, createdAt: null, updatedAt: null },
  ...{ agentVersion: null, upcomingRunsAt: null, lastRunAt: null, effectiveMetadata: null },
};

test("the state has null for an unknown output, keeps an output that the reply does not show, and records null for an output that is null", () => {
  const schedule = { expression: "0 9 * * *", timezone: "UTC", upcoming_runs_at: ["2026-06-15T09:00:00Z"] };
  const recorded = serverOutputs({
    id: "dep_1",
    status: "paused",
    paused_reason: { type: "error", error: { type: "agent_archived_error" } },
    agent: { id: "agent_1", version: 3 },
    schedule: { ...schedule, last_run_at: "2026-06-14T09:00:00Z" },
    metadata: { team: "a" },
    created_at: "2026-06-14T08:53:32Z",
  });
  expect(recorded).toEqual({
    ...none,
    status: "paused",
    pausedReason: { type: "error", error: { type: "agent_archived_error" } },
    agentVersion: 3,
    upcomingRunsAt: ["2026-06-15T09:00:00Z"],
    lastRunAt: "2026-06-14T09:00:00Z",
    effectiveMetadata: { team: "a" },
    createdAt: "2026-06-14T08:53:32Z",
  });
  expect(serverOutputs({ id: "dep_1" }, recorded)).toEqual(recorded);
  expect(serverOutputs({ id: "dep_1" })).toEqual(none);
  const emptied = { id: "dep_1", status: "active", paused_reason: null, schedule: null, metadata: null };
  expect(serverOutputs(emptied, recorded)).toEqual({
    ...recorded,
    status: "active",
    pausedReason: null,
    upcomingRunsAt: [],
    lastRunAt: null,
    effectiveMetadata: {},
  });
  // "Create a deployment": the key is absent until the first run.
  expect(serverOutputs({ id: "dep_1", schedule }, recorded)).toMatchObject({ lastRunAt: null });
});
