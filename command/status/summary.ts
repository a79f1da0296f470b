import { counted } from "../../provider/api/clock";
import { largest, smallest } from "../../provider/api/extremes";
import { hasFailed, tallyOf } from "../runs/tally";
import { dayText, longTime } from "../runs/texts";
import { namesText } from "../words";
import { type DeploymentStatus, healthOf, isHealthy, type Problem } from "./causes";
import { uncomparedText } from "./differences";
import { tallyText, type View } from "./table";

/** The view of a report that counts the runs since a time. */
export type WindowView = View & { readonly since: number };

/** The first line: `Since Tue 2026-11-24 09:00 (Asia/Shanghai): 3 runs, 2 done, 1 failed, 6.5 credits.` */
export function headText(all: readonly DeploymentStatus[], { since, timeZone }: View): string {
  if (since === undefined) {
    return `Times are in ${timeZone}.`;
  }
  const results = all.flatMap(({ runsSince }) => runsSince.map(({ result }) => result));
  const from = longTime(timeZone)(new Date(since).toISOString());
  return `Since ${from} (${timeZone}): ${tallyText(tallyOf(results))}.`;
}

/** `139 of 154 healthy: 3 new, 12 known since Dec 3, 2 over` */
export function healthText(all: readonly DeploymentStatus[], view: View): string {
  const unchecked = all.filter((one) => healthOf(one) === undefined);
  const healthy = all.filter((one) => healthOf(one) === true);
  const notChecked =
    unchecked.length === 0
      ? ""
      : `, ${unchecked.length} not checked (${namesIn(unchecked, 80)}), because their last change may hide missed runs`;
  const news = newsIn(all, view);
  return `${healthy.length} of ${all.length} healthy${notChecked}${news.length === 0 ? "" : `: ${news.join(", ")}`}`;
}

function newsIn(all: readonly DeploymentStatus[], { since, timeZone, now }: View): string[] {
  if (since === undefined) {
    return [];
  }
  const unhealthy = all.flatMap(({ problems }) => (problems.length > 0 ? [problems] : []));
  const fresh = unhealthy.filter((problems) => problems.some((one) => isNew(one, since)));
  const known = unhealthy.filter((problems) => !problems.some((one) => isNew(one, since)));
  const first = smallest(known.flat().flatMap((one) => one.since ?? []));
  const over = all.filter(isOver(since));
  return [
    ...(fresh.length > 0 ? [`${fresh.length} new`] : []),
    ...(known.length > 0
      ? [`${known.length} known since ${dayText(timeZone, now)(new Date(first).toISOString())}`]
      : []),
    ...(over.length > 0 ? [`${over.length} over`] : []),
  ];
}

/** A problem of which nobody knows the beginning counts as new: a person must see it. */
export function isNew({ since: began }: Problem, since: number): boolean {
  return began === undefined || began >= since;
}

/** True if a run of the window, or the one before it, failed, and nothing is wrong any more. */
export function isOver(since: number): (deployment: DeploymentStatus) => boolean {
  return (deployment) => {
    const { judged, runsSince } = deployment;
    const before = judged.find(({ run }) => Date.parse(run.createdAt ?? "") < since);
    const runs = [...runsSince, ...(before === undefined ? [] : [before])];
    return isHealthy(deployment) && runs.some(({ result }) => hasFailed(result));
  };
}

/** The pauses, by whom, with the oldest: `2 by p-7f3a, oldest 12 days (triage, digest)`. */
export function pausesText(all: readonly DeploymentStatus[], columns: number): string | undefined {
  const paused = (by: DeploymentStatus["pausedBy"]) => all.filter((one) => one.pausedBy === by);
  const byHand = paused("by hand");
  const groups = [
    [`by ${namesText(holdsIn(all))}`, byHand.filter(({ holds }) => holds.length > 0)],
    ["by hand", byHand.filter(({ holds }) => holds.length === 0)],
    ["by the service", paused("by the service")],
    ["by the program", paused("by the program")],
  ] as const;
  const texts = groups.flatMap(([by, deployments]) => {
    const days = largest(
      deployments.map(({ pausedDays = 0 }) => pausedDays),
      0,
    );
    const oldest = days > 0 ? `, oldest ${counted(days, "day")}` : "";
    const names = namesIn(deployments, Math.max(columns / 2 - 30, 0));
    return deployments.length === 0 ? [] : [`${deployments.length} ${by}${oldest} (${names})`];
  });
  return texts.length === 0 ? undefined : `Paused: ${texts.join("; ")}`;
}

/** The holds of what people have paused. */
export function holdsIn(all: readonly DeploymentStatus[]): string[] {
  return [...new Set(all.flatMap(({ pausedBy, holds }) => (pausedBy === "by hand" ? holds : [])))];
}

export function notCompared(all: readonly DeploymentStatus[], columns: number): string[] {
  const uncompared = all.filter((one) => one.isUncompared);
  return uncompared.length === 0 ? [] : [uncomparedText(namesIn(uncompared, columns))];
}

/** As many of their names as fit into this number of columns. */
export function namesIn(deployments: readonly DeploymentStatus[], columns?: number): string {
  return namesText(
    deployments.map(({ id, name }) => name ?? id),
    columns,
  );
}
