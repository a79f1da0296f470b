import { z } from "zod";

// For the few hundred values of a command, making a function of each shape takes longer than it saves.
z.config({ jitless: true });

/** Set once the object is archived: a time in a form that is new must not hide that, nor an empty value claim it. */
export const archivedAt = z
  .unknown()
  .transform((value) => (value ? (typeof value === "string" ? value : JSON.stringify(value)) : nothing(value)))
  .optional();

function nothing(value: unknown): null | undefined {
  return value === undefined ? undefined : null;
}

/** What a list is searched by. One entry of a shape that is new must not hide all others. */
const listedSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().optional().catch(undefined),
  created_at: z.string().optional().catch(undefined),
  archived_at: archivedAt,
});
export type Listed = z.infer<typeof listedSchema>;

export const pageSchema = z.looseObject({
  data: z.array(listedSchema),
  has_more: z.boolean().nullish(),
  last_id: z.string().nullish(),
  next_page: z.string().nullish(),
});
export type Page = z.infer<typeof pageSchema>;

export interface Told<Value> {
  readonly value: Value;
  /** In words, each member that is not as the schema says. It counts as not told. */
  readonly problems: readonly string[];
}

/** Why nothing of a reply can be used. */
export interface Unreadable {
  readonly problem: string;
}

/** Reads what can be read: what was created must reach the state, whatever else the reply says. */
export function told<Schema extends z.ZodType>(schema: Schema, body: unknown): Told<z.infer<Schema>> | Unreadable {
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
    : { problem: shapeProblem(rest.error) };
}

// A list of a hundred thousand members of another kind must not fill the terminal.
function firstIssueOf({ issues }: z.ZodError, member: PropertyKey | undefined): string[] {
  const first = issues.find(({ path }) => path[0] === member);
  return first === undefined ? [] : [issueText(first)];
}

/** In words: where a reply is not as the schema says. */
export function shapeProblem({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? "the body is not what the API promises" : issueText(issue);
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? "the body" : path.join(".")} is not what the API promises: ${message}`;
}

/** A JSON value that we send. */
export type Json = z.infer<typeof jsonSchema>;
export type JsonObject = { [member: string]: Json };
const jsonSchema = z.json();
export const jsonObjectSchema = z.record(z.string(), jsonSchema);

/** A value that came as JSON, as it is. */
export function asJson(value: unknown): Json {
  return jsonSchema.parse(value);
}
