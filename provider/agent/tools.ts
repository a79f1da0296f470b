import { z } from "zod";
import { suggestion } from "../resource/check/suggestion";
import { type PlanRemark, planWarning } from "../resource/kind/diagnostics";
import { wholeValue } from "../resource/kind/field";
import type { Problem, ProgramChange } from "../resource/kind/kind";
import { containsUnknown, type Properties, same, sorted, withoutNulls } from "../resource/kind/program-values";
import { toWireCase } from "../resource/kind/wire-case";
import { uniqueNames } from "./mcp-servers";

const agentToolset = "agent_toolset_20260401";
const mcpToolset = "mcp_toolset";
export const browserToolset = "browser_toolset_20260714";

/** The members that hold a JSON schema. Their names keep their case, and null has a meaning in them. */
const verbatim = ["inputSchema"];

const text = z.string().min(1);
const settings = {
  enabled: z.boolean().optional(),
  permissionPolicy: z.strictObject({ type: z.enum(["always_allow", "always_ask", "always_deny"]) }).optional(),
};
const config = z.strictObject({ name: text, ...settings });
const configs = z
  .array(config, { error: 'write [{ name: "Bash", enabled: false }]' })
  .superRefine(uniqueNames("has another entry already"))
  .optional();
const defaultConfig = z.strictObject(settings).optional();
const names = z.array(text, { error: 'write ["Bash"]' }).optional();
const tool = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal(agentToolset),
      enabledTools: names,
      disallowedTools: names,
      configs,
      defaultConfig,
    }),
    z.strictObject({ type: z.literal(mcpToolset), mcpServerName: text, configs, defaultConfig }),
    z.strictObject({
      type: z.literal("custom"),
      name: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, "is not 1 to 128 letters, digits, _ or -"),
      description: z.string(),
      inputSchema: z.looseObject({}, { error: 'write a JSON schema such as { type: "object" }' }),
    }),
    z.strictObject({ type: z.literal(browserToolset) }),
  ],
  { error: `write { type: "${agentToolset}" }` },
);

/** A tool of any kind, including kinds that are newer than this version. */
type Tool = { readonly type: string; readonly [member: string]: unknown };

const recorded = z.array(z.looseObject({ type: z.string() }));

export const toolsField = {
  schema: z.array(tool, { error: `write [{ type: "${agentToolset}" }]` }).max(128),
  ...wholeValue({
    wire: "tools",
    leftOut: "cleared",
    recorded,
    cleared: [],
    empty: [],
    normal: (tools) => tools.map(normalTool),
    toWire: (tools) => tools.map((one) => toWireCase(one, verbatim)),
    verbatim,
    resolved: (tools) => tools.map(withSettings),
    import: { chosen: (tools) => tools.map(withoutEmptyLists) },
  }),
};

/**
 * The types of the official clients call the settings in a reply "resolved": the reply shows every default. "Permission policies": without
 * a permission the default is to allow. "Tools": without a list all tools of the toolset are enabled. No page has the defaults of an MCP
 * server's tools.
 */
function withSettings(value: Tool): Tool {
  if (value.type !== agentToolset) {
    return value;
  }
  const { defaultConfig, configs: given } = value;
  const standard = { enabled: true, permissionPolicy: { type: "always_allow" }, ...Object(defaultConfig) };
  const entries = namedConfigs.safeParse(given).data ?? [];
  return { ...value, defaultConfig: standard, configs: entries.map((entry) => ({ ...standard, ...entry })) };
}

/** "Tools": an empty list of names or settings equals a missing one. */
function normalTool(value: Tool): unknown {
  const { enabledTools, disallowedTools, configs: given, inputSchema, ...rest } = value;
  return {
    ...rest,
    enabledTools: sorted(enabledTools),
    disallowedTools: sorted(disallowedTools),
    configs: byName(given),
    // The engine treats null as absent and shows no such difference, so null must not be a change here either.
    inputSchema: withoutNulls({ inputSchema }),
  };
}

const lists: readonly string[] = ["enabledTools", "disallowedTools", "configs"];

function withoutEmptyLists(value: Tool): Tool {
  const isEmpty = (member: unknown) => Array.isArray(member) && member.length === 0;
  const shown = Object.entries(value).filter(([name, member]) => !lists.includes(name) || !isEmpty(member));
  return { ...Object.fromEntries(shown), type: value.type };
}

