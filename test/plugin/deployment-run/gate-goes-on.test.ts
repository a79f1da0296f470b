import { deploymentRun } from "../../kinds/deployment-run";
import { Runs, start } from "../../support/runs";
import { type SimulatedStack, World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const billing = { type: "billing_error", message: "No credits are left." };
const gate = (triggers = ["a"], waitForResult: unknown = true) => world.args({ triggers, waitForResult });
const resumedAndDone = (session: string) => {
  world.api.sessions.resume(session);
  world.api.sessions.end(session);
};

/** A gate that has failed in its create. */
async function failed(): Promise<SimulatedStack> {
  runs.strikeWithEnd({ error: billing });
  const stack = world.stack();
  const failure = await stack.up(gate()).catch((error: Error) => error.message);
  const [id] = runs.startedIds;
  expect(failure).toBe(
    `QoderDeploymentRun "daily" (${id}): create failed permanently: ${id} of dep_a failed: billing_error: No credits are left (session ${runs.started[0]?.session_id}, 1.3 credits).\nIt stays failed until triggers change, or \`pulumi up --replace URN\` asks for another run`,
  );
  expect(stack.state).toMatchObject({ id, outputs: { result: "failed", error: billing } });
  runs.sent();
  world.output.length = 0;
  return stack;
}

describe("a gate that failed", () => {
  test("fails again in ten more ups that send no request, even if somebody resumed the session and it ended well", async () => {
    const stack = await failed();
    resumedAndDone(runs.sessionOf(stack));
    for (let count = 0; count < 10; count += 1) {
      world.output.length = 0;
      expect(await stack.preview({ ...gate(), __command: { isPreview: true } })).toBe("update");
      expect(world.output.join()).toContain(
        `this gate is closed, and \`pulumi up\` fails here: ${stack.state?.id} failed: billing_error: No credits are left. Other triggers, or \`pulumi up --replace 'urn:pulumi:`,
      );
      await expect(stack.up(gate())).rejects.toThrow(
        /update failed permanently: .*billing_error[\s\S]*It stays failed/,
      );
    }
    expect(runs.sent()).toEqual([]);
    expect(runs.startedIds).toHaveLength(1);
  });

  test.each<[string, (session: string) => void]>([
    ["unchanged", () => {}],
    ["resumed and done", resumedAndDone],
    ["archived", (session) => world.api.sessions.archive(session)],
    ["deleted", (session) => world.api.sessions.remove(session)],
  ])("stays failed after a refresh that finds its session %s", async (_, happens) => {
    world.pin("times", "a session that was updated before its newest event is read once more");
    const stack = await failed();
    happens(runs.sessionOf(stack));
    await stack.refresh();
    expect(runs.sent().length).toBeLessThanOrEqual(3);
    expect(stack.state?.outputs).toMatchObject({ result: "failed", error: billing });
    expect(await stack.preview(gate())).toBe("update");
    await expect(stack.up(gate())).rejects.toThrow("It stays failed");
    expect(runs.sent()).toEqual([]);
  });

  test.each<[string, (stack: SimulatedStack) => Promise<unknown>, string[]]>([
    ["the triggers change, at once", (stack) => stack.up(gate(["b"])), ["b"]],
    [
      "the triggers change, after a refresh",
      async (stack) => {
        await stack.refresh();
        runs.sent();
        return stack.up(gate(["b"]));
      },
      ["b"],
    ],
    ["--replace asks for one", (stack) => stack.replace(gate()), ["a"]],
  ])("starts another run when %s", async (_, next, triggers) => {
    const stack = await failed();
    world.api.switches.sessionsEnd = "at-once";
    await next(stack);
    expect(runs.sent().slice(0, 3)).toEqual(start);
    expect(runs.startedIds).toHaveLength(2);
    expect(stack.state).toMatchObject({ id: runs.startedIds[1], outputs: { result: "done", error: null } });
    expect(world.output.filter((line) => line.includes("continues with"))).toEqual([]);
    expect(await stack.up(gate(triggers))).toBe("same");
  });

  test("is replaced by one new run for each change of the triggers, if that run fails too", async () => {
    const stack = await failed();
    for (const count of [2, 3]) {
      runs.strikeWithEnd({ stop_reason: { type: "budget_reached" } });
      const args = gate([String(count)]);
      expect(await stack.preview(args)).toBe("replace");
      await expect(stack.up(args)).rejects.toThrow(/create failed permanently: .* was stopped by its budget/);
      await expect(stack.up(args)).rejects.toThrow(/update failed permanently: .* was stopped by its budget/);
      expect(runs.startedIds).toHaveLength(count);
      expect(stack.state?.id).toBe(runs.startedIds.at(-1));
      world.api.clearFaults();
    }
  });

  test("passes without a request when waitForResult leaves the program", async () => {
    const stack = await failed();
    expect(await stack.up(world.args({ triggers: ["a"] }))).toBe("update");
    expect(await stack.preview(world.args({ triggers: ["a"] }))).toBe("same");
    expect(runs.sent()).toEqual([]);
  });
});

test("an up that is killed while it waits is followed by one that fails without another run, if the run failed meanwhile", async () => {
  world.api.switches.idempotencyKeysForRuns = "honour";
  const stack = world.stack();
  await expect(world.ending(stack).up(gate())).rejects.toThrow("the process has ended");
  world.api.sessions.end(String(runs.started[0]?.session_id), { error: billing });
  const next = world.later(stack);
  for (const _ of [1, 2]) {
    await expect(next.up(gate())).rejects.toThrow(/failed permanently: .*billing_error/);
  }
  expect(runs.startedIds).toEqual([next.state?.id]);
});

describe("an up that runs out of time", () => {
  test.each([
    ["waitForResult.timeoutSeconds", { timeoutSeconds: 50 }, {}, 50],
    ["customTimeouts.create", true, { __timeouts: { create: 40 } }, 40],
    ["an hour", true, {}, 3_600],
  ])("by %s keeps the run, and the next `up` waits for it", async (_, waitForResult, more, seconds) => {
    const args = { ...gate(["a"], waitForResult), ...more };
    const stack = world.stack();
    const failure = await stack.up(args).catch(String);
    const [, told] =
      /create was done in part, the next `pulumi up` does the rest: drun_\w+ of dep_a has no result after (\d+) s: running \(session sess_\w+, credits unknown\)\.\nThe run continues, and the next `pulumi up` waits for it/.exec(
        failure,
      ) ?? [];
    expect(Number(told)).toBeGreaterThan(seconds - 16);
    expect(Number(told)).toBeLessThanOrEqual(seconds + 1);
    expect(stack.state?.outputs).toMatchObject({ result: "running" });
    await expect(stack.up(args)).rejects.toThrow(/update was done in part.*has no result after/);
    world.api.sessions.end(runs.sessionOf(stack));
    expect(await stack.up(args)).toBe("update");
    expect(await stack.up(args)).toBe("same");
    expect(runs.startedIds).toEqual([stack.state?.id]);
    expect(stack.state?.outputs).toMatchObject({ result: "done", credits: 1.3 });
  });

  test("is followed by one that passes without a request, if a refresh found the run done", async () => {
    const args = gate(["a"], { timeoutSeconds: 50 });
    const stack = world.stack();
    await expect(stack.up(args)).rejects.toThrow("has no result after");
    world.api.sessions.end(runs.sessionOf(stack));
    await stack.refresh();
    expect(stack.state?.outputs).toMatchObject({ result: "done", credits: 1.3 });
    runs.sent();
    expect(await stack.up(args)).toBe("update");
    expect(await stack.up(args)).toBe("same");
    expect(runs.sent()).toEqual([]);
  });
});

test("a gate whose run waits for a person fails in each `up` until the run is done, and then passes", async () => {
  const stack = world.stack();
  await stack.up(world.args({ triggers: ["a"] }));
  world.api.sessions.end(runs.sessionOf(stack), { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } });
  for (const _ of [1, 2]) {
    await expect(stack.up(gate())).rejects.toThrow(
      /waits for somebody, without a time limit \(session sess_\w+, 1.3 credits\)\.\nAnswer in the session, then run `pulumi up` again, which continues with this run; changed triggers start another run$/,
    );
  }
  resumedAndDone(runs.sessionOf(stack));
  expect(await stack.up(gate())).toBe("update");
  expect(stack.state?.outputs).toMatchObject({ result: "done", credits: 2.6 });
  expect(runs.startedIds).toHaveLength(1);
});

test("adding, changing and removing waitForResult starts no run, and a recorded result is not read again", async () => {
  world.pin("times", "a session that was updated before its newest event is read once more");
  world.api.switches.sessionsEnd = "at-once";
  const stack = world.stack();
  await stack.up(world.args({ triggers: ["a"] }));
  // The session says all, also if the service lists the run no longer.
  world.api.runs.remove(stack.state?.id ?? "");
  runs.sent();
  expect(await stack.up(gate())).toBe("update");
  const session = runs.sessionOf(stack);
  expect(runs.sent()).toEqual([`GET /sessions/${session}`, `GET /sessions/${session}/events`]);
  expect(await stack.up(gate(["a"], { timeoutSeconds: 5 }))).toBe("update");
  expect(await stack.up(world.args({ triggers: ["a"] }))).toBe("update");
  expect(runs.sent()).toEqual([]);
  expect(stack.state?.outputs).toMatchObject({ result: "done", waitForResult: null });
  expect(world.api.runs.all()).toEqual([]);
});
