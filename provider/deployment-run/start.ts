import { wasArchived } from "../api/archived";
import type { QoderClient } from "../api/client";
import { durationText } from "../api/clock";
import { absentIfNotFound, mayHaveActed, QoderError, reasonOf } from "../api/errors";
import { largest } from "../api/extremes";
import { listPath } from "../api/object-list";
import { patience } from "../api/patience";
import { redacted } from "../api/redacted";
import { warning } from "../api/remark";
import { isLastUnreadable } from "../api/retry";
import type { ApiRequest } from "../api/transport";
import { deploymentKind } from "../deployment/kind";
import { servicePause } from "../deployment/paused";
import { type Deployment, deploymentSchema } from "../deployment/reply";
import { declarable } from "../resource/compare/arguments";
import { shownOutputs } from "../resource/kind/outputs";
import { namedObjects } from "../resource/kind/references";
import { actionRequest, getRequest } from "../resource/kind/requests";
import { notVisibleYet, untilVisible } from "../resource/read/not-visible-yet";
import { type Answer, Objects } from "../resource/read/objects";
import { ending, isToBeSatisfied } from "./ending";
import { cleanRun, valuesIn } from "./hide-secrets";
import { RunNotStartedError } from "./not-started";
import { type DeploymentRunReply, isByHand, type RunArguments, startProblem, startTime } from "./reply";
import { outcomeEvent } from "./result";
import { runsList, runsSince } from "./runs";

/**
 * "Trigger a deployment". A run contains no value that a client chose, and no page says that the endpoint honours idempotency keys. So the
 * list of the runs before the start tells which run a lost answer was about, and whether an answer repeats an earlier one.
 */
export async function begin(attempt: Attempt): Promise<DeploymentRunReply> {
  const { client, wanted } = attempt;
  const { deploymentId = "" } = wanted;
  const shown = await activeDeployment(attempt, deploymentId);
  refuseWithoutOutcome(shown.deployment, wanted);
  const runs = await runsSince(client, deploymentId, undefined);
  const newest = largest(runs.map(startTime).filter(Number.isFinite));
  const runsBefore: RunsBefore = {
    deploymentId,
    since: Number.isFinite(newest) ? newest - 2 * patience.timeResolutionMs : undefined,
    before: runs.map(({ id }) => id),
    secrets: valuesIn(shown.deployment["environment_variables"]),
  };
  for (let generation = 0; generation < patience.generations; generation += 1) {
    const run = await startDespiteLostAnswers(attempt, runsBefore, attempt.key(generation));
    if (attempt.isTaken(run.id)) {
      continue;
    }
    if (!isOfBefore(runsBefore, run)) {
      return started(run, runsBefore);
    }
    // The service honours the key, and repeats its answer to an earlier command.
    if (startProblem(run) === undefined && attempt.continuesWith(run, shown, runs)) {
      const age = shown.date === undefined ? `at ${run.created_at}` : `${durationText(ageAt(shown.date, run))} ago`;
      await client.remark(warning(`continues with ${run.id}, started ${age} ${attempt.by}`));
      return run;
    }
  }
  throw new QoderError(
    `the run was started ${patience.generations} times in the last 24 hours with the same triggers, and the service repeats its responses to them.\nChange triggers, or wait 24 hours`,
  );
}

/** The requests of a first start. */
export function startRequests({ deploymentId = "" }: Partial<RunArguments>): readonly ApiRequest[] {
  return [
    getRequest(deploymentKind, deploymentId),
    { method: "GET", path: listPath(runsList(deploymentId)), repeat: "safe" },
    runRequest(deploymentId),
  ];
}

function isOfBefore({ since = Number.NEGATIVE_INFINITY, before }: RunsBefore, run: DeploymentRunReply): boolean {
  return before.includes(run.id) || startTime(run) < since;
}

function started(run: DeploymentRunReply, { deploymentId, secrets }: RunsBefore): DeploymentRunReply {
  const { error } = cleanRun({ error: startProblem(run) }, (text) => redacted(text, secrets));
  if (error !== undefined) {
    throw new RunNotStartedError(run.id, deploymentId, error);
  }
  return run;
}

