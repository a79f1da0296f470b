import { type Remark, warning } from "../api/remark";
import type { Problem } from "../resource/check/problems";
import { same } from "../resource/fields/comparison";
import type { ProgramChange } from "../resource/kind";
import type { Properties } from "../resource/program-values";
import { containsUnknown } from "../resource/unknown";
import { agentToolset, mcpToolset } from "./tools";
import type { AgentArguments } from "./values";

/** Arguments that name each other. */
export function combinationProblems(wanted: Partial<AgentArguments>, given: Properties): Problem[] {
  const { tools = [], mcpServers = [], multiagent } = wanted;
  if (containsUnknown(given["tools"])) {
    return [];
  }
  const servers = mcpServers.map(({ name }) => name);
  const strangers = tools.flatMap(({ type, mcpServerName }, index): Problem[] =>
    type !== mcpToolset || servers.some((name) => name === mcpServerName)
      ? []
      : [{ path: ["tools", index, "mcpServerName"], reason: `names no server; ${namesOf(servers)}` }],
  );
  const lacksToolset = multiagent !== undefined && !tools.some(({ type }) => type === agentToolset);
  return [
    ...(containsUnknown(given["mcpServers"]) ? [] : strangers),
    ...(lacksToolset ? [{ path: ["multiagent"], reason: `needs { type: "${agentToolset}" } among the tools` }] : []),
  ];
}

function namesOf(servers: readonly string[]): string {
  return servers.length === 0 ? "mcpServers is empty" : `mcpServers has ${servers.join(", ")}`;
}

/** The types of a client say that the service refuses it, an example of the pages has it. */
export function serverRemarks({ before, after, inputs }: ProgramChange<AgentArguments>): Remark[] {
  const { tools = [], mcpServers = [] } = after;
  const isAsBefore = same([before.tools, before.mcpServers], [after.tools, after.mcpServers]);
  if (isAsBefore || containsUnknown([inputs["tools"], inputs["mcpServers"]])) {
    return [];
  }
  const idle = mcpServers.filter(({ name }) => !tools.some(({ mcpServerName }) => mcpServerName === name));
  return idle.map(({ name }) =>
    warning(`no mcp_toolset names the server ${name}: the agent has none of its tools, and the service may refuse it`),
  );
}
