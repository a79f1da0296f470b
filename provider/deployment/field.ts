import type { Field } from "../resource/fields/field";
import type { DeploymentOutputs } from "./outputs";
import type { Deployment } from "./reply";

/** A row of the table of a deployment's arguments. */
export type DeploymentField<Value> = Field<Value, DeploymentOutputs, Deployment>;
