import { type Console, consoleOf, type OwnerOf } from "./console";
import type { Memories } from "./memories";
import type { MemoryStores } from "./memory-stores";
import type { JsonObject, Memory, MemoryStore } from "./wire";

export interface MemoryStoreConsole extends Console<MemoryStore> {
  /** Adds an object with these fields, without any check. */
  create(overrides?: Partial<MemoryStore>, account?: string, workspace?: string): MemoryStore;
}

/** The documents, which agents and people write. No document is archived. */
export interface MemoryConsole extends Omit<Console<Memory, JsonObject>, "archive" | "live"> {
  /** Adds a document to the store without any check. */
  create(storeId: string, path: string, content: string): Memory;
}

export function memoryStoreConsole(stores: MemoryStores, ownerOf: OwnerOf): MemoryStoreConsole {
  return {
    ...consoleOf(stores),
    create: (overrides = {}, account, workspace) => stores.reply(stores.place(ownerOf(account, workspace), overrides)),
  };
}

export function memoryConsole(memories: Memories, stores: MemoryStores): MemoryConsole {
  const { archive: _archive, live: _live, ...shared } = consoleOf(memories);
  return {
    ...shared,
    create: (storeId, path, content) => memories.reply(memories.place(stores.require(storeId), { path, content })),
  };
}
