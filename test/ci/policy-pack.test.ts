import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderAgent, QoderDeployment } from "../../provider";
import { EngineWorld } from "../support/engine-world";
import { installedPolicyPack } from "../support/installed-project";

const world = EngineWorld.ofTests();

function program(type: "always_ask" | "always_allow", budget: object): PulumiFn {
  return async () => {
    const configs = [{ name: "Bash", permissionPolicy: { type } }];
    const tools = [{ type: "agent_toolset_20260401" as const, configs }];
    const agent = new QoderAgent("reporter", { model: "ultimate", tools });
    const schedule = { expression: "*/5 * * * *", timezone: "UTC" };
    new QoderDeployment("daily", { ...world.args(), agent, schedule, ...budget });
  };
}

test("a preview with the example policy pack fails with each broken rule, and passes for a program without violations", async () => {
  const stack = await world.stack();
  const policyPacks = [installedPolicyPack(world)];
  const refusal = await stack.preview(program("always_ask", {}), { policyPacks }).catch(({ message }) => message);
  expect(refusal).toContain("Command failed with exit code 1");
  const deployment = "(pulumi-nodejs:dynamic/qoder:Deployment: daily)";
  for (const violation of [
    `[mandatory]  least-interval  ${deployment}The runs of a deployment are so many minutes apart.\n"*/5 * * * *" has runs that are 5 minutes apart`,
    `[mandatory]  budget-required  ${deployment}Every deployment has a budget.\nthere is no budget`,
    "[mandatory]  no-approval  (pulumi-nodejs:dynamic/qoder:Agent: reporter)",
  ]) {
    expect(refusal).toContain(violation);
  }

  const configuration = join(world.folder, "policies.json");
  writeFileSync(configuration, JSON.stringify({ "least-interval": { minutes: 5 } }));
  const options = { policyPacks, policyPackConfigs: [configuration] };
  const passed = await stack.preview(program("always_allow", { budget: { maxCreditCost: "12.50" } }), options);
  expect(passed.output).toMatch(/\+ 3 to create[\s\S]*Policy Packs run:\s+Name +Version\s+qoder-unattended-runs/);
  expect(passed.output).not.toMatch(/mandatory|advisory/);
  expect(world.sent()).toEqual([]);
});
