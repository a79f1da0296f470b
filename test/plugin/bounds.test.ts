import { deployment } from "../kinds/deployment";
import { type Column, columns } from "../support/fault-columns";
import { timeLimits } from "../support/time-limits";
import { type Properties, type SimulatedStack, World } from "../support/world";

const world = World.ofTests();

const always = { times: Number.POSITIVE_INFINITY };
const limitMs = 500;
const limits = timeLimits(limitMs / 1_000);

/** A resource in the initial state of the column. `more` joins the state afterwards, so it limits no earlier step. */
async function prepared({ before }: Column, more: Properties = {}): Promise<SimulatedStack> {
  const stack = world.stack();
  const earlier = before(deployment);
  if (earlier !== undefined) {
    await stack.up(world.args(earlier));
  }
  if (stack.state !== undefined) {
    const { inputs, outputs } = stack.state;
    stack.state = { ...stack.state, inputs: { ...inputs, ...more }, outputs: { ...outputs, ...more } };
  }
  world.sent();
  return stack;
}

function run(stack: SimulatedStack, { command, wanted }: Column, more: Properties = {}): Promise<unknown> {
  return command === "up" ? stack.up(world.args({ ...wanted(deployment), ...more })) : stack[command]();
}

describe("customTimeouts limit an operation with all its requests and waits:", () => {
  const endsByLimit = async (action: Promise<unknown>) => {
    await expect(action).rejects.toThrow("time limit");
    const [first] = world.api.requests;
    expect(world.clock.now() - Number(first?.at)).toBe(limitMs);
  };

  test.each(columns.filter(({ operation }) => operation === "read" || operation === "delete"))(
    "$operation, if the deployment is gone and the service never answers another token about its agent",
    async (column) => {
      const made = await prepared(column, limits);
      const stack = world.later(made, world.command({ config: { "qoder:pat": "pt-renewed" } }));
      world.vanish(world.live.id);
      world.api.fault({ kind: "silence", path: /^\/agents/, ...always });
      await endsByLimit(run(stack, column, limits));
      expect(stack.state).toBeDefined();
    },
  );

  test("create, if the service never answers the GET of the list after a lost answer", async () => {
    world.api.fault({ kind: "reset-after", method: "POST" });
    world.api.fault({ kind: "silence", method: "GET", ...always });
    const whole = world.stack().up(world.args(timeLimits(10)));
    await expect(whole).rejects.toThrow(/unknown whether the .* was created: .*time limit of 10 s/s);
  });

  test("adopt, if the service never answers the GET of the deployment", async () => {
    world.api.fault({ kind: "silence", method: "GET", ...always });
    await endsByLimit(world.stack().up(world.args({ ...limits, adopt: "dep_1" })));
  });

  test("update and pause, if both together take too long; the next `up` sends the pause", async () => {
    const stack = world.stack();
    const minutes = timeLimits(600);
    await stack.up(world.args(minutes));
    const slowly = (reply: object) => {
      world.passTime(598_000);
      return reply;
    };
    world.api.fault({ kind: "replace-body", method: "POST", transform: slowly });
    world.api.fault({ kind: "silence", method: "POST", path: /\/pause$/ });
    const wanted = world.args({ ...minutes, description: "new", paused: true });
    await expect(stack.up(wanted)).rejects.toThrow(/may have been done or not.*time limit/s);
    expect(stack.state?.outputs).toMatchObject({ description: "new" });
    world.api.clearFaults();
    await stack.up(wanted);
    expect(world.live).toMatchObject({ description: "new", status: "paused" });
    expect(await stack.preview(wanted)).toBe("same");
  });
});
