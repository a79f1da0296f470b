import * as pulumi from "@pulumi/pulumi";
import { type QoderAgent, QoderDeployment, type QoderEnvironment, spread } from "pulumi-qoder";

interface Job {
  readonly every: "hour" | "day" | "weekday" | "week";
  readonly task: string;
  /** Left out: it runs. */
  readonly paused?: boolean;
}

export interface FleetArgs {
  readonly agent: QoderAgent;
  /** The version of the agent that every job runs. Left out: the newest one. */
  readonly version?: number | undefined;
  readonly environment: QoderEnvironment;
  /** By the names that their deployments have at Qoder. */
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A deployment for each row of a table, all with the same agent. */
export class Fleet extends pulumi.ComponentResource {
  /** By the names of the jobs. */
  readonly deploymentIds: pulumi.Output<Record<string, string>>;

  constructor(
    name: string,
    { agent, version, environment, jobs }: FleetArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("acme:qoder:Fleet", name, {}, options);
    const pinned = version === undefined ? agent : { id: agent.id, version };
    const shared = { agent: pinned, environmentId: environment.id, metadata: { fleet: name } };
    const deployments = Object.entries(jobs).map(([job, { every, task, paused = false }]) => {
      // From the name of the job alone, so a row that comes or goes moves no other one.
      const schedule = { expression: spread(job, { every }), timezone: "UTC" };
      return new QoderDeployment(job, { ...shared, schedule, initialEvents: task, paused }, { parent: this });
    });
    this.deploymentIds = pulumi
      .all(deployments.map(({ name, id }) => pulumi.all([name, id])))
      .apply((pairs) => Object.fromEntries(pairs));
    this.registerOutputs({ deploymentIds: this.deploymentIds });
  }
}
