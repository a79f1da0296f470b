import { DynamicProvider } from "../support/dynamic-provider";
import { SimulatedStack } from "../support/simulated-stack";
import { World } from "../support/world";

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
  return new SimulatedStack(
    () => provider,
    `urn:pulumi:hostile${count}::project::pulumi-nodejs:dynamic/qoder:Deployment::daily-${count}`,
  );
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

const hostile = `\u001b[2J\n\u202e<{%x%}>${"y".repeat(1_000)}`;
const body = { type: "error", error: { type: hostile, message: hostile, param: hostile }, request_id: hostile };

test("an error shows the service's text shortened and without control characters or CLI markup", async () => {
  const stack = newStack();
  world.api.fault({ kind: "status", status: 400, method: "POST", body });
  const error: unknown = await stack.up(args()).catch((thrown: unknown) => thrown);
  const { message } = error instanceof Error ? error : new Error("none");
  expect(message).toMatch(/^QoderDeployment "daily-\d": create failed: POST \/deployments was answered with 400 /);
  expect(message).toContain("yyy…");
  // The line break before the remedy is the only one.
  expect(message.replace("\nCorrect the argument", "")).not.toMatch(/[\p{Cc}\u202e]|<\{%|%\}>/u);
  expect(message.length).toBeLessThan(1_000);
});

test("after a create that failed in part, the service's message is printed and is not in the state", async () => {
  const stack = newStack();
  const printed = provider.output.length;
  world.api.fault({
    kind: "status",
    status: 400,
    path: /\/pause$/,
    body: { error: { message: "no pause with hunter2" } },
  });
  const error: unknown = await stack.up(args({ paused: true })).catch((thrown: unknown) => thrown);
  const { id } = world.live;
  expect(error).toMatchObject({
    initFailure: {
      id,
      reasons: [
        `QoderDeployment "daily-${count}" (${id}): create was done in part, the next \`pulumi up\` does the rest; the reason is printed above`,
      ],
    },
  });
  await provider.prints("no pause with hunter2");
  expect(provider.output.slice(printed)).toEqual([
    expect.stringMatching(
      `^error: QoderDeployment "daily-${count}" \\(${id}\\): create was done in part, .* no pause with hunter2 .*\nCorrect the argument and run \`pulumi up\` again`,
    ),
  ]);
});
