/**
 * The rules of the API's page "Update a deployment"; the provider shares none of this code. A body keeps the members that
 * it leaves out, replaces arrays and the schedule whole, and merges metadata key by key.
 */

/** A deployment as the service stores it: unlike in its replies, with the tokens of resources. */
export type Wire = Readonly<Record<string, unknown>>;

/** The version that the service takes for an agent without a version. */
export const newestAgentVersion = 9;

export function applyMergePatch(stored: Wire, body: Wire): Wire {
  const patched = Object.entries(body).map(([member, value]) => [member, merged(member, stored[member], value)]);
  return { ...stored, ...Object.fromEntries(patched) };
}

function merged(member: string, before: unknown, value: unknown): unknown {
  switch (member) {
    case "name":
    case "environment_id":
      return refuseWhen(typeof value !== "string" || value === "", member, value);
    case "initial_events":
      return refuseWhen(!Array.isArray(value) || value.length < 1 || value.length > 50, member, value);
    case "description":
    case "environment_variables":
      return refuseWhen(typeof value !== "string", member, value);
    case "resources":
    case "vault_ids":
      return refuseWhen(!Array.isArray(value), member, value);
    case "budget":
      return refuseWhen(value !== null && members(value).join() !== "max_credit_cost,type", member, value);
    case "schedule":
      return value === null ? null : mergedSchedule(before, value);
    case "agent":
      return mergedAgent(value);
    case "metadata":
      return mergedMetadata(before, value);
    default:
      return refuseWhen(true, member, value);
  }
}

/** The service answers 400. */
function refuseWhen<Value>(bad: boolean, member: string, value: Value): Value {
  if (bad) {
    throw new Error(`400 invalid_request_error: ${member} ${JSON.stringify(value)}`);
  }
  return value;
}

// The schedule "must include all sub-fields". The service alone writes `last_run_at`.
function mergedSchedule(before: unknown, value: unknown): Wire {
  refuseWhen(members(value).join() !== "expression,timezone,type", "schedule", value);
  const { last_run_at } = asObject(before);
  return { ...asObject(value), ...(last_run_at === undefined ? {} : { last_run_at }) };
}

function mergedAgent(value: unknown): Wire {
  if (typeof value === "string") {
    return { id: value, type: "agent", version: newestAgentVersion };
  }
  refuseWhen(members(value).join() !== "id,type,version", "agent", value);
  return asObject(value);
}

// "key→value upserts, key→null deletes". Under `cas_config` the older generation keeps settings, which a body replaces, and
// statistics, which the service alone writes.
function mergedMetadata(before: unknown, value: unknown): Wire {
  const result = { ...asObject(before) };
  for (const [key, given] of Object.entries(asObject(refuseWhen(value === null, "metadata", value)))) {
    if (given === null) {
      delete result[key];
    } else if (key === "cas_config") {
      refuseWhen("stats" in asObject(given), "metadata.cas_config", given);
      result[key] = { ...asObject(given), ...pick(asObject(result[key]), "stats") };
    } else {
      result[key] = refuseWhen(typeof given !== "string", `metadata.${key}`, given);
    }
  }
  return result;
}

export function asObject(value: unknown): Wire {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function pick(value: Wire, key: string): Wire {
  return Object.hasOwn(value, key) ? { [key]: value[key] } : {};
}

export function omit(value: Wire, key: string): Wire {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

function members(value: unknown): string[] {
  return Object.keys(asObject(value)).sort();
}
