import { mayHaveActed, QoderError, reasonOf } from "../api/errors";
import { isLastUnreadable } from "../api/retry";
import type { ApiRequest } from "../api/transport";
import { deploymentKind } from "../deployment/kind";
import { settlingMs } from "../resource/age";
import { actionRequest } from "../resource/requests";
import type { Attempt } from "../resource/start";
import { type DeploymentRunReply, isByHand, type RunArguments } from "./reply";
import { runsSince } from "./runs";

/** An attempt with the types of arguments and replies of a run. */
export interface RunAttempt extends Attempt {
  readonly wanted: Partial<RunArguments>;
  send(request: ApiRequest, problem: (run: DeploymentRunReply) => string | undefined): Promise<DeploymentRunReply>;
}

export interface Scene {
  readonly deploymentId: string;
  /** See `runsSince`. */
  readonly since: number | undefined;
  readonly before: ReadonlySet<string>;
}

const firstWaitMs = 2_000;

export function runRequest(deploymentId: string): ApiRequest {
  return { ...actionRequest(deploymentKind, deploymentId, "run"), repeat: "only-if-refused" };
}

/**
 * Starts a run. If the answer is lost, the provider lists the runs: it takes a run that did not exist before, and starts
 * another one only if none has appeared for a minute.
 */
export async function startDespiteLostAnswers(
  attempt: RunAttempt,
  scene: Scene,
  idempotencyKey: string,
): Promise<DeploymentRunReply> {
  const request = { ...runRequest(scene.deploymentId), idempotencyKey };
  const ofAnother = ({ deployment_id: id = scene.deploymentId }: DeploymentRunReply) =>
    id === scene.deploymentId ? undefined : `the body is about a run of "${id}"`;
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
      if (isLastUnreadable(error, tries)) {
        throw error;
      }
    }
  }
}

/** The run whose answer was lost; undefined if the lost request certainly started none. */
async function lookForIt(
  { client, isTaken }: RunAttempt,
  { deploymentId, since, before }: Scene,
  lost: QoderError,
): Promise<DeploymentRunReply | undefined> {
  const end = client.now() + settlingMs;
  for (let waitMs = firstWaitMs; ; waitMs *= 2) {
    const runs = await runsSince(client, deploymentId, since).catch((error: unknown) => {
      throw new QoderError(
        `${lost.message}. Whether the request started a run is unknown, because the list of runs could not be read either: ${reasonOf(error)}. Run the same command again: it continues with the run that it finds`,
      );
    });
    // A person may have started another run a moment later, which does the same work. The older run is more likely the one of
    // this request.
    const [started] = runs.filter((run) => isByHand(run) && !before.has(run.id) && !isTaken(run.id)).reverse();
    if (started !== undefined || client.now() >= end) {
      return started;
    }
    if (!(await client.pause(waitMs))) {
      throw lost;
    }
  }
}
