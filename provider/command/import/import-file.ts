import { deploymentKind } from "../../deployment/kind";
import { deploymentSource, deploymentType } from "../../deployment/type";
import { argumentOutputs } from "../../resource/arguments";
import { serverOutputs } from "../../resource/outputs";
import { jsonText } from "./printable";
import type { Takeover } from "./takeover";

/**
 * The text for `pulumi import --file`. Outputs are given as well: only then does the engine skip the read that it would
 * do without the provider's code (pulumi/pulumi pkg/resource/deploy/step.go, `ImportStep`; since CLI 3.254).
 */
export function importFileText(takeovers: readonly Takeover[]): string {
  const resources = takeovers.map(({ deployment, arguments: inputs, names }) => {
    // It was never declared, but messages need its name, and two imports of one deployment must differ.
    const hidden = { __origin: `imported::${deployment.id}::${names.resource}`, __provider: deploymentSource };
    return {
      type: deploymentType,
      name: names.resource,
      id: deployment.id,
      inputs: { ...inputs, ...hidden },
      outputs: { ...argumentOutputs(deploymentKind, inputs), ...serverOutputs(deploymentKind, deployment), ...hidden },
    };
  });
  return `${jsonText({ resources }, 2)}\n`;
}
