import { argumentNames, type ResourceKind } from "../kind";
import type { Properties } from "../program-values";
import { createBody } from "../write/patch";

const bytesInMb = 1024 * 1024;
// "Conventions: overview". A longer body is cut off there, and the rest refused as invalid JSON.
const mostMb = 4;

/** Names the largest argument where all together are more than a request can carry. */
export function sizeFailures(kind: ResourceKind, given: Properties): string[] {
  const mb = bytesOf(createBody(kind, given)) / bytesInMb;
  if (mb <= mostMb) {
    return [];
  }
  const [largest] = argumentNames(kind).toSorted((one, other) => bytesOf(given[other]) - bytesOf(given[one]));
  return [`${largest}: makes a request of ${Math.ceil(mb * 100) / 100} MB; the API takes up to ${mostMb} MB`];
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}
