import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { isIgnored, jsonOf, optionalJsonOf, ownerOf } from "../exchange";
import type { ManagedObjects, SharedFields, StoredObject } from "../managed-objects";
import type { Owner } from "../owners";
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
  create: (owner: Owner, body: unknown, request: FastifyRequest) => Stored;
  /** "form": the body of a create is no JSON but a form, which `create` takes from the request. */
  bodies?: "form";
  /** The status of a create; that of the switch when left out. */
  createStatus?: () => 200 | 201;
  /** The answer to a create; `reply` of the objects when left out. */
  created?: (stored: Stored) => unknown;
  /** The answer to an object of a list; `reply` of the objects when left out. */
  listed?: (stored: Stored) => unknown;
  /** Takes an object away and answers with what is left of it; no such endpoint when left out. */
  remove?: (stored: Stored, request: FastifyRequest) => unknown;
  /** "none": no page has an endpoint that updates the kind. */
  updates?: "none";
  /** "none": no page has an endpoint that archives the kind. */
  archives?: "none";
  /** Which objects the path is about, where they are inside another one, which must be there. */
  scope?: (request: FastifyRequest) => (stored: Stored) => boolean;
  /** The answer to a GET of one; `reply` of the objects when left out. */
  answer?: (stored: Stored, request: FastifyRequest) => unknown;
  /** What else a create and an update must keep to. */
  admit?: (request: FastifyRequest) => void;
}

/** The endpoints that every kind has. Returns how another endpoint of an object finds it. */
export function objectRoutes<Stored extends StoredObject, Query extends PageRequest>(
  app: FastifyInstance,
  { path, objects, writes, switches, listQuery, isListed, ...own }: ObjectRoutes<Stored, Query>,
): (request: FastifyRequest) => Stored {
  const reply = (stored: Stored) => objects.reply(stored);
  const written = (stored: Stored) => objects.reply(stored, "write");
  const { answer = reply, admit = () => {}, scope = () => () => true, created = written, listed = reply } = own;
  const found = (request: FastifyRequest) => {
    const isInside = scope(request);
    const stored = objects.read(ownerOf(request), idOf(request));
    if (!isInside(stored)) throw objects.missing(stored.id);
    return stored;
  };

  app.post(path, (request, response) => {
    const create = () => {
      admit(request);
      const body = own.bodies === "form" ? undefined : jsonOf(request);
      return created(own.create(ownerOf(request), body, request));
    };
    return writes.answer(request, response, create, own.createStatus?.() ?? switches.createStatus);
  });

  app.get(path, (request) => {
    const query = queryOf(request, listQuery);
    const items = objects.newestFirst(ownerOf(request)).filter(scope(request));
    return pageOf(query, { items, isListed: (stored) => isListed(stored, query), reply: listed }, switches);
  });

  app.get(`${path}/:id`, (request) => answer(found(request), request));

  if (own.updates !== "none") {
    app.post(`${path}/:id`, (request, response) =>
      writes.answer(request, response, () => {
        const stored = found(request);
        admit(request);
        return written(isIgnored(request) ? stored : objects.update(stored, jsonOf(request)));
      }),
    );
  }

  if (own.archives !== "none") {
    app.post(`${path}/:id/archive`, (request, response) =>
      writes.answer(request, response, () => reply(objects.archive(found(request), optionalJsonOf(request)))),
    );
  }

  const { remove } = own;
  if (remove !== undefined) {
    app.delete(`${path}/:id`, (request, response) =>
      writes.remove(request, response, switches, () => remove(found(request), request)),
    );
  }
  return found;
}

export function isInRange(fields: SharedFields, range: Range): boolean {
  if (fields.archived_at !== null && range.include_archived !== true) return false;
  return (
    isAtOrAfter(fields.created_at, range["created_at[gte]"]) &&
    isAtOrBefore(fields.created_at, range["created_at[lte]"])
  );
}
