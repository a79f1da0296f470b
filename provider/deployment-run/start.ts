import type { QoderClient } from "../api/client";
import { durationText } from "../api/clock";
import { QoderApiError, QoderError } from "../api/errors";
import { listPath } from "../api/object-list";
import { warning } from "../api/remark";
import { deploymentKind } from "../deployment/kind";
import { servicePause } from "../deployment/paused";
import { type Deployment, deploymentSchema } from "../deployment/reply";
import { findWhenSettled } from "../resource/gone";
import { type Answer, Objects } from "../resource/objects";
import { toldOutputs } from "../resource/outputs";
import { getRequest } from "../resource/requests";
import type { EarlierTry, Start } from "../resource/start";
import { mostLives } from "../resource/write/idempotency";
import { ending, isToBeSatisfied } from "./ending";
import { type RunAttempt, runRequest, type Scene, startDespiteLostAnswers } from "./lost-answer";
import { RunNotStartedError } from "./not-started";
import { type DeploymentRunReply, isByHand, type RunArguments, startProblem, startTime } from "./reply";
import { runsList, runsSince } from "./runs";

const minuteMs = 60_000;

/**
 * The largest age of a run that an interrupted `up` may have started. It is short if the state does not show an interrupted
 * `up`: a person may have tried the deployment by hand before the program declared the resource.
 */
const longestInterruptionMs: Readonly<Record<EarlierTry, number>> = {
  impossible: 0,
  possible: 15 * minuteMs,
  likely: 24 * 60 * minuteMs,
};

/** The age, plus the time that the interrupted `up` may have waited for the end of the run. */
function interruptionMs(earlierTry: EarlierTry, wanted: Partial<RunArguments>): number {
  const longestMs = longestInterruptionMs[earlierTry];
  return longestMs === 0 ? 0 : longestMs + (ending.waitMs(wanted) ?? 0);
}

/** The list of runs goes back at least this far, because the clocks within the service may differ, but by less. */
const shortestLookMs = 60 * minuteMs;

/**
 * "Trigger a deployment". A run contains no value that a client chose, and no page says that the endpoint honours idempotency
 * keys. So the provider lists the existing runs before it starts one, and finds the run of an interrupted `up` by its time.
 */
export const start: Start = {
  queue: ({ deploymentId = "" }: Partial<RunArguments>) => deploymentId,
  requests: ({ deploymentId = "" }: Partial<RunArguments>) => [
    getRequest(deploymentKind, deploymentId),
    { method: "GET", path: listPath(runsList(deploymentId)), repeat: "safe" },
    runRequest(deploymentId),
  ],
  ending,
  async begin(attempt: RunAttempt) {
    const { client, wanted, earlierTry } = attempt;
    const { deploymentId = "" } = wanted;
    const { deployment, date } = await activeDeployment(client, deploymentId);
    refuseWithoutOutcome(deployment, wanted);
    const now = date?.getTime() ?? client.now();
    const oldest = now - Math.max(interruptionMs(earlierTry, wanted), shortestLookMs);
    const since = date === undefined ? undefined : oldest;
    const runs = await runsSince(client, deploymentId, since);
    const mayGoOn = (run: DeploymentRunReply) => isEarlierTry(attempt, run, deployment, now);
    if (runs.some(mayGoOn)) {
      // Another resource of the stack may have started that run in an earlier `up`; that resource may not be a target of this
      // command.
      await attempt.meetSiblings();
    }
    const earlier = runs.find(mayGoOn);
    if (earlier !== undefined) {
      const age = durationText(now - startTime(earlier));
      await client.remark(
        warning(
          `goes on with ${earlier.id}, started ${age} ago: by an earlier up that was interrupted, or by hand. Change triggers to run ${deploymentId} once more`,
        ),
      );
      return earlier;
    }
    const before = new Set(runs.map(({ id }) => id));
    return startNew(attempt, { deploymentId, since, before }, { now, oldest });
  },
};

