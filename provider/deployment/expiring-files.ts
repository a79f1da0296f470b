import * as pulumi from "@pulumi/pulumi";
import { QoderFile } from "../file";
import { tellsOfPlan } from "./told-by-program";

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
    if (typeof seconds === "number") {
      const days = Math.round((seconds / 86_400) * 10) / 10;
      return pulumi.log.warn(
        `QoderDeployment "${name}": its file "${urn.split("::").at(-1)}" is deleted ${days} days after its upload, and from then on no scheduled run starts (file_not_found_error) [expiring-file]`,
        deployment,
      );
    }
    return undefined;
  });
}
