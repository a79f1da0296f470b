import { excerpt } from "../../api/foreign-text";
import type { DeploymentRun } from "../../deployment-run/arguments";
import { stateText } from "../../deployment-run/result";
import { aligned } from "../columns";
import {
  creditsCell,
  longestWord,
  longTime,
  nextRunCell,
  none,
  resultCell,
  stateCell,
  type TimeText,
  type View,
} from "./cells";
import { errorText, isHealthy, problemsOf } from "./health";
import type { LastFailure } from "./since";
import { tallyText } from "./table";
import type { Watched } from "./watched";

const longestName = 40;
const longestMessage = 220;

/** All known values, one line for each deployment, of any width. */
export function wideTable(deployments: readonly Watched[], { timeZone, resourceNames }: View): string[] {
  const timeOf = longTime(timeZone);
  const hasSince = deployments.some(({ since }) => since !== undefined);
  const hasResources = resourceNames.size > 0;
  const head = [
    ...[
      "",
      "DEPLOYMENT",
      "NAME",
      ...(hasResources ? ["RESOURCE"] : []),
      "STATE",
      "NEXT RUN",
      "LAST RUN",
      "ITS SESSION",
    ],
    ...["RESULT", "CREDITS", ...(hasSince ? ["SINCE"] : []), "LAST FAILURE", "PROBLEMS"],
  ];
  const rows = deployments.map((deployment) => [
    isHealthy(deployment) ? " " : "!",
    ...nameCells(deployment, resourceNames),
    stateCell(deployment),
    nextRunCell(deployment, timeOf),
    ...runCells(deployment, timeOf),
    problemsOf(deployment)
      .map((problem) => excerpt(problem, longestMessage))
      .join("; ") || none,
  ]);
  return aligned([head, ...rows]);
}

function nameCells({ id, name }: Watched, resourceNames: View["resourceNames"]): string[] {
  const shown = [id, name ?? none, ...(resourceNames.size > 0 ? [resourceNames.get(id) ?? none] : [])];
  return shown.map((text, index) => excerpt(text, index === 0 ? longestWord : longestName));
}

function runCells({ lastRun, lastResult, lastFailure, since }: Watched, timeOf: TimeText): string[] {
  return [
    ...(lastRun === undefined
      ? ["never", none, none]
      : [lastRunCell(lastRun, timeOf), sessionCell(lastRun), resultCell(lastRun, lastResult)]),
    creditsCell(lastResult?.credits),
    ...(since === undefined ? [] : [tallyText(since)]),
    failureCell(lastFailure, timeOf),
  ];
}

function sessionCell({ sessionId = none }: DeploymentRun): string {
  return excerpt(sessionId, longestWord);
}

function lastRunCell({ createdAt, trigger }: DeploymentRun, timeOf: TimeText): string {
  const at = timeOf(createdAt);
  switch (trigger) {
    case undefined:
      return at;
    case "manual":
      return `${at} by hand`;
    default:
      return `${at} by ${excerpt(trigger, longestWord)}`;
  }
}

function failureCell({ found, result, lookedAt }: LastFailure, timeOf: TimeText): string {
  if (found === undefined) {
    return lookedAt === undefined ? "none" : `none in the last ${lookedAt} runs`;
  }
  const { createdAt, sessionId, error = result?.error } = found;
  const session = sessionId === undefined ? "" : `${excerpt(sessionId, longestWord)}: `;
  const what = error === undefined && result !== undefined ? stateText(result) : errorText(error);
  return `${timeOf(createdAt)} ${session}${excerpt(what, longestMessage)}`;
}
