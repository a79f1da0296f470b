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

/** The members that decide what happens to an object: a reply in which one of these is wrong is of no use. */
const deciding: ReadonlySet<PropertyKey | undefined> = new Set([
  ...["id", "deployment_id", "session_id", "vault_id", "skill_id"],
  ...["created_at", "updated_at", "archived_at", "expires_at"],
  ...["status", "version", "latest_version"],
]);

interface Readable<Value> {
  readonly value: Value;
  /** The members that count as empty, because they are not as the schema says, each with the reason. */
  readonly unreadable: ReadonlyMap<PropertyKey, string>;
}

/** The reply without its unreadable members; the reason for which nobody can use the reply, if one of these decides or is necessary. */
export function readableMembers<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): Readable<z.output<Schema>> | { readonly problem: string } {
  const whole = schema.safeParse(body);
  if (whole.success) {
    return { value: whole.data, unreadable: new Map() };
  }
  const { issues } = whole.error;
  // Only the first problem of a member, so that a long list of wrong values does not fill the terminal.
  const wrong = new Map(issues.toReversed().map((issue) => [issue.path[0], issueText(issue)]));
  const members = z.record(z.string(), z.unknown()).safeParse(body).data;
  const decisive = issues.find(({ path: [member] }) => deciding.has(member));
  if (members === undefined || decisive !== undefined) {
    return { problem: decisive === undefined ? shapeProblem(whole.error) : issueText(decisive) };
  }
  const rest = schema.safeParse(Object.fromEntries(Object.entries(members).filter(([member]) => !wrong.has(member))));
  if (!rest.success) {
    return { problem: wrong.get(rest.error.issues[0]?.path[0]) ?? shapeProblem(rest.error) };
  }
  const unreadable = [...wrong].flatMap(([member = "", text]) =>
    members[String(member)] == null ? [] : [[member, text] as const],
  );
  return { value: rest.data, unreadable: new Map(unreadable) };
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
