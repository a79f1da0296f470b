import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { isIgnored, jsonOf, optionalJsonOf, ownerOf } from "../exchange";
import type { ManagedObjects, SharedFields, StoredObject } from "../managed-objects";
import { type PageRequest, pageOf, pageQuery } from "../pagination";
import type { Switches } from "../switches";
import { flag, idOf, instant, isAtOrAfter, isAtOrBefore, queryOf } from "./queries";
import type { Writes } from "./writes";

/** What every list of objects may be narrowed by. */
export const sharedListQuery = {
  ...pageQuery,
  include_archived: flag.optional(),
  "created_at[gte]": instant.optional(),
  "created_at[lte]": instant.optional(),
};

interface Range {
  include_archived?: boolean | undefined;
  "created_at[gte]"?: string | undefined;
  "created_at[lte]"?: string | undefined;
}

interface ObjectRoutes<Stored extends StoredObject, Query extends PageRequest> {
  path: string;
  objects: ManagedObjects<Stored, unknown>;
  writes: Writes;
  switches: Switches;
  listQuery: z.ZodType<Query>;
  isListed: (stored: Stored, query: Query) => boolean;
  /** The answer to a GET of one; `reply` of the objects when left out. */
  answer?: (stored: Stored, request: FastifyRequest) => unknown;
  /** What else a create and an update must keep to. */
  admit?: (request: FastifyRequest) => void;
}

/** The endpoints that every kind has. */
export function objectRoutes<Stored extends StoredObject, Query extends PageRequest>(
  app: FastifyInstance,
  { path, objects, writes, switches, listQuery, isListed, ...own }: ObjectRoutes<Stored, Query>,
): void {
  const found = (request: FastifyRequest) => objects.read(ownerOf(request), idOf(request));
  const reply = (stored: Stored) => objects.reply(stored);
  const { answer = reply, admit = () => {} } = own;

  app.post(path, (request, response) => {
    const create = () => {
      admit(request);
      return objects.reply(objects.create(ownerOf(request), jsonOf(request)), "write");
    };
    return writes.answer(request, response, create, switches.createStatus);
  });

  app.get(path, (request) => {
    const query = queryOf(request, listQuery);
    const items = objects.newestFirst(ownerOf(request));
    return pageOf(query, { items, isListed: (stored) => isListed(stored, query), reply }, switches);
  });

  app.get(`${path}/:id`, (request) => answer(found(request), request));

  app.post(`${path}/:id`, (request, response) =>
    writes.answer(request, response, () => {
      const stored = found(request);
      admit(request);
      return objects.reply(isIgnored(request) ? stored : objects.update(stored, jsonOf(request)), "write");
    }),
  );

  app.post(`${path}/:id/archive`, (request, response) =>
    writes.answer(request, response, () => reply(objects.archive(found(request), optionalJsonOf(request)))),
  );
}

export function isInRange(fields: SharedFields, range: Range): boolean {
  if (fields.archived_at !== null && range.include_archived !== true) return false;
  return (
    isAtOrAfter(fields.created_at, range["created_at[gte]"]) &&
    isAtOrBefore(fields.created_at, range["created_at[lte]"])
  );
}
