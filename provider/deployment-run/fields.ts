import { z } from "zod";
import { deploymentId } from "../resource/fields/common-fields";
import { same } from "../resource/fields/comparison";
import type { Field } from "../resource/fields/field";
import type { Fields } from "../resource/kind";
import type { DeploymentRunReply } from "./reply";
import type { DeploymentRunArguments, Triggers } from "./values";

/** No request of a run has a body, and no reply tells another value than the one that it was started with. */
const unsent = {
  wire: undefined,
  replaces: true,
  change: () => undefined,
  read: <Value>(_: DeploymentRunReply, asked: Value | undefined) => asked,
} as const;

const deploymentIdField: Field<string> = {
  ...unsent,
  leftOut: "refused",
  schema: deploymentId,
  recorded: z.string(),
  describe: ({ deployment_id: id }: DeploymentRunReply) => id,
  meansTheSame: (one, other) => one === other,
  meaning: { leftOut: "an error", removed: "an error", sameWhen: "equal" },
};

const triggers = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]);

const triggersField: Field<Triggers> = {
  ...unsent,
  leftOut: "cleared",
  schema: triggers,
  recorded: triggers,
  describe: () => undefined,
  meansTheSame: (one, other) => same(valuesIn(one), valuesIn(other)),
  meaning: {
    leftOut: "none",
    removed: "a new run, where there were any",
    sameWhen: "equal by value, at every depth; an empty map, an empty list and none are one",
  },
};

function valuesIn(given: Triggers | undefined): Triggers | undefined {
  return given === undefined || Object.keys(given).length === 0 ? undefined : given;
}

/** One row an argument, see `deployment/fields.ts`. */
export const fields: Fields<DeploymentRunArguments> = {
  deploymentId: deploymentIdField,
  triggers: triggersField,
};
