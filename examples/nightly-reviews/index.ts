import * as pulumi from "@pulumi/pulumi";
import { describeSchedule, nextRuns, QoderAgent, QoderDeployment, QoderEnvironment, spread } from "pulumi-qoder";

const reviewer = new QoderAgent("reviewer", { model: "ultimate", system: "You review what was merged." });
const cloud = new QoderEnvironment("cloud", { config: { type: "cloud", networking: { type: "unrestricted" } } });

for (const team of ["billing", "search", "shop"]) {
  const schedule = {
    expression: spread(team, { every: "day", between: ["03:00", "05:00"] }), // the minute depends on the name of the team
    timezone: "Europe/Berlin",
  };
  new QoderDeployment(`${team}-review`, {
    agent: reviewer,
    environmentId: cloud.id,
    schedule,
    description: describeSchedule(schedule), // "At 03:05 (Europe/Berlin)"
    initialEvents: `Review what ${team} merged since yesterday`,
  });
  const [first] = nextRuns(schedule, { count: 1 });
  pulumi.log.info(`${team}: ${first?.toISOString()}`);
}
