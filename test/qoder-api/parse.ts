import { z } from "zod";
import { type ApiError, invalid } from "./errors";
import type { Switches } from "./switches";
import type { JsonObject } from "./wire";

type Issue = z.core.$ZodIssue;

/**
 * Parses a body. Refuses a field that the API does not have with `unknown field`, at any depth. `absentFields` are top-level
 * fields of the schema that do not exist under the present switches.
 */
export function parseBody<Value>(
  schema: z.ZodType<Value>,
  body: unknown,
  switches: Pick<Switches, "unknownFields">,
  absentFields: string[] = [],
): Value {
  const absent = isObject(body) ? absentFields.filter((field) => field in body) : [];
  if (absent[0] !== undefined && switches.unknownFields === "reject") throw unknownField([], absent[0]);
  const present = absent.length === 0 ? body : without(body, [], absent);
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap((issue) => leaves(issue, []));
  const foreign = issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? [issue] : []));
  if (switches.unknownFields === "accept" && foreign.length > 0) {
    const known = foreign.reduce<unknown>((rest, issue) => without(rest, issue.path, issue.keys), present);
    return parseBody(schema, known, { unknownFields: "reject" });
  }
  throw problem(foreign[0] ?? issues[0], present);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A union reports a list of issues for each branch: only those of the branch that fits the type of the value count. */
function leaves(issue: Issue, parent: PropertyKey[]): Issue[] {
  const path = [...parent, ...issue.path];
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ ...issue, path }];
  const fitting = issue.errors.find((branch) => !branch.some((inner) => inner.path.length === 0 && isTypeIssue(inner)));
  return (fitting ?? issue.errors[0] ?? []).flatMap((inner) => leaves(inner, path));
}

function isTypeIssue(issue: Issue): boolean {
  return issue.code === "invalid_type";
}

function problem(issue: Issue | undefined, body: unknown): ApiError {
  if (issue === undefined || (issue.path.length === 0 && issue.code === "invalid_type")) {
    return invalid("Request body must be a JSON object.");
  }
  if (issue.code === "unrecognized_keys") return unknownField(issue.path, issue.keys[0] ?? "");
  const param = issue.path.join(".");
  if (valueAt(body, issue.path) === undefined) return invalid(`Missing required field: ${param}`, param);
  return invalid(`Invalid value for ${param}: ${issue.message}`, param);
}

function unknownField(path: PropertyKey[], field: string): ApiError {
  const param = [...path, field].join(".");
  return invalid(`json: unknown field "${param}"`, param);
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isObject(inner) ? inner[String(key)] : undefined;
  }, value);
}

function without(value: unknown, path: PropertyKey[], keys: string[]): unknown {
  const [first, ...rest] = path;
  if (Array.isArray(value)) return value.map((item, index) => (index === first ? without(item, rest, keys) : item));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  if (first === undefined) return Object.fromEntries(entries.filter(([key]) => !keys.includes(key)));
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === first ? without(inner, rest, keys) : inner]));
}

/** The sent value; the current value if the body leaves the member out. */
export function replaced<Value>(given: Value | undefined, current: Value): Value {
  return given === undefined ? current : given;
}

/** The JSON of a value. The API sorts the keys of objects. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

export function characters(text: string): number {
  return [...text].length;
}

export const atMost = (limit: number) => (text: string) => characters(text) <= limit;

export const name = z.string().min(1, "must not be empty").refine(atMost(256), "must be at most 256 characters");

/** The body of pause, unpause, archive and run: none, or an empty object. */
export const emptySchema = z.strictObject({});

export const metadata = z.record(z.string(), z.unknown());

/** The limits in "Conventions: schemas": 16 keys of 64 characters, with values of 512. */
const MAX_KEYS = 16;
const MAX_KEY_LENGTH = 64;
const MAX_VALUE_LENGTH = 512;

/** The values that delete their key: null in an update, none in a create. */
type Deletions = readonly (null | "")[];

export function deletions(isCreate: boolean): Deletions {
  return isCreate ? [] : [null];
}

export function mergedMetadata(current: JsonObject, patch: JsonObject, deletions: Deletions): JsonObject {
  const merged = { ...current };
  for (const [key, value] of Object.entries(patch)) {
    if (deletions.some((deletion) => deletion === value)) delete merged[key];
    else merged[key] = checkedValue(key, value);
  }
  // The limit counts for the result, because a patch may delete one key and add another. Objects do not count: they are
  // settings of the server.
  if (Object.values(merged).filter((value) => !isObject(value)).length > MAX_KEYS) {
    throw invalid(`metadata must hold at most ${MAX_KEYS} keys.`, "metadata");
  }
  return merged;
}

/** Merges objects at every depth, and replaces all other values. */
export function mergedObjects(current: unknown, given: unknown): unknown {
  if (!isObject(current) || !isObject(given)) return given;
  const merged = { ...current };
  for (const [key, value] of Object.entries(given)) merged[key] = mergedObjects(current[key], value);
  return merged;
}

function checkedValue(key: string, value: unknown): string {
  const param = `metadata.${key}`;
  if (key === "" || characters(key) > MAX_KEY_LENGTH) {
    throw invalid(`metadata keys must have 1-${MAX_KEY_LENGTH} characters.`, "metadata");
  }
  if (typeof value !== "string") throw invalid("metadata values must be strings.", param);
  if (characters(value) > MAX_VALUE_LENGTH) {
    throw invalid(`metadata values must have at most ${MAX_VALUE_LENGTH} characters.`, param);
  }
  return value;
}
