import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { invalid } from "./errors";
import { ownerOf } from "./exchange";
import type { Writes } from "./idempotency";
import { isInRange, isNamed, pageQuery, queryOf, sharedListQuery } from "./lists";
import { ManagedObjects, type StoredObject } from "./managed-objects";
import { type Memories, refuseArchivedStore } from "./memories";
import { deletions, mergedMetadata, metadata } from "./metadata";
import { objectRoutes } from "./object-routes";
import type { Owner } from "./owners";
import { atMost, characters, parseBody, replaced } from "./parse";
import { microseconds, type Service } from "./service";
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

const listQuery = z.object({ ...sharedListQuery, name: z.string().optional() });
const memoriesQuery = z.object({ ...pageQuery, path_prefix: z.string().optional() });
const removalQuery = z.object({ expected_content_sha256: z.string().optional() });
const storeParams = z.object({ store_id: z.string() });

export function memoryStoreRoutes(
  app: FastifyInstance,
  { switches }: Service,
  writes: Writes,
  { memoryStores, memories }: { memoryStores: MemoryStores; memories: Memories },
): void {
  objectRoutes(app, {
    path: "/memory_stores",
    objects: memoryStores,
    writes,
    switches,
    listQuery,
    isListed: ({ fields }, query) => isInRange(fields, query) && isNamed(fields.name, query.name, switches),
    create: (owner, body, request) => {
      const key = request.exchange.record.headers["idempotency-key"];
      if (switches.memoryStoreKey === "required" && !key) {
        throw invalid("Missing required header: Idempotency-Key", "Idempotency-Key");
      }
      return memoryStores.create(owner, body);
    },
    remove: (stored) => memoryStores.delete(stored),
  });

  const storeOf = (request: FastifyRequest) =>
    memoryStores.read(ownerOf(request), storeParams.parse(request.params).store_id);
  objectRoutes(app, {
    path: "/memory_stores/:store_id/memories",
    objects: memories,
    writes,
    switches,
    listQuery: memoriesQuery,
    scope: (request) => {
      const store = storeOf(request);
      if (request.method !== "GET") refuseArchivedStore(store);
      return ({ fields }) => fields.memory_store_id === store.id;
    },
    isListed: ({ fields }, { path_prefix = "" }) => fields.path.startsWith(path_prefix),
    create: (_owner, body, request) => memories.create(storeOf(request), body),
    createStatus: () => 201,
    listed: (stored) => memories.listed(stored),
    remove: (stored, request) => memories.delete(stored, queryOf(request, removalQuery).expected_content_sha256),
    archives: "none",
  });
}
