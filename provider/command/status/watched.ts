import { z } from "zod";
import { agentKind } from "../../agent/kind";
import type { QoderClient } from "../../api/client";
import { QoderApiError, QoderError } from "../../api/errors";
import { archivedAt, shapeProblem } from "../../api/schema";
import type { PausedReason } from "../../deployment/arguments";
import { deploymentSchema } from "../../deployment/reply";
import type { DeploymentRun } from "../../deployment-run/arguments";
import { askResult } from "../../deployment-run/ask-result";
import type { RunResult } from "../../deployment-run/result";
import { newestFailure, newestRun } from "../../deployment-run/runs";
import { environmentKind } from "../../environment/kind";
import type { CommandClient } from "../client";
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

// Only these members: an unknown form of another member must not hide the status.
const watchedSchema = deploymentSchema.pick({ id: true, status: true, paused_reason: true, archived_at: true }).extend({
  name: deploymentSchema.shape.name.catch(undefined),
  schedule: z.looseObject({ upcoming_runs_at: z.array(z.string()).nullish().catch(undefined) }).nullish(),
  agent: deploymentSchema.shape.agent.catch(undefined),
  environment_id: deploymentSchema.shape.environment_id.catch(undefined),
});

/** The questions about the runs of each deployment. */
export interface RunQuestions {
  readonly results: boolean;
  /** The time since which all runs are read, in milliseconds since the epoch; undefined for the last run only. */
  readonly since: number | undefined;
}

/** The deployment of this reply, with its runs, its agent and its environment. */
export async function watched(
  client: CommandClient,
  id: string,
  reply: unknown,
  needed: NeededObjects,
  questions: RunQuestions,
): Promise<Watched> {
  const { agentId, environmentId, ...deployment } = deploymentOf(reply);
  if (deployment.id !== id) {
    throw new QoderError(`the service answered with another deployment, ${deployment.id}`);
  }
  const runs = await runsOfDeployment(client, id, questions);
  const agent = await needed.find("agent", agentId);
  const environment = await needed.find("environment", environmentId);
  return { ...deployment, ...runs, agent, environment };
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

interface Read extends Pick<Watched, "id" | "name" | "status" | "pausedReason" | "isScheduled" | "nextRunAt"> {
  readonly agentId: string | undefined;
  readonly environmentId: string | undefined;
}

function deploymentOf(reply: unknown): Read {
  const read = watchedSchema.safeParse(reply);
  if (!read.success) {
    throw new QoderError(shapeProblem(read.error));
  }
  const { id, name, paused_reason: reason, schedule, agent, environment_id: environmentId } = read.data;
  const status = read.data.archived_at == null ? read.data.status : "archived";
  if (status === undefined) {
    throw new QoderError("the service does not show its status");
  }
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
    agentId: agent?.id,
    environmentId,
  };
}

/** An object that every run of a deployment needs. */
export interface Needed {
  readonly id: string;
  /** Undefined if the service does not say whether the object is archived. */
  readonly isArchived: boolean | undefined;
}

const collections = { agent: agentKind.collection, environment: environmentKind.collection } as const;
const archivable = z.looseObject({ id: z.string(), archived_at: archivedAt });

/** The agents and environments of the deployments. Many deployments share them, so each is read once. */
export class NeededObjects {
  readonly #asked = new Map<string, Promise<boolean | undefined>>();

  constructor(private readonly client: CommandClient) {}

  async find(noun: keyof typeof collections, id: string | undefined): Promise<Needed | undefined> {
    if (id === undefined) {
      return undefined;
    }
    const asked = this.#asked.get(id) ?? this.#isArchived(collections[noun], id);
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
