import { patience } from "../../../provider/api/patience";
import { deploymentRun } from "../../kinds/deployment-run";
import type { Switches } from "../../qoder-api/switches";
import { Runs, start } from "../../support/runs";
import { World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const times = (count: number, ...requests: readonly string[]) => Array.from({ length: count }, () => requests).flat();
/** The GETs of the list within a minute. */
const looks = times(6, "LIST");
const services: readonly [string, Partial<Switches>][] = [
  ["honours keys", { idempotencyKeysForRuns: "honour" }],
  ["ignores keys", { idempotencyKeysForRuns: "ignore" }],
];

describe.each(services)("if the service %s", (_, service) => {
  beforeEach(() => world.reset(service));

  test.each([
    ["the connection is reset", { kind: "reset-after" }],
    ["a gateway answers 502", { kind: "status-after", status: 502 }],
    [
      "a sign-in page comes with 200",
      { kind: "status-after", status: 200, contentType: "text/html", body: "<h1>Sign in</h1>" },
    ],
    [
      "the answer has a run of another deployment",
      { kind: "replace-body", transform: (reply: object) => ({ ...reply, deployment_id: "dep_other" }) },
    ],
    ["the answer ends in the middle", { kind: "truncate", cut: "json" }],
  ] as const)("after the service started a run and %s, `up` finds the run in the list", async (_loss, fault) => {
    runs.strike({ ...fault, times: 1 });
    const stack = world.stack();
    await stack.up(world.args());
    expect(runs.sent()).toEqual([...start, "LIST"]);
    expect(runs.startedIds).toEqual([stack.state?.id]);
    expect(await stack.up(world.args())).toBe("same");
    expect(world.output).toEqual([]);
  });

  test("a request that did not reach the service is sent again after a minute without a new run in the list", async () => {
    const begin = world.clock.now();
    runs.strike({ kind: "reset-before", times: 1 });
    const stack = world.stack();
    await stack.up(world.args());
    expect(runs.sent()).toEqual([...start, ...looks, "RUN"]);
    expect(world.clock.now() - begin).toBeGreaterThanOrEqual(60_000);
    expect(runs.startedIds).toEqual([stack.state?.id]);
  });

  test("`up` fails if no request reaches the service, and the next `up` starts the run", async () => {
    runs.strike({ kind: "reset-before" });
    const stack = world.stack();
    await expect(stack.up(world.args())).rejects.toThrow(
      /POST .*\/run got no answer: .*The service may have acted\. Run the same command with the same program again/s,
    );
    expect(runs.startedIds).toEqual([]);
    expect(stack.state).toBeUndefined();
    world.api.clearFaults();
    await stack.up(world.args());
    expect(runs.startedIds).toEqual([stack.state?.id]);
  });

  test("`up` reads the list until it shows a run that is missing from it for half a minute", async () => {
    world.api.switches.runsUnlistedForMs = 30_000;
    runs.strike({ kind: "reset-after", times: 1 });
    const stack = world.stack();
    await stack.up(world.args());
    expect(runs.startedIds).toEqual([stack.state?.id]);
    expect(runs.sent().filter((request) => request === "RUN")).toHaveLength(1);
  });

  test("`up` fails after three unreadable answers of a service that starts no run", async () => {
    runs.strike({ kind: "status", status: 200, contentType: "text/html", body: "<h1>Sign in</h1>" });
    await expect(world.stack().up(world.args())).rejects.toThrow(
      "answered with 200, but its body is not JSON: Sign in",
    );
    expect(runs.sent()).toEqual([...start, ...looks, ...times(2, "RUN", ...looks)]);
    expect(runs.startedIds).toEqual([]);
  });

  test("`up` takes neither a scheduled run of the same moment nor the run of another resource", async () => {
    const command = world.command();
    const other = world.stack(command);
    await other.up(world.args());
    const transform = (reply: object) => {
      world.api.deployments.runBySchedule(runs.deploymentId);
      return reply;
    };
    world.api.fault({ kind: "replace-body", method: "GET", path: runs.list, transform });
    runs.strike({ kind: "reset-before", times: 1 });
    const stack = world.stack(command);
    await stack.up(world.args({ triggers: [2] }));
    expect(runs.started.map(({ id, trigger_context: trigger }) => [id, trigger.type])).toEqual([
      [other.state?.id, "manual"],
      [expect.anything(), "schedule"],
      [stack.state?.id, "manual"],
    ]);
  });
});

test("if the service answers each of its keys with an earlier run, `up` fails with advice", async () => {
  world.reset();
  const earlier = { ...world.api.runs.get(world.api.deployments.run(runs.deploymentId).id) };
  runs.passMinutes(65);
  runs.strike({ kind: "replace-body", transform: () => earlier });
  await expect(world.stack().up(world.args())).rejects.toThrow(
    `the run was started ${patience.generations} times in the last 24 hours with the same triggers, and the service repeats its responses to them.\nChange triggers, or wait 24 hours`,
  );
  expect(runs.sent().filter((request) => request === "RUN")).toHaveLength(patience.generations);
});

test("after a 429 `up` repeats the request without reading the list, because no run was started", async () => {
  world.reset();
  runs.strike({ kind: "status", status: 429, headers: { "retry-after": "20" }, times: 2 });
  const stack = world.stack();
  await stack.up(world.args());
  expect(runs.sent()).toEqual([...start, "RUN", "RUN"]);
  expect(runs.startedIds).toEqual([stack.state?.id]);
});

test("`up` waits for a deployment that the service does not show yet, and fails if the deployment does not exist", async () => {
  world.reset({ hiddenForMs: 20_000 });
  const stack = world.stack();
  await stack.up({ deploymentId: runs.deployment() });
  expect(stack.state?.outputs["sessionId"]).toEqual(expect.any(String));
  runs.sent();
  await expect(world.stack().up({ deploymentId: "dep_none" })).rejects.toThrow(
    'QoderDeploymentRun "daily": create failed: no deployment dep_none is visible to this token.\nCheck deploymentId, the token and qoder:workspaceId',
  );
  expect(world.api.requests.filter(({ method }) => method === "POST")).toEqual([]);
});

test("if the service sends no date and ignores the filter, `up` reads one page of runs and no more", async () => {
  world.reset({ idempotencyKeysForRuns: "ignore" });
  for (let count = 0; count < 350; count += 1) {
    world.api.deployments.run(runs.deploymentId);
    world.passTime(1_000);
  }
  runs.passMinutes(120);
  const [created_at, path] = ["2026-06-14T08:53:32Z", `/deployments/${runs.deploymentId}`];
  const body = { id: runs.deploymentId, status: "active", created_at, updated_at: created_at };
  world.api.fault({ kind: "status", status: 200, headers: { date: "" }, method: "GET", path, body });
  const before = runs.startedIds.length;
  runs.strike({ kind: "reset-after", times: 1 });
  const stack = world.stack();
  await stack.up(world.args());
  expect(runs.startedIds).toHaveLength(before + 1);
  expect(stack.state?.id).toBe(runs.startedIds.at(-1));
  expect(runs.sent()).toEqual(["DEPLOYMENT", "LIST", "RUN", "LIST"]);
});
