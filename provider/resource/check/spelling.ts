import { argumentsIn } from "../arguments";
import { argumentNames, type ResourceKind } from "../kind";
import { type Properties, withoutNulls } from "../program-values";
import { hiddenInputs } from "../unfinished";
import { containsUnknown } from "../unknown";

/** The new inputs of a resource that exists: a preview shows only what will be sent. */
export function inOldSpelling(kind: ResourceKind, oldInputs: Properties, given: Properties): Record<string, unknown> {
  const before = argumentsIn(kind, oldInputs);
  const now = argumentsIn(kind, given);
  // Where an argument means what it meant, its spelling stays.
  const kept = argumentNames(kind).filter(
    (name) =>
      !containsUnknown([oldInputs[name], given[name]]) &&
      kind.fields[name]?.meansTheSame?.(before[name], now[name]) === true,
  );
  const spelled = Object.fromEntries(kept.map((name) => [name, oldInputs[name]]));
  return withoutNulls({ ...withFirstOrigin(oldInputs, given), ...spelled }, kind.verbatim);
}

/**
 * The origin of the first declaration stays, also under an alias or after an import that knew none: the engine would draw
 * a new one as a change among the others.
 */
function withFirstOrigin(oldInputs: Properties, given: Properties): Properties {
  const { __origin: _, ...others } = given;
  const { __origin } = hiddenInputs(oldInputs);
  return __origin === undefined ? others : { ...others, __origin };
}
