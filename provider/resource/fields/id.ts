import { z } from "zod";

function idWithPrefix(prefix: string, thing: string): z.ZodType<string> {
  return z
    .string()
    .regex(new RegExp(`^${prefix}[A-Za-z0-9_-]+$`), `is not the id of ${thing}: ${prefix} and letters, digits, _ or -`);
}

export const agentId = idWithPrefix("agent_", "an agent");
export const deploymentId = idWithPrefix("dep_", "a deployment");
export const environmentId = idWithPrefix("env_", "an environment");
export const vaultId = idWithPrefix("vault_", "a vault");
