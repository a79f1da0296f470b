import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderDeployment, QoderDeploymentRun } from "../../provider";
import { deploymentRuns } from "../../provider/kinds/table";
import type { Outcome } from "../support/engine-stack";
import { EngineWorld, stateFile } from "../support/engine-world";

const world = EngineWorld.ofTests();

const secret = "trigger-5512";

function declaring(commit: string): PulumiFn {
  return async () => {
    const { id: deploymentId } = new QoderDeployment("daily", world.args());
    const triggers = { commit, key: pulumi.secret(secret) };
    new QoderDeploymentRun("on-deploy", { deploymentId, triggers });
  };
}

/** The engine's steps for the run. */
function steps({ events }: Outcome): string[] {
  return events.flatMap(({ resourcePreEvent }) => {
    const { urn = "", op } = resourcePreEvent?.metadata ?? {};
    return urn.endsWith("::on-deploy") && op !== undefined ? [op] : [];
  });
}

test("`up` starts a run with its deployment, and another only when the triggers change", async () => {
  const stack = await world.stack();
  await stack.up(declaring("4f2a"));
  const { id } = world.live;
  const create = [
    ["GET", `/deployments/${id}`],
    ["GET", `/deployments/${id}/runs`],
    ["POST", `/deployments/${id}/run`],
  ];
  expect(world.sent()).toEqual([["POST", "/deployments", expect.anything()], ...create]);
  await stack.up(declaring("4f2a"));
  expect(world.sent()).toEqual([]);

  const preview = await stack.preview(declaring("77c1"));
  expect(steps(preview)).toEqual(["delete-replaced", "replace", "create-replacement"]);
  expect(preview.output).toMatch(/~ commit: "4f2a" => "77c1"/);
  // This `up` removes the old run from the state and fails to start a new run.
  world.api.fault({ kind: "status", status: 403, method: "POST" });
  await expect(stack.up(declaring("77c1"))).rejects.toThrow("403");
  world.api.clearRequests();
  await stack.up(declaring("77c1"));
  expect(world.sent()).toEqual(create);
  expect(world.api.runs.all()).toHaveLength(2);
  expect(stateFile(world)).not.toContain(secret);

  await stack.refresh();
  expect(world.sent()).toHaveLength(2);
  await stack.destroy();
  expect(world.sent()).toEqual([["POST", `/deployments/${id}/archive`]]);
  expect(world.api.runs.all()).toHaveLength(2);
});

test("with --target, a new run resource beside an older one starts its run, wherever the program declares it", async () => {
  const stack = await world.stack();
  const running = (names: readonly string[]): PulumiFn => {
    return async () => {
      const { id: deploymentId } = new QoderDeployment("daily", world.args());
      for (const name of names) {
        new QoderDeploymentRun(name, { deploymentId });
      }
    };
  };
  const runs = () => stack.resources().filter(({ type }) => type === deploymentRuns.type);
  await stack.up(running(["first"]));
  const [first] = runs();
  const target = (name: string) => [first?.urn.replace(/first$/, name) ?? ""];
  for (const [count, name] of ["below", "above"].entries()) {
    const names = name === "below" ? ["first", name] : [name, "first", "below"];
    const { output } = await stack.up(running(names), { target: target(name) });
    expect(output).not.toContain("continues with");
    expect(world.api.runs.all()).toHaveLength(count + 2);
  }
  expect(new Set(runs().map(({ id }) => id)).size).toBe(3);
  await stack.previewNothing(running(["above", "first", "below"]));
  const { output } = await stack.destroy();
  expect(output).not.toMatch(/left as it is|warning/);
});
