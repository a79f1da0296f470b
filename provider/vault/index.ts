import type * as pulumi from "@pulumi/pulumi";
import { isOfType, type OutputNames, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import { vaultSource, vaultType } from "../program/source";
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
 * Taking the resource out of the program, replacing or destroying it archives the vault, which is for ever, or deletes it with
 * {@link deleteOnDestroy}: the options `protect` and `retainOnDelete` keep it. A vault that live deployments name is neither archived nor
 * deleted. A replacement is created before the old vault ends.
 *
 * If the answer to a create is lost, the next `pulumi up` may create a second vault; a warning then names the first one.
 *
 * `customTimeouts` bound each operation, 5 minutes where they say nothing. The option `import` cannot work: use `adopt` or
 * `npx pulumi-qoder import`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderVault extends QoderResource {
  /** @internal The name by which policy packs find it. */
  static readonly __pulumiType = vaultType;

  /** Whether it is one, also of another copy of this package. */
  static override isInstance(value: unknown): value is QoderVault {
    return isOfType(value, vaultType);
  }

  /**
   * Looks up a vault that something else manages; nothing of it is changed or taken over.
   *
   * @param name The Pulumi name to show it under.
   * @param id The vault's id, `vault_...`. An error when the token cannot see it.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderVault {
    return new QoderVault(name, undefined, { ...options, id });
  }

  constructor(name: string, args?: QoderVaultArgs, options?: pulumi.CustomResourceOptions) {
    super(programKind, name, args == null && options?.id !== undefined ? undefined : (args ?? {}), options);
  }
}

export interface QoderVault extends ResourceOutputs<QoderVaultArgs, VaultOutputs> {}

const outputs: OutputNames<QoderVaultArgs, VaultOutputs> = {
  displayName: undefined,
  metadata: undefined,
  deleteOnDestroy: undefined,
  archivedAt: undefined,
  createdAt: undefined,
  updatedAt: undefined,
  effectiveMetadata: undefined,
};

const programKind: ProgramKind = {
  label: "QoderVault",
  noun: "vault",
  type: vaultType,
  source: vaultSource,
  outputs,
  secretMembers: {},
  namesSecrets: true,
  nameArgument: "displayName",
};
