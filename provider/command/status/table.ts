import { excerpt } from "../../api/foreign-text";
import { pauseOf } from "../../deployment/paused";
import { aligned, cut, width, wrapped } from "../columns";
import { creditsCell, nameCell, nextRunCell, none, resultCell, shortTime, type TimeText, type View } from "./cells";
import { isHealthy, problemsOf } from "./health";
import type { Tally } from "./since";
import type { Watched } from "./watched";

/** A result in the words of the service can have any length; the longest one of this package fits. */
const longestResult = 20;
const shortestName = 16;
const longestProblem = 300;

/** One line for each deployment, within this number of columns, and below an unhealthy one its id and its problems. */
export function compactTable(deployments: readonly Watched[], view: View, columns: number): string[] {
  const timeOf = shortTime(view.timeZone, view.now);
  const hasSince = deployments.some(({ since }) => since !== undefined);
  const head = ["NEXT RUN", "LAST RUN", "RESULT", ...(hasSince ? ["DONE"] : []), "CREDITS"];
  const rows = deployments.map((deployment) => cells(deployment, timeOf));
  const others = aligned([head, ...rows]);
  // Without the mark and the space next to the name.
  const room = columns - Math.max(...others.map(width)) - "!  ".length - "  ".length;
  const names = deployments.map((deployment) => nameCell(deployment, view.resourceNames.get(deployment.id)));
  const [headLine = "", ...lines] = aligned([
    ["", "NAME", ...head],
    ...rows.map((row, index) => ["", cut(names[index] ?? "", Math.max(room, shortestName)), ...row]),
  ]);
  return [
    ` ${headLine}`,
    ...deployments.flatMap((deployment, index) => [
      `${isHealthy(deployment) ? " " : "!"}${lines[index]}`,
      ...details(deployment, columns, "     "),
    ]),
  ];
}

function cells(deployment: Watched, timeOf: TimeText): string[] {
  const { lastRun, lastResult, since } = deployment;
  return [
    cut(nextOrPause(deployment, timeOf), longestResult),
    lastRun === undefined ? "never" : cut(timeOf(lastRun.createdAt), longestResult),
    lastRun === undefined ? none : cut(resultCell(lastRun, lastResult), longestResult),
    ...(since === undefined ? [creditsCell(lastResult?.credits)] : sinceCells(since)),
  ];
}

function sinceCells({ runs, done, credits }: Tally): string[] {
  return runs === 0 ? [none, none] : [`${done}/${runs}`, creditsCell(credits)];
}

/** The time of the next run, or the reason for which the deployment does not run by itself. */
function nextOrPause(deployment: Watched, timeOf: TimeText): string {
  switch (pauseOf(deployment)) {
    case "by hand":
      return "paused by hand";
    case "by the service":
      return "paused by service";
    case undefined:
      return deployment.status === "active"
        ? nextRunCell(deployment, timeOf)
        : excerpt(deployment.status, longestResult);
  }
}

/** The deployments as a list, for a narrow terminal. */
export function list(deployments: readonly Watched[], view: View, columns: number): string[] {
  const timeOf = shortTime(view.timeZone, view.now);
  return deployments.flatMap((deployment) => {
    const { id, lastRun, lastResult, since } = deployment;
    const name = nameCell(deployment, view.resourceNames.get(id));
    const next = nextOrPause(deployment, timeOf);
    const last =
      lastRun === undefined
        ? "never"
        : `${timeOf(lastRun.createdAt)}, ${resultCell(lastRun, lastResult)}${spent(lastResult?.credits)}`;
    const facts = [
      `next run: ${next}`,
      `last run: ${last}`,
      ...(since === undefined ? [] : [`since: ${tallyText(since)}`]),
    ];
    return [
      cut(`${isHealthy(deployment) ? " " : "!"} ${name}`, columns),
      ...facts.flatMap((fact) => wrapped(fact, columns, "  ")),
      ...details(deployment, columns, "  "),
    ];
  });
}

/** The id, for use in the next command, and the problems. */
function details(deployment: Watched, columns: number, indent: string): string[] {
  const problems = problemsOf(deployment);
  return problems.length === 0
    ? []
    : [excerpt(deployment.id, 100), ...problems.map((problem) => excerpt(problem, longestProblem))].flatMap((text) =>
        wrapped(text, columns, indent),
      );
}

function spent(credits: number | undefined): string {
  return credits === undefined ? "" : `, ${credits} ${credits === 1 ? "credit" : "credits"}`;
}

/** The numbers of runs: `7 runs, 5 done, 1 failed, 1 waiting, 12.5 credits`. */
export function tallyText({ runs, done, failed, running, waiting, credits }: Tally): string {
  const counts = [
    [done, "done"],
    [failed, "failed"],
    [running, "running"],
    [waiting, "waiting"],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [`${runs} ${runs === 1 ? "run" : "runs"}`, ...told].join(", ") + (runs === 0 ? "" : spent(credits));
}
