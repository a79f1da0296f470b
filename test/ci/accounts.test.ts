import { getAgent, getEnvironmentOutput, QoderDeployment, QoderProvider } from "../../provider";
import { EngineWorld, stateFile } from "../support/engine-world";

const one = "pt-one-7d41";
const two = "pt-two-c093";
const tokens = { [one]: "one", [two]: "two" };

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start({ tokens });
});
afterEach(() => world.stop());

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

test("a look-up in another account finds its object in a preview and in `up`", async () => {
  const agent = world.api.agents.create({ name: "reporter" }, "two");
  const environment = world.api.environments.create({ name: "cloud" }, "two");
  const stack = await world.stack("dev", { QODER_PAT: "" });
  const program = async () => {
    const provider = new QoderProvider("second", { pat: two, baseUrl: world.api.url });
    const reporter = await getAgent({ name: "reporter" }, { provider });
    const cloud = getEnvironmentOutput({ name: "cloud" }, { provider });
    const initialEvents = [{ type: "user.message" as const, content: "hello" }];
    new QoderDeployment("daily", { agent: reporter, environmentId: cloud.id, initialEvents }, { provider });
    return { version: reporter.version, environment: cloud.name };
  };
  expect((await stack.preview(program)).output).toContain(`environmentId: "${environment.id}"`);
  expect(world.sent()).toEqual([
    ["GET", "/agents"],
    ["GET", "/environments"],
  ]);
  await stack.up(program);
  expect(world.live).toMatchObject({ agent: { id: agent.id, version: 1 }, environment_id: environment.id });
  expect(await stack.outputs()).toEqual({
    version: { value: 1, secret: false },
    environment: { value: "cloud", secret: false },
  });
});

test("a provider that changes from a token to a service account key replaces no deployment, and exchanges the key once", async () => {
  const { key } = world.api.serviceAccounts.create({ account: "one", key: "sa-key-9e02" });
  const stack = await world.stack("dev", { QODER_PAT: "" });
  const agent = world.api.agents.create({}, "one").id;
  const environmentId = world.api.environments.create({}, "one").id;
  const initialEvents = [{ type: "user.message" as const, content: "hello" }];
  const program = (credential: { pat: string } | { saKey: string }, description: string) => async () => {
    const provider = new QoderProvider("account", { ...credential, baseUrl: world.api.url });
    for (const name of ["first", "second", "third"]) {
      new QoderDeployment(name, { agent, environmentId, description, initialEvents }, { provider });
    }
  };
  await stack.up(program({ pat: one }, "a"));
  const ids = world.api.deployments.live().map(({ id }) => id);
  world.api.clearRequests();
  expect((await stack.preview(program({ saKey: key }, "b"))).output).not.toContain(key);
  expect(world.api.requests).toEqual([]);
  await stack.up(program({ saKey: key }, "b"));
  expect(world.api.deployments.live().map(({ id }) => id)).toEqual(ids);
  const asked = world.api.requests.map(({ path, status }) => `${status} ${path}`);
  expect(asked.filter((line) => line.endsWith("/exchange"))).toHaveLength(1);
  expect(asked).toHaveLength(4);
  await stack.refresh();
  const tokens = world.api.requests.map(({ token = "" }) => token);
  expect(tokens).not.toContain(one);
  const state = stateFile(world);
  expect(tokens.filter((token) => state.includes(token))).toEqual([]);
});
