import { wrapped } from "../columns";
import { longTime, type View } from "./cells";
import { isHealthy } from "./health";
import { summed } from "./since";
import { compactTable, list, tallyText } from "./table";
import type { Watched } from "./watched";
import { wideTable } from "./wide";

/** The columns for a file or a pipe; most terminals have at least as many. */
const ordinaryColumns = 100;

/** The deployments with a legend. On a narrow terminal they are a list, because the lines of a table would wrap. */
export function report(deployments: readonly Watched[], view: View): string {
  const columns = view.columns ?? ordinaryColumns;
  const summaries = [summary(deployments, view.timeZone), ...sinceSummary(deployments, view)];
  return view.isWide
    ? lines([...wideTable(deployments, view), "", ...summaries])
    : lines([
        ...(columns < ordinaryColumns ? list : compactTable)(deployments, view, columns),
        "",
        ...summaries.flatMap((text) => wrapped(text, columns)),
      ]);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

function summary(deployments: readonly Watched[], timeZone: string): string {
  const [healthy, all] = [deployments.filter(isHealthy).length, deployments.length];
  return `${healthy} of ${all} healthy${healthy < all ? "; ! marks the others" : ""}. Times are in ${timeZone}.`;
}

function sinceSummary(deployments: readonly Watched[], { since, timeZone }: View): string[] {
  if (since === undefined) {
    return [];
  }
  const tallies = deployments.flatMap((deployment) => (deployment.since === undefined ? [] : [deployment.since]));
  return [`Since ${longTime(timeZone)(new Date(since).toISOString())}: ${tallyText(summed(tallies))}.`];
}

/** Unhealthy deployments first, then by the next run; deployments that do not run by themselves last. */
export function inOrder(deployments: readonly Watched[]): Watched[] {
  const place = (deployment: Watched) => (isHealthy(deployment) ? 1 : 0);
  return [...deployments].sort((one, other) => place(one) - place(other) || nextRunTime(one) - nextRunTime(other));
}

const never = Number.MAX_SAFE_INTEGER;

function nextRunTime({ nextRunAt }: Watched): number {
  const time = Date.parse(nextRunAt ?? "");
  return Number.isNaN(time) ? never : time;
}
