import { z } from "zod";
import { withForeignChanges } from "./fields/comparison";
import { type Basis, type Field, shownPart } from "./fields/field";
import type { ResourceKind } from "./kind";
import type { BaseReply } from "./outputs";
import type { Properties } from "./program-values";
import type { HiddenOutputs } from "./state";

const entriesSchema = z.record(
  z.string(),
  z.looseObject({ shown: z.unknown().optional(), isWithheld: z.literal(true).optional() }),
);

/**
 * By the names of arguments, how the service showed what was sent right after our last write, where that differs. `sent` is kept
 * while the state holds what somebody else changed, null for an argument that was left out. `isWithheld` stands in place of the
 * value while that may be a secret and nothing guards the baseline.
 */
export type Baseline = Readonly<z.infer<typeof entriesSchema>>;

/**
 * Of the output that holds it as a text, so that the engine neither reads nor drops what is in it. Undefined for a state that no
 * version with baselines wrote.
 */
export function baselineIn({ __shown: text }: Pick<HiddenOutputs, "__shown">): Baseline | undefined {
  try {
    return entriesSchema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}

/** What a field compares the live value with, and in terms of which value it reads it. */
export function comparedWith(
  field: Field,
  recorded: unknown,
  baseline: Baseline | undefined,
  name: string,
): { readonly sent: unknown; readonly basis: Basis<unknown> } {
  const entry = baseline !== undefined && Object.hasOwn(baseline, name) ? baseline[name] : undefined;
  if (baseline === undefined || entry?.isWithheld) {
    return { sent: recorded, basis: "first look" };
  }
  if (entry === undefined) {
    return { sent: recorded, basis: { shown: recorded } };
  }
  const parsed = (value: unknown) => field.recorded.safeParse(value).data;
  const basis = { shown: parsed(entry.shown) };
  if (!Object.hasOwn(entry, "sent")) {
    return { sent: recorded, basis };
  }
  const sent = parsed(entry["sent"]);
  // The secrets of what was sent stand in the recorded value alone.
  const whole = field.shown === undefined ? sent : withForeignChanges(recorded, shownPart(field, recorded), sent);
  return { sent: parsed(whole), basis };
}

/** The baseline of the arguments with these names after a write of them that was answered so. */
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

/** The baseline without the values of those arguments that may be secrets. */
export function withheld(baseline: Baseline, isStorable: (name: string) => boolean): Baseline {
  const entries = Object.entries(baseline);
  const marker = { shown: undefined, isWithheld: true } as const;
  return Object.fromEntries(entries.map(([name, entry]) => [name, isStorable(name) ? entry : marker]));
}

/** The baseline, with the first look that a guarded state may keep of what was withheld from it. */
export function completed(kind: ResourceKind, baseline: Baseline, reply: BaseReply, held: Properties): Baseline {
  const names = Object.keys(baseline).filter((name) => baseline[name]?.isWithheld);
  return names.length === 0 ? baseline : { ...without(baseline, names), ...shownAfterWrite(kind, reply, held, names) };
}

function without(baseline: Baseline, names: readonly string[]): Baseline {
  return Object.fromEntries(Object.entries(baseline).filter(([name]) => !names.includes(name)));
}

/** The baseline after a write of the arguments with these names; that of the others stays. */
export function rebased(
  baseline: Baseline | undefined,
  names: readonly string[],
  written: Baseline,
): Baseline | undefined {
  return baseline === undefined ? undefined : { ...without(baseline, names), ...written };
}

/**
 * The baseline, with what was sent of the arguments with these names while the state holds another value of them: it counts again
 * as soon as the service shows it again.
 */
export function withSent(
  { fields }: ResourceKind,
  baseline: Baseline,
  sent: Properties,
  names: readonly string[],
): Baseline {
  const kept = names.map((name) => {
    const field = fields[name];
    const value = field === undefined ? undefined : shownPart(field, sent[name]);
    return [name, { shown: value, sent: value ?? null, ...baseline[name] }] as const;
  });
  return { ...baseline, ...Object.fromEntries(kept) };
}
