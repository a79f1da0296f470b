/** A tool whose use waits for a person or a client. */
export interface WaitingTool {
  /** The place in the program, such as `tools[0].configs[1]`. */
  readonly place: string;
  /** The name of the tool; undefined for all tools of a set that have no settings of their own. */
  readonly name: unknown;
  readonly waitsFor: "approval" | "client";
}

type Members = Readonly<Record<string, unknown>>;

/**
 * The tools that say `always_ask`, and the custom tools. The tools may come from the service, in a form that this version
 * does not know. A tool without a policy is not among them: no page documents the default of `mcp_toolset`.
 */
export function waitingTools(tools: unknown): WaitingTool[] {
  return list(tools)
    .map(members)
    .flatMap((tool, index): WaitingTool[] => {
      const place = `tools[${index}]`;
      return tool["type"] === "custom" ? [{ place, name: tool["name"], waitsFor: "client" }] : askingTools(tool, place);
    });
}

function askingTools(set: Members, place: string): WaitingTool[] {
  const byDefault = members(set["defaultConfig"]);
  const others = { place: `${place}.defaultConfig`, name: undefined, settings: byDefault };
  const configured = list(set["configs"])
    .map(members)
    .map((config, index) => ({
      place: `${place}.configs[${index}]`,
      name: config["name"],
      settings: { ...byDefault, ...config },
    }));
  const enabled = list(set["enabledTools"]);
  const offered =
    enabled.length === 0
      ? [others, ...configured]
      : enabled.map((name) => configured.find((config) => config.name === name) ?? { ...others, name });
  return offered
    .filter(({ name, settings }) => asks(settings) && !list(set["disallowedTools"]).includes(name))
    .map(({ place, name }) => ({ place, name, waitsFor: "approval" }));
}

function asks({ enabled, permissionPolicy }: Members): boolean {
  return enabled !== false && members(permissionPolicy)["type"] === "always_ask";
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function members(value: unknown): Members {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
