import { z } from "zod";
import { QoderApiError } from "../api/errors";
import { type Json, type JsonObject, jsonObjectSchema } from "../api/schema";
import type { Advice } from "../resource/kind/advice";
import type { Field } from "../resource/kind/field";
import type { CommonReply } from "../resource/kind/outputs";
import { membersOf, same } from "../resource/kind/program-values";
import type { DeploymentOutputs } from "./arguments";
import { withoutComputed } from "./computed";

/** The key of the metadata under which the older generation of the service keeps settings and statistics. */
export const reservedKey = "cas_config";

const schema = z
  .strictObject({
    sessionStrategy: z.string().min(1),
    maxRetries: z.int().min(0),
    timeoutMs: z.int().min(1),
    maxConcurrent: z.int().min(1),
  })
  .partial();
const recorded = z
  .object({ sessionStrategy: z.string(), maxRetries: z.number(), timeoutMs: z.number(), maxConcurrent: z.number() })
  .partial();

/** Run settings of the older generation, from `metadata.cas_config`, where the service also keeps statistics. */
export type CasConfig = Readonly<z.infer<typeof recorded>>;
type Setting = keyof CasConfig;

/** For each setting its path below `cas_config` and its default ("Create a deployment", older generation). */
const places: { readonly [Name in Setting]: { readonly path: Path; readonly byDefault: string | number } } = {
  sessionStrategy: { path: ["session_strategy"], byDefault: "new_session" },
  maxRetries: { path: ["config", "max_retries"], byDefault: 0 },
  timeoutMs: { path: ["config", "timeout_ms"], byDefault: 300_000 },
  maxConcurrent: { path: ["config", "max_concurrent"], byDefault: 1 },
};
type Path = readonly [member: string, inner?: string];
const names: readonly Setting[] = recorded.keyof().options;

/** The values that settings get when they leave the program. */
export const casConfigDefaults = collected((name) => places[name].byDefault);

function collected(value: (name: Setting) => Json | undefined): CasConfig {
  return recorded.parse(valuesOf(value));
}

function valuesOf(value: (name: Setting) => Json | undefined): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const given = value(name);
      return given === undefined ? [] : [[name, given]];
    }),
  );
}

/**
 * The program owns only the settings that it names: `stats` belongs to the service, and the other settings may belong to
 * another person.
 */
export const casConfigField: Field<CasConfig> = {
  wire: "metadata",
  leftOut: "untouched",
  schema: schema.refine((value) => Object.keys(value).length > 0, "names no setting"),
  recorded,
  buildsOnLive: true,
  change(applied, wanted, { effectiveMetadata }: Partial<DeploymentOutputs>, sending) {
    if (sending?.isAgain !== true && same(applied ?? {}, wanted ?? {})) {
      return undefined;
    }
    const live = settingsInMetadata(effectiveMetadata);
    const target = collected(
      (name) => wanted?.[name] ?? (applied?.[name] === undefined ? undefined : casConfigDefaults[name]),
    );
    const nothingElse = wanted === undefined && !othersChose(live, applied ?? {});
    return { [reservedKey]: nothingElse ? null : onTopOf(live, target) };
  },
  inParts: [],
  // The body repeats each setting of the program.
  carried: () => casConfigDefaults,
  byDefault: casConfigDefaults,
  normal: (settings = {}) => settings,
  live(deployment: CommonReply, own = {}) {
    const live = settingsOf(deployment) ?? {};
    return Object.fromEntries(Object.entries(live).filter(([name]) => name in own));
  },
  describe: settingsOf,
  import: {
    // The imported program leaves out settings at their default: removing them later resets them to it.
    chosen(settings) {
      const chosen = collected((name) => (settings[name] === places[name].byDefault ? undefined : settings[name]));
      return Object.keys(chosen).length === 0 ? undefined : chosen;
    },
    undescribable(deployment: CommonReply) {
      const held = readableSettings.safeParse(deployment.metadata?.[reservedKey]);
      const isHidden = !held.success || (held.data != null && settingsOf(deployment) === undefined);
      return isHidden ? "has a shape that this version does not know" : undefined;
    },
  },
};

// Settings in an unknown shape count as absent.
const readableSettings = z.looseObject({ config: z.looseObject({}).nullish() }).nullish();

function settingsOf(deployment: CommonReply): CasConfig | undefined {
  const live = jsonObjectSchema.safeParse(deployment.metadata?.[reservedKey]);
  const settings = live.success ? recorded.safeParse(valuesOf((name) => memberAt(live.data, places[name].path))) : live;
  return settings.data;
}

function memberAt(object: JsonObject, [member, inner]: Path): Json | undefined {
  const value = object[member];
  return inner === undefined ? value : jsonObjectSchema.safeParse(value).data?.[inner];
}

// "Update a deployment" merges metadata one level deep, so the request must repeat the settings of other people inside the
// key, or they are lost.
function onTopOf(live: JsonObject | undefined, ours: CasConfig): JsonObject {
  return names.reduce((whole, name) => withMember(whole, places[name].path, ours[name]), live ?? {});
}

function withMember(object: JsonObject, [member, inner]: Path, value: Json | undefined): JsonObject {
  if (value === undefined) {
    return object;
  }
  const held = inner === undefined ? value : { ...jsonObjectSchema.safeParse(object[member]).data, [inner]: value };
  return { ...object, [member]: held };
}

// Null removes the whole key, including the settings of other people. True if one of those settings differs from its default:
// then the request must not send null.
function othersChose(live: JsonObject | undefined, ours: CasConfig): boolean {
  const reset = collected((name) => (ours[name] === undefined ? undefined : casConfigDefaults[name]));
  const { config, ...top } = onTopOf(live, reset);
  const { config: defaultConfig, ...defaultTop } = onTopOf({}, casConfigDefaults);
  return !isSubset(top, defaultTop) || !isSubset(config, defaultConfig);
}

function isSubset(part: unknown, whole: unknown): boolean {
  const entries = Object.entries(jsonObjectSchema.safeParse(part).data ?? {});
  const all = jsonObjectSchema.safeParse(whole).data ?? {};
  return entries.every(([name, value]) => same(value, all[name]));
}

/** All settings under the key, whoever set them, without the statistics of the service. */
export function settingsInMetadata(metadata: unknown): JsonObject | undefined {
  const { [reservedKey]: held } = membersOf(metadata);
  // Most deployments have no such settings, and a schema makes an error to say so.
  const settings = held === undefined ? undefined : jsonObjectSchema.safeParse(held).data;
  if (settings === undefined) {
    return undefined;
  }
  return jsonObjectSchema.parse(withoutComputed("settings", settings));
}

// A service whose metadata holds strings only refuses the object `cas_config`. No other label can cause this refusal, because
// `check` refuses labels that are no strings.
function refusesCasConfig({ param, serverMessage }: QoderApiError): boolean {
  const isOfMetadata =
    param === undefined ? serverMessage.includes("cas_config") : /^metadata(\.cas_config)?$/.test(param);
  return isOfMetadata && /unknown field|unrecognized|(must|should) be (a )?strings?|not a string/i.test(serverMessage);
}

export const casConfigAdvice: Advice = {
  fits: (error) => error instanceof QoderApiError && error.status === 400 && refusesCasConfig(error),
  text: "Remove casConfig: it belongs to the older generation of the API, and this service does not know it",
};
