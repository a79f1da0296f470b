import { counted } from "../../provider/api/clock";
import { absentRuns } from "./absent-runs";
import type { DeploymentFacts, Finding } from "./facts";
import { growingCost } from "./growing-cost";
import {
  archivedByHand,
  cancelledByHand,
  couldNotStart,
  failed,
  failedShare,
  hasUnknownEnd,
  lastRunIs,
  neverBegan,
  saidNothing,
  waits,
} from "./last-run";
import { hangs } from "./long-runs";
import { beganLate, didLess, tookLonger } from "./unusual-run";
import { allCallsFailed, lacksArtifacts, repeatsItself } from "./what-a-run-gave";

/** The command that the screen advises, and what it is about: one deployment, some, their sessions, or all that were selected. */
export interface Advice {
  readonly command: string;
  readonly about: "one" | "some" | "sessions" | "all";
  /** `--since` gets the beginning of the window. */
  readonly options?: readonly string[];
}

/** One kind of trouble: what reports call it, how it is found, and what is advised. */
interface Cause {
  readonly name: string;
  readonly found: (facts: DeploymentFacts) => readonly Finding[];
  readonly advice: Advice;
}

const read: Advice = { command: "logs", about: "one" };
const readFailed: Advice = { ...read, options: ["--failed"] };
const end: Advice = { command: "cancel", about: "sessions" };
const look: Advice = { command: "status", about: "one", options: ["--since"] };

/** From this number of days on, a pause by hand counts as forgotten. */
const longestPauseDays = 7;

/** In the order of a report: the worst comes first. */
export const causes = [
  {
    name: "archived",
    found: ({ status, changedAt: since }) =>
      status === "archived" ? [{ text: "The deployment is archived and never runs again", since }] : [],
    advice: look,
  },
  {
    name: "paused by the service",
    found: (facts) =>
      facts.pausedBy === "by the service"
        ? [{ text: `The service paused the deployment: ${pauseReason(facts)}`, since: facts.changedAt }]
        : [],
    advice: { command: "resume", about: "some", options: ["--paused-by-service"] },
  },
  { name: "agent or environment archived", found: archivedParts, advice: look },
  { name: "missed", found: absentRuns, advice: { command: "run", about: "all", options: ["--missed", "--since"] } },
  { name: "could not start", found: couldNotStart, advice: read },
  { name: "never began", found: neverBegan, advice: read },
  { name: "failed", found: failed, advice: readFailed },
  {
    name: "stopped by budget",
    found: lastRunIs("stopped by budget", () => "The budget of the deployment stopped the last run"),
    advice: readFailed,
  },
  {
    name: "not satisfied",
    found: lastRunIs(
      "not satisfied",
      ({ lastResult }) => `The last run did not satisfy its outcome: ${lastResult?.outcome ?? "unknown"}`,
    ),
    advice: readFailed,
  },
  {
    name: "not graded",
    found: lastRunIs(
      "done, not graded",
      () => "The last run is done, but not graded: an outcome that was asked for has no final grading",
    ),
    advice: read,
  },
  { name: "waits", found: waits, advice: end },
  { name: "hangs", found: hangs, advice: end },
  { name: "fails often", found: failedShare, advice: readFailed },
  { name: "lacks an artifact", found: lacksArtifacts, advice: read },
  { name: "tool calls failed", found: allCallsFailed, advice: read },
  { name: "repeats itself", found: repeatsItself, advice: read },
  { name: "said nothing", found: saidNothing, advice: read },
  { name: "costs more", found: growingCost, advice: { command: "limits", about: "all" } },
  { name: "took longer", found: tookLonger, advice: read },
  { name: "began late", found: beganLate, advice: read },
  { name: "did less", found: didLess, advice: read },
  { name: "cancelled", found: cancelledByHand, advice: read },
  { name: "session archived", found: archivedByHand, advice: read },
  {
    name: "paused for days",
    found: ({ isStrict, pausedDays: days = 0, changedAt: since }) =>
      isStrict && days >= longestPauseDays
        ? [{ text: `The deployment has been paused by hand for ${counted(days, "day")}`, since }]
        : [],
    advice: { command: "resume", about: "one", options: ["--dry-run"] },
  },
  {
    name: "unknown",
    found: (facts) => [...unknownStatus(facts), ...hasUnknownEnd(facts), ...gaps(facts)],
    advice: read,
  },
] as const satisfies readonly Cause[];

export interface Problem extends Finding {
  readonly cause: Cause;
}

/** A deployment with its problems, in the order of the causes. */
export interface DeploymentStatus extends DeploymentFacts {
  readonly problems: readonly Problem[];
}

export function judgedBy(facts: DeploymentFacts): DeploymentStatus {
  const problems = causes.flatMap((cause: Cause) => cause.found(facts).map((finding) => ({ ...finding, cause })));
  return { ...facts, problems };
}

/** True if no problem of the deployment is known. One whose last change may hide missed runs counts too; see `healthOf`. */
export function isHealthy({ problems }: DeploymentStatus): boolean {
  return problems.length === 0;
}

/** The same with a third answer: undefined if no problem is known, and the last change may hide each missed run of the window. */
export function healthOf(deployment: DeploymentStatus): boolean | undefined {
  return isHealthy(deployment) ? (isUnchecked(deployment) ? undefined : true) : false;
}

/** True if the last change may hide each missed run of the window. */
function isUnchecked({ missed }: DeploymentStatus): boolean {
  return missed?.cut === "whole";
}

/** The whole sentence. */
export function sentenceOf({ text, end: advice = "" }: Finding): string {
  return `${text}${advice}`;
}

/** The reason for which the service paused the deployment. */
function pauseReason({ pausedReason }: DeploymentFacts): string | undefined {
  return pausedReason?.error?.type ?? pausedReason?.type;
}

/** The agent or environment of the deployment if it is archived, except if the reason of the pause already says so. */
function archivedParts(facts: DeploymentFacts): Finding[] {
  // The service may give the archived object as its reason ("Errors": `agent_archived_error`).
  const reason = facts.pausedBy === "by the service" ? pauseReason(facts) : undefined;
  return (["agent", "environment"] as const).flatMap((noun) => {
    const { isArchived, archivedAt: since } = facts[noun] ?? {};
    return isArchived === true && reason !== `${noun}_archived_error`
      ? [{ text: `Its ${noun} is archived, so no run can start`, since }]
      : [];
  });
}

function unknownStatus({ status, pausedBy, changedAt: since }: DeploymentFacts): Finding[] {
  const text = `The deployment has the status "${status}", which this version of pulumi-qoder does not know`;
  return ["active", "archived"].includes(status) || pausedBy !== undefined ? [] : [{ text, since }];
}

/** What the command could not look for. */
function gaps({ missed, since }: DeploymentFacts): Finding[] {
  const { unknownCosts = 0 } = since ?? {};
  const texts = [
    ...(missed?.unknown === undefined ? [] : [`The command could not look for missed runs: ${missed.unknown}`]),
    ...(unknownCosts === 0 ? [] : [`The service does not show what ${counted(unknownCosts, "run")} cost`]),
  ];
  return texts.map((text) => ({ text, isGap: true }));
}
