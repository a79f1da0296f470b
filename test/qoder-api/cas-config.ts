import { z } from "zod";
import { ApiError, invalid } from "./errors";
import { deletions, isObject, mergedMetadata, mergedObjects, parseBody } from "./parse";
import type { Switches } from "./switches";
import type { JsonObject } from "./wire";

const casConfigSchema = z.strictObject({
  session_strategy: z.string().min(1).optional(),
  config: z
    .strictObject({
      max_retries: z.int().min(0).optional(),
      timeout_ms: z.int().min(1).optional(),
      max_concurrent: z.int().min(1).optional(),
    })
    .optional(),
});

const CAS_CONFIG = "cas_config";

/** The defaults of "Create a deployment" (June 2026), which the server fills in even without sent metadata. */
export function defaultCasConfig(): JsonObject {
  return {
    session_strategy: "new_session",
    config: { max_retries: 0, timeout_ms: 300_000, max_concurrent: 1 },
    stats: { total_runs: 0, total_failures: 0, consecutive_failures: 0 },
  };
}

/** The metadata of a deployment after a create or an update. `cas_config` is an object with rules of its own. */
export function mergedDeploymentMetadata(
  current: JsonObject,
  patch: JsonObject,
  switches: Switches,
  isCreate: boolean,
): JsonObject {
  if (!hasCasConfig(switches) || !(CAS_CONFIG in patch)) return mergedMetadata(current, patch, deletions(isCreate));
  const { [CAS_CONFIG]: casConfig, ...own } = patch;
  const merged = mergedMetadata(current, own, deletions(isCreate));
  applyCasConfig(merged, casConfig, switches, isCreate);
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

/** "Trigger a deployment" (June 2026): the stats count each run, and have the time of the last one. */
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

/** "Trigger a deployment" (June 2026): the number of runs at the same time. The service records and skips the next one. */
export function placesForRuns(metadata: JsonObject, switches: Switches): number {
  const casConfig = metadata[CAS_CONFIG];
  const config = isObject(casConfig) && isObject(casConfig["config"]) ? casConfig["config"] : {};
  return hasCasConfig(switches)
    ? Number(config["max_concurrent"] ?? Number.POSITIVE_INFINITY)
    : Number.POSITIVE_INFINITY;
}

function applyCasConfig(merged: JsonObject, value: unknown, switches: Switches, isCreate: boolean): void {
  const current = isObject(merged[CAS_CONFIG]) ? merged[CAS_CONFIG] : defaultCasConfig();
  if (value !== null) {
    const base = switches.casConfigMerge === "deep" ? current : { ...defaultCasConfig(), stats: current["stats"] };
    merged[CAS_CONFIG] = mergedObjects(base, parsedCasConfig(value, switches));
  } else if (isCreate) {
    throw invalid("metadata.cas_config must be an object.", "metadata.cas_config");
  } else {
    delete merged[CAS_CONFIG];
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

function hasCasConfig(switches: Switches): boolean {
  return switches.casConfig === "auto" ? switches.generation === 1 : switches.casConfig === "present";
}
