import { z } from "zod";
import type { Change } from "./changes";
import { withForeignChanges } from "./fields/drift";
import { type Compared, type Field, shownPart } from "./fields/field";
import { wireName } from "./fields/wire-case";
import type { Baseline, PriorState, ResourceKind } from "./kind";
import type { BaseReply } from "./outputs";
import { isObject, type Properties, same, without } from "./program-values";

const entriesSchema = z.record(
  z.string(),
  z.looseObject({ shown: z.unknown().optional(), isWithheld: z.literal(true).optional() }),
);

/**
 * Reads the baseline from the output that holds it. The output is a text, so that the engine drops no member of it. Undefined for a
 * state that an older version wrote.
 */
export function baselineIn({ __shown: text }: { readonly __shown?: string | undefined }): Baseline | undefined {
  try {
    return entriesSchema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}

/**
 * An argument that no body carries, such as a status, has none: its reading needs the recorded value alone. States of earlier versions
 * have entries for a status, which no write renewed.
 */
function hasBaseline({ wire }: Pick<Field, "wire"> = { wire: undefined }): boolean {
  return wire !== undefined;
}

export function comparedWith(
  field: Field,
  recorded: unknown,
  baseline: Baseline | undefined,
  name: string,
): Compared<unknown> {
  if (!hasBaseline(field)) {
    return { sent: recorded, basis: { shown: recorded } };
  }
  if (baseline === undefined) {
    return { sent: recorded, basis: "first look" };
  }
  const entry = Object.hasOwn(baseline, name) ? baseline[name] : undefined;
  if (entry === undefined) {
    return { sent: recorded, basis: { shown: recorded } };
  }
  const parsed = (value: unknown) => field.recorded.safeParse(value).data;
  const basis = entry.isWithheld ? "first look" : { shown: parsed(entry.shown) };
  if (!Object.hasOwn(entry, "sent")) {
    return { sent: recorded, basis };
  }
  const sent = parsed(entry["sent"]);
  // The baseline holds no secrets; the recorded value has them.
  const whole = field.shown === undefined ? sent : withForeignChanges(recorded, shownPart(field, recorded), sent);
  return { sent: parsed(whole), basis };
}

/** The baseline of the arguments with these names after a write that the service answered with this reply. */
export function shownAfterWrite(
  { fields }: ResourceKind,
  reply: BaseReply,
  sent: Properties,
  names: readonly string[] = Object.keys(fields),
): Baseline {
  const entries = names.flatMap((name) => {
    const rendition = fields[name]?.rendition?.(reply, sent[name]);
    return rendition === undefined ? [] : [[name, rendition]];
  });
  return Object.fromEntries(entries);
}

/** Nobody has seen yet how the service shows the value: the next refresh does. */
const unknown = { shown: undefined, isWithheld: true } as const;

/** The baseline without values that may be secrets. */
export function withheld(baseline: Baseline, isStorable: (name: string) => boolean): Baseline {
  const entries = Object.entries(baseline);
  return Object.fromEntries(entries.map(([name, entry]) => [name, isStorable(name) ? entry : unknown]));
}

/** The baseline with the values that were withheld, read from the live object: the engine encrypts the baseline from now on. */
export function completed(kind: ResourceKind, baseline: Baseline, reply: BaseReply, live: Properties): Baseline {
  const names = Object.keys(baseline).filter((name) => baseline[name]?.isWithheld);
  return names.length === 0 ? baseline : { ...without(baseline, names), ...shownAfterWrite(kind, reply, live, names) };
}

/** The baseline after an update with these changes. Of a value in parts, only the members that the body carried take a new one. */
export function rebased(
  { fields }: ResourceKind,
  { arguments: recorded, baseline }: PriorState,
  changes: readonly Change[],
  reply: BaseReply,
  wanted: Properties,
): Baseline | undefined {
  if (baseline === undefined) {
    return undefined;
  }
  const entries = changes.flatMap(({ argument: name, value }) => {
    const field = fields[name];
    if (field?.rendition === undefined) {
      return [];
    }
    const { wire = name, shownIn = wire } = field;
    if (reply[shownIn] === undefined && wanted[name] !== undefined) {
      return [[name, unknown] as const];
    }
    const sent = shownPart(field, wanted[name]);
    const { shown: now } = field.rendition(reply, wanted[name]) ?? { shown: sent };
    const before = lastShown(shownPart(field, recorded[name]), baseline[name]);
    const shown = field.inParts === undefined ? now : withCarried(before, now, value, field.inParts);
    return same(shown, sent) ? [] : [[name, { shown }] as const];
  });
  const names = changes.map(({ argument }) => argument);
  return { ...without(baseline, names), ...Object.fromEntries(entries) };
}

/** The value that the service showed last: right after the write, with the changes that the state records since. */
function lastShown(known: unknown, entry: Baseline[string] = { shown: known }): unknown {
  return Object.hasOwn(entry, "sent") ? withForeignChanges(entry.shown, entry["sent"], known) : entry.shown;
}

function withCarried(before: unknown, now: unknown, carried: unknown, inParts: readonly string[]): unknown {
  if (!isObject(before) || !isObject(now) || !isObject(carried)) {
    return now;
  }
  const members = Object.keys({ ...before, ...now }).map((name) => {
    const [part, rest] = [carried[wireName(name)], before[name]];
    const taken = inParts.includes(name) ? withCarried(rest, now[name], part, inParts) : now[name];
    return [name, part === undefined ? rest : taken] as const;
  });
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

/**
 * Adds to the baseline the sent values of these arguments, while the state records other values: when the service shows the
 * sent value again, the difference is gone.
 */
export function withSent(
  { fields }: ResourceKind,
  baseline: Baseline,
  sent: Properties,
  names: readonly string[],
): Baseline {
  const kept = names.flatMap((name) => {
    const field = fields[name];
    const value = field === undefined ? undefined : shownPart(field, sent[name]);
    // JSON has no undefined: in an entry without `shown`, the service showed no value.
    const entry = Object.hasOwn(baseline, name) ? baseline[name] : { shown: value };
    return hasBaseline(field) ? [[name, { shown: undefined, sent: value ?? null, ...entry }] as const] : [];
  });
  return { ...baseline, ...Object.fromEntries(kept) };
}
