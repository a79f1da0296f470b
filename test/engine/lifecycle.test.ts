import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import { deployments } from "../../provider/kinds/table";
import { changedPaths } from "../support/engine-stack";
import { EngineWorld, stateFile, token } from "../support/engine-world";

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start();
});
afterEach(() => world.stop());

const schedule = { expression: "0 9 * * *", timezone: "Asia/Shanghai" };

function declaring(more: Partial<QoderDeploymentArgs>): PulumiFn {
  return async () => {
    const deployment = new QoderDeployment("api-doc-verification-deployment", { ...world.args(), ...more });
    return { id: deployment.id, upcomingRunsAt: deployment.upcomingRunsAt, status: deployment.status };
  };
}

test("from preview to destroy each change of a deployment is one request, and an unchanged deployment causes none", async () => {
  const stack = await world.stack();
  const program = declaring({ schedule, metadata: { team: "platform" } });

  const first = await stack.preview(program);
  expect(first.output).toMatch(/name +: "api-doc-verification-deployment"/);
  expect(world.sent()).toEqual([]);

  await stack.up(program);
  const outputs = stack.outputs();
  const { id } = world.live;
  expect(outputs["id"]?.value).toBe(id);
  expect(outputs["upcomingRunsAt"]?.value).toHaveLength(5);
  expect(world.sent()).toEqual([
    [
      "POST",
      "/deployments",
      {
        name: "api-doc-verification-deployment",
        agent: world.agent,
        environment_id: world.environmentId,
        schedule: { type: "cron", ...schedule },
        initial_events: [{ type: "user.message", content: [{ type: "text", text: "Generate today's status report" }] }],
        metadata: { team: "platform" },
      },
    ],
  ]);

  await stack.previewNothing(program);
  expect(world.sent()).toEqual([]);

  const changed = declaring({
    name: "api-doc-verification-deployment-v2",
    schedule: { ...schedule, expression: "30 9 * * 1-5" },
    metadata: { team: "platform" },
  });
  const preview = await stack.preview(changed);
  expect(changedPaths(preview)).toEqual({ name: "update", "schedule.expression": "update" });
  expect(world.sent()).toEqual([]);
  await stack.up(changed);
  expect(world.sent()).toEqual([
    [
      "POST",
      `/deployments/${id}`,
      {
        name: "api-doc-verification-deployment-v2",
        schedule: { type: "cron", expression: "30 9 * * 1-5", timezone: "Asia/Shanghai" },
      },
    ],
  ]);

  await stack.refresh();
  expect(world.sent()).toEqual([["GET", `/deployments/${id}`]]);
  await stack.previewNothing(changed);
  await stack.up(changed, { refresh: true });
  expect(world.sent()).toEqual([["GET", `/deployments/${id}`]]);

  const deployment = stack.deployment();
  expect(deployment.outputs?.["__provider"]).toBe(deployments.source);
  expect(Buffer.byteLength(deployments.source)).toBeLessThan(128);

  await stack.destroy();
  expect(world.sent()).toEqual([["POST", `/deployments/${id}/archive`]]);
  expect(world.api.deployments.live()).toEqual([]);
  expect(stateFile(world)).not.toContain(token);
});

// test/plugin/fault-matrix.test.ts has all faults of all operations; this one runs with the real engine.
test("after a create whose pause fails, the state keeps the deployment, and the next `up` pauses it", async () => {
  const stack = await world.stack();
  const program = declaring({ paused: true });
  world.api.fault({
    kind: "status",
    method: "POST",
    path: /pause$/,
    status: 403,
    body: { type: "error", error: { type: "permission_error", message: "not yours" } },
  });
  await expect(stack.up(program)).rejects.toThrow("was done in part");
  expect(stack.deployment().id).toBe(world.live.id);
  world.sent();
  await stack.up(program);
  expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);
  await stack.previewNothing(program);
});
