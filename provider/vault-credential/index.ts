import type * as pulumi from "@pulumi/pulumi";
import { withIds } from "../program/named";
import { isOfType, type OutputNames, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import { vaultCredentialSource, vaultCredentialType } from "../program/source";
import type { QoderVaultCredentialArgs, VaultCredentialOutputs } from "./arguments";
import { named } from "./named";
import { secretMembers } from "./secret-members";

/**
 * A credential in a vault of Qoder Cloud Agents: a token for an MCP server, or a secret variable of sessions.
 *
 * ```typescript
 * const vault = new QoderVault("tracker");
 * new QoderVaultCredential("tracker-token", {
 *   vaultId: vault.id,
 *   auth: { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: config.requireSecret("trackerToken") },
 * });
 * ```
 *
 * Another token is one request with the token alone: the credential keeps its id, and the vault and the deployments stay as they are.
 * Another `mcpServerUrl` or `secretName` replaces the credential: the old one is deleted first, as no page says that two may stand for the
 * same server in one vault. Taking the resource out of the program or destroying it deletes the credential.
 *
 * The id is that of the vault and its own: `vault_.../vcred_...`. If the answer to a create is lost, the next `pulumi up` may create a
 * second credential; a warning then names the first one.
 *
 * `customTimeouts` bound each operation, 5 minutes where they say nothing. The option `import` cannot work: use
 * `adopt` or `npx pulumi-qoder import`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderVaultCredential extends QoderResource {
  /** @internal The name by which policy packs find it. */
  static readonly __pulumiType = vaultCredentialType;

  /** Whether it is one, also of another copy of this package. */
  static override isInstance(value: unknown): value is QoderVaultCredential {
    return isOfType(value, vaultCredentialType);
  }

  /**
   * Looks up a credential that something else manages; nothing of it is changed or taken over.
   *
   * @param name The Pulumi name to show it under.
   * @param id The ids of the vault and of the credential, `vault_.../vcred_...`. An error when the token cannot see it.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderVaultCredential {
    return new QoderVaultCredential(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderVaultCredentialArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderVaultCredentialArgs | undefined, options?: pulumi.CustomResourceOptions) {
    super(programKind, name, args == null ? args : withIds(named, { ...args }), options);
  }
}

export interface QoderVaultCredential extends ResourceOutputs<QoderVaultCredentialArgs, VaultCredentialOutputs> {}

const outputs: OutputNames<QoderVaultCredentialArgs, VaultCredentialOutputs> = {
  vaultId: undefined,
  auth: undefined,
  metadata: undefined,
  secretVersion: undefined,
  validate: undefined,
  expiresAt: undefined,
  archivedAt: undefined,
  createdAt: undefined,
  updatedAt: undefined,
  effectiveMetadata: undefined,
};

const programKind: ProgramKind = {
  label: "QoderVaultCredential",
  noun: "vault credential",
  type: vaultCredentialType,
  source: vaultCredentialSource,
  outputs,
  secretMembers,
  namesSecrets: true,
  isNameless: true,
};
