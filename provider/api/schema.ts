import { z } from "zod";

// Compiling each schema to a function takes longer than it saves for the few hundred values of a command.
z.config({ jitless: true });

/** An id in an answer. Ids are part of paths, messages and programs, and the API makes them of these characters only. */
export const idSchema = z.string().regex(/^[A-Za-z0-9_-]+$/, "an id has letters, digits, _ and - only");

/** The object that a member names; null if it names none. */
export const namedSchema = z.union([z.string(), z.null(), z.looseObject({ id: z.string() }).transform(({ id }) => id)]);

/** A time (RFC 3339). */
export const timeSchema = z.iso.datetime({ offset: true });

/** When the object was archived; null or absent while it is live. */
export const archivedAt = timeSchema.nullish();

/** The members of an entry of a list that decide what happens to its object, and the name. */
export const listedSchema = z.looseObject({
  id: idSchema,
  name: z.string().optional().catch(undefined),
  created_at: timeSchema.optional(),
  archived_at: archivedAt,
});
export type Listed = z.infer<typeof listedSchema>;

/** "Conventions: pagination". The reader of a list checks each entry by itself. */
export const pageSchema = z.looseObject({
  data: z.array(z.unknown()),
  has_more: z.boolean(),
  last_id: z.string().nullish(),
  next_page: z.string().nullish(),
});
export type Page = z.infer<typeof pageSchema>;

export interface ReadableMembers<Value> {
  readonly value: Value;
  /** A message for each member that does not match the schema. Such a member counts as absent. */
  readonly problems: readonly string[];
}

/** The reason for which no part of a reply can be used. */
interface Unreadable {
  readonly problem: string;
}

/** Reads all readable members: a created object must reach the state even if another member of the reply is wrong. */
export function readableMembers<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): ReadableMembers<z.infer<Schema>> | Unreadable {
  const whole = schema.safeParse(body);
  if (whole.success) {
    return { value: whole.data, problems: [] };
  }
  const unreadable = new Set(whole.error.issues.map(({ path: [member] }) => member));
  const members = z.record(z.string(), z.unknown()).safeParse(body);
  if (!members.success) {
    return { problem: shapeProblem(whole.error) };
  }
  const readable = Object.entries(members.data).filter(([member]) => !unreadable.has(member));
  const rest = schema.safeParse(Object.fromEntries(readable));
  return rest.success
    ? { value: rest.data, problems: [...unreadable].flatMap((member) => firstIssueOf(whole.error, member)) }
    : { problem: firstIssueOf(whole.error, rest.error.issues[0]?.path[0])[0] ?? shapeProblem(rest.error) };
}

// Only the first problem of a member, so that a long list of wrong values does not fill the terminal.
function firstIssueOf({ issues }: z.ZodError, member: PropertyKey | undefined): string[] {
  const first = issues.find(({ path }) => path[0] === member);
  return first === undefined ? [] : [issueText(first)];
}

export function shapeProblem({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? "the body is not as the API documents it" : issueText(issue);
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? "the body" : path.join(".")} is not as the API documents it: ${message}`;
}

export type Json = z.infer<typeof jsonSchema>;
export type JsonObject = { [member: string]: Json };
const jsonSchema = z.json();
export const jsonObjectSchema = z.record(z.string(), jsonSchema);

/** Types a value that was parsed from JSON. */
export function asJson(value: unknown): Json {
  return jsonSchema.parse(value);
}
