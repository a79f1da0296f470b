import { ApiError, invalid } from "./errors";
import { isObject, parseBody } from "./parse";
import { casConfigSchema, characters } from "./request-schemas";
import { hasCasConfig, type Switches } from "./switches";
import type { JsonObject } from "./wire";

/** "Conventions: schemas": at most 16 keys of 64 characters with values of 512. */
const MAX_KEYS = 16;
const MAX_KEY_LENGTH = 64;
const MAX_VALUE_LENGTH = 512;

const CAS_CONFIG = "cas_config";

/** "Create a deployment" (June 2026): the server fills these in, also when no metadata was sent. */
export function defaultCasConfig(): JsonObject {
  return {
    session_strategy: "new_session",
    config: { max_retries: 0, timeout_ms: 300_000, max_concurrent: 1 },
    stats: { total_runs: 0, total_failures: 0, consecutive_failures: 0 },
  };
}

/** Create takes no null values; "Update a deployment": a key with a value is set, a key with null is deleted. */
export function mergedMetadata(
  current: JsonObject,
  patch: JsonObject,
  switches: Switches,
  isCreate: boolean,
): JsonObject {
  const merged = { ...current };
  for (const [key, value] of Object.entries(patch)) {
    if (key === CAS_CONFIG && hasCasConfig(switches)) applyCasConfig(merged, value, switches, isCreate);
    else if (value === null && !isCreate) delete merged[key];
    else merged[key] = checkedValue(key, value);
  }
  // The limit is on the result: a patch may delete one key and add another.
  if (Object.keys(merged).filter((key) => key !== CAS_CONFIG || !isObject(merged[key])).length > MAX_KEYS) {
    throw invalid(`metadata must hold at most ${MAX_KEYS} keys.`, "metadata");
  }
  return merged;
}

/** Objects are merged at every depth, everything else is replaced. */
export function mergedObjects(current: unknown, given: unknown): unknown {
  if (!isObject(current) || !isObject(given)) return given;
  const merged = { ...current };
  for (const [key, value] of Object.entries(given)) merged[key] = mergedObjects(current[key], value);
  return merged;
}

/** The metadata of a reply. `stats` belongs to the server and follows the clock. */
export function shownMetadata(stored: JsonObject, switches: Switches, nextRun: string | undefined): JsonObject {
  const { [CAS_CONFIG]: casConfig, ...own } = stored;
  if (!isObject(casConfig)) return stored;
  if (!hasCasConfig(switches)) return own;
  const stats = isObject(casConfig["stats"]) ? casConfig["stats"] : {};
  const next = nextRun === undefined ? {} : { next_trigger_at: nextRun };
  return { ...own, [CAS_CONFIG]: { ...casConfig, stats: { ...next, ...stats } } };
}

/** "Trigger a deployment" (June 2026): a run is counted and dated in the stats. */
export function countedRun(metadata: JsonObject, triggeredAt: string, isFailure: boolean): JsonObject {
  const casConfig = metadata[CAS_CONFIG];
  if (!isObject(casConfig) || !isObject(casConfig["stats"])) return metadata;
  const { total_runs: runs, total_failures: failures, consecutive_failures: consecutive } = casConfig["stats"];
  const stats = {
    ...casConfig["stats"],
    total_runs: Number(runs) + 1,
    total_failures: Number(failures) + (isFailure ? 1 : 0),
    consecutive_failures: isFailure ? Number(consecutive) + 1 : 0,
    last_triggered_at: triggeredAt,
  };
  return { ...metadata, [CAS_CONFIG]: { ...casConfig, stats } };
}

function applyCasConfig(merged: JsonObject, value: unknown, switches: Switches, isCreate: boolean): void {
  const current = isObject(merged[CAS_CONFIG]) ? merged[CAS_CONFIG] : defaultCasConfig();
  const reset = { ...defaultCasConfig(), stats: current["stats"] };
  if (value !== null) {
    const base = switches.casConfigMerge === "deep" ? current : reset;
    merged[CAS_CONFIG] = mergedObjects(base, parsedCasConfig(value, switches));
  } else if (isCreate || switches.casConfigNull === "reject") {
    throw invalid("metadata.cas_config must be an object.", "metadata.cas_config");
  } else if (switches.casConfigNull === "delete") {
    delete merged[CAS_CONFIG];
  } else {
    merged[CAS_CONFIG] = reset;
  }
}

function parsedCasConfig(value: unknown, switches: Switches): unknown {
  try {
    return parseBody(casConfigSchema, value, switches);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const param = ["metadata", CAS_CONFIG, ...(error.param === undefined ? [] : [error.param])].join(".");
    throw invalid(`metadata.cas_config: ${error.message}`, param);
  }
}

function checkedValue(key: string, value: unknown): string {
  const param = `metadata.${key}`;
  if (key === "" || characters(key) > MAX_KEY_LENGTH) {
    throw invalid(`metadata keys must have 1-${MAX_KEY_LENGTH} characters.`, "metadata");
  }
  if (typeof value !== "string") throw invalid("metadata values must be strings.", param);
  if (characters(value) > MAX_VALUE_LENGTH) {
    throw invalid(`metadata values must have at most ${MAX_VALUE_LENGTH} characters.`, param);
  }
  return value;
}
