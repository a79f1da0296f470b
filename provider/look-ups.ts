import { agentKind } from "./agent/kind";
import { deploymentKind } from "./deployment/kind";
import { environmentKind } from "./environment/kind";
import { finder } from "./look-up/find";

export { find as findDeploymentRuns } from "./deployment-run/find";
export { find as findSkill } from "./skill/find";

// A program loads this file at its first look-up. The file has all look-ups, because they share one limiter for an account.

export const findAgent = finder(agentKind);
export const findDeployment = finder(deploymentKind);
export const findEnvironment = finder(environmentKind);
