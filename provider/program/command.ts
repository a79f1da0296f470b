import * as pulumi from "@pulumi/pulumi";

/** What the provider is to know of the command that runs; see `resource/engine/remarks.ts`. */
export function runningCommand() {
  const config = new pulumi.Config("qoder");
  return {
    isPreview: pulumi.runtime.isDryRun(),
    remarks: config.get("remarks", { allowedValues: ["none", "warnings", "all"] }),
    showRequests: config.getBoolean("showRequests"),
    verify: config.getBoolean("verify"),
  };
}
