import { agentKind } from "../agent/kind";
import { deploymentKind } from "../deployment/kind";
import { deploymentRunKind } from "../deployment-run/kind";
import { environmentKind } from "../environment/kind";
import { fileKind } from "../file/kind";
import { readContent } from "../file/source";
import { memoryStoreKind } from "../memory-store/kind";
import * as declared from "../program/kinds";
import type { ResourceKind } from "../resource/kind";
import { containsUnknown, type Properties } from "../resource/program-values";
import { readFolder } from "../skill/folder";
import { skillKind } from "../skill/kind";
import { vaultKind } from "../vault/kind";
import { vaultCredentialKind } from "../vault-credential/kind";
import { mapped, whenKnown } from "./marks";

/** A kind as programs declare it, with its lifecycle. */
export interface ServedKind extends declared.DeclaredKind {
  readonly kind: ResourceKind;
}

/** The kinds by the last part of the type, which must never change, because states contain it. */
export const servedKinds: Readonly<Record<string, ServedKind>> = {
  Agent: { ...declared.agents, kind: agentKind, named: declared.namedByAgents },
  Deployment: { ...declared.deployments, kind: deploymentKind, named: declared.namedByDeployments },
  DeploymentRun: { ...declared.deploymentRuns, kind: deploymentRunKind },
  Environment: { ...declared.environments, kind: environmentKind },
  File: {
    ...declared.files,
    kind: fileKind,
    reads: (args, name) => readContent(name, withKnownPath(args), whenKnown),
  },
  MemoryStore: { ...declared.memoryStores, kind: memoryStoreKind },
  Skill: { ...declared.skills, kind: skillKind, reads: (args) => readFolder(withKnownPath(args), process.cwd()) },
  Vault: { ...declared.vaults, kind: vaultKind },
  VaultCredential: { ...declared.vaultCredentials, kind: vaultCredentialKind },
};

/** The wire has a text for a path that is not known yet. A program of the SDK has an Output, which the readers refuse. */
function withKnownPath(args: Properties): Properties {
  const paths = ["source", "ignore"];
  return mapped(args, (name, value) => (paths.includes(name) && containsUnknown(value) ? {} : value));
}
