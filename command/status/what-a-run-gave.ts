import { type Delivered, lackingOf } from "../../provider/deployment-run/delivered";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { archivedSession } from "../../provider/deployment-run/result";
import type { RunWithResult } from "../runs/tally";
import type { DeploymentFacts, Finding } from "./facts";

/** An artifact is usual if this number of runs before the last one gave it. */
const usualRuns = 5;
/** A message is a problem if this number of runs, the last one among them, gave it word for word, and the one before them another. */
const sameMessages = 5;
/** After so many runs with one message, nobody looks for another message. */
const mostSame = 2 * sameMessages;

interface DoneRun {
  readonly since: number | undefined;
  readonly given: Delivered;
}

function doneRuns(runs: readonly RunWithResult[]): DoneRun[] {
  return runs.flatMap(({ run: { createdAt }, result: { state }, given }) =>
    state === "done" && given !== undefined ? [{ since: timeOf(createdAt), given }] : [],
  );
}

/** The name without its numbers: `report-2026-12-01.md` is the artifact of each day. */
const shapeOf = (name: string) => name.replaceAll(/\d+/g, "#");

/** The usual artifacts that the last run lacks, by the names that the run before gave them. */
function lackingIn(last: Delivered, earlier: readonly DoneRun[]): string[] {
  const has = ({ artifacts }: Delivered, name: string) => artifacts.some((one) => shapeOf(one.name) === shapeOf(name));
  const [before, ...older] = earlier.slice(0, usualRuns);
  const usual = before?.given.artifacts.filter(({ name }) => older.every(({ given }) => has(given, name))) ?? [];
  return last.isPart ? [] : usual.flatMap(({ name }) => (has(last, name) ? [] : name));
}

/** The number of the newest runs with the same message. One word, such as `Done.`, says only that the run has ended. */
function sameMessagesIn([last, ...earlier]: readonly DoneRun[]): number {
  const message = last?.given.message?.trim() ?? "";
  const other = earlier.findIndex(({ given }) => given.message?.trim() !== message);
  return /\s/.test(message) ? 1 + (other < 0 ? earlier.length : other) : 0;
}

const gaveSomething = ({ artifacts, message = "" }: Delivered) => artifacts.length > 0 || message.trim() !== "";

/** True for a run that is done without an artifact, and without a message or with a blank one. */
function saysNothing({ result: { state, saidNothing }, given }: RunWithResult): boolean {
  return state === "done" && (saidNothing === true || (given !== undefined && !given.isPart && !gaveSomething(given)));
}

/** True if the run said nothing, or if this version does not know its end. The archiving of a session says nothing about its work. */
export function isOdd(run: RunWithResult): boolean {
  const { state, said } = run.result;
  return saysNothing(run) || (state === undefined && said !== archivedSession);
}

/** Of the five runs before an odd one so many may be odd as well: then it is news the second time, too. */
const mostOdd = 1;

/** True if the five runs before the last one are done and gave something, but for one of them, so that an odd last run is news. */
export function isNewsIfOdd([, ...earlier]: readonly RunWithResult[]): boolean {
  return earlier.length >= usualRuns && areOrdinary(earlier.slice(0, usualRuns));
}

function areOrdinary(runs: readonly RunWithResult[]): boolean {
  return runs.filter((run) => !isOrdinary(run)).length <= mostOdd;
}

const isOrdinary = ({ result: { state }, given }: RunWithResult) =>
  state === "done" && given !== undefined && gaveSomething(given);

/** True if one older run may make a problem of the last run. `runs`: the newest first. */
export function needsOlderGiven(runs: readonly RunWithResult[]): boolean {
  const [newest, ...before] = runs;
  if (newest !== undefined && isOdd(newest) && before.length < usualRuns && areOrdinary(before)) {
    return true;
  }
  const done = doneRuns(runs);
  const [last, ...earlier] = done;
  if (runs[0]?.result.state !== "done" || last === undefined) {
    return false;
  }
  const isLacking = earlier.length < usualRuns && lackingIn(last.given, earlier).length > 0;
  return earlier.length === 0 || isLacking || (done.length < mostSame && sameMessagesIn(done) === done.length);
}

/** Finds something in a last run that is done, and in the done runs before it. */
function inLastDone(find: (last: DoneRun, earlier: readonly DoneRun[], facts: DeploymentFacts) => readonly Finding[]) {
  return (facts: DeploymentFacts): readonly Finding[] => {
    const [last, ...earlier] = doneRuns(facts.judged);
    return facts.judged[0]?.result.state !== "done" || last === undefined ? [] : find(last, earlier, facts);
  };
}

/** By the names that the program declares, or by those that are usual. Judges names and sizes, and no text. */
export const lacksArtifacts = inLastDone(({ given, since }, earlier, { expectedArtifacts: expected, from }) => {
  const lacking =
    expected !== undefined
      ? lackingOf(given, expected).map(({ text }) => text)
      : earlier.length < usualRuns
        ? []
        : lackingIn(given, earlier).map((name) => `${name} is missing`);
  const wasEmpty = (name: string) =>
    earlier[0]?.given.artifacts.some((one) => shapeOf(one.name) === shapeOf(name) && one.size === 0) === true;
  const empty = given.artifacts.filter(
    ({ name, size }) => size === 0 && expected?.includes(name) !== true && !wasEmpty(name),
  );
  const isCompared = expected !== undefined || from !== undefined;
  return [...lacking, ...(isCompared ? empty.map(({ name }) => `${name} is empty`) : [])].map((text) => ({
    ...{ since, text: `The last run is done, ${text}` },
  }));
});

export const allCallsFailed = inLastDone(({ given: { calls }, since }) => {
  const { all = 0, failed = 0 } = calls ?? {};
  const text = all === 1 ? "its only tool call failed" : `all of its ${all} tool calls failed`;
  return all > 0 && failed === all ? [{ text: `The last run is done, but ${text}`, since }] : [];
});

/** An agent that never says anything else has its reasons: "No new issues were found." */
export const repeatsItself = inLastDone((last, earlier) => {
  const same = sameMessagesIn([last, ...earlier]);
  const text = `The last run is done, and repeats the message of the ${same - 1} runs before word for word`;
  return same >= sameMessages && earlier.length >= same ? [{ text, since: earlier[same - 2]?.since }] : [];
});
