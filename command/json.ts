import type { Change } from "../provider/agent/versions";
import type { DeploymentPausedReason } from "../provider/deployment/arguments";
import type { DeploymentRunError } from "../provider/deployment-run/arguments";
import type { Entry, Grade } from "./logs/events";
import type { Tally } from "./runs/tally";

// What `--json` prints: a contract, from whose comments docs/reference/json.md is made. A member without a value is null. Times are in
// RFC 3339 and UTC.

interface NamedJson {
  readonly id: string;
  /** The name at Qoder. */
  readonly name: string | undefined;
}

/** A deployment by its id and names. */
export interface DeploymentName extends NamedJson {
  /** With `--stack`: the name of the resource in the program. */
  readonly resource: string | undefined;
}

/** An element of the array that `status --json` prints. */
export interface StatusJson extends DeploymentName {
  /** `active`, `paused` or `archived`. */
  readonly status: string;
  readonly pausedReason: DeploymentPausedReason | undefined;
  /** The days since a person paused it. */
  readonly pausedDays: number | undefined;
  /** The next run; null if it does not run by itself now. */
  readonly nextRunAt: string | undefined;
  readonly lastRun: LastRunJson | undefined;
  /** The newest run that failed. */
  readonly lastFailure: FailureJson | undefined;
  readonly agent: AgentJson | undefined;
  readonly environment: NeededJson | undefined;
  /** With `--since`: the runs since then. */
  readonly since: Tally | undefined;
  /** With `--since`: the newest runs that failed one after another, also those in the week before. */
  readonly failedInARow: number | undefined;
  /** With `--since`: the runs that should have come; null if it starts none by itself. */
  readonly missed: MissedJson | undefined;
  /** The next run should have come before now. */
  readonly overdue: boolean;
  /** The sessions that work now. */
  readonly runningSessionIds: readonly string[];
  /** Null: no problem is known, but a change hides what was missed before it. */
  readonly healthy: boolean | undefined;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
  /** The cause of each problem, in the same order. */
  readonly causes: readonly CauseJson[];
  /** What is not as the program of the stack says, and no problem: an older version of the agent, and what somebody changed at Qoder. */
  readonly differences: readonly string[];
  /** False: the state records the deployment encrypted, so that nobody has looked for changes at Qoder. Null without `--stack`. */
  readonly compared: boolean | undefined;
}

interface CauseJson {
  /** The word under which the screen of a fleet counts the problem, such as `missed` or `costs more`. */
  readonly cause: string;
  /** When it began; null if nobody knows. */
  readonly since: string | undefined;
}

/** An agent or an environment of a deployment. */
interface NeededJson {
  readonly id: string;
  readonly archived: boolean | undefined;
}

interface AgentJson extends NeededJson {
  /** The version that the deployment runs. */
  readonly version: number | undefined;
  /** The newest version of the agent. */
  readonly newestVersion: number | undefined;
}

interface FailureJson {
  readonly id: string;
  readonly createdAt: string | undefined;
  readonly sessionId: string | undefined;
  readonly error: DeploymentRunError | undefined;
}

export interface LastRunJson extends FailureJson {
  /** `schedule`, `manual` or another word of the service. */
  readonly trigger: string | undefined;
  readonly result: UsualResultJson | undefined;
}

export interface ResultJson {
  /** The [result](../runs.md), such as `done`, `failed` or `waiting for somebody`. */
  readonly state: string;
  readonly error: DeploymentRunError | undefined;
  /** The final grading of an outcome. */
  readonly outcome: string | undefined;
  /** The credits so far. */
  readonly credits: number | undefined;
  /** The session is done without a message of the agent and without an artifact. */
  readonly saidNothing: boolean;
}

interface UsualResultJson extends ResultJson {
  /** The median of the runs before. */
  readonly usualCredits: number | undefined;
}

interface MissedJson {
  /** Missed runs were looked for since then. */
  readonly since: string | undefined;
  /** False: a change hides what was missed before it. */
  readonly checked: boolean;
  readonly count: number;
  /** The due times of the first and the last. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** The due times without a run of which the time was shown twice by the clocks, or had a run within an hour; not in `count`. */
  readonly doubtful: number;
}

/** An element of the array that `logs --history --json` prints: a run, the newest first. */
export interface RunJson {
  /** Null for a session without a run. */
  readonly id: string | undefined;
  readonly deployment: DeploymentName | undefined;
  readonly createdAt: string | undefined;
  readonly trigger: string | undefined;
  /** The due time of the schedule. */
  readonly scheduledAt: string | undefined;
  readonly sessionId: string | undefined;
  readonly agentVersion: number | undefined;
  readonly result: ResultJson;
}

