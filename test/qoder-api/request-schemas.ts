import { z } from "zod";

/** The bodies of "Create a deployment" and "Update a deployment". Limits count characters. */

export function characters(text: string): number {
  return [...text].length;
}

export const atMost = (limit: number) => (text: string) => characters(text) <= limit;

export const name = z.string().min(1, "must not be empty").refine(atMost(256), "must be at most 256 characters");

const agent = z.union([
  z.string().min(1),
  z.strictObject({ id: z.string().min(1), type: z.literal("agent"), version: z.int().min(1).optional() }),
]);

const schedule = z.strictObject({ type: z.literal("cron"), expression: z.string(), timezone: z.string() });

const source = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("base64"), media_type: z.string(), data: z.string() }),
  z.strictObject({ type: z.literal("text"), media_type: z.string(), data: z.string() }),
  z.strictObject({ type: z.literal("url"), url: z.string() }),
  z.strictObject({ type: z.literal("file"), file_id: z.string() }),
]);

const textBlock = z.strictObject({ type: z.literal("text"), text: z.string() });

const block = z.discriminatedUnion("type", [
  textBlock,
  z.strictObject({ type: z.literal("image"), source }),
  z.strictObject({
    type: z.literal("document"),
    source,
    title: z.string().nullable().optional(),
    context: z.string().nullable().optional(),
  }),
  // The types of the newest client have this block, and no page shows its fields.
  z.looseObject({ type: z.literal("redacted") }),
]);

const rubric = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), content: z.string().refine(atMost(262_144), "is too long") }),
  z.strictObject({ type: z.literal("file"), file_id: z.string() }),
]);

const event = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("user.message"), content: z.union([z.string(), z.array(block)]) }),
  z.strictObject({
    type: z.literal("user.define_outcome"),
    description: z.string(),
    rubric,
    max_iterations: z.int().min(1).max(20).nullable().optional(),
  }),
  z.strictObject({ type: z.literal("system.message"), content: z.union([z.string(), z.array(textBlock)]) }),
]);

const initialEvents = z.array(event).min(1, "must hold 1-50 events").max(50, "must hold 1-50 events");

const checkout = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("branch"), name: z.string() }),
    z.strictObject({ type: z.literal("commit"), sha: z.string() }),
  ])
  .nullable()
  .optional();

const mountPath = z.string().nullable().optional();

const resource = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("github_repository"),
    url: z.string(),
    authorization_token: z.string().optional(),
    checkout,
    mount_path: mountPath,
  }),
  z.strictObject({
    type: z.literal("git_repository"),
    url: z.string(),
    password: z.string().optional(),
    checkout,
    mount_path: mountPath,
  }),
  z.strictObject({ type: z.literal("file"), file_id: z.string(), mount_path: mountPath }),
  z.strictObject({
    type: z.literal("memory_store"),
    memory_store_id: z.string(),
    access: z.enum(["read_write", "read_only"]).nullable().optional(),
    instructions: z.string().refine(atMost(4096), "must be at most 4096 characters").nullable().optional(),
  }),
]);

const resources = z.array(resource).max(500, "must hold at most 500 resources");
const vaultIds = z.array(z.string()).max(50, "must hold at most 50 ids");
export const metadata = z.record(z.string(), z.unknown());

const budget = z.strictObject({
  type: z.literal("limit"),
  max_credit_cost: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/, "must be a decimal with at most 12 integer and 2 fraction digits")
    .refine((cost) => Number(cost) > 0, "must be positive"),
});

export const createSchema = z.strictObject({
  name,
  description: z.string().nullable().optional(),
  agent,
  environment_id: z.string().min(1),
  schedule: schedule.optional(),
  initial_events: initialEvents,
  resources: resources.optional(),
  vault_ids: vaultIds.optional(),
  metadata: metadata.optional(),
  environment_variables: z.string().nullable().optional(),
  budget: budget.optional(),
});

export const updateSchema = z.strictObject({
  name: name.optional(),
  description: z.string().nullable().optional(),
  agent: agent.optional(),
  environment_id: z.string().min(1).optional(),
  schedule: schedule.nullable().optional(),
  initial_events: initialEvents.optional(),
  resources: resources.nullable().optional(),
  vault_ids: vaultIds.nullable().optional(),
  metadata: metadata.nullable().optional(),
  environment_variables: z.string().nullable().optional(),
  budget: budget.nullable().optional(),
});

export const casConfigSchema = z.strictObject({
  session_strategy: z.string().min(1).optional(),
  config: z
    .strictObject({
      max_retries: z.int().min(0).optional(),
      timeout_ms: z.int().min(1).optional(),
      max_concurrent: z.int().min(1).optional(),
    })
    .optional(),
});

/** The body of pause, unpause, archive and run: none, or an empty object. */
export const emptySchema = z.strictObject({});

export const searchSchema = z.strictObject({
  metadata: z.record(z.string(), z.string()).optional(),
  name: z.string().optional(),
  status: z.enum(["active", "paused"]).optional(),
  include_archived: z.boolean().optional(),
  agent_id: z.string().optional(),
  "created_at[gte]": z.iso.datetime({ offset: true }).optional(),
  "created_at[lte]": z.iso.datetime({ offset: true }).optional(),
  limit: z.int().optional(),
  page: z.string().nullable().optional(),
});

export type AgentInput = z.infer<typeof agent>;
export type EventInput = z.infer<typeof event>;
export type ResourceInput = z.infer<typeof resource>;
export type DeploymentPatch = z.infer<typeof updateSchema>;
export type DeploymentSearch = z.infer<typeof searchSchema>;
