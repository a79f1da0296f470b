import { z } from "zod";
import type { Configuration } from "../account/settings";
import { credentialProblem, providerProblem, secretLabels } from "../program/qoder-provider-arguments";
import { remarkChoiceProblem } from "../resource/engine/remarks";
import { containsUnknown, isObject, type Properties, same } from "../resource/kind/program-values";
import type { Session } from "../resource/session/session";
import { holdsSecret } from "../resource/state/hidden-texts";
import { mapped, secret, unknownValue } from "./marks";

const credentials = ["pat", "saKey"] as const;
/** The key without the prefix of the stack's configuration. */
const bareKey = (key: string) => key.replace(/^qoder:/, "");
const fullKey = (key: string) => (key.includes(":") ? key : `qoder:${key}`);
/** False for settings that the engine adds (pulumi/pulumi pkg/resource/deploy/providers/registry.go). */
const isOwn = ([key]: [string, unknown]) => !["version", "pluginDownloadURL"].includes(key);

/**
 * The stack's configuration by its full keys. The engine gives a provider the keys of its package, some versions without the name
 * of the package (pulumi/pulumi pkg/host/host.go).
 */
export function stackSettings({ PULUMI_CONFIG: text = "" }: Readonly<Record<string, string | undefined>>): Properties {
  try {
    const given = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    return Object.fromEntries(Object.entries(given).map(([key, value]) => [fullKey(key), value]));
  } catch {
    return {};
  }
}

/**
 * The settings of a provider to record in the state. For a provider that the program declares, they have the same names as those of a
 * `QoderProvider`, so that its resources can move between the plugin and the dynamic provider.
 */
export function checkedSettings(name: string, news: Properties, stack: Properties) {
  if (/^default(_|$)/.test(name)) {
    return { inputs: withSecretCredentials(news), failures: [...commandProblems(news), ...labelProblems(news)] };
  }
  const own = ownSettings(news);
  const { account: _, ...args } = own;
  const inherited = ["baseUrl", "writesPerSecond", "refresh", "protect"].map((key) => [
    key,
    own[key] ?? stack[`qoder:${key}`],
  ]);
  const labels = { defaultMetadata: joinedLabels(stack["qoder:defaultMetadata"], own["defaultMetadata"]) };
  const settings = Object.entries({ ...own, ...Object.fromEntries(inherited), ...labels, account: name });
  const texts = settings.flatMap(([key, value]) => (value === undefined ? [] : [[`qoder:${key}`, asText(value)]]));
  const inputs = Object.fromEntries([...texts, ...Object.entries(news).filter((entry) => !isOwn(entry))]);
  return { inputs: withSecretCredentials(inputs), failures: [...accountProblems(name, args), ...labelProblems(news)] };
}

/** A setting is a text. An object of the configuration is one already; the labels of a provider are JSON with it. */
function asText(value: unknown): unknown {
  const isText = typeof value !== "object" || value === null;
  return containsUnknown(value) ? unknownValue : isText ? String(value) : JSON.stringify(value);
}

/** The labels of the stack and of the provider, whose own go first; undefined if neither has any. */
function joinedLabels(ofStack: unknown, own: unknown): unknown {
  const known = z.union([z.record(z.string(), z.unknown()), z.string().transform(parsed)]).safeParse(ofStack).data;
  return isObject(own) && isObject(known) ? { ...known, ...own } : (own ?? ofStack);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function labelProblems({ defaultMetadata }: Properties): string[] {
  return holdsSecret(defaultMetadata) ? [secretLabels] : [];
}

function withSecretCredentials(values: Properties): Properties {
  return mapped(values, (key, value) => (credentials.some((one) => one === bareKey(key)) ? secret(value) : value));
}

function accountProblems(name: string, args: Properties): string[] {
  const empty = credentials.map((key) => (key in args ? credentialProblem(name, key, args[key]) : undefined));
  return [providerProblem(name, args), ...empty].flatMap((one) => one ?? []).slice(0, 1);
}

/** The problems with the settings of a command, in the words that `pulumi.Config` has for a program of the SDK. */
function commandProblems(settings: Properties): string[] {
  const booleans = ["ownToken", "protect", "showRequests", "verify"].filter(
    (key) => !/^(true|false|)$/.test(String(settings[key] ?? "")),
  );
  const choice = remarkChoiceProblem(String(settings["diagnostics"] ?? ""));
  return [
    ...booleans.map((key) => `qoder:${key} is neither true nor false`),
    ...(choice === undefined ? [] : [choice]),
  ];
}

/** True if the settings of a provider differ from the recorded ones; settings that the engine adds do not count. */
export function isOtherAccount(olds: Properties, news: Properties): boolean {
  return !same(ownSettings(olds), ownSettings(news));
}

function ownSettings(settings: Properties): Properties {
  const given = Object.entries(settings).filter((entry) => isOwn(entry) && entry[1] !== null);
  return Object.fromEntries(given.map(([key, value]) => [bareKey(key), value]));
}

export type CallSettings = ReturnType<typeof callSettings>;

/** The account and the settings of the present command; `command` has the form that `resource/engine/settings.ts` reads. */
export function callSettings(session: Session, settings: Properties, stack: Properties) {
  const { get } = configurationOf({ ...settings, ...stack });
  const [showRequests, verify] = [get("qoder:showRequests") === "true", get("qoder:verify") === "true"];
  // No check says whether the command is a preview. The first create, update or delete does.
  const command = { isPreview: null, diagnostics: get("qoder:diagnostics"), showRequests, verify };
  // A `destroy` runs no program, so its other settings are those of the last `up`. This one counts at once, as a person who sets it expects.
  const now = get("qoder:protect");
  return { session, configuration: configurationOf({ ...settings, ...(now && { "qoder:protect": now }) }), command };
}

/** The settings by the keys of the stack's configuration. */
function configurationOf(settings: Properties): Configuration {
  return {
    get(key) {
      const value = settings[key] ?? settings[bareKey(key)];
      return value === undefined || value === null ? undefined : String(asText(value));
    },
  };
}
