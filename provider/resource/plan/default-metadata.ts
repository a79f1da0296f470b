import { z } from "zod";
import type { Configuration } from "../../account/settings";
import { isCoveredBy } from "../compare/replaced-places";
import { type CommandSettings, commandSettings } from "../engine/settings";
import type { ResourceKind } from "../kind/kind";
import { containsUnknown, isObject, type Properties, without } from "../kind/program-values";
import { hiddenInputs } from "../state/state";

/** As the API limits metadata ("Metadata" of each kind). The configuration of a stack writes 42 and true without quotes. */
const labelsSchema = z.record(
  z.string().min(1).max(64),
  z.union([z.string(), z.number(), z.boolean()]).transform(String).pipe(z.string().max(512)),
);

/**
 * The inputs with the labels of `qoder:defaultMetadata`, which the program owns from then on as it owns its own. A label of the
 * program goes first. The check adds them, because only the check knows the account of the resource under both doors, and its
 * inputs are what a preview shows.
 *
 * An object whose metadata the API cannot change keeps the labels that it has, because another one would replace it: a label of the setting
 * adds nothing to it, and stays where the program gives it no longer.
 */
export function withDefaultMetadata(
  kind: ResourceKind,
  olds: Properties,
  news: Properties,
  configuration: Configuration | undefined,
): Properties {
  const { metadata: field } = kind.fields;
  const text = textIn(configuration);
  const own = news["metadata"] ?? {};
  const command = commandSettings(news);
  const exists = Object.keys(olds).some((name) => name !== "__provider");
  // Unknown metadata may hold any label.
  if (field === undefined || !isObject(own) || (exists && isIgnored(command, news))) {
    return news;
  }
  const keeps = field.replaces === true && (exists || news["adopt"] != null);
  if (containsUnknown(text) && !keeps) {
    return { ...news, metadata: text };
  }
  const ofSetting = labelsSchema.safeParse(parsed(text)).data ?? {};
  const isOfSetting = (name: string) => containsUnknown(text) || Object.hasOwn(ofSetting, name);
  const labels = keeps ? keptLabels(olds, isOfSetting) : ofSetting;
  const names = Object.keys(labels).filter((name) => !Object.hasOwn(own, name));
  return names.length === 0
    ? news
    : { ...news, metadata: { ...labels, ...own }, ...(field.replaces ? { __defaultMetadata: names } : {}) };
}

/** The recorded labels that the object got by default, or that are labels of the setting now. */
function keptLabels(olds: Properties, isOfSetting: (name: string) => boolean): Properties {
  const { __defaultMetadata: names = [] } = hiddenInputs(olds);
  const metadata = isObject(olds["metadata"]) ? olds["metadata"] : {};
  const others = Object.keys(metadata).filter((name) => !names.includes(name) && !isOfSetting(name));
  return without(metadata, others);
}

/** True if the engine passes the recorded metadata in place of the declared one; for `ignoreChanges: ["*"]` it passes no command. */
function isIgnored({ ignoreChanges }: CommandSettings, news: Properties): boolean {
  return news["__command"] === undefined || isCoveredBy(ignoreChanges, "metadata", {}, { metadata: "any" });
}

/** The mistake in `qoder:defaultMetadata`; undefined for valid or no labels. */
export function defaultMetadataProblem(configuration: Configuration | undefined): string | undefined {
  const text = textIn(configuration);
  const { error } = text === "" || containsUnknown(text) ? {} : labelsSchema.safeParse(parsed(text));
  const [issue] = error?.issues ?? [];
  if (issue === undefined) {
    return undefined;
  }
  const [key = "team"] = issue.path;
  const what = issue.path.length === 0 ? "is no object of labels" : `.${String(key)} is no label`;
  return `qoder:defaultMetadata${what.startsWith(".") ? "" : " "}${what}: a key has 1 to 64 characters, a text at most 512. Run \`pulumi config set --path qoder:defaultMetadata.${String(key)} VALUE\``;
}

function textIn(configuration: Configuration | undefined): string {
  return configuration?.get("qoder:defaultMetadata")?.trim() ?? "";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
