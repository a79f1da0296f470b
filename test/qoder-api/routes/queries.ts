import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { invalid } from "../errors";
import type { Switches } from "../switches";

const idParams = z.object({ id: z.string() });
const runParams = z.object({ id: z.string(), run_id: z.string() });

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

export function idOf(request: FastifyRequest): string {
  return idParams.parse(request.params).id;
}

export function runIdOf(request: FastifyRequest): string {
  return runParams.parse(request.params).run_id;
}

/** True if a list with the filter `wanted` shows an object of this name. */
export function isNamed(name: string | null, wanted: string | undefined, { nameFilter }: Switches): boolean {
  if (wanted === undefined) return true;
  return nameFilter === "exact" ? name === wanted : (name ?? "").toLowerCase().includes(wanted.toLowerCase());
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

export function isWithin(time: string, range: { [Bound in keyof typeof timeRange]?: string | undefined }): boolean {
  const { "created_at[gt]": after, "created_at[lt]": before } = range;
  const isAfter = after === undefined || !isAtOrBefore(time, after);
  const isBefore = before === undefined || !isAtOrAfter(time, before);
  return (
    isAfter && isBefore && isAtOrAfter(time, range["created_at[gte]"]) && isAtOrBefore(time, range["created_at[lte]"])
  );
}
