import { mayHaveActed } from "../../api/errors";
import { shownPart } from "../kind/field";
import type { PriorState, ResourceKind } from "../kind/kind";
import { type ArgumentParts, joined, partsOf, pathOf, withParts } from "../kind/parts";
import type { Properties } from "../kind/program-values";
import { withThose } from "./arguments";
import { type Change, carriedParts } from "./changes";
import { worksOnce } from "./one-time-secrets";

// An update without a usable answer may have been done or not. What it carried is unanswered: the state keeps the older values, and the
// next update sends it again, whatever it compares. Nobody guesses from the live object whose value it shows. Of a secret that works once
// the state keeps the value that was sent, and only another one, or another version, is sent.

/** What the state records after an update that leaves what it carried unanswered. */
export function leftUnanswered(
  { fields }: ResourceKind,
  known: { readonly recorded: Properties; readonly unanswered?: ArgumentParts | undefined },
  wanted: Properties,
  carried: ArgumentParts,
): { readonly recorded: Properties; readonly unanswered: ArgumentParts } {
  const recorded = Object.entries(carried).flatMap(([name, sent]) => {
    const { inParts, resentBy, ...field } = fields[name] ?? {};
    // A part that only the lost request carried must be known, so that a program which drops it later takes it away.
    const parts = () =>
      joined(
        { ...partsOf(shownPart(field, wanted[name]), inParts), ...partsOf(known.recorded[name], inParts) },
        inParts,
      );
    const once = sent.filter((part) => worksOnce(field, part));
    return [
      ...(inParts === undefined || wanted[name] === undefined
        ? []
        : [[name, withParts(parts(), wanted[name], once, inParts)] as const]),
      // From now on, only another version than the sent one asks for the secrets.
      ...(resentBy === undefined ? [] : [[resentBy, wanted[resentBy]] as const]),
    ];
  });
  const all = { ...known.recorded, ...Object.fromEntries(recorded) };
  const unanswered = Object.entries(carried).map(
    ([name, parts]) => [name, [...new Set([...(known.unanswered?.[name] ?? []), ...parts])]] as const,
  );
  return {
    recorded: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
    unanswered: { ...known.unanswered, ...Object.fromEntries(unanswered) },
  };
}

/** The live arguments with the older values of the parts that are unanswered: the next update compares these. */
export function withUnanswered({ fields }: ResourceKind, prior: PriorState, live: Properties): Properties {
  const { arguments: recorded, unanswered = {} } = prior;
  const kept = Object.entries(unanswered).map(([name, parts]) => {
    const { inParts } = fields[name] ?? {};
    const value = recorded[name];
    return [name, value === undefined ? undefined : withParts(live[name], value, parts, inParts)] as const;
  });
  return withThose(live, Object.fromEntries(kept), Object.keys(unanswered));
}

export function isUnanswered({ unanswered = {} }: Pick<PriorState, "unanswered">): boolean {
  return Object.keys(unanswered).length > 0;
}

export function partsOnce({ fields }: ResourceKind, name: string, parts: readonly string[] = []): string[] {
  return parts.filter((part) => worksOnce(fields[name] ?? {}, part));
}

export function onceText({ fields }: ResourceKind, name: string, parts: readonly string[]): string {
  const places = parts.map((part) => [name, ...pathOf(part)].join("."));
  return `${places.join(", ")} works once, so \`pulumi up\` sends it again only with another ${fields[name]?.resentBy}`;
}

/** The parts that these changes carry and that work once: no second request repeats them. */
export function sentOnce(kind: ResourceKind, changes: readonly Change[]): ArgumentParts {
  const parts = changes.map(
    (change) => [change.argument, partsOnce(kind, change.argument, carriedParts(kind, change))] as const,
  );
  return Object.fromEntries(parts.filter(([, once]) => once.length > 0));
}

/** Adds to an error without an answer what the next update leaves out. */
export function namingOnce(kind: ResourceKind, error: unknown, once: ArgumentParts): unknown {
  if (mayHaveActed(error)) {
    error.message += Object.entries(once)
      .map(([name, parts]) => `. ${onceText(kind, name, parts)}`)
      .join("");
  }
  return error;
}
