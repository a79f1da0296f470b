import { useStatusWorld } from "./status-world";

const world = useStatusWorld();

/** Two runs that have ended, of which the list of sessions shows the cost of the first in another form. */
function twoRuns(members: object) {
  const id = world.create("daily");
  const [unknown, known] = [0, 1].map(() => world.run(id, { credits: { model: 12.5 } }));
  world.fault("/sessions", { each: (one) => (one["id"] === known ? one : { ...one, ...members }) });
  return { id, unknown };
}

test.each<[string, object]>([
  ["absent", { usage: {} }],
  ["without usage", { usage: undefined }],
  ["null", { usage: { total_credits: null } }],
  ["a text with a comma", { usage: { total_credits: "12,50" } }],
  ["a text with an exponent", { usage: { total_credits: "1.2e1" } }],
  ["negative", { usage: { total_credits: -5 } }],
])("a cost that the list does not show, because it is %s, is read from the session, or unknown", async (_, members) => {
  const { id, unknown } = twoRuns(members);
  const since = { credits: 25, unknownCosts: 0 };
  expect(await world.told(id, "--since", "1d")).toMatchObject({ status: 0, stderr: "", one: { since } });
  world.fault(`/sessions/${unknown}`, { members });
  const { status, stdout, stderr } = await world.status(id, "--since", "1d");
  expect([status, stderr]).toEqual([2, `Not known: ${id} "daily"\n  The service does not show what 1 run cost\n`]);
  expect(stdout).toMatch(/^! {2}daily .* 2\/2 +at least 12\.5$/m);
  expect(stdout).toContain("2 runs, 2 done, at least 12.5 credits.");
});

test("a run that works, has not begun or could not start costs nothing yet, and is not unknown", async () => {
  const id = world.create("daily");
  world.api.deployments.runBySchedule(id, { type: "session_rate_limited_error", message: "Too many." });
  world.api.deployments.runBySchedule(id);
  world.api.switches.sessionsStart = "never";
  world.api.deployments.runBySchedule(id);
  const since = { runs: 3, credits: 0, unknownCosts: 0 };
  expect(await world.told(id, "--since", "1d")).toMatchObject({ status: 0, one: { since } });
});
