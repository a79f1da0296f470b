import type { Answer } from "./objects";

/** When the service created it, in milliseconds since the epoch by the service's clock; undefined where nothing tells. */
export function creationTime(createdAt: unknown): number | undefined {
  const second = Date.parse(typeof createdAt === "string" ? createdAt : "");
  if (Number.isNaN(second)) {
    return undefined;
  }
  // Agents and environments tell fractions. `created_at` of a deployment is cut to seconds: the latest moment of that second is
  // taken, so that a new one is never mistaken for an old one.
  return /:\d\d\.\d/.test(String(createdAt)) ? second : second + 999;
}

/** How old it was when the service answered, in milliseconds; by this machine's clock where the service told no time. */
export function ageOf({ object, date }: Answer, now: number): number | undefined {
  const created = creationTime(object.created_at);
  return created === undefined ? undefined : (date?.getTime() ?? now) - created;
}

// Ordinary clocks agree within this; the header `Date` has whole seconds.
const clockToleranceMs = 5_000;
const dateResolutionMs = 1_000;

/**
 * Whether the answer to a create surely tells of an object that this request created, and does not repeat an earlier
 * answer. The service's two times must agree with each other and its clock with this machine's: a service whose clock is
 * off would pass a repeated answer for a new one.
 */
export function isProvenNew(answer: Answer, now: number): boolean {
  const age = ageOf(answer, now);
  const { date, roundTripMs } = answer;
  return (
    date !== undefined &&
    age !== undefined &&
    Math.abs(now - date.getTime()) <= clockToleranceMs &&
    age > -2 * dateResolutionMs &&
    age <= roundTripMs
  );
}

/** An object created more than an hour ago is not taken over: another stack may own it by now. */
export const longestInterruptionMs = 60 * 60 * 1_000;

/** Whether something of this age was made within the last so many milliseconds. */
export function isAsYoungAs(age: number | undefined, milliseconds: number): boolean {
  return age !== undefined && age <= milliseconds + 2 * dateResolutionMs;
}
