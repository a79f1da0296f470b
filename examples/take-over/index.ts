import * as pulumi from "@pulumi/pulumi";
import { QoderEnvironment, requireSettings } from "pulumi-qoder";

requireSettings({ plain: ["sandboxId"] });

// One object can be taken over in an ordinary `pulumi up`, which sends what differs from these arguments. `adopt` counts in that
// one alone, and may stay or leave afterwards.
export const sandbox = new QoderEnvironment("sandbox", {
  adopt: new pulumi.Config().require("sandboxId"),
  description: "Where the agents of the team run",
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
});
