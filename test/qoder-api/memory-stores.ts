import { z } from "zod";
import { invalid } from "./errors";
import { type Owner, PatchedObjects, type StoredObject } from "./managed-objects";
import { objectRoutes, type Routes, sharedListQuery } from "./object-routes";
import { atMost, characters, deletions, mergedMetadata, metadata, replaced } from "./parse";
import type { Service } from "./service";
import type { MemoryStore } from "./wire";

/** The stored fields: the service computes the others. */
type StoreFields = Omit<MemoryStore, "status" | "entry_count" | "total_size">;

const MAX_NAME = 255;

const createSchema = z.strictObject({
  name: z
    .string()
    .min(1, "must not be empty")
    .regex(/^\P{Cc}*$/u, "must not have control characters"),
  // In the types of the official clients, null clears the description.
  description: z.string().refine(atMost(1024), "must be at most 1024 characters").nullable().optional(),
  metadata: metadata.optional(),
});
const updateSchema = createSchema.partial();
type StorePatch = z.infer<typeof updateSchema>;

export class MemoryStores extends PatchedObjects<StoreFields, MemoryStore, StorePatch> {
  /** The texts of the documents of each store, which agents write. */
  readonly #documents = new Map<string, readonly string[]>();

  constructor(service: Service) {
    super(service, {
      noun: "Memory store",
      schemas: { create: createSchema, update: updateSchema },
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
      archiveTwice: (switches) => switches.archiveElsewhereTwice,
    });
  }

  remember(stored: StoredObject, document: string): void {
    const { id } = stored;
    this.#documents.set(id, [...this.#documentsOf(id), document]);
    this.work(stored, "a document of an agent");
  }

  protected render({ fields }: StoredObject<StoreFields>): MemoryStore {
    const status = fields.archived_at === null ? "active" : "archived";
    return structuredClone({ ...fields, status, ...this.#sizeOf(fields.id) });
  }

  #documentsOf(id: string): readonly string[] {
    return this.#documents.get(id) ?? [];
  }

  #sizeOf(id: string): Pick<MemoryStore, "entry_count" | "total_size"> {
    const documents = this.#documentsOf(id);
    return { entry_count: documents.length, total_size: Buffer.byteLength(documents.join("")) };
  }

  /** "Update a memory store" merges `metadata` by key, and keeps members that the body leaves out. */
  protected patched(_owner: Owner, base: StoreFields, patch: StorePatch, isCreate: boolean): StoreFields {
    if (characters(patch.name ?? "") > MAX_NAME) {
      throw invalid(`Invalid value for name: must be at most ${MAX_NAME} characters`, "name");
    }
    return {
      ...base,
      name: patch.name ?? base.name,
      description: replaced(patch.description, base.description) ?? "",
      metadata: mergedMetadata(base.metadata, patch.metadata ?? {}, deletions(isCreate)),
    };
  }

  protected blank(): StoreFields {
    return {
      ...this.newborn(this.service.makeId("memstore")),
      type: "memory_store",
      name: "store",
      description: "",
    };
  }
}

const listQuery = z.object({ ...sharedListQuery, name: z.string().optional() });

export function memoryStoreRoutes(shared: Routes, { memoryStores }: { memoryStores: MemoryStores }): void {
  objectRoutes(shared.app, {
    path: "/memory_stores",
    objects: memoryStores,
    ...shared,
    listQuery,
    create: (owner, body) => memoryStores.create(owner, body),
    remove: (stored) => memoryStores.delete(stored),
  });
}
