import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { isIgnored, jsonOf, optionalJsonOf, ownerOf } from "./exchange";
import type { Writes } from "./idempotency";
import { idOf, type PageRequest, pageOf, queryOf, seenQuery } from "./lists";
import type { ManagedObjects, StoredObject } from "./managed-objects";
import type { Owner } from "./owners";
import type { Switches } from "./switches";

/** The parts that the endpoints of every kind need. */
export interface Routes {
  readonly app: FastifyInstance;
  readonly writes: Writes;
  readonly switches: Switches;
}

interface ObjectRoutes<Stored extends StoredObject, Query extends PageRequest> extends Omit<Routes, "app"> {
  path: string;
  objects: ManagedObjects<Stored, unknown>;
  listQuery: z.ZodType<Query>;
  isListed: (stored: Stored, query: Query) => boolean;
  create: (owner: Owner, body: unknown, request: FastifyRequest) => Stored;
  /** "form": the body of a create is a form, which `create` reads from the request; absent for JSON. */
  bodies?: "form";
  /** The status of a create; 200 if left out. */
  createStatus?: 201;
  /** The answer to a create; `objects.reply` if left out. */
  created?: (stored: Stored) => unknown;
  /** An object in a list; `objects.reply` if left out. */
  listed?: (stored: Stored) => unknown;
  /** Removes the object and returns the answer; absent if the API has no such endpoint. */
  remove?: (stored: Stored, request: FastifyRequest) => unknown;
  /** "none": no page has an endpoint that updates the kind. */
  updates?: "none";
  /** "none": no page has an endpoint that archives the kind. */
  archives?: "none";
  /** For objects inside another object: the filter for those of the path. Throws if the outer object does not exist. */
  scope?: (request: FastifyRequest) => (stored: Stored) => boolean;
  /** The answer to a GET of one object; `objects.reply` if left out. */
  answer?: (stored: Stored, request: FastifyRequest) => unknown;
  /** Throws for a create or an update that breaks a further rule. */
  admit?: (request: FastifyRequest) => void;
}

/** Adds the endpoints that every kind has. Returns the function by which further endpoints find the object of a request. */
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
    return writes.answer(request, response, create, own.createStatus ?? 200);
  });

  app.get(path, (request) => {
    const query = seenQuery(queryOf(request, listQuery), switches);
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
