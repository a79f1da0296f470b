import { QoderDeployment, QoderProvider } from "../../provider";
import { EngineWorld, stateFile } from "../support/engine-world";

const one = "pt-one-7d41";
const two = "pt-two-c093";
const tokens = { [one]: "one", [two]: "two" };

const world = EngineWorld.ofTests({ tokens });

/** A program with one deployment, whose agent and environment belong to the account. */
function declaring(name: string, account: string) {
  const agent = world.api.agents.create({}, account).id;
  const environmentId = world.api.environments.create({}, account).id;
  const initialEvents = [{ type: "user.message" as const, content: "hello" }];
  return (pat: string, description = "") => {
    const provider = new QoderProvider(`account-of-${name}`, { pat, baseUrl: world.api.url });
    new QoderDeployment(name, { agent, environmentId, description, initialEvents }, { provider });
  };
}

test("in a stack with two accounts each deployment is created, refreshed and archived with its own token", async () => {
  const stack = await world.stack("dev", { QODER_PAT: "" });
  const declareFirst = declaring("first", "one");
  const declareSecond = declaring("second", "two");
  const program = async () => {
    declareFirst(one);
    declareSecond(two);
  };
  await stack.up(program);
  const [first, second] = world.api.deployments.live().sort((a, b) => a.name.localeCompare(b.name));
  await stack.refresh();
  expect(stateFile(world)).not.toMatch(new RegExp(`${one}|${two}`));
  await stack.destroy();

  const used = world.api.requests.map(({ method, path, token }) => `${token} ${method} ${path}`).sort();
  expect(used).toEqual(
    [
      `${one} POST /deployments`,
      `${one} GET /deployments/${first?.id}`,
      `${one} POST /deployments/${first?.id}/archive`,
      `${two} POST /deployments`,
      `${two} GET /deployments/${second?.id}`,
      `${two} POST /deployments/${second?.id}/archive`,
    ].sort(),
  );
  expect(world.api.deployments.live()).toEqual([]);
});
