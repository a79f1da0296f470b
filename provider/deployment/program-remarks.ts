import { QoderAgent } from "../agent";
import { QoderEnvironment } from "../environment";
import { QoderFile } from "../file";
import { isComputed, runningCommand } from "../program/inputs";
import * as pulumi from "../program/sdk";
import type { RemarkKind } from "../resource/plan-remark";
import { expiryText, type Members, unfitEnvironment, waitingToolTexts } from "./named-remarks";

/**
 * Warns in a preview of each tool of the agent that waits for a person: in the run of a deployment nobody answers. The
 * program warns and not the provider, because only the program knows the QoderAgent before the agent has an id.
 */
export function warnOfWaitingTools(
  deployment: pulumi.Resource,
  name: string,
  agent: unknown,
  acknowledge: unknown,
): void {
  if (!tellsOfPlan("waiting-tool", acknowledge)) {
    return;
  }
  if (isComputed(agent)) {
    pulumi.all([agent]).apply(([known]) => warnOfWaitingTools(deployment, name, known, acknowledge));
  } else if (QoderAgent.isInstance(agent)) {
    // Waiting for the URN of the deployment keeps the warning away if `check` refuses the deployment.
    pulumi
      .all([agent.urn, agent.tools, pulumi.isSecret(agent.tools), deployment.urn])
      .apply(([urn, tools, isSecret]) => {
        const subject = `QoderDeployment "${name}": its agent "${urn.split("::").at(-1)}"`;
        const remarks = waitingToolTexts(tools, isSecret).map((text) => `${subject} ${text} [waiting-tool]`);
        return Promise.all(remarks.map((text) => pulumi.log.warn(text, deployment)));
      });
  }
}

/**
 * Warns in a preview of each file of a scheduled deployment that the service will delete: after that no run starts. The
 * program warns and not the provider, because only the program knows the QoderFile before the file has an id.
 */
export function warnOfExpiringFiles(
  deployment: pulumi.Resource,
  name: string,
  schedule: unknown,
  resources: unknown,
  acknowledge: unknown,
): void {
  if (
    !tellsOfPlan("expiring-file", acknowledge) ||
    schedule === undefined ||
    schedule === null ||
    resources === undefined
  ) {
    return;
  }
  // `apply` would not call back while the id of the file is unknown.
  void resourcesOf(pulumi.output(resources)).then((named) => {
    for (const file of named.filter((one): one is QoderFile => QoderFile.isInstance(one))) {
      warnOf(deployment, name, file);
    }
  });
}

/**
 * Warns in a preview of an environment in which no run of the deployment can work. The program warns and not the provider, because only
 * the program knows the resources before they have ids.
 */
export function warnOfEnvironment(deployment: pulumi.Resource, name: string, args: Members): void {
  const { agent, environmentId, environmentVariables, resources, acknowledge } = args;
  if (!tellsOfPlan("environment", acknowledge)) {
    return;
  }
  void Promise.all([namedBy(environmentId), namedBy(agent)]).then(([environments, agents]) => {
    const environment = environments.find((one): one is QoderEnvironment => QoderEnvironment.isInstance(one));
    const declared = agents.find((one): one is QoderAgent => QoderAgent.isInstance(one));
    if (environment === undefined) {
      return;
    }
    const given = [environmentVariables, resources, declared?.mcpServers].map((value) => pulumi.output(value));
    // Waiting for the URN of the deployment keeps the warning away if `check` refuses the deployment.
    pulumi
      .all([environment.urn, environment.config, pulumi.all(given), deployment.urn])
      .apply(([urn, config, [variables, mounted, servers]]) => {
        const unfit = unfitEnvironment(config, { variables, mounted, servers });
        const subject = `QoderDeployment "${name}": its environment "${urn.split("::").at(-1)}"`;
        return Promise.all(unfit.map((text) => pulumi.log.warn(`${subject} ${text} [environment]`, deployment)));
      });
  });
}

/** The resource that the argument is, or those that it depends on, as `environment.id` depends on the environment. */
async function namedBy(value: unknown): Promise<unknown[]> {
  return pulumi.Resource.isInstance(value) ? [value] : resourcesOf(pulumi.output(value));
}

/** The resources that the value depends on. `allResources` is in the SDK (@pulumi/pulumi output.js), but not in its types. */
async function resourcesOf(output: object): Promise<unknown[]> {
  const ask: unknown = Reflect.get(output, "allResources");
  const found: unknown =
    typeof ask === "function" ? await Promise.resolve(ask.call(output)).catch(() => []) : undefined;
  return found instanceof Set ? [...found] : [];
}

function warnOf(deployment: pulumi.Resource, name: string, file: QoderFile): void {
  // Waiting for the URN of the deployment keeps the warning away if `check` refuses the deployment.
  pulumi.all([file.urn, file.expiresInSeconds, deployment.urn]).apply(([urn, seconds]) => {
    const text = expiryText(seconds);
    return text === undefined
      ? undefined
      : pulumi.log.warn(
          `QoderDeployment "${name}": its file "${urn.split("::").at(-1)}" ${text} [expiring-file]`,
          deployment,
        );
  });
}

/**
 * Whether the program shows a remark of this kind. Only previews show remarks, because each update follows a preview, and
 * neither `qoder:remarks` nor `acknowledge` may exclude the kind.
 */
export function tellsOfPlan(kind: RemarkKind, acknowledge: unknown): boolean {
  const { isPreview, remarks = "" } = runningCommand();
  const words = remarks.split(",").map((word) => word.trim());
  const isAcknowledged = Array.isArray(acknowledge) && acknowledge.includes(kind);
  return isPreview && !words.includes("none") && !words.includes(kind) && !isAcknowledged;
}
