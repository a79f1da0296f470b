import { agentKind } from "../agent/kind";
import { deploymentKind } from "../deployment/kind";
import { deploymentRunKind } from "../deployment-run/kind";
import { environmentKind } from "../environment/kind";
import { fileKind } from "../file/kind";
import { readContent } from "../file/source";
import { memoryStoreKind } from "../memory-store/kind";
import type { SourceRead } from "../program/inputs";
import { namedByAgents, namedByDeployments } from "../program/named-kinds";
import { secretOutputs } from "../program/secret-members";
import * as source from "../program/source";
import { initialEventsArgument, writtenConfig, writtenIds } from "../program/written-out";
import type { ResourceKind } from "../resource/kind";
import type { Properties } from "../resource/program-values";
import { readFolder } from "../skill/folder";
import { skillKind } from "../skill/kind";
import { vaultKind } from "../vault/kind";
import { vaultCredentialKind } from "../vault-credential/kind";
import { whenKnown } from "./marks";

/** A kind, and what its class does on the program's side where a program has one. */
export interface ServedKind {
  readonly kind: ResourceKind;
  /** What a state keeps, so that the dynamic provider can have the resource again. */
  readonly source: string;
  /** The argument with the name at Qoder, for which the Pulumi name stands; absent where a program names it otherwise, or nothing. */
  readonly nameArgument?: string;
  /** The outputs that are secret whoever set them. */
  readonly secretOutputs?: readonly string[];
  /** The arguments without their short forms, and what was read on this machine for them. */
  writtenOut?(args: Properties, name: string): { readonly given: Properties; readonly read?: SourceRead };
}

/** By the last part of the type, which a state has for ever. */
export const servedKinds: Readonly<Record<string, ServedKind>> = {
  Agent: {
    kind: agentKind,
    source: source.agentSource,
    nameArgument: "name",
    writtenOut: (args) => ({ given: writtenIds(namedByAgents, args, { whenKnown }) }),
  },
  Deployment: {
    kind: deploymentKind,
    source: source.deploymentSource,
    nameArgument: "name",
    secretOutputs,
    writtenOut(args) {
      const initialEvents = initialEventsArgument(args["initialEvents"], whenKnown);
      return { given: writtenIds(namedByDeployments, { ...args, initialEvents }, { whenKnown }) };
    },
  },
  DeploymentRun: { kind: deploymentRunKind, source: source.deploymentRunSource },
  Environment: {
    kind: environmentKind,
    source: source.environmentSource,
    nameArgument: "name",
    writtenOut: (args) => ({ given: { ...args, config: whenKnown(args["config"], writtenConfig) } }),
  },
  File: {
    kind: fileKind,
    source: source.fileSource,
    writtenOut: (args, name) => readContent(name, args, whenKnown),
  },
  MemoryStore: { kind: memoryStoreKind, source: source.memoryStoreSource, nameArgument: "name" },
  Skill: {
    kind: skillKind,
    source: source.skillSource,
    writtenOut: (args) => readFolder(args, process.cwd()),
  },
  Vault: { kind: vaultKind, source: source.vaultSource, nameArgument: "displayName" },
  VaultCredential: { kind: vaultCredentialKind, source: source.vaultCredentialSource },
};
