import { exactDurationText } from "../api/clock";
import { same } from "../resource/fields/comparison";
import type { ProgramChange } from "../resource/kind";
import { type NextRuns, type PlanRemark, planInfo, planWarning } from "../resource/plan-remark";
import { containsUnknown } from "../resource/program-values";
import { shortestInterval, timesOfDay } from "../schedule/expression";
import { momentText, runsAfter, runText } from "../schedule/runs";
import { type Schedule, scheduleProblem } from "../schedule/schedule";
import { scheduleWarnings } from "../schedule/warnings";
import { agentIdIn, agentIdOf } from "./agent";
import { casConfigDefaults } from "./cas-config";
import type { DeploymentArguments } from "./fields";

type Change = ProgramChange<DeploymentArguments>;

/** When it will run. Only for a schedule that is new or changes: an unchanged program is to show nothing. */
export function scheduleRemarks(change: Change, now: Date): PlanRemark[] {
  const { before, after, inputs } = change;
  const { schedule } = after;
  if (schedule === undefined) {
    const isRemoved = before.schedule !== undefined && inputs["schedule"] === undefined;
    // A replacement makes a deployment without a schedule, which asks the API to clear nothing.
    return isRemoved && !change.replaces("schedule") ? [removedSchedule] : [];
  }
  if (containsUnknown(schedule)) {
    return [];
  }
  const isOther = isRescheduled(change);
  const hasOtherLimit = before.casConfig?.timeoutMs !== after.casConfig?.timeoutMs;
  return [
    ...(isOther ? runRemarks(change, schedule, now) : []),
    ...(isOther ? scheduleWarnings(schedule, now) : []),
    ...(isOther || hasOtherLimit ? intervalRemarks(schedule, change) : []),
    ...sameMinuteRemarks(change, schedule, now),
  ];
}

/** The schedule is new or another one, or begins to count. */
function isRescheduled({ before, after }: Change): boolean {
  const resumes = before.paused === true && after.paused === false;
  return !same(before.schedule, after.schedule) || resumes;
}

const removedSchedule = planWarning(
  "no-schedule",
  "the schedule is removed: the API may not take that; paused: true stops the runs and keeps the schedule",
);

function runRemarks({ before, inputs }: Change, schedule: Schedule, now: Date): PlanRemark[] {
  // A pause that the program no longer manages stays as it is.
  const paused = inputs["paused"] ?? before.paused;
  if (containsUnknown(paused)) {
    return [];
  }
  if (paused === true) {
    return [
      planInfo("next-runs", "no run starts while paused is true; the schedule takes effect when paused is false"),
    ];
  }
  const old = before.paused === true ? undefined : before.schedule;
  // What a state holds may be of another version, or as the service wrote it.
  const readable = old === undefined || scheduleProblem(old) !== undefined ? undefined : old;
  return nextRuns(schedule, readable, now).map((runs) => ({
    ...planInfo("next-runs", `runs next at ${runs.runs.join(", ")}`),
    nextRuns: runs,
  }));
}

/** How many runs of a schedule a preview tells where it has the room. */
const runsTold = 3;

/** None of a schedule that never runs again. */
function nextRuns({ expression, timezone }: Schedule, old: Schedule | undefined, now: Date): NextRuns[] {
  const runs = runsAfter({ expression, timezone }, now, runsTold);
  const [first] = runs;
  const before = old === undefined ? {} : { before: { ...old, runs: runsBefore(old, now) } };
  return first === undefined
    ? []
    : [{ at: first.getTime(), runs: runs.map((run) => runText(run, timezone)), expression, timezone, ...before }];
}

function runsBefore(schedule: Schedule, now: Date): string[] {
  return runsAfter(schedule, now, runsTold).map((run) => momentText(run, schedule.timezone));
}

/** What a run may take is documented for the older generation of the API only. */
function intervalRemarks({ expression }: Schedule, { after, inputs }: Change): PlanRemark[] {
  const interval = shortestInterval(expression);
  const { minutes, hours } = timesOfDay(expression);
  const isEveryMinute = minutes.length === 60 && hours.length === 24;
  const start = isEveryMinute
    ? "runs start every minute, 1,440 a day"
    : `runs start ${exactDurationText(interval)} apart`;
  const limit = after.casConfig?.timeoutMs ?? casConfigDefaults.timeoutMs;
  if (!containsUnknown(inputs["casConfig"]) && limit !== undefined && interval < limit) {
    const source =
      after.casConfig?.timeoutMs === undefined ? "the default of casConfig.timeoutMs" : "casConfig.timeoutMs";
    return [
      planWarning(
        "overlap",
        `${start}, and one may take ${exactDurationText(limit)} (${source}): the next may start beside it, or not at all`,
      ),
    ];
  }
  return isEveryMinute ? [planWarning("overlap", start)] : [];
}

/**
 * Deployments of one agent with the same expression and time zone. Each says so, and it is told of two and more, where one of them is
 * new or changes.
 */
function sameMinuteRemarks(change: Change, schedule: Schedule, now: Date): PlanRemark[] {
  const { before, inputs } = change;
  const agent = agentIdIn(inputs);
  const paused = inputs["paused"] ?? before.paused;
  if (agent === undefined || containsUnknown([agent, paused]) || paused === true) {
    return [];
  }
  const isNews = isRescheduled(change) || agentIdOf(before.agent) !== agent;
  const { expression, timezone } = schedule;
  return runsAfter(schedule, now, 1).map((run) => ({
    ...planWarning(
      "same-minute",
      `start in the same minute with the same agent, next at ${runText(run, timezone)} (${timezone}); spread(name, { every: "day" }) gives each a minute of its own`,
    ),
    together: { by: JSON.stringify([agent, expression]), isNews },
  }));
}
