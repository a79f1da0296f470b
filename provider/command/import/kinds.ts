import { agentKind } from "../../agent/kind";
import { agentSource, agentType } from "../../agent/type";
import { deploymentKind } from "../../deployment/kind";
import { deploymentSource, deploymentType } from "../../deployment/type";
import { environmentKind } from "../../environment/kind";
import { environmentSource, environmentType } from "../../environment/type";
import { agentId, deploymentId, environmentId } from "../../resource/fields/id";
import { type ImportKind, importKind } from "./import-kind";

/** A row a kind, in the order in which a program declares them where nothing asks for another. */
export const importKinds: readonly ImportKind[] = [
  importKind(environmentKind, { type: environmentType, source: environmentSource, id: environmentId }),
  importKind(agentKind, { type: agentType, source: agentSource, id: agentId }),
  importKind(deploymentKind, {
    type: deploymentType,
    source: deploymentSource,
    id: deploymentId,
    agentParameter: "agent_id",
  }),
];
