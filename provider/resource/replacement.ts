import { endSteps } from "./end";
import { argumentNames, type ResourceKind } from "./kind";
import type { Compared } from "./ledger";
import { type PlanRemark, planWarning } from "./plan-remark";
import { containsUnknown, type Properties, same, valueIn } from "./program-values";

/**
 * The arguments, and members as `argument.member`, that differ and that no update can change. `whole`: the arguments before, for the
 * members.
 */
export function replacedPlaces(kind: ResourceKind, before: Properties, after: Properties, whole = before): string[] {
  const { fields } = kind;
  const differs = (name: string) =>
    !(fields[name]?.meansTheSame?.(before[name], after[name]) ?? same(before[name], after[name]));
  return [
    ...(kind.replaces?.(whole, after) ?? []),
    ...argumentNames(kind).filter((name) => fields[name]?.replaces === true && differs(name)),
  ];
}

export function argumentOf(place: string): string {
  return place.replace(/[.].*/, "");
}

/** True if a replacement removes the old object first: names are unique, the removal sends nothing, or the kind asks for it. */
export function removesFirst(kind: ResourceKind, recorded: Properties, wanted: Properties): boolean {
  return (
    kind.naming?.isUnique === true || kind.run !== undefined || kind.removal?.removesFirst?.(recorded, wanted) === true
  );
}

export function reasonToReplace({ replacement = "the API cannot change it" }: Pick<ResourceKind, "replacement">) {
  return replacement;
}

/**
 * The warning that a change ends an object: because the API cannot make the change, or because of the resource option
 * `replaceOnChanges`. A replaced run ends nothing.
 */
export function replacementRemarks(compared: Compared): PlanRemark[] {
  const { kind, id, declaration, news, prior, outcome } = compared;
  const { replaces, wanted } = outcome;
  const end = endSteps(kind, prior.arguments).find((step) => step.do === "end");
  if (
    declaration === undefined ||
    end === undefined ||
    declaration.command?.retainOnDelete ||
    (replaces.length === 0 && coveredChanges(compared).length === 0)
  ) {
    return [];
  }
  const { noun } = kind;
  const ended = `permanently ${end.isDeleted ? "deleted" : "archived"}`;
  const places = replacedPlaces(kind, prior.arguments, wanted).filter(
    (place) => !containsUnknown(news[argumentOf(place)]),
  );
  const why = `${places.join(", ")}: ${reasonToReplace(kind)}`;
  const kept = `ignoreChanges: [${places.map((place) => `"${place}"`).join(", ")}] keeps it`;
  const text =
    places.length === 0
      ? `is replaced: ${id} is ${ended}, and another ${noun} takes its place`
      : removesFirst(kind, prior.arguments, wanted)
        ? `${why}, so this one is ${ended} and another ${noun} is created; meanwhile no run has it`
        : `${why}, so another ${noun} is created, its users are moved to the new one, and this one is ${ended}; ${kept}`;
  return [planWarning("replacement", text)];
}

/** The changed arguments that the resource option `replaceOnChanges` covers. */
export function coveredChanges({
  declaration,
  olds,
  news,
  outcome,
}: Pick<Compared, "declaration" | "olds" | "news" | "outcome">): string[] {
  const { replaceOnChanges = [] } = declaration?.command ?? {};
  return outcome.changed.filter((name) => isCoveredBy(replaceOnChanges, name, olds, news));
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
      (first === "*" || first === argument) &&
      !same(valueIn(before[argument], members) ?? null, valueIn(after[argument], members) ?? null)
    );
  });
}

/** The members on the way of a path in a resource option: `metadata["a.b"]` has two. */
export function membersOfPath(path: string): string[] {
  const members = path.matchAll(/"(?<quoted>(?:\\.|[^"\\])*)"|[^.[\]"]+/g);
  return [...members].map(({ 0: plain, groups }) => groups?.["quoted"]?.replace(/\\(.)/g, "$1") ?? plain);
}
