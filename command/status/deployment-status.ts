import { dayMs } from "../../provider/api/clock";
import { QoderApiError } from "../../provider/api/errors";
import { objectStatusOf } from "../../provider/api/object-status";
import { Once } from "../../provider/api/once";
import type { PausedReason } from "../../provider/deployment/arguments";
import { ownMarks } from "../../provider/deployment/pause-mark";
import { livePause } from "../../provider/deployment/paused";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { cleanerOf, cleanRun } from "../../provider/deployment-run/clean";
import { timeOf } from "../../provider/deployment-run/newest-first";
import type { RunResult } from "../../provider/deployment-run/result";
import { agents, environments } from "../../provider/kinds/table";
import { without } from "../../provider/resource/program-values";
import { getRequest } from "../../provider/resource/requests";
import type { CommandClient } from "../client";
import { type ReadDeployment, scheduleIn } from "../deployments";
import type { OpenSession } from "../pause/open-sessions";
import type { Since } from "../time";
import { growingCost } from "./growing-cost";
import { type LongSession, longestRun, longSessions, neverBegan, timeoutIn } from "./long-runs";
import { latenessMs, type MissedRuns, missedRuns } from "./missed-runs";
import { recentRuns, resultOf, resultsOf, type Usual, usualNow } from "./recent-runs";
import { failedInARow, type LastFailure, lastFailureOf, type RunWithResult, type Tally, tallyOf } from "./tally";

/** A deployment and its runs, as the service shows them. */
export interface DeploymentStatus {
  readonly id: string;
  readonly name: string | undefined;
  /** The labels at Qoder. */
  readonly labels: Readonly<Record<string, unknown>>;
  /** `active`, `paused` or `archived`; an archived deployment is `archived` whatever its status. */
  readonly status: string;
  readonly pausedReason: PausedReason | undefined;
  readonly isScheduled: boolean;
  /** The time of the next run; undefined if the deployment does not run by itself now. */
  readonly nextRunAt: string | undefined;
  readonly lastRun: DeploymentRun | undefined;
  /** The result of the last run; undefined if it was not requested. */
  readonly lastResult: RunResult | undefined;
  readonly lastFailure: LastFailure;
  /** The numbers of runs since the given time; undefined without a time. */
  readonly since?: Tally;
  /** The number of the newest runs since the given time that failed one after another; undefined without a time. */
  readonly failedInARow?: number;
  /** The credits that a run usually costs; undefined if that is not known. */
  readonly usualCredits?: number | undefined;
  /** The runs since the given time with their results, newest first; undefined without a time. */
  readonly runsSince?: readonly RunWithResult[];
  /** The runs that should have come since the given time; undefined without a time, and if the deployment starts none by itself. */
  readonly missed?: MissedRuns | undefined;
  /** The costs that grow, a sentence each. */
  readonly growing: readonly string[];
  /** The open sessions that are older than any run should be. */
  readonly long: readonly LongSession[];
  /** The days since the last change of a deployment that a person paused. */
  readonly pausedDays: number | undefined;
  /** Who paused the deployment; `by the program`: the state of the stack says `paused: true`. */
  readonly pausedBy: "by hand" | "by the service" | "by the program" | undefined;
  /** True if the next run that the service shows should have come before now. */
  readonly isOverdue: boolean;
  /** The time zone of the schedule, if this version knows it. */
  readonly timezone: string | undefined;
  /** The agent; undefined if the service does not show it. */
  readonly agent: (Needed & { readonly version: number | undefined }) | undefined;
  readonly environment: Needed | undefined;
  /** True if a run that is done and said nothing makes the deployment unhealthy. */
  readonly isStrict: boolean;
}

/** The questions about the runs of each deployment. */
export interface RunQuestions {
  readonly results: boolean;
  /** The time since which all runs are read; undefined for the last run only. */
  readonly since: Since | undefined;
  readonly strict: boolean;
  /** After this time an open session is a problem, whatever its deployment says. */
  readonly longestRunMs: number | undefined;
}

/** The deployment with its runs, its agent and its environment. */
export async function deploymentStatus(
  client: CommandClient,
  deployment: ReadDeployment,
  needed: NeededObjects,
  questions: RunQuestions,
  open: readonly OpenSession[],
  isDeclaredPaused: boolean,
): Promise<DeploymentStatus> {
  const runs = await cleanRuns(client, deployment, await runsOfDeployment(client, deployment, questions, open));
  const agent = await needed.find(agents, deployment.agent?.id);
  const environment = await needed.find(environments, deployment.environment_id);
  const shown = shownIn(deployment);
  return {
    ...shown,
    ...runs,
    ...pauseIn(deployment, isDeclaredPaused, client.moment()),
    isOverdue: Date.parse(shown.nextRunAt ?? "") < client.moment() - latenessMs,
    timezone: scheduleIn(deployment)?.timezone,
    agent: agent && { ...agent, version: deployment.agent?.version ?? undefined },
    environment,
    isStrict: questions.strict,
  };
}

type Runs = Pick<
  DeploymentStatus,
  | "lastRun"
  | "lastResult"
  | "lastFailure"
  | "since"
  | "runsSince"
  | "failedInARow"
  | "usualCredits"
  | "missed"
  | "growing"
  | "long"
>;

