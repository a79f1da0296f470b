import { z } from "zod";
import type { Configuration } from "../account/settings";
import { credentialProblem, providerProblem } from "../program/provider-problem";
import { remarkChoiceProblem } from "../resource/engine/remark-choice";
import { containsUnknown, type Properties } from "../resource/program-values";
import { secret } from "./marks";
import type { CommandSettings } from "./resources";

const credentials = ["pat", "saKey"] as const;
/** What the engine adds (pulumi/pulumi pkg/resource/deploy/providers/registry.go). */
const engineOwn = ["version", "pluginDownloadURL"];

/** The stack's configuration by its full keys, as the engine hands it to every provider (pulumi/pulumi pkg/host/host.go). */
export function stackSettings({ PULUMI_CONFIG: text = "" }: Readonly<Record<string, string | undefined>>): Properties {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * The settings of a provider as its state keeps them. Those of one that the program declares have the names that a `QoderProvider` gives
 * them, so that the provider can move between the two doors.
 */
export function checkedSettings(urn: string, news: Properties, stack: Properties) {
  const name = urn.split("::").slice(3).join("::");
  if (/^default(_|$)/.test(name)) {
    return { inputs: { ...news, ...secretCredentials(news, "") }, failures: commandProblems(news) };
  }
  const given = Object.entries(news).filter(([key, value]) => !engineOwn.includes(key) && value !== null);
  const own = Object.fromEntries(given.map(([key, value]) => [key.replace(/^qoder:/, ""), value]));
  const { account: _, ...args } = own;
  const settings = {
    ...own,
    baseUrl: own["baseUrl"] ?? stack["qoder:baseUrl"],
    writesPerSecond: own["writesPerSecond"] ?? stack["qoder:writesPerSecond"],
    account: name,
  };
  const texts = Object.entries(settings).flatMap(([key, value]) =>
    value === undefined ? [] : [[`qoder:${key}`, containsUnknown(value) ? value : String(value)]],
  );
  const kept = Object.entries(news).filter(([key]) => engineOwn.includes(key));
  const inputs = Object.fromEntries([...texts, ...kept]);
  return { inputs: { ...inputs, ...secretCredentials(inputs, "qoder:") }, failures: accountProblems(name, args) };
}

function secretCredentials(values: Properties, prefix: string): Properties {
  const given = credentials.map((key) => `${prefix}${key}`).filter((key) => values[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, secret(values[key])]));
}

function accountProblems(name: string, args: Properties): string[] {
  const problem = providerProblem(name, args);
  const empty = credentials.map((key) => (key in args ? credentialProblem(name, key, args[key]) : undefined));
  return [problem ?? empty.find((one) => one !== undefined)].flatMap((one) => one ?? []);
}

/** As `pulumi.Config` says it to a program of the SDK. */
function commandProblems(settings: Properties): string[] {
  const isBoolean = (value: unknown) => [undefined, "", "true", "false", true, false].includes(value as never);
  const booleans = ["showRequests", "verify"].filter((key) => !isBoolean(settings[key]));
  const { remarks = "" } = settings;
  const choiceProblem = remarkChoiceProblem(String(remarks));
  return [
    ...booleans.map((key) => `qoder:${key} is neither true nor false`),
    ...(choiceProblem === undefined ? [] : [choiceProblem]),
  ];
}

/** What a program of the SDK tells of the command that runs; see `resource/engine/command.ts`. */
export function commandSettings(settings: Properties): CommandSettings {
  const { get } = configurationOf(settings);
  return {
    remarks: get("qoder:remarks"),
    showRequests: get("qoder:showRequests") === "true",
    verify: get("qoder:verify") === "true",
  };
}

/** Whether the account of a provider is another one than the state knows; what the engine adds does not count. */
export function isOtherAccount(olds: Properties, news: Properties): boolean {
  const told = (settings: Properties) =>
    Object.entries(settings)
      .filter(([key]) => !engineOwn.includes(key))
      .map(([key, value]) => JSON.stringify([key.replace(/^qoder:/, ""), value]))
      .sort()
      .join();
  return told(olds) !== told(news);
}

/** The settings of a provider by the keys of the stack's configuration. */
export function configurationOf(settings: Properties): Configuration {
  return {
    get(key) {
      const value = settings[key] ?? settings[key.replace(/^qoder:/, "")];
      return value === undefined || value === null ? undefined : String(value);
    },
  };
}
