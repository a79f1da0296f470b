import { deploymentType, providerSource } from "../host";
import { serverOutputs } from "../server-outputs";
import { argumentOutputs } from "../state";
import type { Takeover } from "./takeover";

/**
 * The text for `pulumi import --file`. Outputs are given as well: only then does the engine skip the read that it would
 * do without the provider's code (pulumi/pulumi pkg/resource/deploy/step.go, `ImportStep`; since CLI 3.254).
 */
export function importFileText(takeovers: readonly Takeover[]): string {
  const resources = takeovers.map(({ deployment, arguments: inputs, names }) => ({
    type: deploymentType,
    name: names.resource,
    id: deployment.id,
    inputs: { ...inputs, __provider: providerSource },
    outputs: { ...argumentOutputs(inputs), ...serverOutputs(deployment), __provider: providerSource },
  }));
  return `${JSON.stringify({ resources }, undefined, 2)}\n`;
}
