import { times, useLab } from "./lab";

const lab = useLab();

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
