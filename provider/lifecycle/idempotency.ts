import { createHash } from "node:crypto";
import type { Deployment, JsonObject } from "../api/schema";

/**
 * The key of a create, in the form of a UUIDv4 ("Conventions: idempotency"). The same declaration with the same body
 * gives the same key in every process, so a create whose answer was lost is found again instead of repeated. `life`
 * counts the deployments of this declaration that were archived while the service still remembers their keys.
 */
export function idempotencyKey(origin: string, body: JsonObject, life: number): string {
  const digest = createHash("sha256")
    .update(canonical([origin, body, life]))
    .digest("hex");
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join("-");
}

// The order of members depends on who put the body together, and must not make another key of the same create.
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}

// "Conventions: idempotency": a key is remembered for 24 hours. An older deployment cannot be its answer; then the two
// clocks of the service disagree. One hour allows for that as well.
const longestMemoryMs = 25 * 60 * 60 * 1_000;

/**
 * Whether the answer repeats an earlier one instead of telling of a deployment that was created just now: it was
 * created longer ago than the request took. Both times are the server's own, so its clock may be wrong. Unproven where
 * one of them is missing.
 */
export function noveltyOf(
  deployment: Deployment,
  answered: Date | undefined,
  roundTripMs: number,
): "new" | "repeated" | "unproven" {
  const age = ageOf(deployment, answered);
  if (age === undefined) {
    return "unproven";
  }
  return age > roundTripMs && age < longestMemoryMs ? "repeated" : "new";
}

/** In milliseconds by the server's own clock, when it answered. */
export function ageOf(deployment: Deployment, answered: Date | undefined): number | undefined {
  const created = creationTime(deployment);
  return answered === undefined || created === undefined ? undefined : answered.getTime() - created;
}

// `created_at` is cut to seconds; the id is a UUIDv7 and starts with the same time in milliseconds. Without such an id the
// latest moment of that second is taken, so that a new deployment is never mistaken for an old one.
function creationTime(deployment: Deployment): number | undefined {
  const second = Date.parse(deployment.created_at ?? "");
  if (Number.isNaN(second)) {
    return undefined;
  }
  const stamp = Number.parseInt(/^dep_([0-9a-f]{12})7[0-9a-f]{19}$/.exec(deployment.id)?.[1] ?? "", 16);
  return stamp >= second && stamp < second + 1_000 ? stamp : second + 999;
}
