import { info, type Remark, warning } from "../api/remark";
import { same } from "../resource/field";
import type { ProgramChange } from "../resource/kind";
import { containsUnknown } from "../resource/unknown";
import { nextRunsText, type Schedule, scheduleWarnings } from "./schedule";
import type { DeploymentArguments } from "./values";

/** When it will run. Only for a schedule that is new or changes: an unchanged program is to show nothing. */
export function scheduleRemarks(
  { before, after: { schedule, paused }, inputs }: ProgramChange<DeploymentArguments>,
  now: Date,
): Remark[] {
  if (schedule === undefined) {
    const isRemoved = before.schedule !== undefined && inputs["schedule"] === undefined;
    return isRemoved ? [warning(removedSchedule)] : [];
  }
  const resumes = before.paused === true && paused === false;
  if (containsUnknown(schedule) || (same(before.schedule, schedule) && !resumes)) {
    return [];
  }
  const warnings = scheduleWarnings(schedule, now).map(warning);
  // A pause that the program no longer manages stays as it is.
  return [...runRemarks(schedule, inputs["paused"] ?? before.paused, now), ...warnings];
}

const removedSchedule =
  "the schedule is removed: the API may not take that; paused: true stops the runs and keeps the schedule";

function runRemarks(schedule: Schedule, paused: unknown, now: Date): Remark[] {
  if (containsUnknown(paused)) {
    return [];
  }
  return paused === true
    ? [info("does not run while it is paused: the schedule takes effect when paused is false")]
    : [info(`runs next at ${nextRunsText(schedule, now)}`)];
}
