/**
 * What the engine keeps in every state as the provider's code: one constant line that loads this package by its name from
 * the project's folder. So the code that runs is always the installed one, also in `refresh` and `destroy`; it never shows
 * as a change; and it holds no path, version or secret. (The engine loads it with `require-from-string` and calls
 * `handler`: pulumi/pulumi sdk/nodejs/cmd/dynamic-provider.) `exported` is the name that `plugin.ts` gives the kind. The commands
 * write this line too, and load no SDK.
 */
export function providerSource(exported: string): string {
  return `exports.handler=()=>require("module").createRequire(process.cwd()+"/")("pulumi-qoder/provider").${exported};`;
}

/** The engine sends resources of such a type to the dynamic provider of Node.js. */
export function resourceType(name: string): string {
  return `pulumi-nodejs:dynamic/qoder:${name}`;
}

/** The type of the same resource where the plugin manages it. */
export function pluginType(type: string): string {
  return type.replace(resourceType(""), "qoder:index:");
}

export const agentType = resourceType("Agent");
export const agentSource = providerSource("agent");

export const environmentType = resourceType("Environment");
export const environmentSource = providerSource("environment");

export const deploymentType = resourceType("Deployment");
/** The name is in the states of all versions. */
export const deploymentSource = providerSource("provider");

export const deploymentRunType = resourceType("DeploymentRun");
export const deploymentRunSource = providerSource("deploymentRun");

export const vaultType = resourceType("Vault");
export const vaultSource = providerSource("vault");

export const vaultCredentialType = resourceType("VaultCredential");
export const vaultCredentialSource = providerSource("vaultCredential");

export const memoryStoreType = resourceType("MemoryStore");
export const memoryStoreSource = providerSource("memoryStore");

export const fileType = resourceType("File");
export const fileSource = providerSource("file");

export const skillType = resourceType("Skill");
export const skillSource = providerSource("skill");
