import type { QoderClient } from "../api/client";
import { type Listed, told } from "../api/schema";
import { type DeploymentRunReply, deploymentRunSchema, startTime } from "./reply";
import { runsList } from "./runs";

/** Where no time bounds the list: no deployment was started more often while an answer was lost. */
const mostRuns = 200;

/**
 * The runs of the deployment since then, newest first, by whatever they were triggered. `since` is in milliseconds since the epoch
 * by the service's clock, undefined where the service tells no time.
 */
export async function runsSince(
  client: QoderClient,
  deploymentId: string,
  since: number | undefined,
): Promise<DeploymentRunReply[]> {
  const filter = since === undefined ? {} : { triggered_after: inSeconds(since) };
  const most = since === undefined ? mostRuns : Number.POSITIVE_INFINITY;
  const runs: DeploymentRunReply[] = [];
  for await (const listed of client.list(runsList(deploymentId), filter)) {
    const run = readableRun(listed);
    // A service that does not know the filter shows all there ever were.
    if (startTime(run) < (since ?? Number.NEGATIVE_INFINITY) || runs.length >= most) {
      break;
    }
    runs.push(run);
  }
  return runs;
}

/** What cannot be read of a run must not hide that it was started. */
function readableRun(listed: Listed): DeploymentRunReply {
  const read = told(deploymentRunSchema, listed);
  return "value" in read ? read.value : { id: listed.id };
}

function inSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