function ageAt(date: Date, run: DeploymentRunReply): number {
  return Math.max(0, date.getTime() - startTime(run));
}

/**
 * True if an interrupted `up` started the run a short time ago, and the run does the same work as a new one: nothing that it uses has
 * changed since. `lastChange`: of these objects and all that they use, by the service's clock. The age is a window of minutes, which a
 * difference of seconds between the header `Date` and `created_at` does not change: an older run leads to another one.
 */
export function isOfInterruptedUp(
  run: DeploymentRunReply,
  { deployment, date }: Shown,
  runs: readonly DeploymentRunReply[],
  wanted: Partial<RunArguments>,
  lastChange: (ids: readonly string[]) => number,
): boolean {
  if (date === undefined || ageAt(date, run) > patience.interruptionMs + (ending.waitMs(wanted) ?? 0)) {
    return false;
  }
  // No page says whether a run changes `updated_at` (`run-touches` in tools/probe/rows/), nor that the two times come from one clock. So
  // this is a window: a change within two seconds of a known run counts as that run, and after any other one another run starts, which
  // does the changed work.
  const windowMs = 2 * patience.timeResolutionMs;
  const used = namedObjects(deploymentKind.named ?? [], declarable(deploymentKind, deployment)).map(({ id }) => id);
  const updated = Date.parse(deployment.updated_at ?? "");
  const isRun = runs.some((one) => Math.abs(startTime(one) - updated) <= windowMs);
  const known = lastChange([deployment.id, ...used]);
  const last = Math.max(known, isRun || Number.isNaN(updated) ? 0 : updated);
  return startTime(run) >= last - windowMs;
}

/**
 * Refuses, before a run costs anything, to wait for the outcome of a deployment without one. Events that the reply does not
 * show are no reason to refuse.
 */
function refuseWithoutOutcome({ id, initial_events: events }: Deployment, wanted: Partial<RunArguments>): void {
  const isGraded = events?.some(({ type }) => type === outcomeEvent) ?? true;
  if (isToBeSatisfied(wanted) && !isGraded) {
    throw new QoderError(
      `waitForResult.satisfied: ${id} asks for no outcome, so no run of it can be satisfied.\nGive its initialEvents a user.define_outcome, or remove satisfied`,
    );
  }
}

interface Shown extends Pick<Answer, "date"> {
  readonly deployment: Deployment;
}

