import type { PriorState, ResourceKind } from "../kind/kind";
import { pathOf } from "../kind/parts";
import { isObject, mapMembers, type Properties } from "../kind/program-values";
import { isAt, membersOfPath } from "./replaced-places";
import { membersIn } from "./views";

/**
 * The state without what is unanswered and the resource option `ignoreChanges` covers, also if it covers a member of a part: an update sends
 * the part whole, and nobody sends again what the program has given away.
 */
export function withoutIgnored(kind: ResourceKind, prior: PriorState, ignored: readonly string[]): PriorState {
  const unanswered = Object.entries(prior.unanswered ?? {}).map(([name, parts]) => {
    const { inParts } = kind.fields[name] ?? {};
    const isLeft = (part: string) =>
      !ignored.some((path) => covers(path, [name, ...(inParts === undefined ? [] : pathOf(part))]));
    return [name, parts.filter(isLeft)] as const;
  });
  return { ...prior, ignored, unanswered: Object.fromEntries(unanswered.filter(([, parts]) => parts.length > 0)) };
}

function covers(path: string, place: readonly string[]): boolean {
  return membersOfPath(path)
    .slice(0, place.length)
    .every((member, index) => isAt(member, place[index]));
}

/**
 * The inputs with the recorded value where `ignoreChanges` covers them. The engine passes its earlier inputs there: they lack what a refresh
 * after a failed update has found (`__unfinished`), and they may hold default labels that were never sent.
 */
export function withRecorded(
  { fields }: ResourceKind,
  { arguments: recorded, ignored = [] }: PriorState,
  news: Properties,
): Properties {
  const inputs: Record<string, unknown> = { ...news };
  for (const [first, ...path] of ignored.map(membersOfPath)) {
    for (const name of Object.keys(fields).filter((one) => isAt(first, one))) {
      inputs[name] = held(inputs[name], recorded[name], path);
    }
  }
  return inputs;
}

/** The value with the recorded one at the path. */
function held(value: unknown, recorded: unknown, [first, ...path]: readonly string[]): unknown {
  if (first === undefined) {
    return recorded;
  }
  const known = membersIn(recorded);
  const added = Object.entries(known).filter(([name]) => isAt(first, name));
  const all = mapMembers(isObject(value) ? { ...Object.fromEntries(added), ...value } : value, (member, name) =>
    isAt(first, name) && (isObject(value) || Object.hasOwn(known, name)) ? held(member, known[name], path) : member,
  );
  return isObject(all) ? Object.fromEntries(Object.entries(all).filter(([, member]) => member !== undefined)) : all;
}
