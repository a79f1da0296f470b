import { z } from "zod";
import type { ResourceKind } from "../resource/kind";
import type { OutputRows } from "../resource/outputs";
import { fields } from "./fields";
import { named } from "./named";
import { startAdvices } from "./not-started";
import type { DeploymentRunOutputs } from "./outputs";
import { type DeploymentRunReply, deploymentRunSchema, startProblem } from "./reply";
import { start } from "./start";
import type { DeploymentRunArguments } from "./values";

const text = z.string();

/** "API reference: deployment runs". */
export const deploymentRunKind: ResourceKind<DeploymentRunArguments> = {
  label: "QoderDeploymentRun",
  noun: "deployment run",
  references: "what it names",
  collection: "deployment_runs",
  idPrefix: "drun_",
  reply: deploymentRunSchema,
  fields,
  named,
  outputs: {
    sessionId: { recorded: text, read: ({ session_id: id }: DeploymentRunReply) => id },
    error: {
      recorded: z.object({ type: text, message: text }),
      read: (reply: DeploymentRunReply) => startProblem(reply) ?? reply.error,
    },
    createdAt: { recorded: text, read: ({ created_at: at }: DeploymentRunReply) => at },
    agentVersion: { recorded: z.number(), read: ({ agent }: DeploymentRunReply) => agent?.version ?? undefined },
  } satisfies OutputRows<DeploymentRunOutputs>,
  start,
  advices: startAdvices,
  compared: () => undefined,
  // A refresh believes no 404 of a run.
  witness: () => undefined,
};
