import { counted } from "../../provider/api/clock";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { archivedSession, type RunResult, stateText } from "../../provider/deployment-run/result";
import { runText } from "../../provider/schedule/runs";
import { type Advisor, advised } from "../advised";
import { failedOften } from "../runs/tally";
import { errorText } from "../runs/texts";
import type { DeploymentStatus } from "./deployment-status";
import type { Cause, Problem } from "./problem";
import { isNewsIfOdd, isOdd } from "./what-a-run-gave";

/** True if no problem of the deployment is known. One whose last change may hide missed runs counts too; see `healthOf`. */
export function isHealthy(deployment: DeploymentStatus): boolean {
  return problemsOf(deployment).length === 0;
}

/** True if a problem is known, whatever nobody knows of the deployment. */
export function isKnownBad(deployment: DeploymentStatus): boolean {
  return problemsOf(deployment).length > unknownsOf(deployment).length;
}

/** The same with a third answer: undefined if no problem is known, and the last change may hide each missed run of the window. */
export function healthOf(deployment: DeploymentStatus): boolean | undefined {
  return isHealthy(deployment) ? (isUnchecked(deployment) ? undefined : true) : false;
}

/** True if the last change may hide each missed run of the window. */
export function isUnchecked({ missed }: DeploymentStatus): boolean {
  return missed !== undefined && "cut" in missed && missed.cut === "whole";
}

/** The problems of a deployment and what is unknown of it. */
export function problemsOf(deployment: DeploymentStatus): Problem[] {
  return [
    ...stateProblems(deployment),
    ...archivedProblems(deployment),
    ...absenceProblems(deployment),
    ...runProblems(deployment),
    ...endedByHand(deployment),
    ...openProblems(deployment),
    ...deployment.unusual,
    ...pauseProblems(deployment),
    ...unknownsOf(deployment),
  ];
}

/** What nobody can know of a deployment. It makes the deployment unhealthy. */
export function unknownsOf({ missed, since }: DeploymentStatus): Problem[] {
  const { unknownCosts = 0 } = since ?? {};
  const texts = [
    ...(missed !== undefined && "unknown" in missed
      ? [`The command could not look for missed runs: ${missed.unknown}`]
      : []),
    ...(unknownCosts === 0 ? [] : [`The service does not show what ${counted(unknownCosts, "run")} cost`]),
  ];
  return texts.map((text) => ({ cause: "unknown", text }));
}

/** The due times of the missed runs; undefined if they are not known. */
export function missedTimes({ missed }: DeploymentStatus): readonly number[] | undefined {
  return missed !== undefined && "times" in missed ? missed.times : undefined;
}

/** The runs that should have come. */
function absenceProblems(deployment: DeploymentStatus): Problem[] {
  const { isOverdue, nextRunAt, timezone, missed } = deployment;
  const due = (moment: number) => `${runText(new Date(moment), timezone ?? "UTC")}, ${timezone ?? "UTC"}`;
  const times = missedTimes(deployment) ?? [];
  const [count, first = 0, last = 0] = [times.length, times[0], times.at(-1)];
  const doubtful = missed !== undefined && "doubtful" in missed ? missed.doubtful : [];
  const next = timeOf(nextRunAt);
  const overdue: Problem[] = isOverdue
    ? [{ cause: "missed", text: `The next run that the service shows is overdue: ${due(next ?? 0)}`, since: next }]
    : [];
  const doubts = doubtful.slice(0, 1).map(
    ({ due: at, why }): Problem => ({
      ...{ cause: "missed", since: at },
      text: `${counted(doubtful.length, "run")} may have been missed: ${doubtful.length === 1 ? "it" : "the first"} was due ${due(at)}, and ${why}`,
    }),
  );
  if (count === 0) {
    return [...doubts, ...overdue];
  }
  const text =
    count === 1
      ? `1 run was missed: it was due ${due(first)}`
      : `${count} runs were missed: the first was due ${due(first)}, the last ${due(last)}`;
  const since = missed !== undefined && "begin" in missed ? missed.begin : first;
  return [{ cause: "missed", text, since }, ...doubts, ...overdue];
}

