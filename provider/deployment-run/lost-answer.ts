import { mayHaveActed, QoderError, reasonOf } from "../api/errors";
import { isLastUnreadable } from "../api/retry";
import type { ApiRequest } from "../api/transport";
import { deploymentKind } from "../deployment/kind";
import { askUntilSettled } from "../resource/gone";
import { actionRequest } from "../resource/requests";
import type { Attempt } from "../resource/start";
import { type DeploymentRunReply, isByHand, type RunArguments, startTime } from "./reply";
import { runsSince } from "./runs";

/** An attempt with the types of arguments and replies of a run. */
export interface RunAttempt extends Attempt {
  readonly wanted: Partial<RunArguments>;
  send(request: ApiRequest, problem: (run: DeploymentRunReply) => string | undefined): Promise<DeploymentRunReply>;
}

/** The runs before a start: all times are those of the runs, because no other clock proves what is older. */
export interface Scene {
  readonly deploymentId: string;
  /** The start of the newest run; undefined if there is none. See `runsSince`. */
  readonly since: number | undefined;
  /** The ids of the newest runs. */
  readonly before: readonly string[];
}

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
        attempt.forget();
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
async function lookForIt(attempt: RunAttempt, scene: Scene, lost: QoderError): Promise<DeploymentRunReply | undefined> {
  const { client } = attempt;
  return askUntilSettled(client, lost, async () => {
    const runs = await runsSince(client, scene.deploymentId, scene.since).catch((error: unknown) => {
      throw new QoderError(
        `${lost.message}. Whether the request started a run is unknown, because the list of runs could not be read either: ${reasonOf(error)}. Run the same command again: it continues with the run that it finds`,
      );
    });
    return firstAfter(attempt, scene, runs);
  });
}

/**
 * The run that this resource may have started after the scene. A person may have started another run a moment later, which does
 * the same work. The older run is more likely the one of the resource.
 */
export function firstAfter(
  { isTaken }: RunAttempt,
  { before }: Pick<Scene, "before">,
  runs: readonly DeploymentRunReply[],
): DeploymentRunReply | undefined {
  const own = runs.filter((run) => isByHand(run) && !before.includes(run.id) && !isTaken(run.id));
  return own.reverse().sort((one, other) => startTime(one) - startTime(other))[0];
}
