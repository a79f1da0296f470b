import type * as pulumi from "@pulumi/pulumi";
import { isOfType, type OutputNames, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import { memoryStoreSource, memoryStoreType } from "../program/source";
import type { MemoryStoreOutputs, QoderMemoryStoreArgs } from "./arguments";

/**
 * A memory store of Qoder Cloud Agents: what agents write down in one run and read in the next.
 *
 * ```typescript
 * const lessons = new QoderMemoryStore("lessons", { description: "What reviews taught us" });
 * new QoderDeployment("review", {
 *   ...args,
 *   resources: [{ type: "memory_store", memoryStoreId: lessons.id, access: "read_write" }],
 * });
 * ```
 *
 * Taking the resource out of the program, replacing or destroying it archives the store, which is for ever and leaves its entries
 * readable, or deletes it with {@link deleteOnDestroy}: the options `protect` and `retainOnDelete` keep it. A store that live deployments
 * name is neither archived nor deleted.
 *
 * `customTimeouts` bound each operation, 5 minutes where they say nothing. The option `import` cannot work: use `adopt` or
 * `npx pulumi-qoder import`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderMemoryStore extends QoderResource {
  /** @internal The name by which policy packs find it. */
  static readonly __pulumiType = memoryStoreType;

  /** Whether it is one, also of another copy of this package. */
  static override isInstance(value: unknown): value is QoderMemoryStore {
    return isOfType(value, memoryStoreType);
  }

  /**
   * Looks up a memory store that something else manages; nothing of it is changed or taken over.
   *
   * @param name The Pulumi name to show it under.
   * @param id The store's id, `memstore_...`. An error when the token cannot see it.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderMemoryStore {
    return new QoderMemoryStore(name, undefined, { ...options, id });
  }

  constructor(name: string, args?: QoderMemoryStoreArgs, options?: pulumi.CustomResourceOptions) {
    super(programKind, name, args == null && options?.id !== undefined ? undefined : (args ?? {}), options);
  }
}

export interface QoderMemoryStore extends ResourceOutputs<QoderMemoryStoreArgs, MemoryStoreOutputs> {}

const outputs: OutputNames<QoderMemoryStoreArgs, MemoryStoreOutputs> = {
  name: undefined,
  description: undefined,
  metadata: undefined,
  deleteOnDestroy: undefined,
  entryCount: undefined,
  totalSize: undefined,
  archivedAt: undefined,
  createdAt: undefined,
  updatedAt: undefined,
  effectiveMetadata: undefined,
};

const programKind: ProgramKind = {
  label: "QoderMemoryStore",
  noun: "memory store",
  type: memoryStoreType,
  source: memoryStoreSource,
  outputs,
  secretMembers: {},
  namesSecrets: true,
};
