import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { invalid } from "../errors";
import { ownerOf } from "../exchange";
import { type Memories, refuseArchivedStore } from "../memories";
import type { MemoryStores } from "../memory-stores";
import { pageQuery } from "../pagination";
import type { Service } from "../service";
import { isInRange, objectRoutes, sharedListQuery } from "./objects";
import { isNamed, queryOf } from "./queries";
import type { Writes } from "./writes";

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
