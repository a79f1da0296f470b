import type * as pulumi from "@pulumi/pulumi";
import type { CommonOutputs } from "../program/resource";
import type { DiagnosticKind } from "../resource/kind/diagnostics";

/**
 * The arguments of a {@link QoderMemoryStore}. A changed argument updates the store in place, and the request holds this
 * argument only.
 */
export interface QoderMemoryStoreArgs {
  /** The name at Qoder: 1 to 255 characters without control characters. Left out: the Pulumi resource name. Removed: the object keeps its name. */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * The purpose of the store: at most 1,024 characters, which the service adds to the agent's system prompt. Left out or
   * removed: empty.
   */
  readonly description?: pulumi.Input<string | undefined>;
  /**
   * Labels: at most 16 keys of at most 64 characters, with values of at most 512. An update sends only the keys that changed,
   * and null for each removed key. Keys that other people set stay; `effectiveMetadata` shows all keys.
   */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * True if a removal deletes the store with all of its entries; a message then says how many entries are lost. Left out or
   * removed: false, so the provider archives the store, and its entries stay readable. The argument is never sent; a new
   * value takes effect after a `pulumi up` records it.
   */
  readonly deleteOnDestroy?: pulumi.Input<boolean | undefined>;
  /**
   * The id (`memstore_...`) of an existing store that this resource adopts instead of creating one. The provider sends
   * the arguments that differ. Only the creation of the resource reads `adopt`; later changes do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /**
   * The kinds of warnings and notes that previews leave out for this store, such as `["adopt"]`. A warning ends with its kind in brackets.
   * Never sent.
   */
  readonly acknowledge?: pulumi.Input<readonly DiagnosticKind[] | undefined>;
}

/** The outputs of a {@link QoderMemoryStore} that the service computes, and the argument that is always set. */
export interface MemoryStoreOutputs extends CommonOutputs {
  /** The name at Qoder; see {@link QoderMemoryStoreArgs.name}. */
  readonly name: string;
  /** The number of entries. Agents change this number, so a change is never drift. As of the last `up` or `refresh`. */
  readonly entryCount: number;
  /**
   * The size of all entries in bytes. Agents change this size, so a change is never drift. As of the last `up` or `refresh`.
   */
  readonly totalSize: number;
}
