import * as pulumi from "@pulumi/pulumi";
import { getDeploymentRuns, getDeploymentRunsOutput, QoderProvider } from "../../provider";
import { type QoderApi, startQoderApi } from "../qoder-api";
import { mockEngine } from "../support/registrations";

const [own, other] = ["pt-own-51c7", "pt-other-9e02"];
const refusal = { type: "session_rate_limited_error", message: "Too many sessions." };

let api: QoderApi;
let now: Date;
let id: string;
beforeEach(async () => {
  now = new Date("2026-11-20T01:00:00Z");
  api = await startQoderApi({ tokens: { [own]: "own", [other]: "other" }, clock: () => now });
  id = api.deployments.create({
    name: "daily-report",
    agent: api.agents.create().id,
    environment_id: api.environments.create().id,
    initial_events: [{ type: "user.message", content: "hello" }],
    schedule: { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" },
  }).id;
  mockEngine();
  pulumi.runtime.setAllConfig({ "qoder:baseUrl": api.url, "qoder:pat": own }, ["qoder:pat"]);
});
afterEach(() => api.close());

const queries = () => api.requests.map(({ method, path, query }) => ({ method, path, ...query }));
const path = () => `/deployments/${id}/runs`;

test("a run has the members of the reply, in camel case", async () => {
  const failed = api.deployments.runBySchedule(id, refusal);
  now = new Date("2026-11-21T01:00:00Z");
  const started = api.deployments.run(id);
  const common = { deploymentId: id, agentVersion: 1 };
  expect(await getDeploymentRuns({ deploymentId: id })).toEqual([
    {
      ...common,
      id: started.id,
      createdAt: "2026-11-21T01:00:00Z",
      trigger: "manual",
      scheduledAt: undefined,
      sessionId: started.session_id,
      error: undefined,
    },
    {
      ...common,
      id: failed.id,
      createdAt: "2026-11-20T01:00:00Z",
      trigger: "schedule",
      scheduledAt: "2026-11-20T01:00:00Z",
      sessionId: undefined,
      error: refusal,
    },
  ]);
  // The deployment shows the variables that an error may repeat.
  expect(queries()).toEqual([
    { method: "GET", path: path(), limit: "100" },
    { method: "GET", path: `/deployments/${id}` },
  ]);
});

test("an error repeats no environment variable of the deployment", async () => {
  api.deployments.edit(id, { environment_variables: "API_KEY=correct-horse-battery" });
  api.deployments.runBySchedule(id, { ...refusal, message: "refused: correct-horse-battery is wrong" });
  expect(await getDeploymentRuns({ deploymentId: id })).toMatchObject([
    { error: { message: "refused: [secret] is wrong" } },
  ]);
});

test("getDeploymentRuns returns at most `limit` runs, or the newest hundred, in pages of a hundred", async () => {
  const ids = Array.from({ length: 205 }, () => api.deployments.run(id).id).reverse();
  const idsOf = async (limit?: number) => (await getDeploymentRuns({ deploymentId: id, limit })).map((run) => run.id);
  expect(await idsOf(3)).toEqual(ids.slice(0, 3));
  expect(await idsOf()).toEqual(ids.slice(0, 100));
  expect(await idsOf(201)).toEqual(ids.slice(0, 201));
  expect(await idsOf(1_000)).toEqual(ids);
  expect(api.requests.map(({ query }) => query["limit"])).toEqual(["3", ...Array.from({ length: 7 }, () => "100")]);
});

test("triggeredAfter and triggeredBefore are sent to the service", async () => {
  const early = api.deployments.runBySchedule(id);
  now = new Date("2026-11-22T01:00:00Z");
  const late = api.deployments.runBySchedule(id);
  const [triggeredAfter, triggeredBefore] = ["2026-11-21T00:00:00Z", "2026-11-20T12:00:00+08:00"];
  expect(await getDeploymentRuns({ deploymentId: id, triggeredAfter })).toMatchObject([{ id: late.id }]);
  expect(await getDeploymentRuns({ deploymentId: id, triggeredBefore })).toMatchObject([{ id: early.id }]);
  expect(queries()).toEqual([
    { method: "GET", path: path(), limit: "100", triggered_after: triggeredAfter },
    { method: "GET", path: path(), limit: "100", triggered_before: triggeredBefore },
  ]);
});

test("getDeploymentRunsOutput takes Outputs, and uses the account of the provider option", async () => {
  api.deployments.run(id);
  const provider = new QoderProvider("theirs", { pat: own });
  pulumi.runtime.setAllConfig({ "qoder:baseUrl": api.url, "qoder:pat": other }, ["qoder:pat"]);
  const runs = getDeploymentRunsOutput({ deploymentId: pulumi.output(id), limit: pulumi.output(1) }, { provider });
  expect(await new Promise((resolve) => runs.apply(resolve))).toHaveLength(1);
  expect(api.requests.map(({ token }) => token)).toEqual([own]);
});

test("a deployment that the token does not see is an error that names the source of the token", async () => {
  pulumi.runtime.setAllConfig({ "qoder:baseUrl": api.url, "qoder:pat": other }, ["qoder:pat"]);
  await expect(getDeploymentRuns({ deploymentId: id })).rejects.toThrow(
    new RegExp(
      `^getDeploymentRuns\\(\\{ deploymentId: "${id}" \\}\\): GET ${path()} was answered with 404 not_found_error: .*Token from qoder:pat .*\\nCheck the id, and that the token belongs to the account and workspace of the deployment`,
    ),
  );
});

test("the id of another kind is an error without a request", async () => {
  await expect(getDeploymentRuns({ deploymentId: "agent_1" })).rejects.toThrow(
    new pulumi.RunError('getDeploymentRuns({ deploymentId: "agent_1" }): the ids of deployments start with dep_'),
  );
  expect(api.requests).toEqual([]);
});

test("an entry without a time is an error that names the run and the member", async () => {
  api.deployments.run(id);
  const transform = (page: object) => ({ ...page, data: [{ id: "drun_1", status: "running" }] });
  api.fault({ kind: "replace-body", path: path(), transform });
  await expect(getDeploymentRuns({ deploymentId: id })).rejects.toThrow(
    `getDeploymentRuns({ deploymentId: "${id}" }): GET ${path()} was answered with 200, but drun_1: created_at is not as the API documents it`,
  );
});
