import * as pulumi from "@pulumi/pulumi";
import { QoderAgent } from "../agent";
import { type WaitingTool, waitingTools } from "../agent/waiting-tools";
import { isComputed } from "../program/inputs";
import { tellsOfPlan } from "./told-by-program";

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
        const remarks = waitingTools(tools).map((tool) => `${subject} ${remark(tool, isSecret)} [waiting-tool]`);
        return Promise.all(remarks.map((text) => pulumi.log.warn(text, deployment)));
      });
  }
}

/**
 * A session that stopped with `requires_action` never times out: Qoder's guide, as the articles "Agent Infra: Cloud Agents" of August
 * 2026 retell it.
 */
function remark({ place, name, waitsFor }: WaitingTool, isSecret: boolean): string {
  // If the tools are a secret, any member may be the secret one, so the warning leaves the name out.
  const tool = isSecret || typeof name !== "string" ? place : `${JSON.stringify(name)} (${place})`;
  if (waitsFor === "client") {
    return `leaves the custom tool ${tool} to a client. In an unattended run no client answers, and a pending call never times out: the run waits for ever. Take the tool out, or let a client answer in every run`;
  }
  const tools = name === undefined ? `every tool without settings of its own (${place})` : tool;
  return `asks for approval of ${tools}. In an unattended run nobody answers, and a pending approval never times out: the run waits for ever. Set permissionPolicy to always_allow or always_deny, or disable the tool`;
}
