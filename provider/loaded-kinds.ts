import type { KindName } from "./kinds/table";
import type { ResourceKind } from "./resource/kind/kind";

/**
 * The lifecycle of each kind, loaded with its first use: most stacks need a few of the kinds, and their schemas take time to build.
 * Programs load the table of kinds and none of this code, so the table does not contain it.
 */
export const loadedKinds: Readonly<Record<KindName, () => ResourceKind>> = {
  Environment: () => required<typeof import("./environment/kind")>(require("./environment/kind")).environmentKind,
  Skill: () => required<typeof import("./skill/kind")>(require("./skill/kind")).skillKind,
  File: () => required<typeof import("./file/kind")>(require("./file/kind")).fileKind,
  Agent: () => required<typeof import("./agent/kind")>(require("./agent/kind")).agentKind,
  Vault: () => required<typeof import("./vault/kind")>(require("./vault/kind")).vaultKind,
  VaultCredential: () =>
    required<typeof import("./vault-credential/kind")>(require("./vault-credential/kind")).vaultCredentialKind,
  MemoryStore: () => required<typeof import("./memory-store/kind")>(require("./memory-store/kind")).memoryStoreKind,
  Deployment: () => required<typeof import("./deployment/kind")>(require("./deployment/kind")).deploymentKind,
  DeploymentRun: () =>
    required<typeof import("./deployment-run/kind")>(require("./deployment-run/kind")).deploymentRunKind,
};

/** Gives the module its type: `require` returns any. */
function required<Module>(module: Module): Module {
  return module;
}
