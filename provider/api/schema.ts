import { z } from "zod";

/** Set once the object is archived. A time in a form that is new must not hide that. */
const archivedAt = z
  .unknown()
  .transform((value) => (value == null || typeof value === "string" ? value : JSON.stringify(value)))
  .optional();

/**
 * A deployment as the API returns it. The API is in beta and has two generations in print, so only the id is demanded:
 * a member that is absent means "not told", never "empty", and members and values we do not know pass through.
 */
export const deploymentSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().optional(),
  description: z.string().nullish(),
  agent: z.looseObject({ id: z.string(), version: z.number().nullish() }).optional(),
  environment_id: z.string().optional(),
  schedule: z
    .looseObject({
      expression: z.string(),
      timezone: z.string(),
      upcoming_runs_at: z.array(z.string()).nullish(),
      last_run_at: z.string().nullish(),
    })
    .nullish(),
  initial_events: z.array(z.looseObject({ type: z.string() })).optional(),
  resources: z.array(z.looseObject({ type: z.string() })).nullish(),
  vault_ids: z.array(z.string()).nullish(),
  // Values are strings but for `cas_config`, an object that the older generation keeps in this map.
  metadata: z.record(z.string(), z.unknown()).nullish(),
  environment_variables: z.string().nullish(),
  budget: z.looseObject({ max_credit_cost: z.union([z.string(), z.number()]) }).nullish(),
  status: z.string().optional(),
  paused_reason: z.looseObject({ type: z.string(), error: z.looseObject({ type: z.string() }).nullish() }).nullish(),
  archived_at: archivedAt,
  created_at: z.string().optional(),
  updated_at: z.string().optional(),
});
export type Deployment = z.infer<typeof deploymentSchema>;

/** What a list is searched by. One entry of a shape that is new must not hide all others. */
const listedDeploymentSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().optional().catch(undefined),
  created_at: z.string().optional().catch(undefined),
  archived_at: archivedAt,
});
export type ListedDeployment = z.infer<typeof listedDeploymentSchema>;

export const deploymentPageSchema = z.looseObject({
  data: z.array(listedDeploymentSchema),
  has_more: z.boolean().nullish(),
  last_id: z.string().nullish(),
  next_page: z.string().nullish(),
});
export type DeploymentPage = z.infer<typeof deploymentPageSchema>;

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
    ? { value: rest.data, problems: whole.error.issues.map(issueText) }
    : { problem: shapeProblem(rest.error) };
}

/** In words: where a reply is not as the schema says. */
export function shapeProblem({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? "the body is not what the API promises" : issueText(issue);
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? "the body" : path.join(".")} is not what the API promises: ${message}`;
}

export const agentSchema = z.looseObject({ id: z.string().min(1) });

/** A JSON value that we send. */
export type Json = z.infer<typeof jsonSchema>;
export type JsonObject = { [member: string]: Json };
const jsonSchema = z.json();
export const jsonObjectSchema = z.record(z.string(), jsonSchema);
