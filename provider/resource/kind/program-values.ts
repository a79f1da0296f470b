import { isDeepStrictEqual } from "node:util";
import { diff } from "deep-diff";
import { z } from "zod";

/** The properties of a resource, as the engine hands them over. */
export type Properties = Readonly<Record<string, unknown>>;

/** Removes null members: for a program, null means "left out". Members named in `verbatim` keep theirs. */
export function withoutNulls(value: Properties, verbatim: readonly string[] = []): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(
    entries.map(([name, member]) => [name, verbatim.includes(name) ? member : pruned(member, verbatim)]),
  );
}

function pruned(value: unknown, verbatim: readonly string[]): unknown {
  return isObject(value) ? withoutNulls(value, verbatim) : mapMembers(value, (element) => pruned(element, verbatim));
}

/** The value with `change` applied to each element of a list or member of an object; any other value as it is. */
export function mapMembers(value: unknown, change: (member: unknown, name: string) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((element, index) => change(element, String(index)));
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member, name)]))
    : value;
}

/** The member that marks a value as more than plain data (pulumi/pulumi sdk/go/common/resource/sig/sig.go). */
export const signature = "4dabf18193072939515e22adb298388d";
/** The value of this member for a secret, on the wire and in a state. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The members of an object; none for any other value. */
export function membersOf(value: unknown): Properties {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The members of an object but those with these names. */
export function without<Member>(
  value: Readonly<Record<string, Member>>,
  names: readonly string[],
): Record<string, Member> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** The properties without those that the program side adds for this package alone. */
export function withoutHidden(given: Properties): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith("__")));
}

/** The value at a path. If the path leads nowhere, the last value on the way. */
export function valueIn(value: unknown, path: readonly PropertyKey[]): unknown {
  let inner: unknown = value;
  for (const part of path) {
    if (typeof inner !== "object" || inner === null) {
      return inner;
    }
    inner = Object.entries(inner).find(([name]) => name === String(part))?.[1];
  }
  return inner;
}

const commonSchema = z.object({
  name: z.string().optional().catch(undefined),
  adopt: z.string().optional().catch(undefined),
});

/** The arguments that have the same meaning for every kind. */
export function commonInputs(given: Properties): z.infer<typeof commonSchema> {
  return commonSchema.parse(given);
}

// In a preview the engine sends one of these texts for each unknown value, whatever its declared type, at any depth
// (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go, issue 6310).
const sentinelTexts = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** Replaces such a text where a schema takes only a number. No argument has this value. */
export const unknownNumber = Number.MIN_SAFE_INTEGER;

const sentinels = new Set<unknown>([unknownNumber, ...sentinelTexts]);

export function isUnknown(value: unknown): boolean {
  return sentinels.has(value);
}

export function containsUnknown(value: unknown): boolean {
  return (
    isUnknown(value) || (typeof value === "object" && value !== null && Object.values(value).some(containsUnknown))
  );
}

/** The text with `words` in place of unknown values. */
export function withWordsForUnknown(text: string, words: string): string {
  return sentinelTexts.reduce((clean, sentinel) => clean.replaceAll(sentinel, words), text);
}

export function same(one: unknown, other: unknown): boolean {
  // The first two comparisons are fast, and most values are unchanged.
  return one === other || isDeepStrictEqual(one, other) || diff({ value: one }, { value: other }) === undefined;
}

/** The elements of a list in which neither order nor repetition counts; none for a value that is no list. */
export function sorted(value: unknown): unknown[] {
  return Array.isArray(value) ? [...new Set(value)].sort() : [];
}
