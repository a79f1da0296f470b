/** What the look-ups of a program load when they are first called: all of them, as they share one limiter for an account. */
export { find as findAgent } from "./agent/find";
export { find as findDeployment } from "./deployment/find";
export { find as findDeploymentRuns } from "./deployment-run/find";
export { find as findEnvironment } from "./environment/find";
