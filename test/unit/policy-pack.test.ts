import type { ResourceValidationPolicy } from "@pulumi/policy";
import { budgetRequired, leastInterval, noApproval } from "../../examples/policy-pack/policies";
import { agents, deployments } from "../../provider/kinds/table";
import { violations } from "../support/policy-server";

/** The policy with a configuration, as the engine gives the configuration with the defaults of its schema. */
function configured(policy: ResourceValidationPolicy, config: object): ResourceValidationPolicy {
  const [validate] = [policy.validateResource ?? []].flat();
  const getConfig = () => JSON.parse(JSON.stringify(config));
  return { ...policy, validateResource: (args, report) => validate?.({ ...args, getConfig }, report) };
}

/** The message of each violation, without the description of the policy. */
async function said(policy: ResourceValidationPolicy, type: string, properties: object): Promise<string[]> {
  const messages = await violations([policy], type, properties);
  return messages.map((message) => message.replace(policy.description, "").trim());
}

test.each([
  ["* * * * *", 1],
  ["0 * * * *", 60],
  ["0,50 * * * *", 10],
  ["0 0,23 * * *", 60],
  ["0 4,12,23 * * *", 300],
  ["0 9 * * 1,3", 2_880],
  ["0 0 29 2 *", 1_461 * 1_440],
])("leastInterval accepts %s for %d minutes, and refuses it for a minute more", async (expression, minutes) => {
  const schedule = { expression, timezone: "Europe/Berlin" };
  const least = (minutes: number) => said(configured(leastInterval, { minutes }), deployments.type, { schedule });
  expect(await least(minutes)).toEqual([]);
  expect(await least(minutes + 1)).toEqual([
    `"${expression}" has runs that are ${minutes} minutes apart; at least ${minutes + 1} must lie between two`,
  ]);
});

test("budgetRequired refuses a deployment without a budget", async () => {
  expect(await said(budgetRequired, deployments.type, { budget: { maxCreditCost: "1.00" } })).toEqual([]);
  expect(await said(budgetRequired, deployments.type, {})).toEqual([
    'there is no budget; set one, such as budget: { maxCreditCost: "12.50" }',
  ]);
});

const ask = { permissionPolicy: { type: "always_ask" } };
const allow = { permissionPolicy: { type: "always_allow" } };
const toolset = { type: "agent_toolset_20260401" };

const custom = { type: "custom", name: "a", description: "", inputSchema: {} };
const asking = ["Read", "Bash"].map((name) => ({ name, ...ask }));

test.each([
  [undefined, []],
  [[], []],
  [[toolset, { type: "browser_toolset_20260714" }, custom], []],
  [[{ ...toolset, configs: [{ name: "Bash", ...allow }] }], []],
  [[{ ...toolset, configs: [{ name: "Bash", enabled: false, ...ask }] }], []],
  [[{ ...toolset, configs: asking.slice(1) }], ["Bash"]],
  [[{ type: "mcp_toolset", mcpServerName: "docs", defaultConfig: ask }], ["mcp_toolset, by default,"]],
  [
    [toolset, { ...toolset, configs: asking, defaultConfig: ask }],
    ["agent_toolset_20260401, by default,", "Read", "Bash"],
  ],
])("noApproval reports, of the tools %j, these: %j", async (tools, reported) => {
  expect(await said(noApproval, agents.type, { tools })).toEqual(
    reported.map((name) => `${name} asks for approval; set its permissionPolicy to always_allow, or disable it`),
  );
});