/** An element of the array that `logs --json` prints: a run with what happened in it. */
export interface LogJson extends RunJson {
  readonly agentId: string | undefined;
  /** The oldest first. */
  readonly grades: readonly Grade[];
  readonly events: readonly Entry[];
  /** With `--stack`: the expected artifacts that the run, which is done, did not deliver. */
  readonly missing: readonly string[];
  /** The session has more events than the newest 2,000. */
  readonly cut: boolean;
}

/** An element of the array that `logs --since --tool --json` prints: a call of the tool. */
export interface ToolCallJson {
  readonly deployment: DeploymentName | undefined;
  readonly runId: string | undefined;
  readonly sessionId: string | undefined;
  readonly at: string | undefined;
  /** `SERVER/NAME`, or the name alone. */
  readonly tool: string;
  /** The arguments of the call. */
  readonly input: unknown;
  /** The text of the result. */
  readonly result: string | undefined;
}

/** What `limits --json` prints. */
export interface LimitsJson {
  /** The zone in which days and months begin. */
  readonly timezone: string;
  /** Null without `--stack`, and for a part of a stack. */
  readonly stack: StackCostsJson | undefined;
  readonly deployments: readonly DeploymentCostsJson[];
  /** Archived deployments that may have been a part of the stack. */
  readonly notCounted: readonly ArchivedCostJson[];
}

export interface CostsJson {
  /** Null with `--month`. */
  readonly day: CostJson | undefined;
  readonly month: CostJson;
}

interface StackCostsJson extends CostsJson {
  readonly name: string | undefined;
}

interface DeploymentCostsJson extends DeploymentName, CostsJson {
  /** The median of the credits of the newest runs. */
  readonly usualCredits: number | undefined;
  /** The ids of the sessions that run. */
  readonly running: readonly string[];
  /** The sessions that may cost more than they show. */
  readonly unsettled: number;
  /** The budget of a run in credits, as the service shows it. */
  readonly budget: string | undefined;
  readonly proposedBudget: number | undefined;
}

interface ArchivedCostJson extends NamedJson {
  readonly month: CostJson;
}

/** The credits of a day or a month. */
export interface CostJson {
  readonly from: string;
  readonly until: string;
  readonly spent: number;
  /** The runs whose cost the service does not show. */
  readonly unknownCosts: number;
  /** The credits at the end, with the runs that are still due. */
  readonly expected: number | undefined;
  /** The deployments for which nothing shows what a run costs. */
  readonly unknownExpected: number;
  /** In credits. */
  readonly limit: number | undefined;
  /** The runs that have begun, and those at the end, with the ones that are still due. */
  readonly runs: number;
  readonly expectedRuns: number;
  /** The limit in runs: `runsPerDay`. */
  readonly runLimit: number | undefined;
}

/** What `calendar --json` prints. */
export interface CalendarJson {
  readonly from: string;
  readonly until: string;
  readonly timezone: string;
  readonly runs: readonly DueRunJson[];
  /** The five minutes with most starts, two or more. */
  readonly busiest: readonly BusyMinuteJson[];
  readonly days: readonly DayJson[];
  /** The credits of the next 30 days. */
  readonly credits: CeilingJson;
}

interface DueRunJson {
  /** The deployment; null before the first `up`. */
  readonly id: string | undefined;
  readonly name: string;
  readonly scheduledAt: string;
}

interface BusyMinuteJson {
  readonly at: string;
  /** The names of the deployments. */
  readonly names: readonly string[];
}

interface DayJson {
  readonly date: string;
  /** The number of runs. */
  readonly runs: number;
}

interface CeilingJson {
  readonly expected: number | undefined;
  /** What the budgets allow; null if a deployment has none. */
  readonly ceiling: number | undefined;
}

/** What `versions --json` prints. */
export interface VersionsJson {
  readonly agent: NamedJson;
  /** The newest first. */
  readonly versions: readonly VersionJson[];
}

export interface VersionJson {
  readonly version: number;
  readonly createdAt: string | undefined;
  /** What changed from the version before; null for the oldest version that the service shows. */
  readonly changes: readonly Change[] | undefined;
  /** The live deployments that run this version. */
  readonly deployments: readonly NamedJson[];
}