/** The deployment as the service shows it now. A paused or archived deployment is an error, because it would start no run. */
async function activeDeployment(attempt: Attempt, id: string): Promise<Shown> {
  const { object, date } = await shownDeployment(attempt, id);
  const deployment = deploymentSchema.parse(object);
  const { archived_at: archivedAt, status } = deployment;
  if (archivedAt != null) {
    throw new QoderError(
      `${id} ${wasArchived(archivedAt)} and cannot be restored, so it starts no run.\n${advice(attempt, "Give deploymentId the id of another deployment")}`,
    );
  }
  if (status !== "paused") {
    return { deployment, date };
  }
  const reason = servicePause(shownOutputs(deploymentKind, deployment));
  throw new QoderError(
    reason === undefined
      ? `${id} is paused, so it starts no run.\n${advice(attempt, `Set \`paused: false\`, or run \`npx pulumi-qoder resume ${id} --stack\`, then the same command again`)}`
      : `the service paused ${id} ${reason}, so it starts no run.\n${advice(attempt, `Correct the cause, run \`npx pulumi-qoder resume ${id} --stack --paused-by-service\`, then the same command again`)}`,
  );
}

/** What a program does. A `run` decides by itself before each start, and its decision has the advice for its selection. */
const advice = ({ command }: Attempt, ofProgram: string) =>
  command === "up" ? ofProgram : "Run the same command again: it says what to do";

/** The same `up` may have created the deployment a moment ago. */
async function shownDeployment(attempt: Attempt, id: string): Promise<Answer> {
  const { client } = attempt;
  const deployments = new Objects(client, deploymentKind);
  const found = await untilVisible(client, notVisibleYet(id), () => deployments.ask(id).catch(absentIfNotFound));
  if (found === undefined) {
    throw new QoderError(
      `no deployment ${id} is visible to this token.\n${advice(attempt, "Check deploymentId, the token and qoder:workspaceId")}`,
    );
  }
  return found;
}

/** One start of a run. */
export interface Attempt {
  readonly client: QoderClient;
  readonly command: "up" | "run";
  readonly wanted: Partial<RunArguments>;
  /** The idempotency key. `generation` goes up when the service repeats a response whose run cannot be the new one. */
  key(generation: number): string;
  /** True if the run, which an earlier command started with the same key, is the run that this start asks for. */
  continuesWith(run: DeploymentRunReply, shown: Shown, runs: readonly DeploymentRunReply[]): boolean;
  /** Who started such a run, and how to get another one. */
  readonly by: string;
  /** True if another resource of this stack has the run, or had it. */
  isTaken(id: string): boolean;
  /** Sends the request that starts the run. `problem` gives the reason why a response is wrong. */
  send(request: ApiRequest, problem: (reply: DeploymentRunReply) => string | undefined): Promise<DeploymentRunReply>;
}

/** The runs before a start: all times are those of the runs, as no page says that another time of the service is by the same clock. */
interface RunsBefore {
  readonly deploymentId: string;
  /**
   * Two seconds before the start of the newest run; undefined if there is none. No page says that a later run shows a later time, so within
   * this window the ids in `before` decide what is new.
   */
  readonly since: number | undefined;
  /** The ids of the newest runs. */
  readonly before: readonly string[];
  /** The values of the environment variables. */
  readonly secrets: readonly string[];
}

function runRequest(deploymentId: string): ApiRequest {
  return { ...actionRequest(deploymentKind, deploymentId, "run"), repeat: "only-if-refused" };
}

/**
 * Starts a run. If the answer is lost, the provider lists the runs: it takes a run that did not exist before, and starts
 * another one only if none has appeared for a minute.
 */
async function startDespiteLostAnswers(
  attempt: Attempt,
  runsBefore: RunsBefore,
  idempotencyKey: string,
): Promise<DeploymentRunReply> {
  const request = { ...runRequest(runsBefore.deploymentId), idempotencyKey };
  const ofAnother = ({ deployment_id: id = runsBefore.deploymentId }: DeploymentRunReply) =>
    id === runsBefore.deploymentId ? undefined : `the body is about a run of "${id}"`;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt.send(request, ofAnother);
    } catch (error) {
      if (!mayHaveActed(error)) {
        throw error;
      }
      const started = await lookForIt(attempt, runsBefore, error);
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
  attempt: Attempt,
  runsBefore: RunsBefore,
  lost: QoderError,
): Promise<DeploymentRunReply | undefined> {
  const { client } = attempt;
  await client.pause(patience.lateMs);
  return untilVisible(client, lost, async () => {
    const runs = await runsSince(client, runsBefore.deploymentId, runsBefore.since).catch((error: unknown) => {
      throw new QoderError(
        `${lost.message}. It is unknown whether a run started: ${reasonOf(error)}.\nLook at \`npx pulumi-qoder logs ${runsBefore.deploymentId}\` first: the same command may start a second run`,
      );
    });
    return firstAfter(attempt, runsBefore, runs);
  });
}

/**
 * The run that this resource may have started after these runs. A person may have started another run a moment later, which does
 * the same work. The older run is more likely the one of the resource.
 */
function firstAfter(
  { isTaken }: Attempt,
  { before }: Pick<RunsBefore, "before">,
  runs: readonly DeploymentRunReply[],
): DeploymentRunReply | undefined {
  const own = runs.filter((run) => isByHand(run) && !before.includes(run.id) && !isTaken(run.id));
  return own.reverse().sort((one, other) => startTime(one) - startTime(other))[0];
}
