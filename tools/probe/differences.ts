import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

const membersSchema = z.record(z.string(), z.unknown());

/** The places of members that the reply shows although the request did not contain them. Never their values. */
export function addedMembers(sent: unknown, shown: unknown, place = ""): string[] {
  return inside(sent, shown, place).flatMap(([inner, from, to]) =>
    from === undefined ? [inner] : addedMembers(from, to, inner),
  );
}

/**
 * The places of members that the reply shows with another value than the request, or does not show. Lists of texts may have
 * any order.
 */
export function changedMembers(sent: unknown, shown: unknown, place = ""): string[] {
  const pairs = inside(sent, shown, place).filter(([, from]) => from !== undefined);
  if (pairs.length > 0) {
    return pairs.flatMap(([inner, from, to]) => changedMembers(from, to, inner));
  }
  return isDeepStrictEqual(sorted(sent), sorted(shown)) ? [] : [place];
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) ? [...value].sort() : value;
}

/** The members of both values, with their places. */
function inside(sent: unknown, shown: unknown, place: string): [place: string, sent: unknown, shown: unknown][] {
  const [from, to] = [membersOf(sent), membersOf(shown)];
  if (from === undefined || to === undefined) {
    return [];
  }
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].map((name) => [place === "" ? name : `${place}.${name}`, from[name], to[name]]);
}

/** The members of a value. A list of objects has numbers as names; a list of texts has no members. */
function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (Array.isArray(value)) {
    return value.some((one) => typeof one === "object") ? Object.fromEntries(value.entries()) : undefined;
  }
  return membersSchema.safeParse(value).data;
}

/** The places in the form of a report: without the numbers of elements, each once. */
export function placesText(places: readonly string[]): string {
  const names = new Set(places.map((place) => place.replace(/\.\d+(?=\.|$)/g, "[]").replace(/[^\w.[\]]/g, "")));
  return [...names]
    .slice(0, 12)
    .map((name) => `\`${name}\``)
    .join(", ");
}
