import { shownPart } from "../kind/field";
import type { OpenArguments, PriorState, ResourceKind } from "../kind/kind";
import { joined, partsOf, withParts } from "../kind/parts";
import { type Properties, without } from "../kind/program-values";
import { withThose } from "./arguments";
import type { ArgumentParts } from "./changes";

// An update without a usable answer may have been done or not. Its arguments stay open: the state keeps their older values, and the next
// update sends them again, whatever it compares. Nobody guesses from the live object whose value it shows.

/** What the state records after an update that leaves these arguments open. `why`: see `OpenArguments`. */
export function leftOpen(
  { fields }: ResourceKind,
  known: { readonly recorded: Properties; readonly open: OpenArguments },
  wanted: Properties,
  carried: ArgumentParts,
  why: OpenArguments[string]["why"],
): { readonly recorded: Properties; readonly open: OpenArguments } {
  const recorded = Object.keys(carried).flatMap((name) => {
    const { inParts, resentBy } = fields[name] ?? {};
    // A part that only the lost request carried must be known, so that a program which drops it later takes it away.
    const parts = () =>
      joined(
        {
          ...partsOf(shownPart(fields[name] ?? {}, wanted[name]), inParts),
          ...partsOf(known.recorded[name], inParts),
        },
        inParts,
      );
    return [
      ...(why === "refused" || inParts === undefined || wanted[name] === undefined ? [] : [[name, parts()] as const]),
      // From now on, only another version than the sent one asks for the secret in any case.
      ...(resentBy === undefined ? [] : [[resentBy, wanted[resentBy]] as const]),
    ];
  });
  const all = { ...known.recorded, ...Object.fromEntries(recorded) };
  const open = Object.entries(carried).map(([name, parts]): [string, OpenArguments[string]] => [
    name,
    { why, parts: [...new Set([...(known.open[name]?.parts ?? []), ...parts])] },
  ]);
  return {
    recorded: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
    open: { ...known.open, ...Object.fromEntries(open) },
  };
}

export function closed(open: OpenArguments, names: readonly string[]): OpenArguments {
  return without(open, names);
}

/** The live arguments with the older values of the parts that the next update sends again: that update compares these. */
export function withUnanswered({ fields }: ResourceKind, prior: PriorState, live: Properties): Properties {
  const { arguments: recorded, open = {} } = prior;
  const names = unanswered(prior);
  const kept = names.map((name) => {
    const { inParts } = fields[name] ?? {};
    const value = recorded[name];
    const { parts = [] } = open[name] ?? {};
    return [name, value === undefined ? undefined : withParts(live[name], value, parts, inParts)] as const;
  });
  return withThose(live, Object.fromEntries(kept), names);
}

/** The arguments that the next update sends again. */
export function unanswered({ open = {} }: Pick<PriorState, "open">): string[] {
  return Object.keys(open).filter((name) => open[name]?.why === "unanswered");
}
