import { QoderError } from "../api/errors";
import { excerpt } from "../api/foreign-text";
import { FinalFailure } from "../resource/state";
import type { RunError } from "./arguments";
import { type RunResult, stateText } from "./result";
import { type EndedRun, isDecided } from "./result-outputs";

const longestText = 300;
const unasked: RunResult = { state: undefined };

/** The result in the words of `pulumi-qoder status`. */
export function resultText(result: RunResult = unasked): string {
  return excerpt(stateText(result), longestText);
}

/** The error for a result that `waitForResult` does not accept; undefined for an accepted one. */
export function verdictOn(run: EndedRun, isToBeSatisfied: boolean, isRecord: boolean): QoderError | undefined {
  const { came_to: result = unasked } = run;
  const isAccepted = isPassed(result, isToBeSatisfied) || (isRecord && isOver(result, isToBeSatisfied));
  const reason = isAccepted ? undefined : reasonOf(result);
  if (reason === undefined) {
    return undefined;
  }
  const text = `${run.id} of ${run.deployment_id} ${reason} (${factsOf(run)})`;
  return isDecided(result, isToBeSatisfied)
    ? new FinalFailure(
        `${text}. It stays failed until triggers change, or \`pulumi up --replace\` asks for another run`,
      )
    : new QoderError(`${text}. ${remedyOf(result)}; changed triggers start another run`);
}

/** Whether nobody need ask again: without a person, the run comes to no other result. */
function isOver(result: RunResult, isGraded: boolean): boolean {
  return isDecided(result, isGraded) || result.state === "waiting for somebody";
}

function isPassed({ state, outcome }: RunResult, isToBeSatisfied: boolean): boolean {
  return isToBeSatisfied ? state === "done" && outcome === "satisfied" : state === "done" || state === "not satisfied";
}

function reasonOf(result: RunResult): string {
  const { state, error, outcome } = result;
  switch (state) {
    case "failed":
      return `failed${errorText(error)}`;
    case "could not start":
      return `could not start${errorText(error)}`;
    case "cancelled":
      return "was cancelled";
    case "stopped by budget":
      return "was stopped by its budget";
    case "waiting for somebody":
      return "waits for somebody, for as long as it takes";
    case "done":
    case "not satisfied":
      return outcome === undefined
        ? "is done, but no outcome of it was graded: the service shows the grading late, or the deployment had no user.define_outcome among its initialEvents"
        : `is done, but its outcome is not satisfied: ${excerpt(outcome, longestText)}`;
    default:
      return `is in a state that this version does not know: ${resultText(result)}`;
  }
}

function remedyOf({ state }: RunResult): string {
  return state === "waiting for somebody"
    ? "Answer in the session, then run `pulumi up` again, which continues with this run"
    : "Look at the session at Qoder, then run `pulumi up` again, which looks at this run once more";
}

function errorText(error: RunError | undefined): string {
  return error === undefined
    ? ""
    : `: ${excerpt(error.type, longestText)}: ${excerpt(error.message, longestText).replace(/\.$/, "")}`;
}

function factsOf({ session_id: sessionId, came_to: result }: EndedRun): string {
  const credits = result?.credits;
  const session = sessionId == null ? "no session" : `session ${sessionId}`;
  return `${session}, ${credits === undefined ? "credits unknown" : `${credits} credits`}`;
}

/** The error for a run whose end `up` did not see. The run has not failed: the next `up` waits for the same run. */
export function unended(run: EndedRun, passedMs: number, isCancelled: boolean): QoderError {
  const [cause, remedy] = isCancelled
    ? [", when the command was cancelled", ""]
    : ["", "; waitForResult.timeoutSeconds and the resource option customTimeouts give it more time"];
  const seconds = Math.round(passedMs / 1_000);
  return new QoderError(
    `${run.id} of ${run.deployment_id} has no result after ${seconds} s${cause}: ${resultText(run.came_to)} (${factsOf(run)}). The run continues, and the next \`pulumi up\` waits for the same run${remedy}`,
  );
}
