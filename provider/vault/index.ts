import type * as pulumi from "@pulumi/pulumi";
import { vaults } from "../kinds/table";
import { isOfType, QoderResource, type ResourceOutputs } from "../program/resource";
import type { QoderVaultArgs, VaultOutputs } from "./arguments";

/**
 * A vault of Qoder Cloud Agents: the credentials that the runs of deployments may use.
 *
 * ```typescript
 * const vault = new QoderVault("tracker");
 * new QoderVaultCredential("tracker-token", {
 *   vaultId: vault.id,
 *   auth: { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: config.requireSecret("trackerToken") },
 * });
 * new QoderDeployment("triage", { ...args, vaultIds: [vault] });
 * ```
 *
 * The provider archives the vault, or deletes it if {@link deleteOnDestroy} is true, when the resource leaves the program, is
 * destroyed or is replaced. Qoder cannot undo either; the options `protect` and `retainOnDelete` prevent both. If live deployments use the vault, the provider neither archives nor deletes it. A replacement creates the new vault before the
 * old one ends.
 *
 * If the response to a create is lost, the error names each vault that the create may have made: adopt it or archive it.
 *
 * Each operation may take 5 minutes, unless `customTimeouts` sets another limit.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderVault extends QoderResource {
  /** True for a QoderVault, also for one that another copy of this package made. */
  static override isInstance(value: unknown): value is QoderVault {
    return isOfType(value, vaults.type);
  }

  /**
   * Reads a vault that another program or a person manages. Pulumi never changes it.
   *
   * @param name The Pulumi name of the resource in this program.
   * @param id The vault's id, `vault_...`. The command fails if the token cannot see this vault.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderVault {
    return new QoderVault(name, undefined, { ...options, id });
  }

  constructor(name: string, args?: QoderVaultArgs, options?: pulumi.CustomResourceOptions) {
    super(vaults, name, args, options);
  }
}

export interface QoderVault extends ResourceOutputs<QoderVaultArgs, VaultOutputs> {}
