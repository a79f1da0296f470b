import { minuteMs } from "../../provider/api/clock";
import { creditSum } from "../../provider/deployment-run/credits";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { runText } from "../../provider/schedule/runs";
import { latenessMs } from "../runs/missed-runs";
import type { RunWithResult } from "../runs/tally";
import { timeText } from "../runs/texts";
import type { DeploymentFacts, Finding } from "./facts";

/** An ended run may work for this number of times the usual time. */
const mostTimes = 4;
/** The work, or the cost, of a run has collapsed at this part of the usual. */
const collapsed = 1 / 10;
/** A difference below this time is no news. */
const leastMs = minuteMs;

/** A run that took far longer than usual. One run of the week that did so too makes it usual. */
export function tookLonger({ runsSince, usual: { milliseconds: usually, week } }: DeploymentFacts): Finding[] {
  if (usually === undefined) {
    return [];
  }
  const isLong = ({ activeMs = 0 }: Pick<RunWithResult, "activeMs">) =>
    activeMs > mostTimes * usually && activeMs - usually >= leastMs;
  const isEnded = ({ result, isOwnCancel }: RunWithResult) => result.state !== "running" && !isOwnCancel;
  const found = week.some(isLong) ? undefined : runsSince.find((one) => isEnded(one) && isLong(one));
  if (found === undefined) {
    return [];
  }
  const { run, activeMs = 0 } = found;
  const text = `A run took ${timeText(activeMs)}, more than four times the usual ${timeText(usually)}: its session ${run.sessionId}`;
  return [{ text, since: timeOf(run.createdAt) }];
}

/** A run of the schedule that came, and later than a run counts for its due time. One before the window makes it usual. */
export function beganLate({ recent, timezone, from = Number.POSITIVE_INFINITY }: DeploymentFacts): Finding[] {
  const late = recent.flatMap(({ trigger, createdAt, scheduledAt }) => {
    const [at, due] = [timeOf(createdAt), timeOf(scheduledAt)];
    return trigger === "schedule" && at !== undefined && due !== undefined && at - due > latenessMs
      ? [{ at, due }]
      : [];
  });
  const [last] = late;
  if (last === undefined || late.some(({ at }) => at < from)) {
    return [];
  }
  const text = `A run began ${timeText(last.at - last.due)} late: it was due ${runText(new Date(last.due), timezone)}, ${timezone}`;
  return [{ text, since: last.at }];
}

/** A last run that did far less than usual. One run of the week that did so too makes it usual. */
export function didLess({ runsSince: [last], usual: { credits, milliseconds, week } }: DeploymentFacts): Finding[] {
  if (last?.result.state !== "done") {
    return [];
  }
  const { result, activeMs, run } = last;
  const isCheap = (cost: number | undefined) =>
    credits !== undefined && cost !== undefined && cost > 0 && cost <= creditSum([credits * collapsed]);
  const isShort = (time: number | undefined) =>
    milliseconds !== undefined &&
    time !== undefined &&
    time <= milliseconds * collapsed &&
    milliseconds - time >= leastMs;
  const parts = [
    ...(isCheap(result.credits) && !week.some((one) => isCheap(one.credits))
      ? [`cost ${result.credits} credits instead of the usual ${credits}`]
      : []),
    ...(isShort(activeMs) && !week.some((one) => isShort(one.activeMs))
      ? [`worked for ${timeText(activeMs ?? 0)} instead of the usual ${timeText(milliseconds ?? 0)}`]
      : []),
  ];
  return parts.length === 0 ? [] : [{ text: `The last run ${parts.join(" and ")}`, since: timeOf(run.createdAt) }];
}
