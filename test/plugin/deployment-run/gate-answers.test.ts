import { deployment } from "../../kinds/deployment";
import { deploymentRun } from "../../kinds/deployment-run";
import type { JsonObject } from "../../qoder-api/wire";
import { doors, useDoor } from "../../support/door";
import { endAtStart } from "../../support/ended-runs";
import { always, Runs } from "../../support/runs";
import { shownBy } from "../../support/shown-requests";
import { type SimulatedStack, World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const gate = (more: object = {}) => world.args({ waitForResult: true, ...more });
const ofSessions = { method: "GET", path: /^\/sessions\// } as const;
const notFound = { error: { type: "not_found_error", message: "No such session." } };

test("`up` waits for a session that the service shows late, and fails if the service never shows the session", async () => {
  world.api.switches.sessionsEnd = "at-once";
  world.api.fault({ ...ofSessions, kind: "status", status: 404, body: notFound, times: 4 });
  const stack = world.stack();
  await stack.up(gate());
  expect(stack.state?.outputs).toMatchObject({ result: "done" });
  world.api.fault({ ...ofSessions, ...always, kind: "status", status: 404, body: notFound });
  const other = world.stack();
  await expect(other.up(gate({ deploymentId: runs.deployment() }))).rejects.toThrow(
    /create was done in part.* is in a state that this version does not know: session not found \(session sess_\w+, credits unknown\)\.\nCheck the session in the console, then run `pulumi up` again, which reads this run again; changed triggers start another run$/,
  );
  expect(world.api.runs.all()).toHaveLength(2);
});

test("`up` continues to wait after answers with 429 and 502 and after lost answers", async () => {
  world.api.switches.sessionsEnd = 20_000;
  for (const fault of [
    { kind: "status", status: 429 },
    { kind: "status", status: 502 },
    { kind: "reset-after" },
  ] as const) {
    world.api.fault({ ...ofSessions, ...fault, times: 2 });
  }
  const stack = world.stack();
  await stack.up(gate());
  expect(stack.state?.outputs).toMatchObject({ result: "done" });
  expect(runs.startedIds).toEqual([stack.state?.id]);
});

test("a GET of the session that is refused makes `up` fail with the run in the state; the next `up` waits for that run", async () => {
  world.pin("late", "the first GET shows the session, and the second is refused");
  world.api.switches.sessionsEnd = 30_000;
  world.api.fault({ ...ofSessions, kind: "status", status: 403, skip: 1 });
  const stack = world.stack();
  await expect(stack.up(gate())).rejects.toThrow(
    /create was done in part, the next `pulumi up` does the rest: GET \/sessions\/sess_\w+ was answered with 403/,
  );
  expect(stack.state).toMatchObject({ id: runs.startedIds[0], outputs: { result: "running" } });
  expect(await stack.up(gate())).toBe("update");
  expect(runs.startedIds).toHaveLength(1);
});

describe("with the older generation of the API, whose answer to a start has no session yet, `up`", () => {
  beforeEach(() => {
    world.reset({ generation: 1, sessionsEnd: "at-once" });
    const transform = ({ session_id: _, ...reply }: JsonObject) => ({ ...reply, status: "pending" });
    world.api.fault({ kind: "replace-body", method: "POST", transform });
  });

  test.each([
    ["waits until a GET shows the session", true],
    ["leaves the session to the next refresh without a gate", undefined],
  ])("%s", async (_, waitForResult) => {
    const args = world.args({ waitForResult });
    const stack = world.stack();
    await stack.up(args);
    if (waitForResult === undefined) {
      expect(stack.state?.outputs["sessionId"]).toBeNull();
      expect(await stack.refresh()).toBe("same");
    }
    const [run] = runs.started;
    const outputs = { sessionId: run?.session_id, result: waitForResult ? "done" : null };
    expect(stack.state).toMatchObject({ id: run?.id, outputs });
    expect(await stack.preview(args)).toBe("same");
  });

  test.each<[string, (other: JsonObject) => unknown]>([
    ["another run", (other) => other],
    ["no run", () => ({ object: "run" })],
  ])("takes no result from %s", async (_, answer) => {
    const other = { ...world.api.runs.get(world.api.deployments.run(runs.deployment()).id) };
    const path = /^\/deployment_runs\//;
    world.api.fault({ ...always, kind: "another-object", method: "GET", path, another: () => answer(other) });
    const stack = world.stack();
    await expect(stack.up(gate())).rejects.toThrow(
      /create was done in part, the next `pulumi up` does the rest: .*(the service answered about drun_\w+ with the run drun_|GET \/deployment_runs\/drun_\w+ was answered with 200)/,
    );
    expect(stack.state).toMatchObject({ id: runs.startedIds[0], outputs: { sessionId: null } });
    world.api.clearFaults();
    await stack.up(gate());
    expect(stack.state?.outputs).toMatchObject({ sessionId: runs.started[0]?.session_id, result: "done" });
    expect(runs.startedIds).toHaveLength(1);
  });
});

test("a refresh reads result, credits and outcome with three GETs, and keeps them if the session was archived or deleted", async () => {
  world
    .pin("times", "a session that was updated before its newest event is read once more")
    .pin("late", "a session that a GET does not show yet is read once more");
  world.reset({ sessionsEnd: "at-once", sandboxCreditsLateMs: 60_000 });
  const stack = world.stack();
  await stack.up(gate());
  expect([world.clock.slept, world.output]).toEqual([[], [expect.stringMatching(/\[gate\]$/)]]);
  const session = runs.sessionOf(stack);
  expect(stack.state?.outputs).toMatchObject({ result: "done", credits: 1.2 });
  runs.passMinutes(2);
  runs.sent();
  const refreshed = async () => {
    await stack.refresh();
    expect(stack.state?.outputs).toMatchObject({ result: "done", credits: 1.3 });
  };
  await refreshed();
  expect(runs.sent()).toEqual([
    `GET /deployment_runs/${stack.state?.id}`,
    `GET /sessions/${session}`,
    `GET /sessions/${session}/events`,
  ]);
  expect(await stack.preview(gate())).toBe("same");
  world.api.sessions.archive(session);
  await refreshed();
  world.api.sessions.remove(session);
  await refreshed();
  expect(await stack.up(gate())).toBe("same");
});

test("a second resource starts its run of the deployment while the first waits for the end of its own", async () => {
  world.api.switches.sessionsEnd = 600_000;
  const command = world.command();
  const [first, second] = [world.stack(command), world.stack(command)];
  const firstUp = first.up(gate({ triggers: ["a"] }));
  await second.up(world.args({ triggers: ["b"] }));
  expect(world.api.sessions.get(String(runs.started[0]?.session_id)).status).toBe("running");
  await firstUp;
  expect(runs.startedIds).toHaveLength(2);
});

test("a preview shows the requests of the wait, and no request if the result is recorded", async () => {
  const stack = world.stack();
  const until = ", and its events, until it ends";
  expect(await shownBy(world, stack, gate())).toEqual([
    `GET /deployments/${runs.deploymentId}`,
    `GET ${runs.list}`,
    `POST ${runs.ask}`,
    `GET /sessions/[unknown]${until}`,
  ]);
  await stack.up(world.args());
  const session = runs.sessionOf(stack);
  expect(await shownBy(world, stack, gate())).toEqual([`GET /sessions/${session}${until}`]);
  world.api.sessions.end(session);
  await stack.up(gate());
  expect(await shownBy(world, stack, gate({ waitForResult: { timeoutSeconds: 9 } }))).toEqual([]);
});

/** A gate on a new deployment that expects these artifacts. Its run is done, and has delivered files of these sizes. */
async function gateOn(expectedArtifacts: readonly string[], sizes: Readonly<Record<string, number>>, ends = true) {
  if (ends) {
    endAtStart(world.api, (session) => {
      for (const [original_filename, size] of Object.entries(sizes)) {
        world.api.sessions.addEvent(session, { type: "agent.artifact_delivered", original_filename, size });
      }
      return {};
    });
  }
  const providerOf = world.together();
  const canary = { ...deployment.least, name: "canary" };
  const declared = world.stackOf(deployment, providerOf(deployment));
  await declared.up({ ...canary, expectedArtifacts });
  const deploymentId = declared.state?.id;
  /** The gate in the next command, which compares the deployment before. */
  const declare = async (stack: SimulatedStack, expected = expectedArtifacts) => {
    const next = world.together();
    await declared
      .in(() => next(deployment))
      .after(declared)
      .up({ ...canary, expectedArtifacts: expected });
    return stack.in(() => next(deploymentRun)).after(stack);
  };
  const command = providerOf(deploymentRun);
  const stack = world.stackOf(deploymentRun, command);
  return { deploymentId, args: gate({ deploymentId }), stack, declare, command };
}

const rows = [
  [["report.md"], { "report.md": 9 }, undefined],
  [["report.md", "table.csv"], { "report.md": 0 }, "is done, report.md is empty, table.csv is missing"],
  [[], {}, undefined],
] as const;
test.each(rows.flatMap((row) => doors.map((door) => [door, ...row] as const)))(
  "through the door %s a gate on a deployment that expects %j and gives %j fails as: %s",
  async (door, expectedArtifacts, gives, reason) => {
    useDoor(door);
    const { deploymentId, args, stack } = await gateOn(expectedArtifacts, gives);
    const first = await stack.up(args).catch(({ message }: Error) => message);
    if (reason === undefined) {
      expect([first, stack.state?.outputs["result"]]).toEqual(["create", "done"]);
      return;
    }
    expect(first).toContain(`create failed permanently: ${stack.state?.id} of ${deploymentId} ${reason} (session`);
    world.api.clearRequests();
    const later = world.later(stack);
    await later.refresh();
    expect(world.api.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    world.output.length = 0;
    expect(await later.preview({ ...args, __command: { isPreview: true } })).toBe("update");
    expect(world.output.join()).toContain(
      `this gate is closed, and \`pulumi up\` fails here: ${stack.state?.id} ${reason}.`,
    );
    await expect(later.up(args)).rejects.toThrow(`${reason} (session`);
  },
);

test("a gate waits for an artifact that the events show some seconds after the end of the session", async () => {
  world.api.fault({
    ...{ kind: "replace-body", path: /\/events\?.*artifact_delivered/, times: 2 },
    transform: (page) => ({ ...page, data: [] }),
  });
  const { args, stack } = await gateOn(["report.md"], { "report.md": 9 });
  expect(await stack.up(args)).toBe("create");
});

describe.each(doors)("through the door %s a gate whose deployment expects an artifact", (door) => {
  beforeEach(() => useDoor(door));
  const lacks = /is done, report\.md is missing \(session/;
  /** A command that knows the gate alone, as one with `--target`. */
  const alone = (stack: SimulatedStack) => world.later(stack);

  /** A gate whose `up` reached its time limit before the run, which delivers nothing, was done. */
  async function timedOut() {
    const { args, stack, declare } = await gateOn(["report.md"], {}, false);
    const limited = { ...args, waitForResult: { timeoutSeconds: 20 } };
    await expect(stack.up(limited)).rejects.toThrow("has no result after");
    world.api.sessions.end(runs.sessionOf(stack));
    return { args: limited, stack, declare };
  }

  test.each([
    ["refreshed the run", true, true],
    ["refreshed the run, and knows the gate alone", true, false],
    ["knows the gate alone", false, false],
  ])("fails after an `up` that ended before the run did, if the next one %s", async (_, isRefreshed, isWhole) => {
    const { args, stack, declare } = await timedOut();
    const later = isWhole ? await declare(stack) : alone(stack);
    if (isRefreshed) {
      await later.refresh();
      expect(later.state?.outputs["result"]).toBe("done");
    }
    await expect(later.up(args)).rejects.toThrow(lacks);
    await expect(alone(later).up(args)).rejects.toThrow(lacks);
  });

  test("asks for the artifacts of the replaced run if the command knows the gate alone", async () => {
    const { args, stack } = await gateOn(["report.md"], { "report.md": 9 });
    expect(await stack.up(args)).toBe("create");
    world.api.clearFaults();
    endAtStart(world.api, () => ({}));
    await expect(alone(stack).up({ ...args, triggers: ["b"] })).rejects.toThrow(lacks);
  });

  test("asks again if the deployment expects another artifact since, and sends nothing for the same", async () => {
    const { args, stack, declare } = await gateOn(["report.md"], { "report.md": 9 });
    await stack.up(args);
    world.api.clearRequests();
    const changed = { ...args, waitForResult: { timeoutSeconds: 60 } };
    expect(await (await declare(stack)).up(changed)).toBe("update");
    expect(world.api.requests.filter(({ path }) => path.startsWith("/sessions"))).toEqual([]);
    const later = await declare(stack, ["report.md", "table.csv"]);
    expect(await later.preview(changed)).toBe("update");
    await expect(later.up(changed)).rejects.toThrow("table.csv is missing");
  });
});

// The engine passes Ctrl-C to a plugin alone.
test("a gate whose `up` was cancelled fails once a refresh has found its run done without the artifact", async () => {
  useDoor("plugin");
  const { args, stack, command } = await gateOn(["report.md"], {}, false);
  const cancel = (session: object) => {
    setImmediate(() => void command.end());
    return session;
  };
  world.api.fault({ kind: "replace-body", method: "GET", path: /^\/sessions\//, times: 1, transform: cancel });
  await expect(stack.up(args)).rejects.toThrow("when the command was cancelled");
  world.api.sessions.end(runs.sessionOf(stack));
  const later = world.later(stack);
  await later.refresh();
  await expect(later.up(args)).rejects.toThrow("is done, report.md is missing (session");
});

test("a gate of a program of the SDK does not pass if the command does not know a deployment of the program", async () => {
  const { args, stack } = await gateOn([], {});
  const origin = "organization/urn:pulumi:dev::project::pulumi-nodejs:dynamic/qoder:Deployment::canary";
  const unmet = world.stack();
  const declared = { ...args, __command: { uses: [origin] } };
  await expect(unmet.up(declared)).rejects.toThrow(
    /is done, but this command does not know dep_\w+, which may expect artifacts\.\nRun `pulumi up` without --target/,
  );
  expect(await stack.up(declared)).toBe("create");
});

// The engine names the dependencies of a resource to no plugin.
test("a gate of the plugin that passed without its deployment is asked for the artifacts by the next whole `up`", async () => {
  useDoor("plugin");
  const { args, declare } = await gateOn(["report.md"], {});
  const alone = world.stack();
  expect(await alone.up(args)).toBe("create");
  expect(await alone.preview(args)).toBe("same");
  const whole = await declare(alone);
  expect(await whole.preview(args)).toBe("update");
  await expect(whole.up(args)).rejects.toThrow("is done, report.md is missing (session");
});
