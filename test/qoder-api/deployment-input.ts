import { z } from "zod";
import { mergedDeploymentMetadata } from "./cas-config";
import type { DeploymentFields } from "./deployment-reply";
import { checkEnvironmentVariables } from "./environment-variables";
import { invalid } from "./errors";
import { initialEvents, storedEvents } from "./initial-events";
import { metadata } from "./metadata";
import type { Owner } from "./owners";
import { name, parseBody, replaced } from "./parse";
import type { References } from "./references";
import { resources, storedResources } from "./resources";
import { checkSchedule } from "./schedule";
import type { Switches } from "./switches";

/** The bodies of "Create a deployment" and "Update a deployment". Limits count characters. */

const agent = z.union([
  z.string().min(1),
  z.strictObject({ id: z.string().min(1), type: z.literal("agent"), version: z.int().min(1).optional() }),
]);

const schedule = z.strictObject({ type: z.literal("cron"), expression: z.string(), timezone: z.string() });

const vaultIds = z.array(z.string()).max(50, "must hold at most 50 ids");
const budget = z.strictObject({
  type: z.literal("limit"),
  max_credit_cost: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/, "must be a decimal with at most 12 integer and 2 fraction digits")
    .refine((cost) => Number(cost) > 0, "must be positive"),
});

const createSchema = z.strictObject({
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

const updateSchema = z.strictObject({
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

export type AgentInput = z.infer<typeof agent>;
export type DeploymentPatch = z.infer<typeof updateSchema>;

export function parseDeployment(body: unknown, switches: Switches, isCreate: boolean): DeploymentPatch {
  const patch = parseBody<DeploymentPatch>(
    isCreate ? createSchema : updateSchema,
    body,
    switches,
    absentFields(switches),
  );
  if (patch.schedule) checkSchedule(patch.schedule);
  if (patch.environment_variables) checkEnvironmentVariables(patch.environment_variables);
  if (patch.schedule === null) {
    // "Update a deployment": `schedule` must have all sub-fields. The page does not say what null does.
    if (switches.scheduleNull === "reject") throw invalid("Invalid value for schedule: must be an object", "schedule");
    if (switches.scheduleNull === "ignore") delete patch.schedule;
  }
  if (patch.budget === null && switches.budget === "ignore-null") delete patch.budget;
  return patch;
}

/** "Update a deployment": a sent member replaces the value, `metadata` is merged by key, and other members stay. */
export function patchedFields(
  base: DeploymentFields,
  patch: DeploymentPatch,
  context: { owner: Owner; references: References; switches: Switches; isCreate: boolean },
): DeploymentFields {
  const { owner, references, switches, isCreate } = context;
  const fields: DeploymentFields = {
    ...base,
    name: patch.name ?? base.name,
    description: replaced(patch.description, base.description),
    agent: patch.agent === undefined ? base.agent : references.agent(owner, patch.agent),
    environment_id:
      patch.environment_id === undefined ? base.environment_id : references.environment(owner, patch.environment_id),
    schedule: replaced(patch.schedule, base.schedule),
    initial_events: patch.initial_events ? storedEvents(patch.initial_events, switches) : base.initial_events,
    resources: storedList(patch.resources, base.resources, (given) => storedResources(given, base.resources, switches)),
    vault_ids: storedList(patch.vault_ids, base.vault_ids, (given) => given),
    metadata: metadataAfter(base, patch, switches, isCreate),
    environment_variables: replaced(patch.environment_variables, base.environment_variables) ?? "",
    budget: replaced(patch.budget, base.budget),
  };
  references.refuseArchived(owner, fields);
  return fields;
}

/** The pages of generation 1 have neither field. */
function absentFields(switches: Switches): string[] {
  if (switches.generation === 1) return ["environment_variables", "budget"];
  return switches.budget === "reject" ? ["budget"] : [];
}

function storedList<Given, Stored>(
  given: Given[] | null | undefined,
  current: Stored[],
  store: (g: Given[]) => Stored[],
) {
  return given === undefined ? current : store(given ?? []);
}

/** A merge patch: null for the whole `metadata` removes all keys except `cas_config`. */
function metadataAfter(base: DeploymentFields, patch: DeploymentPatch, switches: Switches, isCreate: boolean) {
  if (patch.metadata !== null) {
    return mergedDeploymentMetadata(base.metadata, patch.metadata ?? {}, switches, isCreate);
  }
  return Object.fromEntries(Object.entries(base.metadata).filter(([key]) => key === "cas_config"));
}
