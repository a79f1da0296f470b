import { warning } from "../api/remark";
import type { ResourceKind } from "../resource/kind";
import { agentIdOf } from "./agent";
import { casConfigAdvice, settingsInMetadata } from "./cas-config";
import { fields } from "./fields";
import { named } from "./named";
import { outputRows } from "./output-rows";
import type { DeploymentOutputs } from "./outputs";
import { pause, pauseOf, servicePause } from "./paused";
import { deploymentSchema } from "./reply";
import { AgentNeighbours, scheduleRemarks } from "./schedule-remarks";
import type { DeploymentArguments } from "./values";

/** "API reference: deployments". */
export const deploymentKind: ResourceKind<DeploymentArguments> = {
  label: "QoderDeployment",
  noun: "deployment",
  references: "agent, environment, vaults and resources",
  collection: "deployments",
  idPrefix: "dep_",
  reply: deploymentSchema,
  fields,
  outputs: outputRows,
  statusChange: pause,
  named,
  // Archiving one renames it, "to free the original name".
  hasUniqueNames: true,
  advices: [casConfigAdvice],
  compared: (outputs: Partial<DeploymentOutputs>) => [
    outputs.agentVersion,
    pauseOf(outputs),
    settingsInMetadata(outputs.effectiveMetadata),
  ],
  witness({ agent }) {
    const id = agentIdOf(agent);
    return id === undefined ? undefined : { path: ["agents", id], called: "its agent" };
  },
  changeRemarks: scheduleRemarks,
  startNeighbours: () => new AgentNeighbours(),
  stateRemarks(outputs: Partial<DeploymentOutputs>) {
    const reason = servicePause(outputs);
    return reason === undefined
      ? []
      : [warning(`the service paused this deployment ${reason}; it does not run until somebody unpauses it`)];
  },
};