async function startNew(
  attempt: RunAttempt,
  scene: Scene,
  { now, oldest }: { readonly now: number; readonly oldest: number },
): Promise<DeploymentRunReply> {
  for (let life = 0; life < mostLives; life += 1) {
    const run = await startDespiteLostAnswers(attempt, scene, attempt.idempotencyKey(life));
    const isRepeated = scene.before.has(run.id) || attempt.isTaken(run.id) || startTime(run) < oldest;
    if (!isRepeated) {
      return started(run, scene);
    }
    // The service has honoured the key and repeated an earlier answer. A resource with another name may own that run since.
    await attempt.meetSiblings();
    if (mayBeOurs(attempt, run)) {
      const age = durationText(now - startTime(run));
      await attempt.client.remark(
        warning(
          `goes on with ${run.id}, started ${age} ago by an earlier up with the same triggers. Change triggers to run ${scene.deploymentId} once more`,
        ),
      );
      return run;
    }
  }
  throw new QoderError(
    `the run was started ${mostLives} times within a day with the same triggers, and the service still remembers each start. Change triggers, or wait`,
  );
}

function started(run: DeploymentRunReply, { deploymentId }: Scene): DeploymentRunReply {
  const problem = startProblem(run);
  if (problem !== undefined) {
    throw new RunNotStartedError(run.id, deploymentId, problem);
  }
  return run;
}

/** Whether an earlier `up` may have started this run for this resource. A run that could not start does not count. */
function mayBeOurs({ earlierTry, begunAfter, isTaken }: RunAttempt, run: DeploymentRunReply): boolean {
  const isLater = startTime(run) > (begunAfter ?? Number.NEGATIVE_INFINITY);
  return earlierTry !== "impossible" && isLater && !isTaken(run.id) && startProblem(run) === undefined;
}

const timeResolutionMs = 1_000;

/**
 * Whether the provider takes this run instead of starting a new one. Nothing proves that an `up` of this program started it.
 * But runs take no input: a manual run of the unchanged deployment from a short time ago does the same work as a new one, and
 * two runs would cost twice.
 */
function isEarlierTry(attempt: RunAttempt, run: DeploymentRunReply, deployment: Deployment, now: number): boolean {
  const changed = Date.parse(deployment.updated_at ?? "");
  // "Trigger a deployment": a run does not change `updated_at`. The two times may come from two clocks, in whole seconds.
  const isOfPresent = Number.isNaN(changed) || startTime(run) >= changed - 2 * timeResolutionMs;
  const isRecent = now - startTime(run) <= interruptionMs(attempt.earlierTry, attempt.wanted);
  return isByHand(run) && isOfPresent && isRecent && mayBeOurs(attempt, run);
}

/**
 * Refuses, before a run costs anything, to wait for the outcome of a deployment without one. Events that the reply does not
 * show are no reason to refuse.
 */
function refuseWithoutOutcome({ id, initial_events: events }: Deployment, wanted: Partial<RunArguments>): void {
  const isGraded = events?.some(({ type }) => type === "user.define_outcome") ?? true;
  if (isToBeSatisfied(wanted) && !isGraded) {
    throw new QoderError(
      `waitForResult.satisfied: ${id} asks for no outcome, so no run of it can be satisfied; give its initialEvents a user.define_outcome, or leave out satisfied`,
    );
  }
}

interface Shown extends Pick<Answer, "date"> {
  readonly deployment: Deployment;
}

/** The deployment as the service shows it now. A paused or archived deployment is an error, because it would start no run. */
async function activeDeployment(client: QoderClient, id: string): Promise<Shown> {
  const { object, date } = await shownDeployment(client, id);
  const deployment = deploymentSchema.parse(object);
  const { archived_at: archivedAt, status } = deployment;
  if (archivedAt != null) {
    throw new QoderError(
      `${id} was archived at ${archivedAt}, which is for ever, and an archived deployment starts no run; give deploymentId the id of another one`,
    );
  }
  if (status !== "paused") {
    return { deployment, date };
  }
  const reason = servicePause(toldOutputs(deploymentKind, deployment));
  throw new QoderError(
    reason === undefined
      ? `${id} is paused, and a paused deployment starts no run; unpause it (paused: false, or at Qoder), then run \`pulumi up\` again`
      : `the service paused ${id} ${reason}, and a paused deployment starts no run; mend what the reason names and unpause it at Qoder, then run \`pulumi up\` again`,
  );
}

async function shownDeployment(client: QoderClient, id: string): Promise<Answer> {
  const deployments = new Objects(client, deploymentKind);
  try {
    return await deployments.ask(id);
  } catch (error) {
    if (!(error instanceof QoderApiError && error.isNotFound)) {
      throw error;
    }
  }
  // The same `up` may have created the deployment a moment ago.
  if ((await findWhenSettled(deployments, id, undefined)) === undefined) {
    throw new QoderError(
      `there is no deployment ${id} that this token can see; check deploymentId, the account and the workspace`,
    );
  }
  return deployments.ask(id);
}
