import { mayHaveActed, QoderError, QoderReplyError, reasonOf } from "../api/errors";
import type { ApiRequest } from "../api/transport";
import { deploymentKind } from "../deployment/kind";
import { actionRequest } from "../resource/requests";
import type { Attempt } from "../resource/start";
import { type DeploymentRunReply, isByHand, type RunArguments } from "./reply";
import { runsSince } from "./runs";

/** An attempt as a run knows its arguments and replies. */
export interface RunAttempt extends Attempt {
  readonly wanted: Partial<RunArguments>;
  send(request: ApiRequest, problem: (run: DeploymentRunReply) => string | undefined): Promise<DeploymentRunReply>;
}

/** What is known before a run is asked for. */
export interface Scene {
  readonly deploymentId: string;
  /** See `runsSince`. */
  readonly since: number | undefined;
  /** The runs that there were. */
  readonly before: ReadonlySet<string>;
}

// "Errors": shortly after it was made the API may not show an object yet; half a minute was seen at services of its kind.
const settlingMs = 60_000;
const firstWaitMs = 2_000;
/** Of answers that cannot be read: waiting mends no service that answers so. */
const mostUnreadableAnswers = 3;

export function runRequest(deploymentId: string): ApiRequest {
  return { ...actionRequest(deploymentKind, deploymentId, "run"), repeat: "only-if-refused" };
}

/**
 * Asks for a run. Where the answer is lost, the list of runs tells what became of it: one that was not there before is taken, and
 * another one is asked for only when none has shown up for a minute.
 */
export async function startDespiteLostAnswers(
  attempt: RunAttempt,
  scene: Scene,
  idempotencyKey: string,
): Promise<DeploymentRunReply> {
  const request = { ...runRequest(scene.deploymentId), idempotencyKey };
  const ofAnother = ({ deployment_id: id = scene.deploymentId }: DeploymentRunReply) =>
    id === scene.deploymentId ? undefined : `it tells of a run of "${id}"`;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt.send(request, ofAnother);
    } catch (error) {
      if (!mayHaveActed(error)) {
        throw error;
      }
      const started = await lookForIt(attempt, scene, error);
      if (started !== undefined) {
        return started;
      }
      if (error instanceof QoderReplyError && tries >= mostUnreadableAnswers) {
        throw error;
      }
    }
  }
}

/** The run whose answer was lost; undefined when it can be taken for certain that there is none. */
async function lookForIt(
  { client, isTaken }: RunAttempt,
  { deploymentId, since, before }: Scene,
  lost: QoderError,
): Promise<DeploymentRunReply | undefined> {
  const end = client.now() + settlingMs;
  for (let waitMs = firstWaitMs; ; waitMs *= 2) {
    const runs = await runsSince(client, deploymentId, since).catch((error: unknown) => {
      throw new QoderError(
        `${lost.message}. Whether it started a run is open, as looking for it failed too: ${reasonOf(error)}. Run the same command again, it goes on from what is there`,
      );
    });
    // What somebody started by hand a moment later does the same; the older one is more likely to be this one.
    const [started] = runs.filter((run) => isByHand(run) && !before.has(run.id) && !isTaken(run.id)).reverse();
    if (started !== undefined || client.now() >= end) {
      return started;
    }
    if (!(await client.pause(waitMs))) {
      throw lost;
    }
  }
}