const namedConfigs = z.array(z.looseObject({ name: z.string() }));

function byName(value: unknown): Readonly<Record<string, unknown>> {
  const entries = namedConfigs.safeParse(value).data ?? [];
  return Object.fromEntries(entries.map((entry) => [entry.name, entry]));
}

interface Together {
  readonly tools: readonly Tool[];
  readonly mcpServers: readonly { readonly name: string }[];
  readonly multiagent: unknown;
}

export function combinationProblems(wanted: Partial<Together>, given: Properties): Problem[] {
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

/** "Tools": the tools of the toolset. A newer one may be missing here, so another name is no error. */
const builtIn = ["Bash", "Read", "Write", "Edit", "Glob", "Grep", "WebFetch", "WebSearch", "DeliverArtifacts"];

/**
 * Warns of names that no tool of the toolset has, because such a name allows and forbids nothing and the service reports no error, and of
 * a tool or a toolset that the program names twice.
 */
export function toolNameRemarks({ before, after, inputs }: ProgramChange<Together>): PlanRemark[] {
  const { tools = [] } = after;
  if (same(before.tools, tools) || containsUnknown(inputs["tools"])) {
    return [];
  }
  const strangers = tools.flatMap((one, index) =>
    (one.type === agentToolset ? toolNames(one) : []).flatMap(([place, name]) =>
      builtIn.includes(name)
        ? []
        : [
            planWarning(
              "unknown-tool",
              `tools[${index}].${place}: the toolset has no tool ${JSON.stringify(name)}${suggestion(name, builtIn) || `; its tools are ${builtIn.join(", ")}`}`,
            ),
          ],
    ),
  );
  return [...strangers, ...repeatedTools(tools)];
}

/** The pages of the API do not say which of two entries for one tool counts. */
function repeatedTools(tools: readonly Tool[]): PlanRemark[] {
  const twice = (place: string) => planWarning("likely-mistake", `${place}: no page says which of the two counts`);
  const words = tools.map(({ type, mcpServerName, name }) => [type, mcpServerName ?? name ?? []].flat().join(" "));
  return tools.flatMap((one, index) => {
    const first = words.indexOf(words[index] ?? "");
    const { enabledTools: enabled, disallowedTools: disallowed } = one;
    const both =
      Array.isArray(enabled) && Array.isArray(disallowed) ? enabled.filter((name) => disallowed.includes(name)) : [];
    return [
      ...(first !== index ? [twice(`tools[${first}] and tools[${index}] are both ${words[index]}`)] : []),
      ...both.map((name) => twice(`tools[${index}] has ${name} in enabledTools and in disallowedTools`)),
    ];
  });
}

function toolNames({ enabledTools, disallowedTools, configs: given }: Tool): [place: string, name: string][] {
  const named = Object.entries({ enabledTools, disallowedTools, configs: given });
  return named.flatMap(([list, entries]) =>
    (Array.isArray(entries) ? entries : []).map((entry: unknown, index): [string, string] =>
      typeof entry === "string" ? [`${list}[${index}]`, entry] : [`${list}[${index}].name`, String(Object(entry).name)],
    ),
  );
}

function namesOf(servers: readonly string[]): string {
  return servers.length === 0 ? "mcpServers is empty" : `mcpServers has ${servers.join(", ")}`;
}

/**
 * Warns of a server that no `mcp_toolset` names. The types of a client say that the service refuses such an agent, but an
 * example of the documentation contains one.
 */
export function serverRemarks({ before, after, inputs }: ProgramChange<Together>): PlanRemark[] {
  const { tools = [], mcpServers = [] } = after;
  const isAsBefore = same([before.tools, before.mcpServers], [after.tools, after.mcpServers]);
  if (isAsBefore || containsUnknown([inputs["tools"], inputs["mcpServers"]])) {
    return [];
  }
  const idle = mcpServers.filter(({ name }) => !tools.some(({ mcpServerName }) => mcpServerName === name));
  return idle.map(({ name }) =>
    planWarning(
      "mcp-server",
      `no mcp_toolset has the server ${name}, so the agent has none of its tools, and the service may refuse it: add one, or remove the server`,
    ),
  );
}
