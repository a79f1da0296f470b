import type { QoderClient } from "../../api/client";
import { durationText } from "../../api/clock";
import { patience } from "../../api/patience";
import type { Listed } from "../../api/schema";
import { excerpt } from "../../api/terminal-text";
import { creationTime } from "../kind/outputs";
import type { Answer } from "./objects";

/**
 * The age at this time by the service's clock, in milliseconds. Undefined if one of the times is unknown, and if the age is negative: the
 * clocks of the service then disagree. No page says that `created_at` and the header `Date` come from one clock, so each comparison of ages
 * is a window: an age outside of it costs one more GET or an error that names the object, and never a second object.
 */
export function ageAt(created: number | undefined, serviceNow: number | undefined): number | undefined {
  const age = created === undefined || serviceNow === undefined ? undefined : serviceNow - created;
  return age === undefined || age <= -2 * patience.timeResolutionMs ? undefined : age;
}

/** The object for a message: `dep_1, created 2 minutes ago`. */
export function withItsAge(client: QoderClient, { id, created_at: createdAt }: Listed): string {
  const age = ageAt(creationTime(createdAt), client.serviceNow());
  return `${excerpt(id)}${age === undefined ? "" : `, created ${durationText(age)} ago`}`;
}

export function ageOf({ object, date }: Told): number | undefined {
  return ageAt(creationTime(object.created_at), date?.getTime());
}

type Told = Pick<Answer, "object" | "date">;

/**
 * True if the answer describes an object that is no older than the request, which took this time with all its tries: the service does
 * not repeat an earlier answer. An older one is read once more. A destroy outlasts the two seconds in which the times of the service could
 * not tell (`outlast`).
 */
export function isMadeMeanwhile(answer: Told, tookMs: number): boolean {
  const age = ageOf(answer);
  return age !== undefined && age <= tookMs;
}

/** From this age on, no time of the service that belongs to another event passes for the time of this one. */
export const distinctAgeMs = 2 * patience.timeResolutionMs;

/**
 * True if both answers show an object of the same age, or one shows no age: one command has made both then, whatever the clocks of the
 * service say. Objects of earlier commands have other ages.
 */
export function haveSameAge(one: Told, other: Told): boolean {
  const [first = Number.NaN, second = Number.NaN] = [one, other].map(
    ({ object, date }) => (date?.getTime() ?? Number.NaN) - (creationTime(object.created_at) ?? Number.NaN),
  );
  return !(Math.abs(first - second) > distinctAgeMs);
}

/** True if an object of this age was created within the last `milliseconds`. */
export function isAsYoungAs(age: number | undefined, milliseconds: number): boolean {
  return age !== undefined && age <= milliseconds + 2 * patience.timeResolutionMs;
}
