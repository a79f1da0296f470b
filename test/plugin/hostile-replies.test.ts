import { DynamicProvider } from "../support/dynamic-provider";
import { betweenCommandsMs, SimulatedStack, World } from "../support/world";

let world: World;
/** The server of Pulumi: an output that it cannot encode makes a call fail after the service acted, or hang. */
let provider: DynamicProvider;
beforeAll(async () => {
  world = await World.start();
  provider = await DynamicProvider.start({ config: { "qoder:pat": "pt-test", "qoder:baseUrl": world.api.url } });
});
afterAll(async () => {
  await provider.stop();
  await world.stop();
});

let count = 0;
function newStack(): SimulatedStack {
  world.reset();
  count += 1;
  return new SimulatedStack(() => {
    world.passTime(betweenCommandsMs);
    return provider;
  }, `urn:pulumi:hostile${count}::project::pulumi-nodejs:dynamic/qoder:Deployment::daily-${count}`);
}

const deep = `${'{"a":['.repeat(50_000)}${"]}".repeat(50_000)}`;
/** One process serves all tests, and takes no name twice. */
const args = (more: object = {}) => world.args({ name: `daily-${count}`, ...more });

/** Adds the text of the members to the real reply. */
const withMembers = (members: string) => ({
  kind: "replace-body" as const,
  transform: (reply: object) => JSON.stringify(reply).replace(/\}$/, `,${members}}`),
});

test.each([
  ["nests a hundred thousand levels deep in an unknown member", `"later":${deep}`],
  ["nests a hundred thousand levels deep in an output", `"metadata":{"stats":${deep}}`],
  ["has half a surrogate pair in an output", '"status":"act\\ud83dive","metadata":{"stats\\udc00":"\\ud800"}'],
])("a deployment whose reply %s is created, updated, refreshed and archived", async (_, members) => {
  const stack = newStack();
  for (const command of [() => stack.up(args()), () => stack.up(args({ description: "new" })), () => stack.refresh()]) {
    world.api.fault(withMembers(members));
    await command();
    expect(stack.state?.id).toBe(world.live.id);
  }
  expect(world.live.description).toBe("new");
  await stack.destroy();
  expect(world.api.deployments.live()).toEqual([]);
});

test("half a surrogate pair reaches the engine as U+FFFD", async () => {
  const stack = newStack();
  // A GET follows the create, because the process has another clock than the service.
  world.api.fault({ ...withMembers('"status":"act\\ude00ive"'), times: 2 });
  await stack.up(args());
  expect(stack.state?.outputs).toMatchObject({ status: "act\ufffdive" });
});
