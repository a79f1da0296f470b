import { times, useLab } from "./lab";

const lab = useLab();

test.each([
  ["honour", 1],
  ["ignore", 2],
] as const)("two requests with the same key, which the service is to %s, start runs: %d", async (keys, count) => {
  lab.api.switches.idempotencyKeysForRuns = keys;
  const path = `/deployments/${lab.create()}/run`;
  const headers = { "idempotency-key": "4d8c1f0e-0000-4000-8000-000000000001" };
  for (const _ of times(2, () => path)) expect((await lab.post(path, {}, { headers })).status).toBe(200);
  expect(lab.api.runs.all()).toHaveLength(count);
});

test("a switch delays a run in lists, but not in a GET of the run", async () => {
  lab.api.switches.runsUnlistedForMs = 30_000;
  const id = lab.create();
  const run = lab.api.deployments.run(id);
  expect((await lab.get(`/deployments/${id}/runs`)).body.data).toEqual([]);
  expect((await lab.get(`/deployment_runs/${run.id}`)).body).toEqual(run);
  lab.set("2026-06-14T08:54:02Z");
  expect((await lab.get(`/deployments/${id}/runs`)).body.data).toEqual([run]);
});

test.each([
  [false, "2026-06-14T08:53:32Z"],
  [true, "2026-06-14T08:54:06Z"],
])("a run changes updated_at of the deployment if the switch is true (%s)", (runTouchesDeployment, updatedAt) => {
  lab.api.switches.runTouchesDeployment = runTouchesDeployment;
  const id = lab.create();
  lab.set("2026-06-14T08:54:06Z");
  lab.api.deployments.run(id);
  expect(lab.api.deployments.get(id).updated_at).toBe(updatedAt);
});

test.each([
  [1, 1, "skipped"],
  [2, 2, undefined],
] as const)("in generation %d, two runs at once start sessions: %d", (generation, count, status) => {
  lab.api.switches.generation = generation;
  const id = lab.create();
  const runs = times(2, () => lab.api.deployments.run(id));
  expect(runs.filter(({ session_id: session }) => session !== null)).toHaveLength(count);
  expect(runs[1]?.status).toBe(status);
});

test("a GET of a removed run answers 404, and the deployment lists it no more", async () => {
  const id = lab.create();
  const run = lab.api.deployments.run(id);
  lab.api.runs.remove(run.id);
  expect((await lab.get(`/deployment_runs/${run.id}`)).status).toBe(404);
  expect((await lab.get(`/deployments/${id}/runs`)).body.data).toEqual([]);
});
