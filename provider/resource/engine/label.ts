import { excerpt, firstOf } from "../../api/terminal-text";
import { containsUnknown, type Properties } from "../kind/program-values";
import { pulumiName } from "../state/state";

interface Named {
  readonly kind: { readonly label: string };
  readonly properties: Properties;
}

const longestName = 100;
const mostNames = 5;

/** The Pulumi name in the present declaration, if this command has one; otherwise in the first declaration. */
export function nameOf({ properties }: Pick<Named, "properties">, urn: string | undefined): string | undefined {
  return urn?.split("::").pop() ?? pulumiName(properties);
}

/**
 * The words for a resource: its Pulumi name, and in brackets its name at Qoder, if that differs, and its id. A state that
 * somebody made by hand has no Pulumi name: then the name at Qoder comes first.
 */
export function labelOf(resource: Named, urn: string | undefined, id: string | undefined): string {
  const { kind, properties } = resource;
  const { name } = properties;
  const atQoder = typeof name === "string" && !containsUnknown(name) ? excerpt(name) : undefined;
  const declared = nameOf(resource, urn) ?? atQoder;
  const isOther = atQoder !== undefined && atQoder !== declared;
  const more = [...(isOther ? [`"${atQoder}" at Qoder`] : []), ...(id === undefined ? [] : [id])];
  const label = declared === undefined ? kind.label : `${kind.label} "${declared}"`;
  return more.length === 0 ? label : `${label} (${more.join(", ")})`;
}

/** Sorts the names, because the engine calls the resources in another order each time. */
export function sortedNames(names: readonly string[]): string[] {
  return names.toSorted(byName);
}

export function byName(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

/** The first names, at most five and only as many as fit into `longest` characters, and the number of further names. */
export function namesText(names: readonly string[], longest = Number.POSITIVE_INFINITY): string {
  for (let shown = Math.min(names.length, mostNames); shown > 1; shown -= 1) {
    const text = firstOf(names, shown);
    if (text.length <= longest) {
      return text;
    }
  }
  const [first = "", ...others] = names;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${excerpt(first, Math.max(Math.min(longest, longestName * 2) - more.length - 1, 1))}${more}`;
}
