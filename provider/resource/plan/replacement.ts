import { argumentOf, reasonToReplace, removesFirst, replacedPlaces } from "../compare/replaced-places";
import type { Compared } from "../engine/ledger";
import { type PlanRemark, planWarning } from "../kind/diagnostics";
import { endOf } from "../kind/kind";
import { containsUnknown } from "../kind/program-values";

/**
 * The warning that a change ends an object: because the API cannot make the change, or because of the resource option
 * `replaceOnChanges`. A replaced run ends nothing.
 */
export function replacementRemarks({ kind, id, declaration, news, prior, outcome }: Compared): PlanRemark[] {
  const { covered, replaces, wanted } = outcome;
  const end = endOf(kind, prior.arguments);
  if (
    declaration === undefined ||
    end === undefined ||
    declaration.command?.retainOnDelete ||
    (replaces.length === 0 && covered.length === 0)
  ) {
    return [];
  }
  const { noun } = kind;
  const ended = `permanently ${end}`;
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
