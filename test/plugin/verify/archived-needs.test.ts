import { deployment } from "../../support/kinds";
import { PluginWorld } from "../../support/plugin-world";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.resetAll());

/** Two deployments that name one agent and one environment, which somebody archives. */
async function standing() {
  const { id: agent } = world.api.agents.create({ name: "reporter" });
  const { id: environment } = world.api.environments.create({ name: "cloud" });
  const parts = world.args({ agent, environmentId: environment });
  const one = await world.existing(deployment, { ...parts, name: "one" });
  const two = await world.existing(deployment, { ...parts, name: "two" });
  world.api.agents.archive(agent);
  world.api.environments.archive(environment);
  const states = [one.stack.state, two.stack.state].flatMap((state) => (state === undefined ? [] : [state]));
  return { agent, environment, states };
}

test("a refresh that verifies warns of an archived agent and environment, and asks for each once", async () => {
  const { agent, environment, states } = await standing();
  const run = world.command({ "qoder:verify": "true" });
  for (const { id, outputs } of states) {
    await run.read(id, outputs);
  }
  const looks = world.sent().map((request) => String(request));
  expect(looks.filter((look) => look.includes("/agents/"))).toEqual([`GET,/agents/${agent}`]);
  expect(looks.filter((look) => look.includes("/environments/"))).toEqual([`GET,/environments/${environment}`]);
  for (const name of ["one", "two"]) {
    expect(world.output).toContainEqual(
      expect.stringMatching(`"${name}".*its agent ${agent} is archived since .*no run starts`),
    );
    expect(world.output).toContainEqual(
      expect.stringMatching(`"${name}".*its environment ${environment} is archived since`),
    );
  }
});

test("a refresh that does not verify is one GET a deployment", async () => {
  const { states } = await standing();
  const run = world.command();
  for (const { id, outputs } of states) {
    await run.read(id, outputs);
  }
  expect(world.sent()).toEqual(states.map(({ id }) => ["GET", `/deployments/${id}`]));
  expect(world.output).toEqual([]);
});
