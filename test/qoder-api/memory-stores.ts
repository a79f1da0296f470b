import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { invalid } from "./errors";
import { ownerOf } from "./exchange";
import { idOf, isInRange, isNamed, pageQuery, queryOf, sharedListQuery } from "./lists";
import { PatchedObjects, type StoredObject } from "./managed-objects";
import { type Memories, refuseArchivedStore } from "./memories";
import { deletions, mergedMetadata, metadata } from "./metadata";
import { objectRoutes, type Routes } from "./object-routes";
import type { Owner } from "./owners";
import { atMost, characters, parseBody, replaced } from "./parse";
import type { Service } from "./service";
import type { MemoryStore } from "./wire";

/** The stored fields: the service computes the others. */
type StoreFields = Omit<MemoryStore, "status" | "entry_count" | "total_size">;

const MAX_NAME = 255;

export type StoredMemoryStore = StoredObject<StoreFields>;

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

export class MemoryStores extends PatchedObjects<StoredMemoryStore, MemoryStore, StorePatch> {
  readonly #memories: Memories;

  constructor(service: Service, memories: Memories) {
    super(service, {
      noun: "Memory store",
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
      archiveTwice: (switches) => switches.archiveElsewhereTwice,
    });
    this.#memories = memories;
  }

  /** "Delete a memory store" deletes an active or archived store, with all documents. */
  override remove(id: string): void {
    super.remove(id);
    this.#memories.removeAllOf(id);
  }

  protected render({ fields }: StoredMemoryStore): MemoryStore {
    const status = fields.archived_at === null ? "active" : "archived";
    return structuredClone({ ...fields, status, ...this.#memories.sizeOf(fields.id) });
  }

  protected parse(body: unknown, isCreate: boolean): StorePatch {
    return parseBody<StorePatch>(isCreate ? createSchema : updateSchema, body, this.service.switches);
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

  protected keep(owner: Owner, fields: StoreFields): StoredMemoryStore {
    return this.add({ id: fields.id, owner, fields });
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
const memoriesQuery = z.object({ ...pageQuery, path_prefix: z.string().optional() });
const removalQuery = z.object({ expected_content_sha256: z.string().optional() });

export function memoryStoreRoutes(
  shared: Routes,
  { memoryStores, memories }: { memoryStores: MemoryStores; memories: Memories },
): void {
  const { app } = shared;
  objectRoutes(app, {
    path: "/memory_stores",
    objects: memoryStores,
    ...shared,
    listQuery,
    isListed: ({ fields }, query) => isInRange(fields, query) && isNamed(fields.name, query.name),
    create: (owner, body) => memoryStores.create(owner, body),
    remove: (stored) => memoryStores.delete(stored),
  });

  const storeOf = (request: FastifyRequest) => memoryStores.read(ownerOf(request), idOf(request, "store_id"));
  objectRoutes(app, {
    path: "/memory_stores/:store_id/memories",
    objects: memories,
    ...shared,
    listQuery: memoriesQuery,
    scope: (request) => {
      const store = storeOf(request);
      if (request.method !== "GET") refuseArchivedStore(store);
      return ({ fields }) => fields.memory_store_id === store.id;
    },
    isListed: ({ fields }, { path_prefix = "" }) => fields.path.startsWith(path_prefix),
    create: (_owner, body, request) => memories.create(storeOf(request), body),
    createStatus: 201,
    listed: (stored) => memories.listed(stored),
    remove: (stored, request) => memories.delete(stored, queryOf(request, removalQuery).expected_content_sha256),
    archives: "none",
  });
}
