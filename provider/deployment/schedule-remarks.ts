import { exactDurationText } from "../api/clock";
import { info, type Remark, warning } from "../api/remark";
import { same } from "../resource/fields/comparison";
import type { Neighbours, ProgramChange } from "../resource/kind";
import { containsUnknown } from "../resource/program-values";
import { shortestInterval, timesOfDay } from "../schedule/expression";
import { firstRunText, nextRunsText, runsAfter, runText } from "../schedule/runs";
import { type Schedule, scheduleProblem } from "../schedule/schedule";
import { scheduleWarnings } from "../schedule/warnings";
import { agentIdIn, agentIdOf } from "./agent";
import { casConfigDefaults } from "./cas-config";
import type { DeploymentArguments } from "./fields";

type Change = ProgramChange<DeploymentArguments>;

/** When it will run. Only for a schedule that is new or changes: an unchanged program is to show nothing. */
export function scheduleRemarks(change: Change, now: Date): Remark[] {
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
    ...(isOther ? scheduleWarnings(schedule, now).map(warning) : []),
    ...(isOther || hasOtherLimit ? intervalRemarks(schedule, change) : []),
  ];
}

/** The schedule is new or another one, or begins to count. */
function isRescheduled({ before, after }: Change): boolean {
  const resumes = before.paused === true && after.paused === false;
  return !same(before.schedule, after.schedule) || resumes;
}

const removedSchedule = warning(
  "the schedule is removed: the API may not take that; paused: true stops the runs and keeps the schedule",
);

function runRemarks({ before, inputs }: Change, schedule: Schedule, now: Date): Remark[] {
  // A pause that the program no longer manages stays as it is.
  const paused = inputs["paused"] ?? before.paused;
  if (containsUnknown(paused)) {
    return [];
  }
  if (paused === true) {
    return [info("does not run while it is paused: the schedule takes effect when paused is false")];
  }
  const old = before.paused === true ? undefined : before.schedule;
  // What a state holds may be of another version, or as the service wrote it.
  const readable = old === undefined || scheduleProblem(old) !== undefined ? undefined : old;
  return [info(`runs next at ${nextRunsText(schedule, now, readable)}`, `next ${firstRunText(schedule, now)}`)];
}

/** What a run may take is documented for the older generation of the API only. */
function intervalRemarks({ expression }: Schedule, { after, inputs }: Change): Remark[] {
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
      warning(
        `${start}, and one may take ${exactDurationText(limit)} (${source}): the next may start beside it, or not at all`,
      ),
    ];
  }
  return isEveryMinute ? [warning(start)] : [];
}

/** The names of the deployments of one agent that have the same schedule. */
interface Group {
  readonly all: string[];
  /** Those that are new or change. */
  readonly changed: string[];
  isTold: boolean;
}

/** Finds deployments of one agent that have the same expression and time zone, where one of the two is new or changes. */
export class AgentNeighbours implements Neighbours<DeploymentArguments> {
  readonly #met = new Set<string>();
  readonly #groups = new Map<string, Group>();

  remarks(origin: string, change: Change, now: Date): Remark[] {
    const { schedule, name = "" } = change.after;
    const agent = agentIdIn(change.inputs);
    const paused = change.inputs["paused"] ?? change.before.paused;
    const isKnown = schedule !== undefined && agent !== undefined && !containsUnknown([schedule, agent, paused]);
    // In a replacement the engine asks again.
    if (!isKnown || paused === true || this.#met.has(origin)) {
      return [];
    }
    this.#met.add(origin);
    const isChanged = isRescheduled(change) || agentIdOf(change.before.agent) !== agent;
    const group = this.#group(JSON.stringify([agent, schedule.expression, schedule.timezone]));
    const others = [...(isChanged ? group.all : group.changed)];
    group.all.push(name);
    if (isChanged) {
      group.changed.push(name);
    }
    // One more of them is no news.
    if (group.isTold || others.length === 0) {
      return [];
    }
    group.isTold = true;
    return runsAfter(schedule, now, 1).map((run) => sharedMinute(schedule, run, others));
  }

  #group(key: string): Group {
    const group = this.#groups.get(key) ?? { all: [], changed: [], isTold: false };
    this.#groups.set(key, group);
    return group;
  }
}

function sharedMinute({ timezone }: Schedule, run: Date, [first = "", ...others]: readonly string[]): Remark {
  const name = containsUnknown(first) ? "another deployment" : `"${first}"`;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return warning(
    `fires in the same minute as ${name}${more} of the same agent, next at ${runText(run, timezone)} (${timezone}); spread(name, { every: "day" }) gives each a minute of its own`,
  );
}
