import { deploymentRun } from "../../kinds/deployment-run";
import type { Fault } from "../../qoder-api";
import { Runs } from "../../support/runs";
import { until } from "../../support/until";
import { World } from "../../support/world";

// The engine passes Ctrl-C to a plugin. The server of dynamic providers keeps it to itself.
const world = World.ofTests(deploymentRun, "plugin");
const runs = new Runs(world);

const hourMs = 3_600_000;
const ofSessions = { method: "GET", path: /^\/sessions\// } as const;
const looks = () => world.api.requests.filter(({ path }) => path.startsWith("/sessions/")).length;

const faults = {
  "gets no answer to a GET": (cancel: () => void): Fault => {
    // A call that runs beside the gate, so that its time limit does not end the silence first.
    void world.clock.during(async () => {
      await until(
        () => looks() > 0,
        () => "the gate has looked at its session",
      );
      cancel();
    });
    return { ...ofSessions, kind: "silence" };
  },
  "waits between two GETs": (cancel: () => void): Fault => {
    const transform = (session: Readonly<Record<string, unknown>>) => {
      setImmediate(cancel);
      return session;
    };
    return { ...ofSessions, kind: "replace-body", transform };
  },
};

describe.each(Object.entries(faults))("a cancelled command whose gate %s", (_, fault) => {
  test.each(["create", "update"])("ends the %s at once, and the next `up` waits for the same run", async (write) => {
    const args = world.args({ waitForResult: true });
    const stack = world.stack();
    if (write === "update") {
      await stack.up(world.args());
    }
    const command = world.command();
    world.api.fault({ ...fault(() => void command.end()), times: Number.POSITIVE_INFINITY });
    const cancelled = world.later(stack, command);
    const failure = await cancelled.up(args).catch((error: Error) => error.message);
    const [id] = runs.startedIds;
    expect(failure).toMatch(
      new RegExp(
        `${write} was done in part, the next \`pulumi up\` does the rest: ${id} of dep_a has no result after \\d+ s, when the command was cancelled: .*\\nThe run continues, and the next \`pulumi up\` waits for it$`,
      ),
    );
    expect(cancelled.state?.id).toBe(id);
    world.api.clearFaults();
    // The request that nobody awaits any more reaches its time limit.
    world.clock.pass(2 * hourMs);
    const before = looks();
    world.api.sessions.end(String(runs.started[0]?.session_id));
    const next = world.later(cancelled);
    await next.up(args);
    expect(next.state?.outputs).toMatchObject({ result: "done" });
    expect(looks() - before).toBeLessThanOrEqual(3);
    expect(runs.startedIds).toEqual([id]);
  });
});

test("a gate whose run starts after the command was cancelled does not wait, and the state keeps the run", async () => {
  const command = world.command();
  const stack = world.stack(command);
  runs.strike({
    kind: "replace-body",
    transform(run) {
      void command.end();
      return run;
    },
  });
  await expect(stack.up(world.args({ waitForResult: true }))).rejects.toThrow("when the command was cancelled");
  expect(stack.state?.id).toBe(runs.startedIds[0]);
  expect(looks()).toBe(0);
});
