import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import type { EngineStack } from "../support/engine-stack";
import { EngineWorld } from "../support/engine-world";

const world = EngineWorld.ofTests();
let stack: EngineStack;
beforeEach(async () => {
  stack = await world.stack();
});

const schedule = { expression: "0 9 * * *", timezone: "Asia/Shanghai" };

test("replaceOnChanges removes a value that the API does not clear: the old deployment is archived, then a new one is created", async () => {
  Object.assign(world.api.switches, { scheduleNull: "ignore", budget: "ignore-null" });
  type Declaration = readonly [args: Partial<QoderDeploymentArgs>, options?: { replaceOnChanges: string[] }];
  const both =
    (...[scheduled, limited]: readonly [Declaration, Declaration]): PulumiFn =>
    async () => {
      new QoderDeployment("scheduled", { ...world.args(), ...scheduled[0] }, scheduled[1]);
      new QoderDeployment("limited", { ...world.args(), ...limited[0] }, limited[1]);
    };
  const replacing = { replaceOnChanges: ["schedule", "budget"] };
  const replacement = (name: string, cleared: string) => {
    const id = before.find((deployment) => deployment.name === name)?.id;
    const anew = expect.not.objectContaining({ [cleared]: expect.anything() });
    return [
      ["POST", `/deployments/${id}/archive`],
      ["POST", "/deployments", anew],
    ];
  };
  await stack.up(both([{ schedule }], [{ budget: { maxCreditCost: "5" } }]));
  const before = world.api.deployments.live();

  world.sent();
  const program = both([{}], [{}, replacing]);
  const failed = stack.automation.up({ color: "never", program, continueOnError: true });
  await expect(failed).rejects.toThrow('replaceOnChanges: ["schedule"]');
  expect(world.sent()).toEqual(expect.arrayContaining(replacement("limited", "budget")));

  await stack.refresh();
  world.sent();
  const scheduled = before.find(({ name }) => name === "scheduled")?.id;
  const { stdout } = await stack.automation.preview({
    program: both([{}, replacing], [{}, replacing]),
    color: "never",
  });
  expect(stdout).toContain(`is replaced: ${scheduled} is permanently archived, and another deployment takes its place`);
  await stack.up(both([{}, replacing], [{}, replacing]));
  expect(world.sent()).toEqual(replacement("scheduled", "schedule"));
  const live = world.api.deployments.live().map(({ name, schedule, budget }) => ({ name, schedule, budget }));
  expect(live).toEqual(["limited", "scheduled"].map((name) => ({ name, schedule: null, budget: undefined })));
});