/** A session that a later run hides, and one that nobody ended. */
function openProblems({ long, runsSince = [], lastRun, advisor }: DeploymentStatus): Problem[] {
  const older = runsSince.filter(({ run }) => run.id !== lastRun?.id);
  const runsIn = (state: RunResult["state"]) => older.filter(({ result }) => result.state === state);
  const absent = runsIn("never began");
  const session = absent[0]?.run.sessionId;
  const place = session === undefined ? "without a session" : `in its session ${session}`;
  return [
    ...long.map(
      ({ id, text, since }): Problem => ({
        ...{ cause: "hangs", since, session: id },
        text: `A session is ${text}: \`${advised("cancel", [id], advisor)}\` ends it`,
      }),
    ),
    ...runsIn("waiting for somebody").map(
      ({ run, result }): Problem => ({
        ...{ cause: "waits", since: timeOf(result.endedAt ?? run.createdAt), session: run.sessionId },
        text: `An older run waits ${untilText(run, advisor)}`,
      }),
    ),
    ...(absent.length === 0
      ? []
      : [
          {
            cause: "never began" as const,
            text: `${counted(absent.length, "older run")} never began, the last ${place}`,
            since: timeOf(absent.at(-1)?.run.createdAt),
          },
        ]),
  ];
}

function untilText({ sessionId = "" }: DeploymentRun, advisor: Advisor): string {
  return `until somebody answers in its session ${sessionId} or \`${advised("cancel", [sessionId], advisor)}\` ends it`;
}

/** A run of the window that a person ended without a command of this package. The archiving of an older session hides nothing: people tidy up. */
function endedByHand({ runsSince = [], lastRun }: DeploymentStatus): Problem[] {
  const cancelled = runsSince.filter(({ result, isOwnCancel }) => result.state === "cancelled" && !isOwnCancel);
  const [newest] = cancelled;
  const runs = newest?.run.id === lastRun?.id ? "the last run" : counted(cancelled.length, "older run");
  const others = cancelled.length > 1 && newest?.run.id === lastRun?.id ? ` and ${cancelled.length - 1} before` : "";
  const archived = runsSince.find(({ run, result }) => run.id === lastRun?.id && result.said === archivedSession);
  return [
    ...(newest === undefined
      ? []
      : [
          {
            cause: "cancelled" as const,
            text: `Somebody cancelled ${runs}${others}${newest.run.sessionId === undefined ? "" : `, in its session ${newest.run.sessionId}`}`,
            since: timeOf(cancelled.at(-1)?.run.createdAt),
          },
        ]),
    ...(archived === undefined
      ? []
      : [
          {
            cause: "session archived" as const,
            text: `Somebody archived the session ${archived.run.sessionId} of the last run, which hides its result`,
            since: timeOf(archived.run.createdAt),
          },
        ]),
  ];
}

/** From this number of days on, a pause by hand counts as forgotten. */
const longestPauseDays = 7;

function pauseProblems({ pausedDays: days = 0, changedAt, isStrict }: DeploymentStatus): Problem[] {
  const text = `The deployment has been paused by hand for ${counted(days, "day")}`;
  return isStrict && days > longestPauseDays ? [{ cause: "paused for days", text, since: changedAt }] : [];
}

function stateProblems(deployment: DeploymentStatus): Problem[] {
  const { status, changedAt: since } = deployment;
  const by = deployment.pausedBy;
  if (status === "archived") {
    return [{ cause: "archived", text: "The deployment is archived and never runs again", since }];
  }
  if (by === "by the service") {
    const text = `The service paused the deployment: ${pauseReason(deployment)}`;
    return [{ cause: "paused by the service", text, since }];
  }
  const text = `The deployment has the status "${status}", which this version of pulumi-qoder does not know`;
  return status === "active" || by !== undefined ? [] : [{ cause: "unknown", text, since }];
}

/** The reason for which the service paused the deployment. */
function pauseReason({ pausedReason }: DeploymentStatus): string | undefined {
  return pausedReason?.error?.type ?? pausedReason?.type;
}

