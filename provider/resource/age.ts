import { hourMs, minuteMs } from "../api/clock";
import type { Answer } from "./objects";

/** The time of creation by the service's clock, in milliseconds since the epoch; undefined if the reply does not show it. */
export function creationTime(createdAt: unknown): number | undefined {
  const second = Date.parse(typeof createdAt === "string" ? createdAt : "");
  if (Number.isNaN(second)) {
    return undefined;
  }
  // Agents and environments show fractions of seconds. For a deployment, which shows whole seconds, this function takes the end of the
  // second, so that a new object never counts as an old one.
  return /:\d\d\.\d/.test(String(createdAt)) ? second : second + 999;
}

// "Errors": shortly after a create the API may still answer 404. Similar services need up to half a minute.
export const eventuallyConsistentMs = minuteMs;

/**
 * The age at this time by the service's clock, in milliseconds. Undefined if one of the times is unknown, and if the age is negative: the
 * clocks of the service then disagree.
 */
export function ageAt(created: number | undefined, serviceNow: number | undefined): number | undefined {
  const age = created === undefined || serviceNow === undefined ? undefined : serviceNow - created;
  return age === undefined || age <= -2 * dateResolutionMs ? undefined : age;
}

/** The age of the object at the time of the answer. */
export function ageOf({ object, date }: Pick<Answer, "object" | "date">): number | undefined {
  return ageAt(creationTime(object.created_at), date?.getTime());
}

// The clocks of two machines usually agree within this time; the header `Date` has whole seconds.
const clockToleranceMs = 5_000;
const dateResolutionMs = 1_000;

/**
 * True if the answer to a create proves that this request created the object, and does not repeat an earlier answer. Both times of the
 * service must agree with each other and with this machine's clock: otherwise a repeated answer could look new.
 */
export function isProvenNew(answer: Answer, now: number): boolean {
  const age = ageOf(answer);
  const { date, roundTripMs } = answer;
  return (
    date !== undefined && age !== undefined && Math.abs(now - date.getTime()) <= clockToleranceMs && age <= roundTripMs
  );
}

/** From this age on, no time of the service that belongs to another event passes for the time of this one. */
export const distinctAgeMs = 2 * dateResolutionMs;

/** An object created more than an hour ago is not taken over: another stack may own it by now. */
export const longestInterruptionMs = hourMs;

/** True if an object of this age was created within the last `milliseconds`. */
export function isAsYoungAs(age: number | undefined, milliseconds: number): boolean {
  return age !== undefined && age <= milliseconds + 2 * dateResolutionMs;
}
