import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import type { KindRow } from "../kinds/kind-row";
import { World } from "../support/world";

type Reply = Readonly<Record<string, unknown>>;
const always = { times: Number.POSITIVE_INFINITY };
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const world = World.ofTests();

/** The same declaration again, with an empty state. */
async function twice(between: () => void) {
  const first = world.stack();
  await first.up(world.args());
  between();
  world.sent();
  const second = world.again(first);
  return { id: first.state?.id ?? "", second, up: second.up(world.args()) };
}

test("a create that is answered with a renamed object of the same key creates another object", async () => {
  const { id, up, second } = await twice(() => {
    // The creation time of a deployment has whole seconds.
    world.passTime(3_000);
    world.api.deployments.edit(world.live.id, { name: "daily-eu" });
  });
  await up;
  expect(second.state?.id).not.toBe(id);
  expect(
    world.api.deployments
      .live()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["daily", "daily-eu"]);
});

test.each([403, 503])("a create answered with an older object fails if its read fails with %i", async (status) => {
  const { id, up, second } = await twice(() => {
    world.passTime(5 * hourMs);
    world.api.fault({ kind: "status", status, method: "GET", body: {}, times: Number.POSITIVE_INFINITY });
  });
  await expect(up).rejects.toThrow(String(status));
  expect(second.state).toBeUndefined();
  expect(world.live.id).toBe(id);
});

test("a create whose object may be new records it even if the read of it fails", async () => {
  world.api.switches.dateAheadMs = -30_000;
  world.api.fault({ kind: "status", status: 403, method: "GET", times: Number.POSITIVE_INFINITY });
  const stack = world.stack();
  await expect(stack.up(world.args())).rejects.toThrow("was done in part");
  expect(stack.state?.id).toBe(world.live.id);
});

describe.each<[string, () => void]>([
  ["keys that are remembered for a month", () => Object.assign(world.api.switches, { keyHours: 720 })],
  ["a date that is 30 seconds behind", () => Object.assign(world.api.switches, { dateAheadMs: -30_000 })],
  ["a date that is 30 seconds ahead", () => Object.assign(world.api.switches, { dateAheadMs: 30_000 })],
])("with %s", (name, prepare) => {
  beforeEach(prepare);

  test("an archived object is created again", async () => {
    const age = name.startsWith("keys") ? 30 * hourMs : 20_000;
    const { id, up, second } = await twice(() => {
      world.passTime(age);
      world.api.deployments.archive(world.live.id);
    });
    await up;
    expect(second.state?.id).toBe(world.live.id);
    expect(second.state?.id).not.toBe(id);
  });

  test("a create sends at most one GET", async () => {
    world.pin("late", "a new object that a GET does not show yet is asked for again");
    const stack = world.stack();
    await stack.up(world.args());
    expect(world.sent().length).toBeLessThanOrEqual(2);
    expect(stack.state?.id).toBe(world.live.id);
  });
});

describe("a create whose reply is outside of the contract", () => {
  const without = (member: string) => (reply: Reply) => ({ ...reply, [member]: null });
  const replaced = (method: "GET" | "POST", transform: (reply: Reply) => unknown) =>
    world.api.fault({
      kind: "replace-body",
      method,
      transform,
      path: method === "POST" ? "/deployments" : /dep_/,
      ...always,
    });

  test("records the object that a GET shows, and sends no second create", async () => {
    replaced("POST", without("created_at"));
    const stack = world.stack();
    await stack.up(world.args({ description: "d" }));
    expect(world.api.requests.map(({ method, path }) => [method, path])).toEqual([
      ["POST", "/deployments"],
      ["GET", `/deployments/${world.live.id}`],
    ]);
    expect(stack.state).toMatchObject({ id: world.live.id, outputs: { description: "d" } });
    expect([await stack.preview(world.args({ description: "d" })), await stack.refresh()]).toEqual(["same", "same"]);
  });

  test("records the id alone if the GET is outside of it too, and the next update sends all", async () => {
    replaced("POST", without("updated_at"));
    replaced("GET", without("updated_at"));
    const stack = world.stack();
    const args = world.args({ description: "d", paused: true });
    await expect(stack.up(args)).rejects.toThrow(
      "POST /deployments was answered with 200, but updated_at is not as the API documents it",
    );
    expect(stack.state?.id).toBe(world.live.id);
    world.api.clearFaults();
    await stack.up(args);
    expect(stack.state?.id).toBe(world.live.id);
    expect(world.live).toMatchObject({ description: "d", status: "paused" });
    expect([await stack.preview(args), await stack.refresh()]).toEqual(["same", "same"]);
  });

  test("in a member that decides nothing is recorded with a warning", async () => {
    replaced("POST", (reply) => ({ ...reply, environment_variables: { A: "1" } }));
    const stack = world.stack();
    await stack.up(world.args({ description: "d" }));
    expect(stack.state).toMatchObject({ id: world.live.id, outputs: { description: "d" } });
    expect(world.output.join("\n")).toMatch(
      /warning: .*: in the response to POST \/deployments, environment_variables is not as the API documents it.*; the value counts as empty/,
    );
  });
});

test.each([
  ["deployments", deployment, ["reset-before", "status"]],
  ["agents, whose page documents the key,", agent, ["reset-before", "reset-after", "status"]],
] as readonly [string, KindRow, readonly ("reset-before" | "reset-after" | "status")[]][])(
  "20 creates of %s whose first 200 requests are lost or refused make 20 objects",
  async (_, kind, faults) => {
    const elsewhere = await World.start(kind);
    try {
      for (let index = 0; index < 200; index += 1) {
        const fault = { kind: faults[index % faults.length] ?? "status", status: 503, body: "upstream connect error" };
        elsewhere.api.fault({ ...fault, method: "POST", path: elsewhere.create });
      }
      const run = elsewhere.command();
      const stacks = Array.from({ length: 20 }, () => elsewhere.stack(run));
      await Promise.all(stacks.map((stack, index) => stack.up(elsewhere.args({ name: `daily-${index}` }))));
      const ids = stacks.map((stack) => stack.state?.id);
      expect(new Set(ids).size).toBe(20);
      expect(ids.sort()).toEqual(
        elsewhere.console
          .live()
          .map(({ id }) => id)
          .sort(),
      );
    } finally {
      await elsewhere.stop();
    }
  },
);

test("the error of a create without any answer says how often and how long it was tried", async () => {
  world.api.fault({ kind: "reset-before", method: "POST", path: "/deployments", times: Number.POSITIVE_INFINITY });
  await expect(world.stack().up(world.args({ __timeouts: { create: 60 } }))).rejects.toThrow(
    /got no answer: .*\(tried \d+ times in \d+ s\)/,
  );
});

test("the error of a refused create says that the service may repeat an earlier refusal", async () => {
  world.api.switches.idempotencyKeys = "keep-refusals";
  world.api.environments.archive(world.otherEnvironment);
  const args = world.args({ environmentId: world.otherEnvironment });
  await expect(world.stack().up(args)).rejects.toThrow("change another one too: a refusal repeats for 24 hours");
});
