import { QoderError } from "../../api/errors";
import type { Schedule } from "../../schedule/schedule";

/** A deployment with an active schedule. */
export interface Scheduled {
  /** The id; undefined before the first `up`. */
  readonly id: string | undefined;
  readonly name: string;
  readonly schedule: Schedule;
  /** The budget in credits; undefined if there is none. */
  readonly budget: number | undefined;
  /** The credits of its last runs, as far as they are known. */
  readonly past?: readonly number[];
}

/** A deployment whose runs are unknown, with the reason. */
interface Unread {
  readonly name: string;
  readonly reason: string;
}

/** The deployments of a calendar. */
export interface Fleet {
  readonly scheduled: readonly Scheduled[];
  readonly unread: readonly Unread[];
  /** The number of paused deployments; `unscheduled` is the number of those without a schedule. */
  readonly paused: number;
  readonly unscheduled: number;
  /** The reason for which there may be further deployments; undefined if these are all. */
  readonly incomplete: string | undefined;
  /** The reason for which the credits of some past runs are unknown. */
  readonly pastProblem?: string | undefined;
}

/** A deployment in a calendar. */
export type Member = Scheduled | Unread | "paused" | "unscheduled";

export function fleetOf(members: readonly Member[], incomplete: string | undefined): Fleet {
  return {
    scheduled: members.filter((member) => typeof member === "object" && "schedule" in member),
    unread: members.filter((member) => typeof member === "object" && "reason" in member),
    paused: members.filter((member) => member === "paused").length,
    unscheduled: members.filter((member) => member === "unscheduled").length,
    incomplete,
  };
}

/** Throws if no deployment was found, because the calendar would be empty. */
export function refuseEmpty({ scheduled, unread, paused, unscheduled, incomplete }: Fleet, advice: string): void {
  if (scheduled.length + unread.length + paused + unscheduled === 0) {
    throw new QoderError(`there is nothing to show: ${incomplete ?? `no deployment was found. ${advice}`}`);
  }
}

/** The number of credits. The API writes a decimal as a text. */
export function creditsOf(cost: string | number | undefined): number | undefined {
  const credits = cost === undefined ? Number.NaN : Number(cost);
  return Number.isFinite(credits) ? credits : undefined;
}
