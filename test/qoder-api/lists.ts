import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { invalid } from "./errors";
import type { SharedFields } from "./managed-objects";
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

export interface PageRequest {
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
export function isNamed(name: string | null, wanted: string | undefined): boolean {
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
