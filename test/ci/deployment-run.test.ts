import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderDeployment, QoderDeploymentRun } from "../../provider";
import { deploymentRuns } from "../../provider/kinds/table";
import { EngineWorld } from "../support/engine-world";

const world = EngineWorld.ofTests();

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
