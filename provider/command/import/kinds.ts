import { z } from "zod";
import { agentKind } from "../../agent/kind";
import { deploymentKind } from "../../deployment/kind";
import { environmentKind } from "../../environment/kind";
import { fileKind } from "../../file/kind";
import { memoryStoreKind } from "../../memory-store/kind";
import {
  agentSource,
  agentType,
  deploymentSource,
  deploymentType,
  environmentSource,
  environmentType,
  fileSource,
  fileType,
  memoryStoreSource,
  memoryStoreType,
  skillSource,
  skillType,
  vaultCredentialSource,
  vaultCredentialType,
  vaultSource,
  vaultType,
} from "../../program/source";
import {
  agentId,
  deploymentId,
  environmentId,
  fileId,
  memoryStoreId,
  skillId,
  vaultCredentialId,
  vaultId,
} from "../../resource/fields/common-fields";
import type { Properties } from "../../resource/program-values";
import { skillKind } from "../../skill/kind";
import { vaultKind } from "../../vault/kind";
import { vaultCredentialKind } from "../../vault-credential/kind";
import type { ImportKind } from "./described";
import { fileContent } from "./file-content";
import { importKind } from "./import-kind";
import { ownSkills, sharedSkill, skillContent } from "./skill-content";

const vaults = importKind(vaultKind, {
  type: vaultType,
  source: vaultSource,
  id: vaultId,
  nameArgument: "displayName",
});

/** One row for each kind, in the order of the program unless references require another one. */
export const importKinds: readonly ImportKind[] = [
  importKind(environmentKind, { type: environmentType, source: environmentSource, id: environmentId }),
  importKind(skillKind, {
    type: skillType,
    source: skillSource,
    id: skillId,
    nameArgument: undefined,
    ownOnes: ownSkills,
    shared: sharedSkill,
    content: skillContent,
  }),
  importKind(fileKind, {
    type: fileType,
    source: fileSource,
    id: fileId,
    nameArgument: undefined,
    content: fileContent,
  }),
  importKind(agentKind, { type: agentType, source: agentSource, id: agentId }),
  vaults,
  importKind(vaultCredentialKind, {
    type: vaultCredentialType,
    source: vaultCredentialSource,
    id: vaultCredentialId,
    idForm: "vault_.../vcred_...",
    nameArgument: undefined,
    shortNoun: "credential",
    holder: vaults,
    called: credentialName,
  }),
  importKind(memoryStoreKind, { type: memoryStoreType, source: memoryStoreSource, id: memoryStoreId }),
  importKind(deploymentKind, {
    type: deploymentType,
    source: deploymentSource,
    id: deploymentId,
    agentParameter: "agent_id",
  }),
];

/** A readable name of a credential: the host and path of the server, or the name of the variable. */
function credentialName({ auth }: Properties): string | undefined {
  const { mcpServerUrl, secretName } = shownAuth.safeParse(auth).data ?? {};
  return mcpServerUrl?.replace(/^https?:\/\//i, "").replace(/\/*([?#].*)?$/, "") ?? secretName;
}

const shownAuth = z.object({ mcpServerUrl: z.string().optional(), secretName: z.string().optional() });
