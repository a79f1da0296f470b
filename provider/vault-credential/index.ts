import type * as pulumi from "@pulumi/pulumi";
import { vaultCredentials } from "../kinds/table";
import { isOfType, QoderResource, type ResourceOutputs } from "../program/resource";
import type { QoderVaultCredentialArgs, VaultCredentialOutputs } from "./arguments";

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
 * A new token is one request that holds only the token: the credential keeps its id, and the vault and the deployments stay
 * unchanged. A new `mcpServerUrl` or `secretName` replaces the credential. The provider then deletes the old credential
 * first, because no page says that one vault may hold two credentials for one server. The provider deletes the credential
 * when the resource leaves the program or is destroyed.
 *
 * The id of the resource consists of two ids, the vault's and the credential's: `vault_.../vcred_...`. If the response to a create is lost,
 * the error names each credential that the create may have made: adopt it or delete it.
 *
 * Each operation may take 5 minutes, unless `customTimeouts` sets another limit.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderVaultCredential extends QoderResource {
  /** True for a QoderVaultCredential, also for one that another copy of this package made. */
  static override isInstance(value: unknown): value is QoderVaultCredential {
    return isOfType(value, vaultCredentials.type);
  }

  /**
   * Reads a credential that another program or a person manages. Pulumi never changes it.
   *
   * @param name The Pulumi name of the resource in this program.
   * @param id The ids of the vault and of the credential, `vault_.../vcred_...`. The command fails if the token cannot see
   * this credential.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderVaultCredential {
    return new QoderVaultCredential(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderVaultCredentialArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderVaultCredentialArgs | undefined, options?: pulumi.CustomResourceOptions) {
    super(vaultCredentials, name, args, options);
  }
}

export interface QoderVaultCredential extends ResourceOutputs<QoderVaultCredentialArgs, VaultCredentialOutputs> {}
