import { z } from "zod";
import { invalid } from "./errors";
import { ManagedObjects, type StoredObject } from "./managed-objects";
import type { Memories } from "./memories";
import { deletions, mergedMetadata } from "./metadata";
import type { Owner } from "./owners";
import { parseBody } from "./parse";
import { replaced } from "./patch";
import { atMost, characters, metadata } from "./request-schemas";
import type { Service } from "./service";
import { microseconds } from "./timestamps";
import type { JsonObject, MemoryStore } from "./wire";

/** The stored fields: the service computes the others. */
type StoreFields = Omit<MemoryStore, "status" | "entry_count" | "total_size">;

export interface StoredMemoryStore extends StoredObject {
  fields: StoreFields;
}

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

export class MemoryStores extends ManagedObjects<StoredMemoryStore, MemoryStore> {
  readonly #memories: Memories;

  constructor(service: Service, memories: Memories) {
    super(service, {
      noun: "Memory store",
      article: "A",
      stamp: microseconds,
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
      archiveTwice: (switches) => switches.archiveElsewhereTwice,
    });
    this.#memories = memories;
  }

  create(owner: Owner, body: unknown): StoredMemoryStore {
    const given = parseBody(createSchema, body, this.service.switches);
    const fields = this.#patched(this.#blank(), given, true);
    this.refuseTakenName(owner, fields);
    return this.#keep(owner, fields);
  }

  /** Adds an object without any check. */
  place(owner: Owner, overrides: Partial<StoreFields>): StoredMemoryStore {
    return this.#keep(owner, { ...this.#blank(), ...overrides });
  }

  /** "Update a memory store" merges `metadata` by key, and keeps members that the body leaves out. */
  update(stored: StoredMemoryStore, body: unknown): StoredMemoryStore {
    this.refuseArchived(stored);
    const patch = parseBody(updateSchema, body, this.service.switches);
    return this.apply(stored, patch, () => this.#patched(stored.fields, patch, false));
  }

  /** "Delete a memory store" deletes an active or archived store for ever, with all documents. */
  delete({ id }: StoredMemoryStore): JsonObject {
    this.remove(id);
    return { id, type: "memory_store_deleted" };
  }

  override remove(id: string): void {
    super.remove(id);
    this.#memories.removeAllOf(id);
  }

  protected render({ fields }: StoredMemoryStore): MemoryStore {
    const status = fields.archived_at === null ? "active" : "archived";
    return structuredClone({ ...fields, status, ...this.#memories.sizeOf(fields.id) });
  }

  #patched(base: StoreFields, patch: z.infer<typeof updateSchema>, isCreate: boolean): StoreFields {
    const { memoryStoreNameLimit: limit, memoryStoreDescriptionNull } = this.service.switches;
    if (characters(patch.name ?? "") > limit) {
      throw invalid(`Invalid value for name: must be at most ${limit} characters`, "name");
    }
    if (patch.description === null && memoryStoreDescriptionNull === "reject") {
      throw invalid("Invalid value for description: must be a string", "description");
    }
    return {
      ...base,
      name: patch.name ?? base.name,
      description: replaced(patch.description, base.description) ?? "",
      metadata: mergedMetadata(base.metadata, patch.metadata ?? {}, deletions(isCreate)),
    };
  }

  #keep(owner: Owner, fields: StoreFields): StoredMemoryStore {
    return this.add({ id: fields.id, owner, fields });
  }

  #blank(): StoreFields {
    const now = this.now();
    return {
      id: this.service.makeId("memstore"),
      type: "memory_store",
      name: "store",
      description: "",
      metadata: {},
      archived_at: null,
      created_at: now,
      updated_at: now,
    };
  }
}
