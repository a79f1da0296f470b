import type { CommonOutputs } from "../resource/outputs";

/** What the service computes. Outputs only: nothing here takes part in a diff. */
export interface AgentOutputs extends CommonOutputs {
  readonly version: number;
}
