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
import { containsUnknown, type Properties } from "../resource/program-values";
import { readFolder } from "../skill/folder";
import { skillKind } from "../skill/kind";
import { vaultKind } from "../vault/kind";
import { vaultCredentialKind } from "../vault-credential/kind";
import { mapped, whenKnown } from "./marks";

/** A kind, with the work that its class does in a program of the SDK. */
export interface ServedKind {
  readonly kind: ResourceKind;
  /** The source that the state records, so that the resource can move to the dynamic provider. */
  readonly source: string;
  /** The argument with the name at Qoder, whose default is the Pulumi name; absent for kinds without this default. */
  readonly nameArgument?: string;
  /** The outputs that are always secret. */
  readonly secretOutputs?: readonly string[];
  /** Expands the short forms of arguments, and reads their files on this machine. */
  writtenOut?(args: Properties, name: string): { readonly given: Properties; readonly read?: SourceRead };
}

/** The kinds by the last part of the type, which must never change, because states contain it. */
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
    writtenOut: (args, name) => readContent(name, withKnownPath(args), whenKnown),
  },
  MemoryStore: { kind: memoryStoreKind, source: source.memoryStoreSource, nameArgument: "name" },
  Skill: {
    kind: skillKind,
    source: source.skillSource,
    writtenOut: (args) => readFolder(withKnownPath(args), process.cwd()),
  },
  Vault: { kind: vaultKind, source: source.vaultSource, nameArgument: "displayName" },
  VaultCredential: { kind: vaultCredentialKind, source: source.vaultCredentialSource },
};

/** The wire has a text for a path that is not known yet. A program of the SDK has an Output, which the readers refuse. */
function withKnownPath(args: Properties): Properties {
  const paths = ["source", "ignore"];
  return mapped(args, (name, value) => (paths.includes(name) && containsUnknown(value) ? {} : value));
}
