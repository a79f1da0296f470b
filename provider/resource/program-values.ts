import { z } from "zod";

/** What a program gives, as the engine hands it over. */
export type Properties = Readonly<Record<string, unknown>>;

/** The SDK drops `undefined` and keeps `null`; for a program both mean "left out". */
export function withoutNulls(value: Properties): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(
    entries.map(([name, member]) => [name, isObject(member) ? withoutNulls(member) : pruned(member)]),
  );
}

function pruned(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map((element) => (isObject(element) ? withoutNulls(element) : pruned(element)))
    : value;
}

function isObject(value: unknown): value is Properties {
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
