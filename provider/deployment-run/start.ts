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
 * So long ago an `up` that started a run may have been interrupted. Short where nothing tells that there was one: somebody may
 * have tried the deployment by hand before the resource was declared.
 */
const longestInterruptionMs: Readonly<Record<EarlierTry, number>> = {
  impossible: 0,
  possible: 15 * minuteMs,
  likely: 24 * 60 * minuteMs,
};

/** An `up` that was interrupted while it waited for the end started its run before that wait. */
function interruptionMs(earlierTry: EarlierTry, wanted: Partial<RunArguments>): number {
  const longestMs = longestInterruptionMs[earlierTry];
  return longestMs === 0 ? 0 : longestMs + (ending.waitMs(wanted) ?? 0);
}

/** What is listed is read back so far at least. The clocks of a service may differ by less. */
const shortestLookMs = 60 * minuteMs;

/**
 * "Trigger a deployment". A run holds nothing that a client chose, and no page says that its endpoint honours keys. So a run is
 * asked for only after a look at those that there are: what an `up` started that was interrupted then is found by its time.
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
      // Another resource of the stack may have started that run in an earlier `up`, and not be among the targets of this one.
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
    // The service honours keys and repeats what it answered to this one before. A resource that was renamed since may have that run.
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
    `it was started ${mostLives} times within a day with the same triggers; the service still remembers each of them. Change triggers, or wait`,
  );
}

function started(run: DeploymentRunReply, { deploymentId }: Scene): DeploymentRunReply {
  const problem = startProblem(run);
  if (problem !== undefined) {
    throw new RunNotStartedError(run.id, deploymentId, problem);
  }
  return run;
}

/** Whether an earlier call may have started it for this declaration. What did not start is no run of it. */
function mayBeOurs({ earlierTry, begunAfter, isTaken }: RunAttempt, run: DeploymentRunReply): boolean {
  const isLater = startTime(run) > (begunAfter ?? Number.NEGATIVE_INFINITY);
  return earlierTry !== "impossible" && isLater && !isTaken(run.id) && startProblem(run) === undefined;
}

const timeResolutionMs = 1_000;

/**
 * Whether it is taken in place of a new one. Nothing proves that it is ours. But it takes no input: started by hand not long ago,
 * and of the deployment as it is now, it does what a new one would do, and two of them would be paid for.
 */
function isEarlierTry(attempt: RunAttempt, run: DeploymentRunReply, deployment: Deployment, now: number): boolean {
  const changed = Date.parse(deployment.updated_at ?? "");
  // "Trigger a deployment": a run leaves `updated_at` alone. The two times may come from two clocks, in whole seconds.
  const isOfPresent = Number.isNaN(changed) || startTime(run) >= changed - 2 * timeResolutionMs;
  const isRecent = now - startTime(run) <= interruptionMs(attempt.earlierTry, attempt.wanted);
  return isByHand(run) && isOfPresent && isRecent && mayBeOurs(attempt, run);
}

/** Before anything is paid for. What the service does not tell is no reason. */
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

/** The deployment that is to run, as the service shows it now. One that would start nothing is refused. */
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
  // The same `up` may have created it a moment ago.
  if ((await findWhenSettled(deployments, id, undefined)) === undefined) {
    throw new QoderError(
      `there is no deployment ${id} that this token can see; check deploymentId, the account and the workspace`,
    );
  }
  return deployments.ask(id);
}
