import { QoderDeployment } from "../../provider";
import type { EngineStack } from "../support/engine-stack";
import { EngineWorld } from "../support/engine-world";
import { create } from "../support/imported-account";

const world = EngineWorld.ofTests();
let stack: EngineStack;
beforeEach(async () => {
  stack = await world.stack();
});

test("a preview knows an output without a value, even as an argument of another resource", async () => {
  const program = async () => {
    const daily = new QoderDeployment("daily", world.args());
    const { description, metadata, budget, casConfig, schedule, vaultIds } = daily;
    new QoderDeployment("copy", { ...world.args(), description, metadata, budget, casConfig, schedule, vaultIds });
    const hasRun = daily.lastRunAt.apply((time) => time !== undefined);
    return { lastRunAt: daily.lastRunAt, pausedReason: daily.pausedReason, archivedAt: daily.archivedAt, hasRun };
  };
  await stack.up(program);
  expect(stack.outputs()["hasRun"]?.value).toBe(false);
  const recorded = Object.keys(stack.resources().find(({ urn }) => urn.endsWith("::daily"))?.outputs ?? {});
  expect(recorded).toEqual(expect.arrayContaining(["name", "agent", "lastRunAt"]));
  expect(recorded.filter((name) => ["description", "budget", "adopt", "acknowledge"].includes(name))).toEqual([]);
  const { output } = await stack.previewNothing(program);
  expect(output).not.toContain("[unknown]");
  await stack.refresh();
  await stack.previewNothing(program);
});

test("a program does not see its own value of an argument that somebody removed and `ignoreChanges` keeps", async () => {
  const program = async () => {
    const description = "of the program";
    const daily = new QoderDeployment("daily", { ...world.args(), description }, { ignoreChanges: ["description"] });
    return { seen: daily.description.apply((value) => value ?? "nothing") };
  };
  await stack.up(program);
  expect(stack.outputs()["seen"]?.value).toBe("of the program");
  world.api.deployments.edit(world.live.id, { description: "" });
  await stack.refresh();
  await stack.up(program);
  expect(stack.outputs()["seen"]?.value).toBe("nothing");
  await stack.previewNothing(program);
});

test("QoderDeployment.get reads a deployment, and no command on it sends a write", async () => {
  const schedule = { type: "cron", expression: "0 9 * * *", timezone: "UTC" };
  const { id } = create(world, { name: "elsewhere", schedule });
  const program = async () => {
    const found = QoderDeployment.get("found", id);
    const described = found.description.apply((text) => text !== undefined);
    return { name: found.name, upcomingRunsAt: found.upcomingRunsAt, schedule: found.schedule, described };
  };
  await stack.up(program);
  const outputs = stack.outputs();
  expect(outputs["name"]?.value).toBe("elsewhere");
  expect(outputs["upcomingRunsAt"]?.value).toHaveLength(5);
  expect(outputs["schedule"]?.value).toEqual({ expression: "0 9 * * *", timezone: "UTC" });
  await stack.automation.refresh({ color: "never", expectNoChanges: true });
  const { output } = await stack.previewNothing(program);
  expect(output).not.toMatch(/^ *[-+~] +(agent|name|schedule|described)|\[unknown\]/m);
  await stack.destroy();
  expect(new Set(world.api.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
});
