import * as pulumi from "@pulumi/pulumi";
import { QoderFile } from "../file";
import { tellsOfPlan } from "./told-by-program";

/**
 * Warns, in a preview, of each file that a scheduled deployment names and that the service deletes by itself: from then on no run
 * starts. The program tells it, as it alone knows which file is meant before that has an id.
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
  // Not within an `apply`, which nobody calls while an id is not known.
  void resourcesOf(pulumi.output(resources)).then((named) => {
    for (const file of named.filter((one): one is QoderFile => QoderFile.isInstance(one))) {
      warnOf(deployment, name, file);
    }
  });
}

/** What the value depends on. Part of the SDK, not of its types (@pulumi/pulumi output.js). */
async function resourcesOf(output: object): Promise<unknown[]> {
  const ask: unknown = Reflect.get(output, "allResources");
  const found: unknown =
    typeof ask === "function" ? await Promise.resolve(ask.call(output)).catch(() => []) : undefined;
  return found instanceof Set ? [...found] : [];
}

function warnOf(deployment: pulumi.Resource, name: string, file: QoderFile): void {
  // The deployment's own URN, so that one that the check refuses has its errors alone.
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
