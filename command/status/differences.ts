import type { StackDeployment } from "../stack";
import type { DeploymentFacts } from "./facts";

/** A deployment that runs an older version than its agent has, although its program names no version. */
export interface BehindAgent {
  readonly agent: string;
  readonly version: number;
  readonly newest: number;
}

/**
 * A program that names the agent by its id alone keeps the version that runs, also after the agent's resource has changed. Undefined for a
 * deployment that no stack manages: nobody knows then whether its version was chosen.
 */
export function behindAgent(
  { agent }: Pick<DeploymentFacts, "agent">,
  managed: Pick<StackDeployment, "namesVersion"> | undefined,
): BehindAgent | undefined {
  const { id = "", name = id, version, newest } = agent ?? {};
  const isBehind = version !== undefined && newest !== undefined && version < newest;
  return isBehind && managed?.namesVersion === false ? { agent: name, version, newest } : undefined;
}

export function behindText({ agent, version, newest }: BehindAgent): string {
  return `runs version ${version} of ${agent}, the newest is ${newest}`;
}

/** The state may hold what the service showed encrypted, and this command decrypts no more than it needs. */
export function uncomparedText(names: string): string {
  return `Not compared with the last \`up\`, which the state records encrypted: ${names}`;
}

/** What is not as the program says, for the row of the deployment. */
export function differencesOf(deployment: DeploymentFacts, managed: StackDeployment | undefined): string[] {
  const behind = behindAgent(deployment, managed);
  const { changed } = deployment;
  return [
    ...(behind === undefined ? [] : [behindText(behind)]),
    ...(changed.length === 0 ? [] : [`changed at Qoder since the last \`up\`: ${changed.join(", ")}`]),
  ];
}
