import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, QoderEnvironment } from "pulumi-qoder";

const config = new pulumi.Config();
const teams = config.getObject<string[]>("teams") ?? ["red", "blue"];
/** The teams that have the other model already. */
const moved = config.getObject<string[]>("moved") ?? [];
/** The stack that declares the environment. Left out: this one does. */
const base = config.get("base");

export const environmentId =
  base === undefined
    ? new QoderEnvironment("cloud", { config: { type: "cloud", networking: { type: "unrestricted" } } }).id
    : new pulumi.StackReference(base).requireOutput("environmentId");

class Team extends pulumi.ComponentResource {
  constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super("acme:Team", name, {}, options);
    const agent = new QoderAgent(
      `${name}-reviewer`,
      { model: moved.includes(name) ? "ultimate" : "performance", system: "You review changes." },
      { parent: this },
    );
    for (const task of ["review", "triage"]) {
      const initialEvents = `Do the ${task} of the day`;
      new QoderDeployment(`${name}-${task}`, { agent, environmentId, initialEvents }, { parent: this });
    }
  }
}

for (const team of teams) {
  new Team(team);
}