/** The agent or environment of the deployment if it is archived, except if the reason of the pause already says so. */
function archivedProblems(deployment: DeploymentStatus): Problem[] {
  // The service may give the archived object as its reason ("Errors": `agent_archived_error`).
  const reason = deployment.pausedBy === "by the service" ? pauseReason(deployment) : undefined;
  return (["agent", "environment"] as const).flatMap((noun) => {
    const { isArchived, archivedAt: since } = deployment[noun] ?? {};
    return isArchived === true && reason !== `${noun}_archived_error`
      ? [{ cause: "agent or environment archived", text: `Its ${noun} is archived, so no run can start`, since }]
      : [];
  });
}

function runProblems(deployment: DeploymentStatus): Problem[] {
  const { failedInARow: row = [], runsSince = [] } = deployment;
  const last = lastRunProblems(deployment);
  const share = shareProblems(runsSince, row.length);
  if (row.length < 2) {
    return [...last, ...share];
  }
  const [first, ...others] = last;
  const since = timeOf(row.at(-1)?.run.createdAt) ?? first?.since;
  const streak = `The deployment failed ${row.length} in a row`;
  const failed = "The last run failed";
  const rest = first?.text.startsWith(failed) ? first.text.slice(failed.length) : first && `: ${first.text}`;
  return [{ cause: first?.cause ?? "failed", text: `${streak}${rest ?? ""}`, since }, ...others, ...share];
}

/** A job that fails now and then, also if its last run is fine. A row of failures that has all of them says it already. */
function shareProblems(runs: NonNullable<DeploymentStatus["runsSince"]>, inARow: number): Problem[] {
  const often = failedOften(runs);
  if (often === undefined || often.failed.length <= inARow) {
    return [];
  }
  const [newest] = often.failed;
  const error = newest?.result.error === undefined ? "" : `, the last with ${newest.result.error.type}`;
  const text = `${often.failed.length} of ${often.ended} runs failed${error}`;
  return [{ cause: "fails often", text, since: timeOf(often.failed.at(-1)?.run.createdAt) }];
}

function lastRunProblems(deployment: DeploymentStatus): Problem[] {
  const { lastRun, lastResult, isStrict, judged = [] } = deployment;
  const [last = lastRun && lastResult && { run: lastRun, result: lastResult }] = judged;
  const isOddRun = last !== undefined && isOdd(last) && (isStrict || isNewsIfOdd(judged));
  if (lastRun === undefined) {
    return [];
  }
  const one = (cause: Cause, text: string): Problem[] => [{ cause, text, since: timeOf(lastRun.createdAt) }];
  switch (lastResult?.state) {
    case "done":
      return isOddRun
        ? one(
            "said nothing",
            "The last run is done, but said nothing: its session has no message of the agent and no artifact",
          )
        : [];
    case "done, not graded":
      return one(
        "not graded",
        "The last run is done, but not graded: an outcome that was asked for has no final grading",
      );
    case "failed":
      return one("failed", `The last run failed: ${errorText(lastResult.error)}`);
    case "waiting for somebody":
      return [
        {
          ...{ cause: "waits", since: timeOf(lastResult.endedAt ?? lastRun.createdAt), session: lastRun.sessionId },
          text: `The last run waits ${untilText(lastRun, deployment.advisor)}`,
        },
      ];
    case "never began":
      return one(
        "never began",
        lastRun.sessionId === undefined
          ? "The last run never began: it has no session"
          : `The last run never began: its session ${lastRun.sessionId} shows no event of the agent`,
      );
    case "stopped by budget":
      return one("stopped by budget", "The budget of the deployment stopped the last run");
    case "not satisfied":
      return one("not satisfied", `The last run did not satisfy its outcome: ${lastResult.outcome ?? "unknown"}`);
    case undefined:
      return isOddRun && lastResult !== undefined
        ? one(
            "unknown",
            `The last run ended as "${stateText(lastResult)}", which this version of pulumi-qoder does not know`,
          )
        : startProblems(lastRun);
    default:
      return startProblems(lastRun);
  }
}

function startProblems({ sessionId, error, createdAt }: DeploymentRun): Problem[] {
  const [cause, what] =
    sessionId === undefined ? (["could not start", "could not start"] as const) : (["failed", "failed"] as const);
  const text = `The last run ${what}: ${errorText(error)}`;
  return error === undefined ? [] : [{ cause, text, since: timeOf(createdAt) }];
}
