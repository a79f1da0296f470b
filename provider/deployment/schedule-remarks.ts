import { exactDurationText } from "../api/clock";
import { type NextRuns, type PlanRemark, planInfo, planWarning } from "../resource/kind/diagnostics";
import type { ProgramChange } from "../resource/kind/kind";
import { containsUnknown, same } from "../resource/kind/program-values";
import { shortestInterval, timesOfDay } from "../schedule/expression";
import { momentText, runsAfter, runText } from "../schedule/runs";
import { type Schedule, scheduleProblem } from "../schedule/schedule";
import { scheduleWarnings } from "../schedule/warnings";
import { agentIdIn, agentIdOf } from "./agent";
import type { DeploymentArguments } from "./argument-rows";
import { casConfigDefaults } from "./cas-config";

type Change = ProgramChange<DeploymentArguments>;

/**
 * The remarks about the times of runs. Only a new or changed schedule has them: the preview of an unchanged program shows
 * none.
 */
export function scheduleRemarks(change: Change, now: Date): PlanRemark[] {
  const { before, after, inputs } = change;
  const { schedule } = after;
  if (schedule === undefined) {
    const isRemoved = before.schedule !== undefined && inputs["schedule"] === undefined;
    // A replacement creates a deployment without a schedule, so no request has to clear one.
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

/** True if the schedule is new or has changed, or if the deployment is unpaused. */
function isRescheduled({ before, after }: Change): boolean {
  const resumes = before.paused === true && after.paused === false;
  return !same(before.schedule, after.schedule) || resumes;
}

const removedSchedule = planWarning(
  "no-schedule",
  "the update removes the schedule, which the API may refuse. `paused: true` stops the runs and keeps the schedule",
);

function runRemarks({ before, inputs }: Change, schedule: Schedule, now: Date): PlanRemark[] {
  // If `paused` has left the program, the pause stays.
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
  // The recorded schedule may come from another version of this package or from the service, in a form that this version
  // cannot read.
  const readable = old === undefined || scheduleProblem(old) !== undefined ? undefined : old;
  return nextRuns(schedule, readable, now).map((runs) => ({
    ...planInfo("next-runs", `runs next at ${runs.runs.join(", ")}`),
    nextRuns: runs,
  }));
}

const runsTold = 3;

/** Empty for a schedule without a next run. */
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

/** Warns if runs can overlap. The limit of a run is documented for the older generation of the API only. */
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
        `${start}, and one run may take ${exactDurationText(limit)} (${source}): the next run may start beside it, or not at all. Set a longer interval or a shorter casConfig.timeoutMs`,
      ),
    ];
  }
  return isEveryMinute ? [planWarning("overlap", start)] : [];
}

/**
 * Warns of deployments of one agent with the same expression and time zone. Each deployment returns the remark; the command
 * shows it if two or more return it and one of them is new or changed.
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
  return [
    {
      ...planWarning("same-minute", ""),
      // Most schedules are alone in their minute: only a message needs the next run.
      get text() {
        const next = runsAfter(schedule, now, 1).map((run) => `, next at ${runText(run, timezone)} (${timezone})`);
        return `start in the same minute with the same agent${next.join("")}; give each its own minute, which spread() does in TypeScript`;
      },
      together: { by: JSON.stringify([agent, expression, timezone]), hasChanged: isNews },
    },
  ];
}
