import { QoderApiError } from "../../provider/api/errors";
import { Once } from "../../provider/api/once";
import { redacted } from "../../provider/api/redacted";
import { standingOf } from "../../provider/api/standing";
import type { PausedReason } from "../../provider/deployment/arguments";
import { ownMarks } from "../../provider/deployment/paused";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { askResult } from "../../provider/deployment-run/ask-result";
import { cleanResult, cleanRun, valuesIn } from "../../provider/deployment-run/clean";
import type { RunResult } from "../../provider/deployment-run/result";
import { agents, environments } from "../../provider/kinds/table";
import { without } from "../../provider/resource/program-values";
import { getRequest } from "../../provider/resource/requests";
import { latenessMs } from "../../provider/schedule/window";
import type { CommandClient } from "../client";
import { type ReadDeployment, scheduleIn } from "../deployments";
import { type MissedRuns, missedRuns } from "./missed-runs";
import { recentRuns, resultsOf, type Since } from "./recent-runs";
import { failedInARow, type LastFailure, lastFailureOf, type RunWithResult, type Tally, tallyOf } from "./tally";

/** A deployment and its runs, as the service shows them. */
export interface Watched {
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
  /** Whether the next run that the service shows should have come before now. */
  readonly isOverdue: boolean;
  /** The time zone of the schedule, if this version knows it. */
  readonly timezone: string | undefined;
  /** The agent; undefined if the service does not show it. */
  readonly agent: (Needed & { readonly version: number | undefined }) | undefined;
  readonly environment: Needed | undefined;
  /** Whether a run that is done and said nothing makes the deployment unhealthy. */
  readonly isStrict: boolean;
}

/** The questions about the runs of each deployment. */
export interface RunQuestions {
  readonly results: boolean;
  /** The time since which all runs are read; undefined for the last run only. */
  readonly since: Since | undefined;
  readonly strict: boolean;
}

/** The deployment with its runs, its agent and its environment. */
export async function watched(
  client: CommandClient,
  deployment: ReadDeployment,
  needed: NeededObjects,
  questions: RunQuestions,
): Promise<Watched> {
  const runs = cleanRuns(client, deployment, await runsOfDeployment(client, deployment, questions));
  const agent = await needed.find(agents, deployment.agent?.id);
  const environment = await needed.find(environments, deployment.environment_id);
  const shown = shownIn(deployment);
  return {
    ...shown,
    ...runs,
    isOverdue: Date.parse(shown.nextRunAt ?? "") < client.moment() - latenessMs,
    timezone: scheduleIn(deployment)?.timezone,
    agent: agent && { ...agent, version: deployment.agent?.version ?? undefined },
    environment,
    isStrict: questions.strict,
  };
}

type Runs = Pick<
  Watched,
  "lastRun" | "lastResult" | "lastFailure" | "since" | "runsSince" | "failedInARow" | "usualCredits" | "missed"
>;

async function runsOfDeployment(
  client: CommandClient,
  deployment: ReadDeployment,
  questions: RunQuestions,
): Promise<Runs> {
  const now = client.moment();
  const since = questions.since?.(now);
  const recent = await recentRuns(client.forList(), deployment.id, since ?? Number.POSITIVE_INFINITY);
  const [lastRun] = recent.runs;
  const resultOfLast = async () => lastRun && (await askResult(client.forObject(), lastRun));
  if (since === undefined) {
    const lastResult = questions.results ? await resultOfLast() : undefined;
    return { lastRun, lastResult, lastFailure: recent.lastFailure };
  }
  const { runs, usualCredits } = await resultsOf(client, recent.since);
  const shown = runs.map(({ result }) => result);
  return {
    lastRun,
    lastResult: shown[0] ?? (await resultOfLast()),
    lastFailure: lastFailureOf(recent.lastFailure, runs),
    since: tallyOf(shown),
    runsSince: runs,
    failedInARow: failedInARow(shown),
    usualCredits,
    missed: missedRuns(deployment, recent.runs, since, now),
  };
}

/** The runs without secrets: an error may repeat a value of an environment variable. */
function cleanRuns({ secrets }: CommandClient, { reply }: ReadDeployment, runs: Runs): Runs {
  const all = [...secrets, ...valuesIn(Object(reply).environment_variables)];
  const clean = (text: string) => redacted(text, all);
  const { lastRun, lastResult, lastFailure } = runs;
  const { found, result } = lastFailure;
  return {
    ...runs,
    lastRun: lastRun && cleanRun(lastRun, clean),
    lastResult: lastResult && cleanResult(lastResult, clean),
    lastFailure: {
      ...lastFailure,
      found: found && cleanRun(found, clean),
      ...(result === undefined ? {} : { result: cleanResult(result, clean) }),
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
    const standing = await standingOf(this.client.forObject(), getRequest({ collection }, id), id);
    const { error } = { error: undefined, ...standing };
    // The token may have access to a deployment, but not to its agent or environment.
    if (error !== undefined && !(error instanceof QoderApiError && (error.status === 403 || error.status === 404))) {
      throw error;
    }
    return standing.is === "live" || standing.is === "archived" ? standing.is === "archived" : undefined;
  }
}
