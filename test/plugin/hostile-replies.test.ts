import { DynamicProvider } from "../support/dynamic-provider";
import { SimulatedStack } from "../support/simulated-stack";
import { World } from "../support/world";

let world: World;
/** The real server: what cannot be put into its answers is never answered, or fails after the service acted. */
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
  return new SimulatedStack(
    () => provider,
    `urn:pulumi:hostile${count}::project::pulumi-nodejs:dynamic/qoder:Deployment::daily`,
  );
}

const deep = `${'{"a":['.repeat(50_000)}${"]}".repeat(50_000)}`;
/** The real reply with more members, written as they are. */
const withMembers = (members: string) => ({
  kind: "replace-body" as const,
  transform: (reply: object) => JSON.stringify(reply).replace(/\}$/, `,${members}}`),
});

test.each([
  ["nests a hundred thousand levels deep in a member that nobody knows", `"later":${deep}`],
  ["nests a hundred thousand levels deep in one that is shown", `"metadata":{"stats":${deep}}`],
  ["holds half a character in what is shown", '"status":"act\\ud83dive","metadata":{"stats\\udc00":"\\ud800"}'],
])("a deployment whose reply %s is in the state, and is updated, read and archived like others", async (_, members) => {
  const stack = newStack();
  for (const command of [
    () => stack.up(world.args()),
    () => stack.up(world.args({ description: "new" })),
    () => stack.refresh(),
  ]) {
    world.api.fault(withMembers(members));
    await command();
    expect(stack.state?.id).toBe(world.live.id);
  }
  expect(world.live.description).toBe("new");
  await stack.destroy();
  expect(world.api.deployments.live()).toEqual([]);
});

test("half a character reaches the engine as the sign for what cannot be read", async () => {
  const stack = newStack();
  // A look follows the create, as the clock of the process is not that of the service.
  world.api.fault({ ...withMembers('"status":"act\\ude00ive"'), times: 2 });
  await stack.up(world.args());
  expect(stack.state?.outputs).toMatchObject({ status: "act\ufffdive" });
});

const hostile = `\u001b[2J\u202e<{%x%}>${"y".repeat(1_000)}`;
const body = { type: "error", error: { type: hostile, message: hostile, param: hostile }, request_id: hostile };

test("an error text can neither act on the terminal or the CLI nor fill it", async () => {
  const stack = newStack();
  world.api.fault({ kind: "status", status: 400, method: "POST", body });
  const error: unknown = await stack.up(world.args()).catch((thrown: unknown) => thrown);
  const { message } = error instanceof Error ? error : new Error("none");
  expect(message).toMatch(/^QoderDeployment "daily": create failed: POST \/deployments was answered with 400 /);
  expect(message).toContain("yyy…");
  expect(message).not.toMatch(/[\p{Cc}\u202e]|<\{%|%\}>/u);
  expect(message.length).toBeLessThan(1_000);
});

test("what the service says to a half-done create is printed, and the reasons that the state keeps hold nothing of it", async () => {
  const stack = newStack();
  const printed = provider.output.length;
  world.api.fault({
    kind: "status",
    status: 400,
    path: /\/pause$/,
    body: { error: { message: "no pause with hunter2" } },
  });
  const error: unknown = await stack.up(world.args({ paused: true })).catch((thrown: unknown) => thrown);
  const { id } = world.live;
  expect(error).toMatchObject({
    initFailure: {
      id,
      reasons: [
        `QoderDeployment "daily" (${id}): create was done in part, the next \`pulumi up\` does the rest; the reason is printed above`,
      ],
    },
  });
  await provider.prints("no pause with hunter2");
  expect(provider.output.slice(printed)).toEqual([
    expect.stringMatching(
      `^error: QoderDeployment "daily" \\(${id}\\): create was done in part, .* no pause with hunter2 `,
    ),
  ]);
});
