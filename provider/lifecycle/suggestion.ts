import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";

/** `; did you mean X?` where a known name is near, whatever the case and with the API's underscores; else nothing. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = known.length === 0 ? "" : closest(plain(name), known.map(plain));
  const meant = known.find((one) => plain(one) === nearest);
  const mostTypingErrors = Math.min(3, Math.ceil(nearest.length / 3));
  return meant !== undefined && distance(plain(name), nearest) <= mostTypingErrors ? `; did you mean ${meant}?` : "";
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

/** The names of members anywhere in the values that the schema takes. */
export function memberNames(schema: z.ZodType): string[] {
  return [...new Set(namesIn(z.toJSONSchema(schema, { unrepresentable: "any", io: "input" })))];
}

function namesIn(part: unknown): string[] {
  if (typeof part !== "object" || part === null) {
    return [];
  }
  return Object.entries(part).flatMap(([name, value]) =>
    name === "properties" ? [...Object.keys(value), ...namesIn(value)] : namesIn(value),
  );
}
