import { randomUUID } from "node:crypto";
import { z } from "zod";
import { wasArchived } from "../api/archived";
import { dayMs, durationText } from "../api/clock";
import { isNotFound, mayHaveActed, QoderError, reasonOf } from "../api/errors";
import { largest } from "../api/extremes";
import { listPath } from "../api/object-list";
import { redacted } from "../api/redacted";
import { warning } from "../api/remark";
import { isLastUnreadable } from "../api/retry";
import type { ApiRequest } from "../api/transport";
import { deploymentKind } from "../deployment/kind";
import { servicePause } from "../deployment/paused";
import { type Deployment, deploymentSchema } from "../deployment/reply";
import { declarable } from "../resource/compare/arguments";
import { mostGenerations } from "../resource/kind/idempotency";
import type { RunStart } from "../resource/kind/kind";
import { shownOutputs } from "../resource/kind/outputs";
import { namedObjects } from "../resource/kind/references";
import { actionRequest, getRequest } from "../resource/kind/requests";
import { eventuallyConsistentMs } from "../resource/read/age";
import { notVisibleYet, untilVisible } from "../resource/read/not-visible-yet";
import { type Answer, Objects } from "../resource/read/objects";
import { cleanRun, valuesIn } from "./clean";
import { ending, isToBeSatisfied } from "./ending";
import { RunNotStartedError } from "./not-started";
import {
  type DeploymentRunReply,
  isByHand,
  type RunArguments,
  startProblem,
  startTime,
  timeResolutionMs,
} from "./reply";
import { outcomeEvent } from "./result";
import { runsList, runsSince } from "./runs";

/** The longest time between the start of a run and the `up` that continues with it, besides the time that the `up` may wait. */
const noteLifetimeMs = dayMs;

/** What a command notes on this machine right before and right after it starts a run. */
const noteSchema = z.object({
  since: z.number().optional(),
  before: z.array(z.string()),
  /** The time of the note, by the service's clock. */
  at: z.number().optional(),
  /** What is special about the key of this start of a `run`. */
  start: z.string().optional(),
  /** The id of the started run, as soon as it is known. */
  id: z.string().optional(),
});
type Note = z.infer<typeof noteSchema>;

/**
 * "Trigger a deployment". A run contains no value that a client chose, and no page says that the endpoint honours idempotency
 * keys. So the provider lists the existing runs before it starts one, and notes on this machine which there are: the run of an
 * interrupted `up` is the next one.
 */
export async function begin(attempt: Attempt): Promise<DeploymentRunReply> {
  const { client, wanted, command } = attempt;
  const { deploymentId = "" } = wanted;
  const { deployment, date } = await activeDeployment(attempt, deploymentId);
  refuseWithoutOutcome(deployment, wanted);
  const at = date?.getTime();
  const noted = noteOf(attempt, at);
  let runs: readonly DeploymentRunReply[] = [];
  const look = async () => {
    runs = await runsSince(client, deploymentId, noted?.since);
    return noted && runOf(attempt, noted, runs);
  };
  // The list may not show the run of an `up` yet that was interrupted a moment ago.
  const unclear = `an interrupted command may have started a run of ${deploymentId}, which the list may not show yet.\nRun the same command again in a minute`;
  const isRecent = noted !== undefined && ageOf(noted, at) < eventuallyConsistentMs;
  const found = await (isRecent ? untilVisible(client, new QoderError(unclear), look) : look());
  const earlier = found && isSameWork(attempt, found, deployment) ? found : undefined;
  if (earlier !== undefined) {
    const age = at === undefined ? `at ${earlier.created_at}` : `${durationText(at - startTime(earlier))} ago`;
    const by = noted?.id === undefined ? ", or by hand" : "";
    const once = command === "up" ? "Change triggers" : "Run the same command again";
    const text = `continues with ${earlier.id}, started ${age} by an interrupted \`${command}\`${by}`;
    await client.remark(warning(`${text}. ${once} to run ${deploymentId} once more`));
    await attempt.note({ ...noted, id: earlier.id });
    return earlier;
  }
  const newest = largest(runs.map(startTime).filter(Number.isFinite));
  const since = Number.isFinite(newest) ? newest : undefined;
  const before = [...runs.map(({ id }) => id), ...(noted?.before ?? [])];
  const secrets = valuesIn(deployment["environment_variables"]);
  // Otherwise a service that honours keys would answer a second `run` with the run of the first.
  const start = command === "run" ? (noted?.start ?? randomUUID()) : undefined;
  return startNew(attempt, { deploymentId, since, before, secrets }, { start, at: client.serviceNow() });
}

