import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, QoderEnvironment, QoderProvider, requireSettings } from "pulumi-qoder";

requireSettings({ secret: ["stagingPat", "productionPat"] });

const config = new pulumi.Config();

for (const account of ["staging", "production"]) {
  const provider = new QoderProvider(account, { pat: config.requireSecret(`${account}Pat`) });

  // Pulumi's names are unique in the stack, those at Qoder in their account.
  const reporter = new QoderAgent(
    `${account}-reporter`,
    { name: "reporter", model: "ultimate", system: "You write short status reports." },
    { provider },
  );

  const cloud = new QoderEnvironment(
    `${account}-cloud`,
    { name: "cloud", config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } } },
    { provider },
  );

  new QoderDeployment(
    `${account}-report`,
    {
      name: "daily-report",
      agent: reporter,
      environmentId: cloud.id,
      schedule: { expression: "0 9 * * *", timezone: "UTC" },
      initialEvents: "Generate today's status report",
    },
    { provider },
  );
}
