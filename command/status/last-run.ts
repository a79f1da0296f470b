import { counted } from "../../provider/api/clock";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { archivedSession, type KnownState, stateText } from "../../provider/deployment-run/result";
import { advised } from "../advised";
import { failedInARow, failedOften, hasFailed, type RunWithResult } from "../runs/tally";
import { errorText } from "../runs/texts";
import type { DeploymentFacts, Finding } from "./facts";
import { isNewsIfOdd, isOdd } from "./what-a-run-gave";

const createdAt = (one: Partial<Pick<RunWithResult, "run">> = {}) => timeOf(one.run?.createdAt);

/** The state of the last run; if its result was not requested, whether its session could start. */
function stateOf({ lastRun, lastResult }: DeploymentFacts): KnownState | undefined {
  const { error, sessionId } = lastRun ?? {};
  const start = sessionId === undefined ? "could not start" : "failed";
  return lastResult !== undefined ? lastResult.state : error && start;
}

const lastError = ({ lastRun, lastResult }: DeploymentFacts) => errorText(lastResult?.error ?? lastRun?.error);

/** Finds a last run that has this state, with the runs that failed before it one after another. */
export function lastRunIs(state: KnownState, sentence: (facts: DeploymentFacts) => string) {
  return (facts: DeploymentFacts): Finding[] => {
    if (stateOf(facts) !== state) {
      return [];
    }
    const text = sentence(facts);
    const row = rowOf(facts);
    return row.length < 2
      ? [{ text, since: timeOf(facts.lastRun?.createdAt) }]
      : [
          {
            text: `${rowText(row)}${/^The last run failed(.*)/s.exec(text)?.[1] ?? `: ${text}`}`,
            since: createdAt(row.at(-1)),
          },
        ];
  };
}

const rowOf = ({ judged }: DeploymentFacts) => failedInARow(judged);
const rowText = (row: readonly RunWithResult[]) => `The deployment failed ${row.length} in a row`;

export const couldNotStart = lastRunIs(
  "could not start",
  (facts) => `The last run could not start: ${lastError(facts)}`,
);

const lastFailed = lastRunIs("failed", (facts) => `The last run failed: ${lastError(facts)}`);

/** The last run, or those before it if it has not ended. */
export function failed(facts: DeploymentFacts): Finding[] {
  const row = rowOf(facts);
  const isOpen = facts.lastResult !== undefined && !hasFailed(facts.lastResult);
  return isOpen && row.length > 1 ? [{ text: rowText(row), since: createdAt(row.at(-1)) }] : lastFailed(facts);
}

/** The runs of the window before the last one that have this state. */
function olderRuns({ runsSince, lastRun }: DeploymentFacts, state: KnownState): RunWithResult[] {
  return runsSince.filter(({ run, result }) => run.id !== lastRun?.id && result.state === state);
}

const lastNeverBegan = lastRunIs("never began", ({ lastRun: { sessionId } = {} }) =>
  sessionId === undefined
    ? "The last run never began: it has no session"
    : `The last run never began: its session ${sessionId} shows no event of the agent`,
);

/** Also a run that a later one hides. */
export function neverBegan(facts: DeploymentFacts): Finding[] {
  const older = olderRuns(facts, "never began");
  const session = older[0]?.run.sessionId;
  const place = session === undefined ? "without a session" : `in its session ${session}`;
  const text = `${counted(older.length, "older run")} never began, the last ${place}`;
  return [...lastNeverBegan(facts), ...(older.length === 0 ? [] : [{ text, since: createdAt(older.at(-1)) }])];
}

/** The runs that wait for an answer. One that the command `cancel` could not end is no news: the command has named it. */
export function waits(facts: DeploymentFacts): Finding[] {
  const { judged, advisor } = facts;
  const newest = judged.slice(0, 1).filter(({ result }) => result.state === "waiting for somebody");
  const last = newest.map((one) => ({ which: "The last run", ...one }));
  const older = olderRuns(facts, "waiting for somebody").map((one) => ({ which: "An older run", ...one }));
  const waiting = [...last, ...older].filter(({ isOwnCancel }) => !isOwnCancel);
  return waiting.map(({ which, run: { sessionId = "", createdAt: began }, result }) => ({
    text: `${which} waits until somebody answers in its session ${sessionId}`,
    end: ` or \`${advised("cancel", [sessionId], advisor)}\` ends it`,
    since: timeOf(result.endedAt ?? began),
    session: sessionId,
  }));
}

/** A job that fails now and then, also if its last run is fine. A row of failures that has all of them says it already. */
export function failedShare(facts: DeploymentFacts): Finding[] {
  const often = failedOften(facts.runsSince);
  if (often === undefined || often.failed.length <= rowOf(facts).length) {
    return [];
  }
  const { failed: runs, ended } = often;
  const type = runs[0]?.result.error?.type;
  const text = `${runs.length} of ${ended} runs failed${type === undefined ? "" : `, the last with ${type}`}`;
  return [{ text, since: createdAt(runs.at(-1)) }];
}

/** True if the last run said nothing or has an unknown end, and this is news. */
function isOddNews({ judged, isStrict }: DeploymentFacts): boolean {
  const [last] = judged;
  return last !== undefined && isOdd(last) && (isStrict || isNewsIfOdd(judged));
}

const lastDone = lastRunIs(
  "done",
  () => "The last run is done, but said nothing: its session has no message of the agent and no artifact",
);

export const saidNothing = (facts: DeploymentFacts) => (isOddNews(facts) ? lastDone(facts) : []);

export function hasUnknownEnd(facts: DeploymentFacts): Finding[] {
  const { lastRun, lastResult: result } = facts;
  return result !== undefined && result.state === undefined && isOddNews(facts)
    ? [
        {
          text: `The last run ended as "${stateText(result)}", which this version of pulumi-qoder does not know`,
          since: timeOf(lastRun?.createdAt),
        },
      ]
    : [];
}

/** The runs of the window that a person cancelled without a command of this package. */
export function cancelledByHand({ runsSince, lastRun }: DeploymentFacts): Finding[] {
  const cancelled = runsSince.filter(({ result, isOwnCancel }) => result.state === "cancelled" && !isOwnCancel);
  const [newest] = cancelled;
  if (newest === undefined) {
    return [];
  }
  const { id, sessionId } = newest.run;
  const others = cancelled.length > 1 ? ` and ${cancelled.length - 1} before` : "";
  const runs = id === lastRun?.id ? `the last run${others}` : counted(cancelled.length, "older run");
  const place = sessionId === undefined ? "" : `, in its session ${sessionId}`;
  return [{ text: `Somebody cancelled ${runs}${place}`, since: createdAt(cancelled.at(-1)) }];
}

/** A last run whose session a person archived. The archiving of an older session hides nothing: people tidy up. */
export function archivedByHand({ runsSince, lastRun }: DeploymentFacts): Finding[] {
  return runsSince
    .filter(({ run, result, isOwnCancel }) => run.id === lastRun?.id && result.said === archivedSession && !isOwnCancel)
    .map((one) => ({
      text: `Somebody archived the session ${one.run.sessionId} of the last run, which hides its result`,
      since: createdAt(one),
    }));
}