/** The requests of a first start. */
export function startRequests({ deploymentId = "" }: Partial<RunArguments>): readonly ApiRequest[] {
  return [
    getRequest(deploymentKind, deploymentId),
    { method: "GET", path: listPath(runsList(deploymentId)), repeat: "safe" },
    runRequest(deploymentId),
  ];
}

async function startNew(
  attempt: Attempt,
  runsBefore: RunsBefore,
  more: Pick<Note, "start" | "at">,
): Promise<DeploymentRunReply> {
  const note: Note = { since: runsBefore.since, before: [...runsBefore.before], ...more };
  await attempt.note(note);
  for (let generation = 0; generation < mostGenerations; generation += 1) {
    const run = await startDespiteLostAnswers(attempt, runsBefore, attempt.idempotencyKey(generation, more.start));
    // The service may honour the key and repeat an earlier answer.
    if (!isOfBefore(runsBefore, run) && !attempt.isTaken(run.id)) {
      await attempt.note({ ...note, id: run.id });
      return started(run, runsBefore);
    }
  }
  throw new QoderError(
    `the run was started ${mostGenerations} times in the last 24 hours with the same triggers, and the service repeats its responses to them.\nChange triggers, or wait 24 hours`,
  );
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

/** The note of an interrupted `up`; undefined without one, or if it is too old. */
function noteOf({ noted, wanted }: Attempt, now: number | undefined): Note | undefined {
  const note = noteSchema.safeParse(noted).data;
  const isOld = note !== undefined && ageOf(note, now) > noteLifetimeMs + (ending.waitMs(wanted) ?? 0);
  return isOld ? undefined : note;
}

function ageOf({ at }: Note, now: number | undefined): number {
  return now === undefined || at === undefined ? 0 : now - at;
}

/** The run that the interrupted `up` may have started. */
function runOf(attempt: Attempt, note: Note, runs: readonly DeploymentRunReply[]): DeploymentRunReply | undefined {
  return firstAfter(
    attempt,
    note,
    runs.filter(({ id }) => note.id === undefined || id === note.id),
  );
}

/** True if the run does the same work as a new one: nothing that it uses has changed since its start. */
function isSameWork(attempt: Attempt, run: DeploymentRunReply, deployment: Deployment): boolean {
  // "Trigger a deployment": a run does not change `updated_at`. The two times may come from two clocks, in whole seconds.
  const used = namedObjects(deploymentKind.named ?? [], declarable(deploymentKind, deployment)).map(({ id }) => id);
  const changed = Date.parse(deployment.updated_at ?? "");
  const known = attempt.lastChange([deployment.id, ...used]);
  const lastChange = Math.max(known, Number.isNaN(changed) ? 0 : changed);
  const oldest = lastChange - 2 * timeResolutionMs;
  return startProblem(run) === undefined && startTime(run) >= oldest;
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
  const found = await untilVisible(client, notVisibleYet(id), () => deployments.ask(id).catch(undefinedIfNotFound));
  if (found === undefined) {
    throw new QoderError(
      `no deployment ${id} is visible to this token.\n${advice(attempt, "Check deploymentId, the token and qoder:workspaceId")}`,
    );
  }
  return found;
}

function undefinedIfNotFound(error: unknown): undefined {
  if (!isNotFound(error)) {
    throw error;
  }
}

interface Attempt extends Omit<RunStart, "send"> {
  readonly wanted: Partial<RunArguments>;
  /**
   * The idempotency key, equal in every process for the same declaration and arguments. `generation` goes up when the service repeats
   * a response whose run cannot be the new one. `start`: what tells apart the starts of one declaration.
   */
  idempotencyKey(generation: number, start: string | undefined): string;
  /** What an earlier command that did not finish noted on this machine about the start; undefined if there is none. */
  readonly noted: unknown;
  /** Notes facts about the start on this machine, until the run is about to reach the state. */
  note(facts: object): Promise<void>;
  /** Removes the note, because no run was started. */
  forget(): void;
  send(request: ApiRequest, problem: (run: DeploymentRunReply) => string | undefined): Promise<DeploymentRunReply>;
}

/** The runs before a start: all times are those of the runs, because no other clock proves what is older. */
interface RunsBefore {
  readonly deploymentId: string;
  /** The start of the newest run; undefined if there is none. See `runsSince`. */
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
        attempt.forget();
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
  return untilVisible(client, lost, async () => {
    const runs = await runsSince(client, runsBefore.deploymentId, runsBefore.since).catch((error: unknown) => {
      throw new QoderError(
        `${lost.message}. It is unknown whether a run started: ${reasonOf(error)}.\nRun the same command again: it continues with the run that it finds`,
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
