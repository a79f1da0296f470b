import { z } from "zod";
import { type Deployment, type JsonObject, jsonObjectSchema } from "../api/schema";
import { type Field, same } from "./field";
import { reservedKey } from "./metadata";

/** Run settings of the older generation. They live in `metadata.cas_config`, beside statistics of the service. */
export interface CasConfig {
  readonly sessionStrategy?: string | undefined;
  readonly maxRetries?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maxConcurrent?: number | undefined;
}

const settings = z.strictObject({
  sessionStrategy: z.string().min(1).optional(),
  maxRetries: z.int().min(0).optional(),
  timeoutMs: z.int().min(1).optional(),
  maxConcurrent: z.int().min(1).optional(),
});

// "Create a deployment" (older generation): what the service fills in. A setting that leaves the program goes back to it.
export const casConfigDefaults = {
  sessionStrategy: "new_session",
  maxRetries: 0,
  timeoutMs: 300_000,
  maxConcurrent: 1,
};

/** Owned setting by setting: `stats` belongs to the service, a setting that the program does not name to somebody else. */
export const casConfigField: Field<CasConfig> = {
  wire: "metadata",
  leftOut: "untouched",
  schema: settings.refine((value) => Object.keys(value).length > 0, "names no setting"),
  recorded: z.object({
    sessionStrategy: z.string().optional(),
    maxRetries: z.number().optional(),
    timeoutMs: z.number().optional(),
    maxConcurrent: z.number().optional(),
  }),
  buildsOnLive: true,
  change(applied, wanted, live) {
    const removed = Object.entries(casConfigDefaults).filter(
      ([name]) => name in (applied ?? {}) && !(name in (wanted ?? {})),
    );
    const target: CasConfig = { ...Object.fromEntries(removed), ...wanted };
    if (same(applied ?? {}, wanted ?? {})) {
      return undefined;
    }
    const nothingElse = wanted === undefined && !othersChose(live.casConfig, applied ?? {});
    return { [reservedKey]: nothingElse ? null : onTopOf(live.casConfig, target) };
  },
  read(deployment, asked) {
    if (asked === undefined || deployment.metadata == null) {
      return asked;
    }
    const live = settingsOf(deployment) ?? {};
    return Object.fromEntries(Object.entries(live).filter(([name]) => name in asked));
  },
  describe: settingsOf,
  meaning: {
    leftOut: "untouched",
    removed: "`metadata.cas_config: null`, only if we set it; a single setting goes back to its default",
    sameWhen:
      "the settings we set are equal; `stats` never counts. A change reads the deployment first, as it must hold what others set",
  },
};

const wireSettings = z.looseObject({
  session_strategy: z.string().optional(),
  config: z
    .looseObject({
      max_retries: z.number().optional(),
      timeout_ms: z.number().optional(),
      max_concurrent: z.number().optional(),
    })
    .optional(),
});

function settingsOf(deployment: Deployment): CasConfig | undefined {
  const live = wireSettings.safeParse(deployment.metadata?.[reservedKey]);
  if (!live.success) {
    return undefined;
  }
  const { session_strategy: sessionStrategy, config } = live.data;
  const all = {
    sessionStrategy,
    maxRetries: config?.max_retries,
    timeoutMs: config?.timeout_ms,
    maxConcurrent: config?.max_concurrent,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

// The update page merges metadata one level deep, so what others set inside the key must travel along or be lost.
function onTopOf(live: JsonObject | undefined, ours: CasConfig): JsonObject {
  const before = jsonObjectSchema.safeParse(live?.["config"]);
  const config = {
    ...(before.success ? before.data : {}),
    ...(ours.maxRetries === undefined ? {} : { max_retries: ours.maxRetries }),
    ...(ours.timeoutMs === undefined ? {} : { timeout_ms: ours.timeoutMs }),
    ...(ours.maxConcurrent === undefined ? {} : { max_concurrent: ours.maxConcurrent }),
  };
  return {
    ...live,
    ...(ours.sessionStrategy === undefined ? {} : { session_strategy: ours.sessionStrategy }),
    ...(Object.keys(config).length === 0 ? {} : { config }),
  };
}

// Null takes the whole key away, so it is sent only where nobody else has a setting there. A default is nobody's.
function othersChose(live: JsonObject | undefined, ours: CasConfig): boolean {
  const reset = Object.fromEntries(Object.entries(casConfigDefaults).filter(([name]) => name in ours));
  const { config, ...top } = onTopOf(live, reset);
  const { config: defaultConfig, ...defaultTop } = onTopOf({}, casConfigDefaults);
  return !isSubset(top, defaultTop) || !isSubset(config, defaultConfig);
}

function isSubset(part: unknown, whole: unknown): boolean {
  const entries = Object.entries(jsonObjectSchema.safeParse(part).data ?? {});
  const all = jsonObjectSchema.safeParse(whole).data ?? {};
  return entries.every(([name, value]) => same(value, all[name]));
}

/** What others and we set under the key, without the statistics that belong to the service. */
export function settingsInMetadata(metadata: unknown): JsonObject | undefined {
  const held = z.looseObject({ [reservedKey]: jsonObjectSchema }).safeParse(metadata);
  if (!held.success) {
    return undefined;
  }
  const { stats: _, ...own } = jsonObjectSchema.parse(held.data[reservedKey]);
  return own;
}
