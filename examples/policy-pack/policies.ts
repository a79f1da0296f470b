import { type ResourceValidationPolicy, validateResourceOfType } from "@pulumi/policy";
import { Cron } from "croner";
import { QoderAgent, QoderDeployment } from "pulumi-qoder";

export const leastInterval: ResourceValidationPolicy = {
  name: "least-interval",
  description: "The runs of a deployment are so many minutes apart.",
  configSchema: { properties: { minutes: { type: "number", minimum: 1, default: 15 } } },
  validateResource: validateResourceOfType(QoderDeployment, ({ schedule }, { getConfig }, reportViolation) => {
    if (schedule === undefined) {
      return;
    }
    const { minutes } = getConfig<{ minutes: number }>();
    const shortest = shortestInterval(schedule.expression);
    if (shortest < minutes) {
      reportViolation(
        `"${schedule.expression}" has runs that are ${shortest} minutes apart; at least ${minutes} must lie between two`,
      );
    }
  }),
};

export const budgetRequired: ResourceValidationPolicy = {
  name: "budget-required",
  description: "Every deployment has a budget.",
  validateResource: validateResourceOfType(QoderDeployment, ({ budget }, _, reportViolation) => {
    if (budget === undefined) {
      reportViolation('there is no budget; set one, such as budget: { maxCreditCost: "12.50" }');
    }
  }),
};

export const noApproval: ResourceValidationPolicy = {
  name: "no-approval",
  description: "No tool of an agent asks for approval: in an unattended run nobody gives it.",
  validateResource: validateResourceOfType(QoderAgent, ({ tools = [] }, _, reportViolation) => {
    for (const tool of tools) {
      if (tool.type === "agent_toolset_20260401" || tool.type === "mcp_toolset") {
        const byDefault = { name: `${tool.type}, by default,`, ...tool.defaultConfig };
        for (const { name, enabled, permissionPolicy } of [byDefault, ...(tool.configs ?? [])]) {
          if (enabled !== false && permissionPolicy?.type === "always_ask") {
            reportViolation(`${name} asks for approval; set its permissionPolicy to always_allow, or disable it`);
          }
        }
      }
    }
  }),
};

/** In minutes. 1,500 runs show more than a day, and the clock of UTC has no days of 23 hours, so the answer is always the same. */
function shortestInterval(expression: string): number {
  const cron = new Cron(expression, { mode: "5-part", paused: true, timezone: "UTC" });
  const times = cron.nextRuns(1_500, new Date(0)).map((run) => run.getTime());
  const intervals = times.map((time, index) => time - (times[index - 1] ?? Number.NEGATIVE_INFINITY));
  return Math.min(...intervals) / 60_000;
}
