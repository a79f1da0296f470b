import type { QoderClient } from "../api/client";
import { secondText } from "../api/clock";
import { isServerFailure, QoderApiError, QoderError } from "../api/errors";
import { type Collection, QoderListError, type Query } from "../api/object-list";
import { type Listed, readableMembers, shapeProblem } from "../api/schema";
import { deploymentRuns } from "../kinds/table";
import { getRequest } from "../resource/requests";
import type { DeploymentRun, RunError } from "./arguments";
import { firstOf, isDescending, newestFirst, timeOf } from "./newest-first";
import { type DeploymentRunReply, deploymentRunSchema, startProblem, startTime, timeResolutionMs } from "./reply";

/** The runs of one deployment, newest first. A caller that needs only a few runs sets `pageSize` and stops early. */
export async function* runsOf(
  client: QoderClient,
  deploymentId: string,
  filter: Query = {},
  pageSize?: number,
): AsyncGenerator<DeploymentRun> {
  for await (const listed of client.list(runsList(deploymentId), filter, pageSize)) {
    yield runOf(replyOf(listed), deploymentId);
  }
}

/** The run of this id. The older generation of the API does not read a run without its deployment. */
export async function readRun(client: QoderClient, id: string): Promise<DeploymentRun> {
  const reply = await readReply(client, id);
  if (reply.deployment_id === undefined) {
    throw new QoderError(`the service answered about ${id} with a run of no deployment`);
  }
  return runOf(reply, reply.deployment_id);
}

export async function readReply(client: QoderClient, id: string): Promise<DeploymentRunReply> {
  const reply = await client.read(getRequest(deploymentRuns, id), deploymentRunSchema);
  if (reply.id !== id) {
    throw new QoderError(`the service answered about ${id} with the run ${reply.id}`);
  }
  return reply;
}

export function runsList(deploymentId: string): Collection {
  return { noun: "run", collection: "runs", idPrefix: "drun_", owner: ["deployments", deploymentId] };
}

export async function newestRun(client: QoderClient, deploymentId: string): Promise<DeploymentRun | undefined> {
  return newestOf((pageSize) => runsOf(client, deploymentId, {}, pageSize));
}

const startOf = ({ createdAt }: DeploymentRun) => timeOf(createdAt);

/** The runs from the newest to the oldest, in whatever order the service lists them. */
export function runsNewestFirst(runs: readonly DeploymentRun[]): DeploymentRun[] {
  return newestFirst(runs, startOf);
}

/** True if newer runs than these may follow in the list. The pages promise an order for one of the lists only ("List runs"). */
export function mayHaveNewer(runs: readonly DeploymentRun[]): boolean {
  return !isDescending(runs, startOf);
}

/** So many runs show the order of a list. */
const shownOrder = 20;

/** The newest run of the list; one GET, unless the list begins with older runs. */
async function newestOf(
  list: (pageSize?: number) => AsyncGenerator<DeploymentRun>,
): Promise<DeploymentRun | undefined> {
  const first = await firstOf(list(shownOrder), shownOrder);
  const isPart = first.length === shownOrder && mayHaveNewer(first);
  return runsNewestFirst(isPart ? await firstOf(list(), Number.POSITIVE_INFINITY) : first)[0];
}

/** The most runs to examine if the service has no search. */
const mostLookedAt = 1_000;

export interface FailureSearch {
  readonly found: DeploymentRun | undefined;
  /** The number of newest runs that were examined without a result, if older runs were not. */
  readonly lookedAt?: number;
}

export async function newestFailure(client: QoderClient, deploymentId: string): Promise<FailureSearch> {
  return (await searched(client, deploymentId)) ?? (await lookedFor(client, deploymentId));
}

/**
 * Searches with the filter of the service. Undefined if the service refuses or ignores the filter: the older
 * generation has no `has_error`.
 */
async function searched(client: QoderClient, deploymentId: string): Promise<FailureSearch | undefined> {
  const kind = { noun: "run", collection: "deployment_runs", idPrefix: "drun_" };
  try {
    const found = await newestOf(async function* (pageSize) {
      for await (const listed of client.list(kind, { deployment_id: deploymentId, has_error: "true" }, pageSize)) {
        yield runOf(replyOf(listed), deploymentId);
      }
    });
    return found === undefined || found.error !== undefined ? { found } : undefined;
  } catch (error) {
    if (isRefusal(error) || error instanceof QoderListError) {
      return undefined;
    }
    throw error;
  }
}

/** Whether the error concerns only this filter, so that other requests would succeed. */
function isRefusal(error: unknown): boolean {
  return error instanceof QoderApiError && !isServerFailure(error) && error.status !== 401 && error.status !== 429;
}

async function lookedFor(client: QoderClient, deploymentId: string): Promise<FailureSearch> {
  const runs: DeploymentRun[] = [];
  const failures = () => runs.filter(({ error }) => error !== undefined);
  for await (const run of runsOf(client, deploymentId)) {
    if (runs.length > 0 && runs.length % newestCount === 0 && !mayHaveNewer(runs)) {
      if (failures().length > 0) {
        break;
      }
      if (runs.length >= mostLookedAt) {
        return { found: undefined, lookedAt: runs.length };
      }
    }
    runs.push(run);
  }
  return { found: runsNewestFirst(failures())[0] };
}

function replyOf(listed: Listed): DeploymentRunReply {
  const read = deploymentRunSchema.safeParse(listed);
  if (!read.success) {
    throw new QoderError(`in the run ${listed.id}, ${shapeProblem(read.error)}`);
  }
  return read.data;
}

function runOf(reply: DeploymentRunReply, deploymentId: string): DeploymentRun {
  return {
    id: reply.id,
    deploymentId,
    createdAt: reply.created_at ?? undefined,
    trigger: reply.trigger_context?.type,
    scheduledAt: reply.trigger_context?.scheduled_at ?? undefined,
    agentVersion: reply.agent?.version ?? undefined,
    sessionId: reply.session_id ?? undefined,
    error: startProblem(reply) ?? laterFailure(reply),
  };
}

/** In the older generation a run itself may show that it failed after the start of its session. */
function laterFailure({ status }: DeploymentRunReply): RunError | undefined {
  return status === "failed" ? { type: status, message: "the service gives no reason" } : undefined;
}

/** One page: a caller that needs older runs knows a time. */
const newestCount = 100;

/**
 * The runs of the deployment since this time, whatever triggered them, in milliseconds since the epoch by the service's clock.
 * Without a time: the newest runs.
 */
export async function runsSince(
  client: QoderClient,
  deploymentId: string,
  since: number | undefined,
): Promise<DeploymentRunReply[]> {
  const filter = since === undefined ? {} : { triggered_after: secondText(since - 2 * timeResolutionMs) };
  const most = since === undefined ? newestCount : Number.POSITIVE_INFINITY;
  const runs: DeploymentRunReply[] = [];
  let older = 0;
  for await (const listed of client.list(runsList(deploymentId), filter)) {
    const run = readableRun(listed);
    if (startTime(run) >= (since ?? Number.NEGATIVE_INFINITY)) {
      runs.push(run);
    } else {
      older += 1;
    }
    // A service that ignores the filter shows all runs of the deployment.
    if (runs.length >= most || older >= newestCount) {
      break;
    }
  }
  return runs;
}

/** The run with its readable members: an unreadable member must not hide that the run started. */
function readableRun(listed: Listed): DeploymentRunReply {
  const read = readableMembers(deploymentRunSchema, listed);
  return "value" in read ? read.value : { id: listed.id };
}
