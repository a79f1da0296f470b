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
export function commonArguments(given: Properties): z.infer<typeof commonSchema> {
  return commonSchema.parse(given);
}
