import type { DeploymentPausedReason } from "../../provider/deployment/arguments";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import type { RunResult } from "../../provider/deployment-run/result";
import type { Advisor } from "../advised";
import type { OpenSession } from "../cancel/open-sessions";
import type { MissedRuns } from "../runs/missed-runs";
import type { LastFailure, RunWithResult, Tally } from "../runs/tally";
import type { Usual } from "../runs/usual";

/** A deployment and its runs, as the service shows them. Times are in milliseconds by the service's clock. */
export interface DeploymentFacts {
  readonly id: string;
  readonly name: string | undefined;
  /** The label of its owner. */
  readonly owner: string | undefined;
  /** `active`, `paused` or `archived`; an archived deployment is `archived` whatever its status. */
  readonly status: string;
  readonly pausedReason: DeploymentPausedReason | undefined;
  readonly isScheduled: boolean;
  /** The time of the next run; undefined if the deployment does not run by itself now. */
  readonly nextRunAt: string | undefined;
  readonly lastRun: DeploymentRun | undefined;
  /** The result of the last run; undefined if it was not requested. */
  readonly lastResult: RunResult | undefined;
  readonly lastFailure: LastFailure;
  readonly now: number;
  /** The beginning of the window; undefined without one. */
  readonly from: number | undefined;
  /** The numbers of runs of the window; undefined without one. */
  readonly since?: Tally;
  /** The runs of the window with their results, newest first. */
  readonly runsSince: readonly RunWithResult[];
  /** The runs that should have come in the window; undefined without one, and if the deployment starts none by itself. */
  readonly missed?: MissedRuns | undefined;
  /** What is usual in the week before the window. */
  readonly usual: Usual;
  /** The runs of the window and the ones whose results were read before them, newest first; without a window the last run. */
  readonly judged: readonly RunWithResult[];
  /** All runs that were read, newest first. */
  readonly recent: readonly DeploymentRun[];
  /** The sessions that work now, and the time after which one of them is a problem. */
  readonly open: readonly OpenSession[];
  readonly longestMs: number;
  /** The names of the artifacts that the program declares; undefined if it declares none. */
  readonly expectedArtifacts: readonly string[] | undefined;
  /** When the deployment, or its status, was changed last. */
  readonly changedAt: number | undefined;
  /** The days since the last change of a deployment that a person paused. */
  readonly pausedDays: number | undefined;
  /** Who paused the deployment; `by the program`: the state of the stack says `paused: true`. */
  readonly pausedBy: "by hand" | "by the service" | "by the program" | undefined;
  /** The ids of the pauses of this package that hold the deployment. */
  readonly holds: readonly string[];
  /** The arguments, also those of its agent, that somebody has changed since the state of the stack recorded them. */
  readonly changed: readonly string[];
  /** True if the state records the deployment encrypted, so that nobody has compared it. */
  readonly isUncompared: boolean;
  /** True if the next run that the service shows should have come before now. */
  readonly isOverdue: boolean;
  /** The time zone of the schedule; UTC if this version does not know it. */
  readonly timezone: string;
  /** The agent; undefined if the service does not show it. */
  readonly agent: (Needed & { readonly version: number | undefined }) | undefined;
  readonly environment: Needed | undefined;
  /** True if a run that is done and said nothing makes the deployment unhealthy. */
  readonly isStrict: boolean;
  /** The command that says what is wrong, and so advises others. */
  readonly advisor: Advisor;
}

/** An object that every run of a deployment needs. */
export interface Needed {
  readonly id: string;
  /** Undefined if the service does not say whether the object is archived. */
  readonly isArchived: boolean | undefined;
  /** Undefined if the object is not archived, or nobody knows since when. */
  readonly archivedAt?: number | undefined;
  /** The newest version of an agent; undefined if the service does not show it. */
  readonly newest?: number | undefined;
  /** The name at Qoder; undefined if the service does not show it. */
  readonly name?: string | undefined;
  /** The arguments of an agent of the stack that somebody has changed since the state recorded them. */
  readonly changed?: readonly string[];
}

/** What is wrong with a deployment, or unknown of it. */
export interface Finding {
  /** A sentence without its full stop. It contains the texts of the service unchanged. */
  readonly text: string;
  /** The end of the sentence, which advises a command. */
  readonly end?: string;
  /** When it began; undefined if nobody knows. */
  readonly since?: number | undefined;
  /** The open session that a person may end. */
  readonly session?: string | undefined;
  /** True for what the command could not look for. */
  readonly isGap?: true;
}
