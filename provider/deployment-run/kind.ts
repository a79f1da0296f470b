import { z } from "zod";
import { deploymentRuns, deployments } from "../kinds/table";
import { acknowledgeField, localValue, namedId } from "../resource/kind/common-fields";
import type { Field } from "../resource/kind/field";
import type { ResourceKind } from "../resource/kind/kind";
import type { OutputRows } from "../resource/kind/outputs";
import { same } from "../resource/kind/program-values";
import { rowsOf, type ValuesOf } from "../resource/kind/rows";
import type { DeploymentRunOutputs, QoderDeploymentRunArgs } from "./arguments";
import { startAdvices } from "./not-started";
import { runRemarks } from "./remarks";
import { type DeploymentRunReply, deploymentRunSchema } from "./reply";
import { type RecordedEnd, resultRows } from "./result-outputs";

/** No request of a run has a body, and a run never changes its values after the start. */
const unsent = {
  wire: undefined,
  replaces: true,
  change: () => undefined,
  read: <Value>(_: DeploymentRunReply, recorded: Value | undefined) => recorded,
} as const;

const deploymentIdField = {
  ...unsent,
  leftOut: "refused",
  schema: namedId(deployments),
  recorded: z.string(),
  describe: ({ deployment_id: id }: DeploymentRunReply) => id,
} satisfies Field<string>;

const triggers = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]);

const triggersField = {
  ...unsent,
  leftOut: "cleared",
  schema: triggers,
  recorded: triggers,
  describe: () => undefined,
  meansTheSame: (one, other) => same(valuesIn(one), valuesIn(other)),
} satisfies Field<z.infer<typeof triggers>>;

/** The values of `triggers`: only their changes count. */
function valuesIn<Values extends object>(given: Values | undefined): Values | undefined {
  return given === undefined || Object.keys(given).length === 0 ? undefined : given;
}

const waitOptions = z
  .strictObject({ timeoutSeconds: z.int().min(1), satisfied: z.boolean(), mustPass: z.boolean() })
  .partial();

const fields = rowsOf<QoderDeploymentRunArgs>()({
  deploymentId: deploymentIdField,
  triggers: triggersField,
  waitForResult: localValue(z.union([z.literal(true), waitOptions])),
  acknowledge: acknowledgeField,
});

const text = z.string();

/** "API reference: deployment runs". A refresh never concludes from a 404 that a run is gone. */
export const deploymentRunKind: ResourceKind<ValuesOf<typeof fields>> = {
  ...deploymentRuns,
  references: "what it names",
  reply: deploymentRunSchema,
  fields,
  insteadOf: { deployment: "write deploymentId, which takes a QoderDeployment, its id, or what getDeployment found" },
  outputs: {
    sessionId: { recorded: text, read: ({ session_id: id }: DeploymentRunReply) => id },
    createdAt: { recorded: text, read: ({ created_at: at }: DeploymentRunReply) => at },
    agentVersion: { recorded: z.number(), read: ({ agent }: DeploymentRunReply) => agent?.version ?? undefined },
    ...resultRows,
  } satisfies OutputRows<Omit<DeploymentRunOutputs, keyof QoderDeploymentRunArgs> & Pick<RecordedEnd, "__expects">>,
  removal: { sendsNothing: true },
  remarks: runRemarks,
  advices: startAdvices,
};
