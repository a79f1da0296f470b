import type * as pulumi from "@pulumi/pulumi";
import { memoryStores } from "../kinds/table";
import { isOfType, QoderResource, type ResourceOutputs } from "../program/resource";
import type { MemoryStoreOutputs, QoderMemoryStoreArgs } from "./arguments";

/**
 * A memory store of Qoder Cloud Agents: entries that agents write in one run and read in the next.
 *
 * ```typescript
 * const lessons = new QoderMemoryStore("lessons", { description: "What reviews taught us" });
 * new QoderDeployment("review", {
 *   ...args,
 *   resources: [{ type: "memory_store", memoryStoreId: lessons.id, access: "read_write" }],
 * });
 * ```
 *
 * The provider archives the store, or deletes it if {@link deleteOnDestroy} is true, when the resource leaves the program, is
 * destroyed or is replaced. The entries of an archived store stay readable. Qoder cannot undo either; the options `protect`
 * and `retainOnDelete` prevent both. If live deployments use the store, the provider neither archives nor deletes it.
 *
 * Each operation may take 5 minutes, unless `customTimeouts` sets another limit.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderMemoryStore extends QoderResource {
  /** True for a QoderMemoryStore, also for one that another copy of this package made. */
  static override isInstance(value: unknown): value is QoderMemoryStore {
    return isOfType(value, memoryStores.type);
  }

  /**
   * Reads a memory store that another program or a person manages. Pulumi never changes it.
   *
   * @param name The Pulumi name of the resource in this program.
   * @param id The store's id, `memstore_...`. The command fails if the token cannot see this store.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderMemoryStore {
    return new QoderMemoryStore(name, undefined, { ...options, id });
  }

  constructor(name: string, args?: QoderMemoryStoreArgs, options?: pulumi.CustomResourceOptions) {
    super(memoryStores, name, args, options);
  }
}

export interface QoderMemoryStore extends ResourceOutputs<QoderMemoryStoreArgs, MemoryStoreOutputs> {}
