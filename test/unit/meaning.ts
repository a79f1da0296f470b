import { isDeepStrictEqual } from "node:util";
import type { Arguments } from "../support/deployment";
import { asObject, newestAgentVersion, omit, pick, type Wire } from "./merge-rules";

/** The effect of the arguments on a stored deployment, from the API's pages; the provider shares none of this code. */

const casDefaults = { session_strategy: "new_session", max_retries: 0, timeout_ms: 300_000, max_concurrent: 1 };

/**
 * The deployment after a write of `wanted`, if `owned` are the arguments of the last write: wanted members have their
 * value, members that left the program are empty, and other members are unchanged.
 */
export function asWanted(stored: Wire, owned: Partial<Arguments>, wanted: Partial<Arguments>): Wire {
  const given = { ...wanted };
  const sent = {
    name: given.name,
    description: given.description ?? "",
    agent: agentAsWanted(asObject(stored["agent"]), given.agent),
    environment_id: given.environmentId,
    schedule:
      given.schedule === undefined
        ? null
        : { type: "cron", ...given.schedule, ...pick(asObject(stored["schedule"]), "last_run_at") },
    initial_events: snakeCase(given.initialEvents),
    resources: snakeCase(given.resources ?? []),
    vault_ids: given.vaultIds ?? [],
    environment_variables: Object.entries(given.environmentVariables ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
    metadata: metadataAsWanted(asObject(stored["metadata"]), owned, given),
  };
  const budget = given.budget === undefined ? null : { type: "limit", max_credit_cost: given.budget.maxCreditCost };
  const isOurs = given.budget !== undefined || owned.budget !== undefined;
  return { ...stored, ...sent, ...(isOurs ? { budget } : {}) };
}

function agentAsWanted(stored: Wire, wanted: Arguments["agent"] | undefined): Wire {
  const { id, version } = typeof wanted === "object" ? wanted : { id: wanted, version: undefined };
  if (version === undefined && stored["id"] === id) {
    return stored;
  }
  return { id, type: "agent", version: version ?? newestAgentVersion };
}

function metadataAsWanted(stored: Wire, owned: Partial<Arguments>, wanted: Partial<Arguments>): Wire {
  const kept = Object.entries(stored).filter(([key]) => !Object.hasOwn(owned.metadata ?? {}, key));
  const others = { ...Object.fromEntries(kept), ...wanted.metadata };
  const before = asObject(stored["cas_config"]);
  const config = { ...asObject(before["config"]) };
  const ours = Object.keys(owned.casConfig ?? {});
  if (wanted.casConfig === undefined && !ours.some((name) => snake(name) in { ...before, ...config })) {
    return others;
  }
  const settings: Record<string, unknown> = { ...before, config };
  // A write resets a setting that left the program to the service's default.
  for (const [name, value] of Object.entries({ ...defaultsOf(owned.casConfig), ...wanted.casConfig })) {
    const target = name === "sessionStrategy" ? settings : config;
    target[snake(name)] = value;
  }
  return { ...others, cas_config: settings };
}

function defaultsOf(owned: Arguments["casConfig"] = {}): Wire {
  return Object.fromEntries(Object.keys(owned).map((name) => [name, asObject(casDefaults)[snake(name)]]));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(snakeCase);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [snake(name), snakeCase(member)]));
}

/** Two stored deployments with equal normal forms mean the same. */
export function normalForm(stored: Wire): Wire {
  return {
    ...stored,
    description: stored["description"] ?? "",
    initial_events: list(stored["initial_events"]).map(normalEvent),
    vault_ids: [...new Set(list(stored["vault_ids"]))].sort(),
    environment_variables: variables(stored["environment_variables"]),
    budget: stored["budget"] == null ? null : Number(asObject(stored["budget"])["max_credit_cost"]),
    metadata: normalMetadata(asObject(stored["metadata"])),
  };
}

function normalEvent(value: unknown): Wire {
  const event = asObject(value);
  const content = event["content"];
  return {
    ...event,
    ...(typeof content === "string" ? { content: [{ type: "text", text: content }] } : {}),
    ...(event["type"] === "user.define_outcome" ? { max_iterations: event["max_iterations"] ?? 3 } : {}),
  };
}

// The service fills in the settings that a program leaves out.
function normalMetadata(metadata: Wire): Wire {
  if (!Object.hasOwn(metadata, "cas_config")) {
    return metadata;
  }
  const { session_strategy, ...config } = casDefaults;
  // The service alone writes the statistics.
  const held = omit(asObject(metadata["cas_config"]), "stats");
  const settings = { session_strategy, ...held, config: { ...config, ...asObject(held["config"]) } };
  // All defaults mean the same as no settings.
  const nothingChosen = isDeepStrictEqual(settings, { session_strategy, config });
  return nothingChosen ? omit(metadata, "cas_config") : { ...metadata, cas_config: settings };
}

export function variables(text: unknown): Wire {
  const pairs = String(text ?? "")
    .split(/[;\n]/)
    .filter((pair) => pair !== "");
  return Object.fromEntries(pairs.map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)]));
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
