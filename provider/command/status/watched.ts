import { z } from "zod";
import type { QoderClient } from "../../api/client";
import { QoderApiError } from "../../api/errors";
import { archivedAt } from "../../api/schema";
import type { PausedReason } from "../../deployment/arguments";
import type { DeploymentRun } from "../../deployment-run/arguments";
import { askResult } from "../../deployment-run/ask-result";
import type { RunResult } from "../../deployment-run/result";
import { newestFailure, newestRun } from "../../deployment-run/runs";
import { agents, environments } from "../../kinds/table";
import type { CommandClient } from "../client";
import type { ReadDeployment } from "../deployments";
import { type LastFailure, lastFailureIn, recentRuns, resultsOf, type Tally, tallyOf } from "./since";

/** A deployment and its runs, as the service shows them. */
export interface Watched {
  readonly id: string;
  readonly name: string | undefined;
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
  readonly since: Tally | undefined;
  /** The agent; undefined if the service does not show it. */
  readonly agent: Needed | undefined;
  readonly environment: Needed | undefined;
}

/** The questions about the runs of each deployment. */
export interface RunQuestions {
  readonly results: boolean;
  /** The time since which all runs are read, in milliseconds since the epoch; undefined for the last run only. */
  readonly since: number | undefined;
}

/** The deployment with its runs, its agent and its environment. */
export async function watched(
  client: CommandClient,
  deployment: ReadDeployment,
  needed: NeededObjects,
  questions: RunQuestions,
): Promise<Watched> {
  const runs = await runsOfDeployment(client, deployment.id, questions);
  const agent = await needed.find(agents, deployment.agent?.id);
  const environment = await needed.find(environments, deployment.environment_id);
  return { ...shownIn(deployment), ...runs, agent, environment };
}

type Runs = Pick<Watched, "lastRun" | "lastResult" | "lastFailure" | "since">;

async function runsOfDeployment(client: CommandClient, id: string, { results, since }: RunQuestions): Promise<Runs> {
  if (since !== undefined) {
    const recent = await recentRuns(client.forList(), id, since);
    const told = await resultsOf(client, recent.since);
    const lastResult = told[0] ?? (await resultIn(client.forObject(), recent.newest));
    return { lastRun: recent.newest, lastResult, lastFailure: lastFailureIn(recent, told), since: tallyOf(told) };
  }
  const ofObject = client.forObject();
  const lastRun = await newestRun(ofObject, id);
  const hasFailed = lastRun === undefined || lastRun.error !== undefined;
  const lastFailure = hasFailed ? { found: lastRun } : await newestFailure(ofObject, id);
  const lastResult = results ? await resultIn(ofObject, lastRun) : undefined;
  return { lastRun, lastResult, lastFailure, since: undefined };
}

async function resultIn(client: QoderClient, run: DeploymentRun | undefined): Promise<RunResult | undefined> {
  return run === undefined ? undefined : askResult(client, run);
}

function shownIn(deployment: ReadDeployment) {
  const { id, name, paused_reason: reason, schedule } = deployment;
  const status = deployment.archived_at == null ? (deployment.status ?? "") : "archived";
  return {
    id,
    name,
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

const archivable = z.looseObject({ id: z.string(), archived_at: archivedAt });

/** The agents and environments of the deployments. Many deployments share them, so each is read once. */
export class NeededObjects {
  readonly #asked = new Map<string, Promise<boolean | undefined>>();

  constructor(private readonly client: CommandClient) {}

  async find({ collection }: { readonly collection: string }, id: string | undefined): Promise<Needed | undefined> {
    if (id === undefined) {
      return undefined;
    }
    const asked = this.#asked.get(id) ?? this.#isArchived(collection, id);
    this.#asked.set(id, asked);
    return { id, isArchived: await asked };
  }

  async #isArchived(collection: string, id: string): Promise<boolean | undefined> {
    try {
      const reply = await this.client.forObject().send({ method: "GET", path: [collection, id], repeat: "safe" });
      const told = archivable.safeParse(reply.body).data;
      return told?.id === id ? told.archived_at != null : undefined;
    } catch (error) {
      // The token may have access to a deployment, but not to its agent or environment.
      if (error instanceof QoderApiError && (error.status === 403 || error.status === 404)) {
        return undefined;
      }
      throw error;
    }
  }
}
