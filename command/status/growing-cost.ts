import { dayMs } from "../../provider/api/clock";
import { smallest } from "../../provider/api/extremes";
import { creditSum } from "../../provider/deployment-run/credits";
import { timeOf } from "../../provider/deployment-run/newest-first";
import type { Usual } from "../runs/usual";
import type { DeploymentFacts, Finding } from "./facts";

/** Two runs in a row that cost more than this number of times the usual are a problem, and so is a day that costs more than usual. */
const mostOfTwo = 3;
const mostOfDay = 3;
/** The runs of a day may cost this number of times what they usually cost, now or in the week before the usual one. */
const mostOfAll = 2;
/** A cost that grows is above that of the week by this factor at least; one that has only become another stays. */
const leastGrowth = 1.2;

interface PaidRun {
  readonly at: number;
  readonly credits: number;
}

/** The cost that grows, with both figures. */
export function growingCost({ runsSince, usual, from: since, now }: DeploymentFacts): Finding[] {
  const { credits: usually, lastCredits: previous = 0 } = usual;
  if (usually === undefined || since === undefined) {
    return [];
  }
  // A run without a cost says nothing. One that still works does so only once it costs more than it may at its end.
  const paid = runsSince.flatMap(({ run, result: { state, credits = 0 } }): PaidRun[] =>
    credits === 0 || (state === "running" && credits <= mostOfAll * usually)
      ? []
      : [{ at: timeOf(run.createdAt) ?? now, credits }],
  );
  const isHigh = (cost: number) => cost > creditSum([mostOfTwo * usually]);
  // One run of the pair may precede the window, so that no pair falls between two windows.
  const newer = paid.findIndex(({ credits }, place) => isHigh(credits) && isHigh(paid[place + 1]?.credits ?? previous));
  const [last, before] = newer < 0 ? [] : paid.slice(newer);
  if (last !== undefined) {
    const text = `Two runs in a row cost ${before?.credits ?? previous} and ${last.credits} credits, more than three times the usual ${usually}`;
    return [{ text, since: before?.at ?? since - 1 }];
  }
  return [paid, ...daysOf(paid, since, now)]
    .flatMap((day, place) => [
      ...aboveUsualRuns(day, usually, place > 0),
      ...(place === 0 ? [] : aboveUsualDay(day, usual)),
      ...(place === 1 ? grownSlowly(day, usual) : []),
    ])
    .slice(0, 1);
}

/** The runs of each day back from now, without empty days. A run that was only decided in the window is in its first day. */
function daysOf(paid: readonly PaidRun[], since: number, now: number): PaidRun[][] {
  const days = new Map<number, PaidRun[]>();
  for (const run of paid) {
    const day = Math.floor((now - Math.max(run.at, since + 1)) / dayMs);
    days.set(day, [...(days.get(day) ?? []), run]);
  }
  return [...days].sort(([one], [other]) => one - other).map(([, day]) => day);
}

const sumOf = (day: readonly PaidRun[]) => creditSum(day.map(({ credits }) => credits));
const beginOf = (day: readonly PaidRun[]) => smallest(day.map(({ at }) => at));

function aboveUsualRuns(day: readonly PaidRun[], usually: number, isOfMany: boolean): Finding[] {
  const [all, expected] = [sumOf(day), creditSum([day.length * usually])];
  const runs = isOfMany ? "The runs of one day" : "The runs";
  const text = `${runs} cost ${all} credits, more than twice the usual ${expected} (${usually} each)`;
  return all > creditSum([mostOfAll * expected]) ? [{ text, since: beginOf(day) }] : [];
}

/** More runs than usual, each at the usual cost. A day of the week that cost as much makes it usual. */
function aboveUsualDay(
  day: readonly PaidRun[],
  { creditsOfDay, days }: Pick<Usual, "creditsOfDay" | "days">,
): Finding[] {
  const all = sumOf(day);
  const most = creditsOfDay === undefined ? Number.POSITIVE_INFINITY : creditSum([mostOfDay * creditsOfDay]);
  const text = `${day.length} runs of one day cost ${all} credits, more than three times the ${creditsOfDay} of the usual day`;
  return all > most && days.every((other) => other <= most) ? [{ text, since: beginOf(day) }] : [];
}

/** A growth that no single week shows. */
function grownSlowly(
  day: readonly PaidRun[],
  { credits = 0, creditsBefore = Number.POSITIVE_INFINITY }: Pick<Usual, "credits" | "creditsBefore">,
): Finding[] {
  const each = creditSum([sumOf(day) / day.length]);
  const text = `A run costs ${each} credits, ${credits} in the week before, and ${creditsBefore} in the week before that`;
  const isGrowing = each > mostOfAll * creditsBefore && each >= leastGrowth * credits && credits > creditsBefore;
  return isGrowing ? [{ text, since: beginOf(day) }] : [];
}
