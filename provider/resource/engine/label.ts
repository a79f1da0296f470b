import { excerpt } from "../../api/foreign-text";
import { containsUnknown, type Properties } from "../program-values";
import { pulumiName } from "../state";

/** A resource, as far as messages name it. */
interface Named {
  readonly kind: { readonly label: string };
  readonly properties: Properties;
}

const longestName = 100;
const mostNames = 5;

/** The name in the program: that of the present declaration where this command has one, else that of the first one. */
export function nameOf({ properties }: Pick<Named, "properties">, urn: string | undefined): string | undefined {
  return urn?.split("::").pop() ?? pulumiName(properties);
}

/**
 * By the name in the program first; the name at Qoder, where that is another, and the id follow in brackets. A state that was made by
 * hand has the name at Qoder alone.
 */
export function labelOf(resource: Named, urn: string | undefined, id: string | undefined): string {
  const { kind, properties } = resource;
  const { name } = properties;
  const atQoder = typeof name === "string" && !containsUnknown(name) ? excerpt(name, longestName) : undefined;
  const declared = nameOf(resource, urn) ?? atQoder;
  const isOther = atQoder !== undefined && atQoder !== declared;
  const more = [...(isOther ? [`"${atQoder}" at Qoder`] : []), ...(id === undefined ? [] : [id])];
  const label = declared === undefined ? kind.label : `${kind.label} "${declared}"`;
  return more.length === 0 ? label : `${label} (${more.join(", ")})`;
}

/** The engine asks for the resources in another order each time. */
export function sortedNames(names: readonly string[]): string[] {
  return names.toSorted((one, other) => one.localeCompare(other, "en", { numeric: true }));
}

/** The first names, at most five and as many as fit, and the number of the others. */
export function namesText(names: readonly string[], longest = Number.POSITIVE_INFINITY): string {
  for (let shown = Math.min(names.length, mostNames); shown > 1; shown -= 1) {
    const text = listed(names, shown);
    if (text.length <= longest) {
      return text;
    }
  }
  const [first = "", ...others] = names;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `${excerpt(first, Math.max(Math.min(longest, longestName * 2) - more.length - 1, 1))}${more}`;
}

function listed(names: readonly string[], shown: number): string {
  const more = names.length - shown;
  const first = names.slice(0, shown).join(", ");
  return more === 0 ? first : `${first} and ${more} more`;
}
