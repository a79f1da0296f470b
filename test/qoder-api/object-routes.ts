import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { invalid } from "./errors";
import { isIgnored, jsonOf, optionalJsonOf, ownerOf } from "./exchange";
import type { Writes } from "./idempotency";
import type { ManagedObjects, Owner, Seen, SharedFields, StoredObject } from "./managed-objects";
import { isObject } from "./parse";
import type { Switches } from "./switches";
import type { JsonObject } from "./wire";

const DEFAULT_LIMIT = 20;
/** The highest limit: 1000 in the pages of generation 1, 100 since generation 2. */
const MAX_LIMIT = { 1: 1000, 2: 100 };

export const pageQuery = {
  limit: z.coerce.number().optional(),
  page: z.string().nullable().optional(),
  after_id: z.string().optional(),
  before_id: z.string().optional(),
};

interface PageRequest {
  limit?: number | undefined;
  page?: string | null | undefined;
  after_id?: string | undefined;
  before_id?: string | undefined;
}

interface Listing<Item> {
  /** All items to which a cursor may point, newest first. */
  items: Item[];
  isListed?: (item: Item) => boolean;
  reply: (item: Item) => unknown;
}

/** A page of a list, newest first ("Conventions: pagination"). `page` is the `next_page` of the page before. */
export function pageOf<Item extends { id: string }>(
  asked: PageRequest,
  { items, isListed = () => true, reply }: Listing<Item>,
  switches: Switches,
): JsonObject {
  const limit = checkedLimit(asked.limit, MAX_LIMIT[switches.generation]);
  const { before_id: before, ...others } = asked;
  if (before && switches.beforeId === "reject") throw invalid("Unknown parameter before_id.", "before_id");
  const request: PageRequest = switches.beforeId === "ignore" ? others : asked;
  const cursors = [request.page, request.after_id, request.before_id].filter((cursor) => cursor);
  if (cursors.length > 1) throw invalid("Only one of page, after_id and before_id may be sent.");
  const listed = slice(items, request).filter(isListed);
  const isBackward = Boolean(request.before_id);
  const shown = isBackward ? listed.slice(-limit) : listed.slice(0, limit);
  const hasMore = listed.length > limit;
  const lastId = shown.at(-1)?.id ?? null;
  return {
    data: shown.map((item) => entryOf(reply(item), switches)),
    first_id: shown[0]?.id ?? null,
    last_id: lastId,
    has_more: hasMore,
    ...(switches.nextPage === "present" ? { next_page: hasMore && !isBackward ? lastId : null } : {}),
  };
}

function entryOf(reply: unknown, { listEntries }: Switches): unknown {
  if (listEntries === "whole" || !isObject(reply)) return reply;
  const { metadata: _, ...entry } = reply;
  return entry;
}

function checkedLimit(limit: number | undefined, highest: number): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  if (!Number.isInteger(limit) || limit < 1 || limit > highest) {
    throw invalid(`limit must be an integer between 1 and ${highest}.`, "limit");
  }
  return limit;
}

function slice<Item extends { id: string }>(items: Item[], request: PageRequest): Item[] {
  if (request.before_id) return items.slice(0, position(items, request.before_id, "before_id"));
  if (request.page) return items.slice(position(items, request.page, "page") + 1);
  if (request.after_id) return items.slice(position(items, request.after_id, "after_id") + 1);
  return items;
}

function position(items: { id: string }[], id: string, param: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw invalid("Invalid cursor.", param);
  return index;
}

const params = z.record(z.string(), z.string());

export const flag = z.enum(["true", "false"]).transform((text) => text === "true");
export const instant = z.iso.datetime({ offset: true });

/** The parsed query. Unknown parameters are ignored. */
export function queryOf<Query>(request: FastifyRequest, schema: z.ZodType<Query>): Query {
  const parsed = schema.safeParse({ ...request.exchange.record.query, ...listsOf(request.url) });
  if (parsed.success) return parsed.data;
  const param = String(parsed.error.issues[0]?.path[0]);
  throw invalid(`Invalid value for ${param}.`, param);
}

/** The parameters whose names end with `[]`: they may occur more than once. */
function listsOf(url: string): Record<string, string[]> {
  const parameters = new URLSearchParams(/\?(.*)/s.exec(url)?.[1]);
  const names = [...parameters.keys()].filter((name) => name.endsWith("[]"));
  return Object.fromEntries(names.map((name) => [name, parameters.getAll(name)]));
}

/** The query without the filters by an owner, if the service ignores these. */
export function seenQuery<Query extends object>(query: Query, { ownerFilters }: Switches): Query {
  return ownerFilters === "honour" ? query : { ...query, agent_id: undefined, deployment_id: undefined };
}

/** A part of the path by its name in the route. */
export function idOf(request: FastifyRequest, name = "id"): string {
  return params.parse(request.params)[name] ?? "";
}

/** True if a list with the filter `wanted` shows an object of this name. */
export function isNamed(name: string | null | undefined, wanted: string | undefined): boolean {
  return wanted === undefined || name === wanted;
}

export function isAtOrAfter(time: string, bound: string | undefined): boolean {
  return bound === undefined || Date.parse(time) >= Date.parse(bound);
}

