import { z } from "zod";
import { type Field, shownPart } from "../kind/field";
import type { Baseline, PriorState, ResourceKind } from "../kind/kind";
import type { BaseReply } from "../kind/outputs";
import { type ArgumentParts, joined, partsOf, withParts, withSecretsOf } from "../kind/parts";
import { type Properties, same, without } from "../kind/program-values";
import { type Change, carriedParts } from "./changes";

// The service may show an argument in another form than the sent one: with defaults, sorted, resolved, or without hidden members. So an
// update remembers how the service showed the whole argument right after it. Whatever looks like that later is unchanged, and anything
// else is what somebody made of it.

const entriesSchema = z.record(z.string(), z.object({ sent: z.unknown(), shown: z.unknown() }).partial());

/**
 * Reads the baseline from the output that holds it. The output is a text, so that the engine drops no member of it. Undefined for an
 * object that no write of a program has touched, such as an imported one.
 */
export function baselineIn({ __shown: text }: { readonly __shown?: string | undefined }): Baseline | undefined {
  try {
    return entriesSchema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}

/** What our last write sent of an argument, and how the service showed it right after that. Without an entry, both are the recorded value. */
export function lastWrite(field: Field, name: string, { arguments: recorded, baseline = {} }: Known) {
  const entry = Object.hasOwn(baseline, name) ? baseline[name] : undefined;
  if (entry === undefined) {
    const value = shownPart(field, recorded[name]);
    return { sent: value, shown: value };
  }
  const parsed = (value: unknown) => field.recorded.safeParse(value).data;
  return { sent: parsed(entry.sent), shown: parsed(entry.shown) };
}
type Known = Pick<PriorState, "arguments" | "baseline">;

/** How the service showed the recorded value last: a foreign change is recorded as the service showed it. */
export function lastShown(field: Field, name: string, known: Known): unknown {
  const { sent, shown } = lastWrite(field, name, known);
  const recorded = shownPart(field, known.arguments[name]);
  return isSame(field, sent, recorded) ? shown : recorded;
}

function isSame(field: Field, one: unknown, other: unknown): boolean {
  return same(one, other) || same(normalOf(field, one), normalOf(field, other));
}

export function normalOf({ normal }: Field, value: unknown): unknown {
  return normal === undefined ? value : normal(value);
}

/** True if the live value is this one, or this one with its documented defaults, which the service may fill in at any time. */
export function looksLike(field: Field, live: unknown, value: unknown): boolean {
  const isResolved = () =>
    value !== undefined && field.resolved !== undefined && isSame(field, live, field.resolved(value));
  return isSame(field, live, value) || isResolved();
}

/** True for an argument that the program leaves to everybody. */
export function isNobodys({ leftOut }: Field, value: unknown): boolean {
  return value === undefined && leftOut === "untouched";
}

/** The value to record for the live object: the sent one where the object looks as right after the last write, else the live one. */
export function recordedAfterRead(field: Field, name: string, known: Known, reply: BaseReply): unknown {
  const recorded = known.arguments[name];
  const { inParts, secretMembers = [] } = field;
  const { sent, shown } = lastWrite(field, name, known);
  if (field.live === undefined) {
    return recorded;
  }
  if (isNobodys(field, sent)) {
    return undefined;
  }
  const live = field.live(reply, sent);
  const taken =
    inParts === undefined ? wholeTaken(field, live, shown, sent) : partsTaken(field, inParts, live, shown, sent);
  return same(taken, shownPart(field, recorded)) ? recorded : withSecretsOf(taken, recorded, secretMembers);
}

function wholeTaken(field: Field, live: unknown, shown: unknown, sent: unknown): unknown {
  return looksLike(field, live, shown) || looksLike(field, live, sent) ? sent : live;
}

function partsTaken(field: Field, inParts: readonly string[], live: unknown, shown: unknown, sent: unknown): unknown {
  const [now, ours] = [partsOf(live, inParts), partsOf(sent, inParts)];
  const [normalNow, normalBefore, normalSent] = [live, shown, sent].map((one) =>
    partsOf(normalOf(field, one), inParts),
  );
  const parts = Object.keys({ ...ours, ...now }).map((part) => {
    const isOurs = [normalBefore, normalSent].some((one) => same(one?.[part], normalNow?.[part]));
    return [part, isOurs ? ours[part] : now[part]] as const;
  });
  return joined(Object.fromEntries(parts), inParts);
}

/** The baseline of the arguments with these names after a write that the service answered with this reply. */
export function shownAfterWrite(
  { fields }: ResourceKind,
  reply: BaseReply,
  sent: Properties,
  names: readonly string[] = Object.keys(fields),
): Baseline {
  const entries = names.flatMap((name) => {
    const field = fields[name];
    const value = field === undefined ? undefined : shownPart(field, sent[name]);
    return field?.live === undefined || field.wire === undefined || isNobodys(field, value)
      ? []
      : entryOf(field, name, { sent: value, shown: field.live(reply, value) });
  });
  return Object.fromEntries(entries);
}

function entryOf(field: Field, name: string, entry: Baseline[string]): [string, Baseline[string]][] {
  return looksLike(field, entry.shown, entry.sent) ? [] : [[name, entry]];
}

/** The baseline after an update with these changes. Of a value in parts, only the parts that the update carried take a new one. */
export function rebased(
  kind: ResourceKind,
  prior: PriorState,
  changes: readonly Change[],
  reply: BaseReply,
  wanted: Properties,
  undone: ArgumentParts,
): Baseline {
  const isWhole = (name: string) => kind.fields[name]?.inParts === undefined;
  const names = changes.map(({ argument }) => argument).filter((name) => !isWhole(name) || undone[name] === undefined);
  const partly = changes.flatMap((change) => {
    const { argument: name } = change;
    const field = kind.fields[name];
    if (field?.live === undefined || field.inParts === undefined) {
      return [];
    }
    const { inParts } = field;
    const before = lastWrite(field, name, prior);
    const own = shownPart(field, wanted[name]);
    const now = { sent: own, shown: field.live(reply, own) };
    const done = carriedParts(kind, change).filter((part) => !undone[name]?.includes(part));
    const merged = (side: "sent" | "shown") => withParts(before[side], now[side], done, inParts);
    return entryOf(field, name, { sent: merged("sent"), shown: merged("shown") });
  });
  return {
    ...without(prior.baseline ?? {}, names),
    ...shownAfterWrite(kind, reply, wanted, names.filter(isWhole)),
    ...Object.fromEntries(partly),
  };
}

/** The baseline after a refresh: it keeps what our last write sent of each argument that the state now records in another way. */
export function baselineAfterRead({ fields }: ResourceKind, prior: PriorState, live: Properties): Baseline | undefined {
  const { baseline } = prior;
  if (baseline === undefined) {
    return undefined;
  }
  const entries = Object.entries(fields).flatMap(([name, field]): [string, Baseline[string]][] => {
    const written = lastWrite(field, name, prior);
    const hasMemory = field.live !== undefined && field.wire !== undefined;
    const isForeign = hasMemory && !isSame(field, shownPart(field, live[name]), written.sent);
    return isForeign ? [[name, written]] : Object.hasOwn(baseline, name) ? entryOf(field, name, written) : [];
  });
  return Object.fromEntries(entries);
}
