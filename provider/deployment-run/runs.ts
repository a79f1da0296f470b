import type { QoderClient } from "../api/client";
import { secondText } from "../api/clock";
import { isServerFailure, QoderApiError, QoderError, QoderReplyError } from "../api/errors";
import { type Collection, fullPage, listPath, type Query } from "../api/object-list";
import { patience } from "../api/patience";
import { deploymentRuns } from "../kinds/table";
import { getRequest } from "../resource/kind/requests";
import type { DeploymentRun, DeploymentRunError } from "./arguments";
import { isDescending, newestFirst, timeOf } from "./newest-first";
import { type DeploymentRunReply, deploymentRunSchema, startProblem, startTime, unexplained } from "./reply";

/** The runs of one deployment, in the order of the service. A caller that needs only a few runs sets `pageSize` and stops early. */
export async function* runsOf(
  client: QoderClient,
  deploymentId: string,
  filter?: Query,
  pageSize?: number,
): AsyncGenerator<DeploymentRun> {
  for await (const run of repliesOf(client, runsList(deploymentId), filter, pageSize)) {
    yield runOf(run, deploymentId);
  }
}

async function* repliesOf(
  client: QoderClient,
  list: Collection,
  filter?: Query,
  pageSize?: number,
): AsyncGenerator<DeploymentRunReply> {
  const request = { method: "GET", path: listPath(list) } as const;
  for await (const listed of client.list(list, filter, { pageSize })) {
    yield await client.parsed(deploymentRunSchema, listed, request);
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
  return { noun: "run", collection: "runs", idPrefix: "drun_", parent: ["deployments", deploymentId] };
}

const startOf = ({ createdAt }: DeploymentRun) => timeOf(createdAt);

/**
 * The runs of the list, newest first, up to the page with which `isEnough` is true. Reads the whole list if it does not begin with the
 * newest runs: the pages promise an order for one list only ("List runs"). `isPart`: older runs may follow.
 */
export async function runsUntil(
  list: AsyncGenerator<DeploymentRun>,
  isEnough: (read: readonly DeploymentRun[]) => boolean = () => true,
): Promise<{ readonly runs: readonly DeploymentRun[]; readonly isPart: boolean }> {
  const runs: DeploymentRun[] = [];
  let isPart = false;
  for await (const run of list) {
    isPart = runs.push(run) % fullPage === 0 && isEnough(runs) && isDescending(runs, startOf);
    if (isPart) {
      break;
    }
  }
  return { runs: newestFirst(runs, startOf), isPart };
}

/**
 * Searches the newest run with an error with the filter of the service. Finds none if the service refuses or ignores the filter: the
 * older generation has no `has_error`.
 */
export async function newestFailure(client: QoderClient, id: string): Promise<DeploymentRun | undefined> {
  try {
    const [found] = (await runsUntil(withError(client, id))).runs;
    return found?.error === undefined ? undefined : found;
  } catch (error) {
    if (isRefusal(error) || error instanceof QoderReplyError) {
      return undefined;
    }
    throw error;
  }
}

async function* withError(client: QoderClient, deploymentId: string): AsyncGenerator<DeploymentRun> {
  const kind = { noun: "run", collection: "deployment_runs", idPrefix: "drun_" };
  for await (const run of repliesOf(client, kind, { deployment_id: deploymentId, has_error: "true" }, fullPage)) {
    yield runOf(run, deploymentId);
  }
}

/** True if the error concerns only this filter, so that other requests would succeed. */
function isRefusal(error: unknown): boolean {
  return error instanceof QoderApiError && !isServerFailure(error) && error.status !== 401 && error.status !== 429;
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
function laterFailure({ status }: DeploymentRunReply): DeploymentRunError | undefined {
  return status === "failed" ? unexplained(status) : undefined;
}

/**
 * The runs of the deployment since this time, whatever triggered them, in milliseconds since the epoch by the service's clock.
 * Without a time: the newest runs. "List runs": by the time of the trigger, the newest first.
 */
export async function runsSince(
  client: QoderClient,
  deploymentId: string,
  since: number | undefined,
): Promise<DeploymentRunReply[]> {
  const filter = since === undefined ? {} : { triggered_after: secondText(since) };
  const most = since === undefined ? fullPage : Number.POSITIVE_INFINITY;
  const runs: DeploymentRunReply[] = [];
  let older = 0;
  for await (const run of repliesOf(client, runsList(deploymentId), filter)) {
    if (startTime(run) >= (since ?? Number.NEGATIVE_INFINITY)) {
      runs.push(run);
    } else {
      older += 1;
    }
    // A service that ignores the filter shows all runs of the deployment.
    if (runs.length >= most || older >= fullPage) {
      break;
    }
  }
  return runs;
}

/** The run that started the session; undefined if the list does not show it. */
export async function runOfSession(
  client: QoderClient,
  deploymentId: string,
  sessionId: string,
  createdAt: number | undefined,
): Promise<DeploymentRun | undefined> {
  const filter =
    createdAt === undefined
      ? {}
      : {
          triggered_after: new Date(createdAt - patience.sessionApartMs).toISOString(),
          triggered_before: new Date(createdAt + patience.sessionApartMs).toISOString(),
        };
  let lookedAt = 0;
  for await (const run of runsOf(client, deploymentId, filter)) {
    lookedAt += 1;
    if (run.sessionId === sessionId || lookedAt > patience.runsOfSearch) {
      return run.sessionId === sessionId ? run : undefined;
    }
  }
  return undefined;
}
