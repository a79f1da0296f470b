import { argumentNames, parentIn, type ResourceKind } from "../kind/kind";
import { type Properties, same, valueIn } from "../kind/program-values";

/**
 * The arguments, and members as `argument.member`, that differ and that no update can change. `whole`: the arguments before, for the
 * members.
 */
export function replacedPlaces(kind: ResourceKind, before: Properties, after: Properties, whole = before): string[] {
  const { fields } = kind;
  const differs = (name: string) =>
    !(fields[name]?.meansTheSame?.(before[name], after[name]) ?? same(before[name], after[name]));
  return [
    ...argumentNames(kind).flatMap((name) => fields[name]?.fixed?.(whole[name], after[name]) ?? []),
    ...argumentNames(kind).filter((name) => fields[name]?.replaces === true && differs(name)),
  ];
}

export function argumentOf(place: string): string {
  return place.replace(/[.].*/, "");
}

/**
 * True if a replacement removes the old object first: names are unique, the removal sends nothing, or both have one enclosing object. No
 * page says whether one vault may hold two credentials for one server or variable.
 */
export function removesFirst(kind: ResourceKind, recorded: Properties, wanted: Properties): boolean {
  return (
    kind.naming?.isUnique === true ||
    kind.removal?.sendsNothing === true ||
    (kind.within !== undefined && parentIn(kind, recorded) === parentIn(kind, wanted))
  );
}

export function reasonToReplace({ replacement = "the API cannot change it" }: Pick<ResourceKind, "replacement">) {
  return replacement;
}

/**
 * True if the resource option `replaceOnChanges` covers the change of an argument. A path leads to an argument or to a value
 * inside it, and `*` means any member (pulumi/pulumi sdk/go/common/resource/property_path.go).
 */
export function isCoveredBy(
  paths: readonly string[],
  argument: string,
  before: Properties,
  after: Properties,
): boolean {
  return paths.some((path) => {
    const [first, ...inner] = membersOfPath(path);
    const members = inner.slice(0, inner.indexOf("*") === -1 ? inner.length : inner.indexOf("*"));
    return (
      isAt(first, argument) &&
      !same(valueIn(before[argument], members) ?? null, valueIn(after[argument], members) ?? null)
    );
  });
}

/** True if this member of such a path leads to the argument or member of this name. */
export function isAt(member: string | undefined, name: string | undefined): boolean {
  return member === "*" || member === name;
}

/** The members on the way of a path in a resource option: `metadata["a.b"]` has two. */
export function membersOfPath(path: string): string[] {
  const members = path.matchAll(/"(?<quoted>(?:\\.|[^"\\])*)"|[^.[\]"]+/g);
  return [...members].map(({ 0: plain, groups }) => groups?.["quoted"]?.replace(/\\(.)/g, "$1") ?? plain);
}
