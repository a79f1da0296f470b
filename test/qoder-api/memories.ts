import { createHash } from "node:crypto";
import { z } from "zod";
import { ApiError, conflict, invalid } from "./errors";
import { ManagedObjects, type SharedFields, type StoredObject } from "./managed-objects";
import { deletions, mergedMetadata, metadata } from "./metadata";
import { atMost, parseBody } from "./parse";
import type { Service } from "./service";
import type { JsonObject, Memory } from "./wire";

interface MemoryFields extends SharedFields {
  memory_store_id: string;
  path: string;
  content: string;
  version: number;
}

export type StoredMemory = StoredObject<MemoryFields>;

const MAX_CONTENT_BYTES = 100 * 1024;

/** The limits of "Create a memory". */
const path = z
  .string()
  .min(1, "must not be empty")
  .refine(atMost(1024), "must be at most 1024 characters")
  .refine((text) => !text.startsWith("/") && !text.split("/").includes(".."), "must be relative, without ..");
const content = z
  .string()
  .min(1, "must not be empty")
  .refine((text) => Buffer.byteLength(text) <= MAX_CONTENT_BYTES, "must be at most 100 KB");
const createSchema = z.strictObject({ path, content, metadata: metadata.optional() });

/** "Update a memory": no update changes the path. */
const updateSchema = z.strictObject({
  content: content.optional(),
  metadata: metadata.optional(),
  content_sha256: z.string().optional(),
});

/** The documents in the memory stores. Agents write them too. */
export class Memories extends ManagedObjects<StoredMemory, Memory> {
  constructor(service: Service) {
    super(service, {
      noun: "Memory",
    });
  }

  create(store: StoredObject, body: unknown): StoredMemory {
    const { path, content, metadata = {} } = parseBody(createSchema, body, this.service.switches);
    refuseArchivedStore(store);
    if (this.#of(store.id).some(({ fields }) => fields.path === path)) {
      // The page shows this status with the type of another status.
      const message = `A memory at '${path}' already exists.`;
      throw new ApiError(409, message, "path", {}, "invalid_request_error");
    }
    return this.place(store, { path, content, metadata: mergedMetadata({}, metadata, deletions(true)) });
  }

  /** Adds an object without any check. */
  place({ id: memory_store_id, owner }: StoredObject, overrides: Partial<MemoryFields>): StoredMemory {
    const fields: MemoryFields = {
      ...this.newborn(this.service.makeId("mem")),
      memory_store_id,
      path: "notes.md",
      content: "note",
      version: 1,
      ...overrides,
    };
    return this.add({ id: fields.id, owner, fields });
  }

  update(stored: StoredMemory, body: unknown): StoredMemory {
    const patch = parseBody(updateSchema, body, this.service.switches);
    if (patch.content === undefined) throw invalid("Missing required field: content", "content");
    const { fields } = stored;
    refuseStale(fields, patch.content_sha256);
    return this.apply(stored, patch, () => ({
      ...fields,
      content: patch.content ?? fields.content,
      metadata: mergedMetadata(fields.metadata, patch.metadata ?? {}, deletions(false)),
      version: fields.version + 1,
    }));
  }

  override delete(stored: StoredMemory, expectedSha256?: string): JsonObject {
    refuseStale(stored.fields, expectedSha256);
    return super.delete(stored);
  }

  /** "List memories" shows no content. */
  listed(stored: StoredMemory): JsonObject {
    const { content: _, ...listed } = this.reply(stored);
    return listed;
  }

  /** The number and the size of the documents, which a store shows. */
  sizeOf(storeId: string): { entry_count: number; total_size: number } {
    const sizes = this.#of(storeId).map(({ fields }) => Buffer.byteLength(fields.content));
    return { entry_count: sizes.length, total_size: sizes.reduce((sum, size) => sum + size, 0) };
  }

  removeAllOf(storeId: string): void {
    for (const { id } of this.#of(storeId)) this.remove(id);
  }

  protected render({ fields }: StoredMemory): Memory {
    const { archived_at: _, ...shown } = structuredClone(fields);
    return {
      ...shown,
      type: "memory",
      content_size_bytes: Buffer.byteLength(fields.content),
      content_sha256: sha256(fields.content),
    };
  }

  #of(storeId: string): StoredMemory[] {
    return this.all().filter(({ fields }) => fields.memory_store_id === storeId);
  }
}

/** "Archive a memory store": its documents stay readable, and a write of them is refused. */
export function refuseArchivedStore({ fields }: StoredObject): void {
  if (fields.archived_at !== null) throw conflict("Memory store is archived");
}

function refuseStale({ content }: MemoryFields, expectedSha256: string | undefined): void {
  if (expectedSha256 !== undefined && expectedSha256 !== sha256(content)) {
    throw conflict("content_sha256 does not match the stored content.");
  }
}

function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
