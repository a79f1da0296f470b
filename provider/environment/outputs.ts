import type { CommonOutputs } from "../resource/common-outputs";

/** What the service computes. Outputs only: nothing here takes part in a diff. */
export type EnvironmentOutputs = CommonOutputs;
