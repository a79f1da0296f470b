import type * as pulumi from "@pulumi/pulumi";
import type { CommonOutputs } from "../program/resource";
import type { DiagnosticKind } from "../resource/kind/diagnostics";

/**
 * The arguments of a {@link QoderVault}. The API has no update of a vault, so a change of `displayName` or `metadata` replaces the vault:
 * a new vault is created, its credentials and the deployments that use it move, and the old vault ends. The resource option
 * `ignoreChanges: ["displayName", "metadata"]` keeps the vault.
 */
export interface QoderVaultArgs {
  /** The name at Qoder: 1 to 255 characters. Left out: the Pulumi resource name. Removed: the object keeps its name. */
  readonly displayName?: pulumi.Input<string | undefined>;
  /** Labels: at most 16 keys of at most 64 characters, with values of at most 512. */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * True if a removal or a replacement deletes the vault with all of its credentials, including credentials that a person
   * added at Qoder. Left out or removed: false, so the provider archives the vault. The argument is never sent; a new value
   * takes effect after a `pulumi up` records it.
   */
  readonly deleteOnDestroy?: pulumi.Input<boolean | undefined>;
  /**
   * The id (`vault_...`) of an existing vault that this resource adopts instead of creating one; its display name and
   * labels must equal the arguments. Only the creation of the resource reads `adopt`; later changes do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /**
   * The kinds of warnings and notes that previews leave out for this vault, such as `["adopt"]`. A warning ends with its kind in brackets.
   * Never sent.
   */
  readonly acknowledge?: pulumi.Input<readonly DiagnosticKind[] | undefined>;
}

/** The outputs of a {@link QoderVault} that the service computes, and the argument that is always set. */
export interface VaultOutputs extends CommonOutputs {
  /** The name at Qoder; see {@link QoderVaultArgs.displayName}. */
  readonly displayName: string;
}