async function runsOfDeployment(
  client: CommandClient,
  deployment: ReadDeployment,
  questions: RunQuestions,
  open: readonly OpenSession[],
): Promise<Runs> {
  const now = client.moment();
  const since = questions.since?.(now);
  const recent = await recentRuns(client.forList(), deployment.id, since ?? Number.POSITIVE_INFINITY);
  const [lastRun] = recent.runs;
  const last = async () =>
    lastRun && questions.results ? [{ run: lastRun, result: await resultOf(client, lastRun) }] : [];
  const read = since === undefined ? undefined : await resultsOf(client, recent.since, since, recent.earlier);
  const runs = read?.runs ?? [];
  const all = runs.length > 0 ? runs : await last();
  const limitMs = await limitOf(client, deployment, questions, open, read?.usual);
  const judged = neverBegan(all, limitMs, now);
  const rest = {
    lastRun,
    lastResult: judged[0]?.result,
    lastFailure: recent.lastFailure,
    long: longSessions(open, judged, limitMs, now),
    growing: [],
  };
  if (read === undefined || since === undefined) {
    return rest;
  }
  const runsSince = runs.length > 0 ? judged : [];
  const shown = runsSince.map(({ result }) => result);
  const usualCredits = read.usual.credits;
  return {
    ...rest,
    lastFailure: lastFailureOf(recent.lastFailure, runsSince),
    since: tallyOf(shown),
    runsSince,
    failedInARow: failedInARow(shown),
    usualCredits,
    growing: growingCost(shown, usualCredits, read.usual.lastCredits),
    missed: missedRuns(deployment, recent.runs, since, now),
  };
}

/** How long a session of the deployment may be open. Asks what is usual only if a session is older than any limit without it. */
async function limitOf(
  client: CommandClient,
  { id, metadata }: ReadDeployment,
  { longestRunMs }: RunQuestions,
  open: readonly OpenSession[],
  known: Usual | undefined,
): Promise<number> {
  const now = client.moment();
  const set = longestRunMs ?? timeoutIn(metadata);
  const isLong = open.some(({ startedAt = now }) => now - startedAt > longestRun(set, undefined));
  const usual =
    known?.milliseconds === undefined && set === undefined && isLong ? await usualNow(client, id, now) : known;
  return longestRun(set, usual?.milliseconds);
}

/** A later change of the paused deployment starts the count again: the service does not show when it was paused. */
function pauseIn(deployment: ReadDeployment, isDeclaredPaused: boolean, now: number) {
  const changed = timeOf(deployment.updated_at);
  const by = deployment.archived_at == null ? livePause(deployment) : undefined;
  const pausedBy = by === "by hand" && isDeclaredPaused ? "by the program" : by;
  const isCounted = pausedBy === "by hand" && changed !== undefined;
  return { pausedBy, pausedDays: isCounted ? Math.max(Math.floor((now - changed) / dayMs), 0) : undefined } as const;
}

/** The runs without secrets: an error may repeat a value of an environment variable. */
async function cleanRuns(client: CommandClient, { id, reply }: ReadDeployment, runs: Runs): Promise<Runs> {
  const { lastRun, lastResult, lastFailure } = runs;
  const { found, result } = lastFailure;
  const isClean = [lastRun, lastResult, found, result].every((one) => one?.error === undefined);
  const clean = isClean ? undefined : await cleanerOf(client.forObject(), id, reply);
  return {
    ...runs,
    lastRun: lastRun && cleanRun(lastRun, clean),
    lastResult: lastResult && cleanRun(lastResult, clean),
    lastFailure: {
      ...lastFailure,
      found: found && cleanRun(found, clean),
      ...(result === undefined ? {} : { result: cleanRun(result, clean) }),
    },
  };
}

function shownIn(deployment: ReadDeployment) {
  const { id, name, paused_reason: reason, schedule } = deployment;
  const status = deployment.archived_at == null ? (deployment.status ?? "") : "archived";
  return {
    id,
    name,
    labels: without(deployment.metadata ?? {}, ownMarks),
    status,
    pausedReason:
      reason == null
        ? undefined
        : { type: reason.type, ...(reason.error == null ? {} : { error: { type: reason.error.type } }) },
    isScheduled: schedule != null,
    // "Pause a deployment": a paused deployment shows the runs that it would have.
    nextRunAt: status === "active" ? schedule?.upcoming_runs_at?.[0] : undefined,
  };
}

/** An object that every run of a deployment needs. */
export interface Needed {
  readonly id: string;
  /** Undefined if the service does not say whether the object is archived. */
  readonly isArchived: boolean | undefined;
}

/** The agents and environments of the deployments. Many deployments share them, so each is read once. */
export class NeededObjects {
  readonly #asked = new Once<boolean | undefined>();

  constructor(private readonly client: CommandClient) {}

  async find({ collection }: { readonly collection: string }, id: string | undefined): Promise<Needed | undefined> {
    if (id === undefined) {
      return undefined;
    }
    return { id, isArchived: await this.#asked.of(id, () => this.#isArchived(collection, id)) };
  }

  async #isArchived(collection: string, id: string): Promise<boolean | undefined> {
    const status = await objectStatusOf(this.client.forObject(), getRequest({ collection }, id), id);
    const { error } = { error: undefined, ...status };
    // The token may have access to a deployment, but not to its agent or environment.
    if (error !== undefined && !(error instanceof QoderApiError && (error.status === 403 || error.status === 404))) {
      throw error;
    }
    return status.is === "live" || status.is === "archived" ? status.is === "archived" : undefined;
  }
}
