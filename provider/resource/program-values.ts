import { z } from "zod";

/** What a program gives, as the engine hands it over. */
export type Properties = Readonly<Record<string, unknown>>;

/**
 * The SDK drops `undefined` and keeps `null`; for a program both mean "left out", but for what stands in a member of
 * `verbatim`.
 */
export function withoutNulls(value: Properties, verbatim: readonly string[] = []): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(
    entries.map(([name, member]) => [name, verbatim.includes(name) ? member : pruned(member, verbatim)]),
  );
}

function pruned(value: unknown, verbatim: readonly string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => pruned(element, verbatim));
  }
  return isObject(value) ? withoutNulls(value, verbatim) : value;
}

/** What is no object has no members. */
export function membersOf(value: unknown): Properties {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Without what the program side adds for this package alone. */
export function withoutHidden(given: Properties): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith("__")));
}

/** The value at a path; the outermost one that holds no more where the path leads nowhere. */
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

/** The arguments that mean the same for every kind that has them. */
export function commonInputs(given: Properties): z.infer<typeof commonSchema> {
  return commonSchema.parse(given);
}

// What the engine sends to `check` and `diff` in a preview for a value that is not known yet: a string whatever the
// declared type, at any depth (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go, issue 6310).
const sentinels = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether the value, or anything inside it, is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (typeof value === "string") {
    return sentinels.has(value);
  }
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}

/** The text with other words where it tells of a value that is not known yet. */
export function withWordsForUnknown(text: string, words: string): string {
  return [...sentinels].reduce((clean, sentinel) => clean.replaceAll(sentinel, words), text);
}
