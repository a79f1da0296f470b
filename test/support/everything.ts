import * as pulumi from "@pulumi/pulumi";
import type { QoderDeploymentArgs } from "../../provider";

/** A program that gives every argument, in several of the forms that each may have. Its ids exist nowhere. */
export const everything: QoderDeploymentArgs = {
  name: "daily-report",
  description: "Generates the status report of the day",
  agent: { id: "agent_019eb4d4a06d747c865d5800b9c57ae2", version: 1 },
  environmentId: "env_019e64e01a137caf953ac2ac7b42ec5c",
  schedule: { expression: "30 9 * * 1-5", timezone: "Asia/Shanghai" },
  initialEvents: [
    { type: "user.define_outcome", description: "a report", rubric: { type: "text", content: "it is complete" } },
    { type: "user.message", content: [{ type: "text", text: "Generate today's status report" }] },
    { type: "system.message", content: "be brief" },
  ],
  resources: [
    { type: "github_repository", url: "https://github.com/acme/a", authorizationToken: "ghp_fixture", mountPath: "/a" },
    { type: "file", fileId: "file_1" },
    { type: "memory_store", memoryStoreId: "memstore_1", access: "read_only" },
  ],
  vaultIds: ["vault_b", "vault_a"],
  metadata: { team: "platform", label: pulumi.secret("secret label") },
  casConfig: { maxRetries: 2 },
  environmentVariables: { LEVEL: "info", FLAG: "on" },
  budget: { maxCreditCost: "12.50" },
  paused: true,
};
