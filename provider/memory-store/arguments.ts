import type * as pulumi from "@pulumi/pulumi";
import type { CommonOutputs } from "../program/resource";
import type { RemarkKind } from "../resource/plan-remark";

/** The arguments of a {@link QoderMemoryStore}. A change of any of them is an update in place that sends this argument alone. */
export interface QoderMemoryStoreArgs {
  /** 1 to 255 characters without control characters. Left out or removed: the Pulumi resource name. */
  readonly name?: pulumi.Input<string | undefined>;
  /** What the store is for: at most 1,024 characters, which become part of the agent's system prompt. Left out or removed: empty. */
  readonly description?: pulumi.Input<string | undefined>;
  /**
   * Labels: at most 16 keys of at most 64 characters, with values of at most 512. A change sends the changed keys alone, a removed
   * key is sent as null. Keys that others set are left alone; `effectiveMetadata` shows all.
   */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * Whether a removal deletes the store with all that agents learned; a message then tells how many entries go. Left out or removed:
   * false, and the store is archived: its entries stay readable. The state keeps the argument; no request carries it. It counts once
   * `pulumi up` has recorded it.
   */
  readonly deleteOnDestroy?: pulumi.Input<boolean | undefined>;
  /**
   * The id (`memstore_...`) of an existing store to take over instead of creating one. What differs from the arguments is sent.
   * Counts at creation only; later changes and its removal do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /** Kinds of remarks that no preview tells of this store, such as `["adopt"]`: docs/preview.md lists them. No request carries it. */
  readonly acknowledge?: pulumi.Input<readonly RemarkKind[] | undefined>;
}

/** The outputs of a {@link QoderMemoryStore} that the service computes, and the argument that it always has. */
export interface MemoryStoreOutputs extends CommonOutputs {
  /** The name at Qoder; see {@link QoderMemoryStoreArgs.name}. */
  readonly name: string;
  /** How many entries the store has; agents change it, so it is never a difference. As of the last `up` or `refresh`. */
  readonly entryCount: number;
  /** The size of all entries in bytes; agents change it, so it is never a difference. As of the last `up` or `refresh`. */
  readonly totalSize: number;
}