export function isAtOrBefore(time: string, bound: string | undefined): boolean {
  return bound === undefined || Date.parse(time) <= Date.parse(bound);
}

/** The filters for the time of creation. */
export const timeRange = {
  "created_at[gt]": instant.optional(),
  "created_at[gte]": instant.optional(),
  "created_at[lt]": instant.optional(),
  "created_at[lte]": instant.optional(),
};

type TimeRange = { [Bound in keyof typeof timeRange]?: string | undefined };

export function isWithin(time: string, range: TimeRange): boolean {
  const { "created_at[gt]": after, "created_at[lt]": before } = range;
  const isAfter = after === undefined || !isAtOrBefore(time, after);
  const isBefore = before === undefined || !isAtOrAfter(time, before);
  return (
    isAfter && isBefore && isAtOrAfter(time, range["created_at[gte]"]) && isAtOrBefore(time, range["created_at[lte]"])
  );
}

/** The filters of every list of objects. */
export const sharedListQuery = {
  ...pageQuery,
  include_archived: flag.optional(),
  "created_at[gte]": instant.optional(),
  "created_at[lte]": instant.optional(),
};

interface Range extends TimeRange {
  include_archived?: boolean | undefined;
}

export function isInRange(fields: SharedFields, range: Range): boolean {
  return (fields.archived_at === null || range.include_archived === true) && isWithin(fields.created_at, range);
}

interface ObjectQuery extends PageRequest, Range {
  name?: string | undefined;
}

/** The parts that the endpoints of every kind need. */
export interface Routes {
  readonly app: FastifyInstance;
  readonly writes: Writes;
  readonly switches: Switches;
}

interface ObjectRoutes<Stored extends StoredObject, Query extends ObjectQuery> extends Omit<Routes, "app"> {
  path: string;
  objects: ManagedObjects<Stored, unknown>;
  listQuery: z.ZodType<Query>;
  /** If left out, the filters for the time, the name and the archived objects count. */
  isListed?: (stored: Stored, query: Query) => boolean;
  create: (owner: Owner, body: unknown, request: FastifyRequest) => Stored;
  /** "form": the body of a create is a form, which `create` reads from the request; absent for JSON. */
  bodies?: "form";
  /** The status of a create; 200 if left out. */
  createStatus?: 201;
  /** The answer to a create; `objects.reply` if left out. */
  created?: (stored: Stored) => unknown;
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

interface Entry<Stored> {
  readonly id: string;
  readonly seen: Seen<Stored, unknown> | undefined;
}

/** Adds the endpoints that every kind has. Returns the function by which further endpoints find the object of a request. */
export function objectRoutes<Stored extends StoredObject, Query extends ObjectQuery>(
  app: FastifyInstance,
  { path, objects, writes, switches, listQuery, ...own }: ObjectRoutes<Stored, Query>,
): (request: FastifyRequest) => Stored {
  const reply = (stored: Stored) => objects.reply(stored);
  const written = (stored: Stored) => objects.reply(stored, "write");
  const isFound = ({ fields }: Stored, query: Query) =>
    isInRange(fields, query) && isNamed(objects.nameOf(fields), query.name);
  const { isListed = isFound, answer = reply, admit = () => {}, scope = () => () => true, created = written } = own;
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
      return created(objects.making(() => own.create(ownerOf(request), body, request)));
    };
    return writes.answer(request, response, create, own.createStatus ?? 200);
  });

  app.get(path, (request) => {
    const query = seenQuery(queryOf(request, listQuery), switches);
    const all = objects.newestFirst(ownerOf(request)).filter(scope(request));
    const items = all.map((stored) => ({ id: stored.id, seen: objects.seen(stored, "list") }));
    const listing = {
      items,
      isListed: ({ seen }: Entry<Stored>) => seen !== undefined && isListed(seen.stored, query),
      reply: ({ seen }: Entry<Stored>) => seen && (seen.reply ?? reply(seen.stored)),
    };
    return pageOf(query, listing, switches);
  });

  app.get(`${path}/:id`, (request) => {
    const ghost = objects.ghost(ownerOf(request), idOf(request));
    if (ghost !== undefined && scope(request)(ghost.stored)) return ghost.reply;
    const stored = found(request);
    const seen = objects.seen(stored, "GET");
    if (seen === undefined) throw objects.missing(stored.id);
    return seen.reply ?? answer(stored, request);
  });

  if (own.updates !== "none") {
    app.post(`${path}/:id`, (request, response) =>
      writes.answer(request, response, () => {
        const stored = found(request);
        admit(request);
        if (isIgnored(request)) return written(stored);
        return written(objects.writing(stored, () => objects.update(stored, jsonOf(request))));
      }),
    );
  }

  if (own.archives !== "none") {
    app.post(`${path}/:id/archive`, (request, response) =>
      writes.answer(request, response, () => {
        const stored = found(request);
        return reply(objects.writing(stored, () => objects.archive(stored, optionalJsonOf(request))));
      }),
    );
  }

  const { remove } = own;
  if (remove !== undefined) {
    app.delete(`${path}/:id`, (request, response) =>
      writes.remove(request, response, switches, () => {
        const stored = found(request);
        return objects.writing(stored, () => remove(stored, request));
      }),
    );
  }
  return found;
}
