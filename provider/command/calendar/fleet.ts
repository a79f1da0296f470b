import { QoderError } from "../../api/errors";
import type { Schedule } from "../../schedule/schedule";

/** A deployment that runs by itself. */
export interface Scheduled {
  /** Undefined before the first `up`. */
  readonly id: string | undefined;
  readonly name: string;
  readonly schedule: Schedule;
  /** In credits; undefined where it has none. */
  readonly budget: number | undefined;
}

/** A deployment of which nobody can tell when it runs, and why. */
interface Unread {
  readonly name: string;
  readonly reason: string;
}

/** What a calendar is of. */
export interface Fleet {
  readonly scheduled: readonly Scheduled[];
  readonly unread: readonly Unread[];
  /** How many do not run by themselves: those that are paused, and those without a schedule. */
  readonly paused: number;
  readonly unscheduled: number;
  /** Why there may be more deployments than these; undefined where there are none. */
  readonly incomplete: string | undefined;
}

/** What one deployment is to a calendar. */
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

/** There is nothing to draw where no deployment was found at all. */
export function refuseEmpty({ scheduled, unread, paused, unscheduled, incomplete }: Fleet, advice: string): void {
  if (scheduled.length + unread.length + paused + unscheduled === 0) {
    throw new QoderError(`there is nothing to show: ${incomplete ?? `no deployment was found. ${advice}`}`);
  }
}
