import { planned } from "../../../provider/command/import/takeover";
import { importFileText } from "../../../provider/command/import/texts";
import { pulumiName } from "../../../provider/resource/state";
import { deployment } from "./objects";

const declared = (more: Readonly<Record<string, unknown>>) => planned([deployment(more)]).taken[0]?.object.inputs;
const reasons = (more: Readonly<Record<string, unknown>>) => planned([deployment(more)]).leftOut[0]?.reasons;

test("the program pins the agent to the version of the deployment, if the reply shows one", () => {
  expect(declared({})).toMatchObject({ agent: { id: "agent_1", version: 3 } });
  expect(declared({ agent: { id: "agent_1" } })).toMatchObject({ agent: "agent_1" });
});

test("the program omits values that the service fills in, and keeps different values", () => {
  const resources = [
    {
      type: "github_repository",
      url: "https://github.com/acme/shop.git",
      mount_path: "/workspace/shop",
      checkout: null,
    },
    { type: "git_repository", url: "https://example.com/acme/shop", mount_path: "/src" },
    { type: "file", file_id: "file_1", mount_path: "/mnt/session/uploads/file_1" },
    { type: "file", file_id: "file_2", mount_path: "/data" },
  ];
  const outcome = { type: "user.define_outcome", description: "d", rubric: { type: "file", file_id: "file_1" } };
  const given = declared({
    description: null,
    vault_ids: [],
    resources,
    initial_events: [
      { ...outcome, max_iterations: 3 },
      { ...outcome, max_iterations: 4 },
    ],
    metadata: {
      cas_config: {
        session_strategy: "new_session",
        config: { max_retries: 2, timeout_ms: 300_000, max_concurrent: 1 },
        stats: { total_runs: 4 },
      },
    },
  });
  expect(given).toEqual({
    name: "daily",
    agent: { id: "agent_1", version: 3 },
    environmentId: "env_1",
    initialEvents: [
      { type: "user.define_outcome", description: "d", rubric: { type: "file", fileId: "file_1" } },
      { type: "user.define_outcome", description: "d", rubric: { type: "file", fileId: "file_1" }, maxIterations: 4 },
    ],
    resources: [
      { type: "github_repository", url: "https://github.com/acme/shop.git" },
      { type: "git_repository", url: "https://example.com/acme/shop", mountPath: "/src" },
      { type: "file", fileId: "file_1" },
      { type: "file", fileId: "file_2", mountPath: "/data" },
    ],
    casConfig: { maxRetries: 2 },
  });
});

test("the program omits run settings if all have their default", () => {
  const config = { max_retries: 0, timeout_ms: 300_000, max_concurrent: 1 };
  const metadata = { team: "x", cas_config: { session_strategy: "new_session", config, stats: {} } };
  expect(declared({ metadata })).not.toHaveProperty("casConfig");
});

test("the program has a pause by hand, but not a pause by the service", () => {
  expect(declared({ status: "paused", paused_reason: { type: "manual" } })).toMatchObject({ paused: true });
  const byError = { type: "error", error: { type: "agent_archived_error" } };
  expect(declared({ status: "paused", paused_reason: byError })).not.toHaveProperty("paused");
});

test("a deployment that this version cannot express is left out with the place and the reason", () => {
  expect(reasons({ resources: [{ type: "volume", volume_id: "vol_1" }] })).toEqual([
    "resources[0].type: is not one of github_repository, git_repository, file, memory_store",
  ]);
  expect(reasons({ environment_variables: "QODER_HOME=/x" })?.[0]).toContain("is reserved by Qoder");
  expect(reasons({ initial_events: undefined })).toEqual(["initialEvents: is missing"]);
  expect(reasons({ agent: undefined })).toEqual(["agent: is missing"]);
  const cached = { type: "text", text: "hello", cache_control: { type: "ephemeral" } };
  expect(reasons({ initial_events: [{ type: "user.message", content: [cached] }] })).toEqual([
    "initialEvents[0].content[0].cacheControl: is not known here; known are type, text",
  ]);
});

test("a left-out deployment leaves its name to the others", () => {
  const { taken, leftOut } = planned([
    deployment({ id: "dep_1", resources: [{ type: "volume" }] }),
    deployment({ id: "dep_2" }),
  ]);
  expect(leftOut.map(({ id }) => id)).toEqual(["dep_1"]);
  expect(taken.map(({ object: { id }, names }) => [id, names.resource])).toEqual([["dep_2", "daily"]]);
});

test("the imported state has the resource name and an origin that differs between two names of a deployment", () => {
  const names = ["daily", "weekly"].map((name) => {
    const { resources } = JSON.parse(importFileText(planned([deployment({ name })]).taken));
    return [resources[0].inputs.__origin, pulumiName(resources[0].inputs), pulumiName(resources[0].outputs)];
  });
  expect(names).toEqual([
    ["imported::dep_1::daily", "daily", "daily"],
    ["imported::dep_1::weekly", "weekly", "weekly"],
  ]);
});
