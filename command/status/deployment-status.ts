import { z } from "zod";
import { dayMs } from "../../provider/api/clock";
import { QoderApiError } from "../../provider/api/errors";
import { objectStatusOf } from "../../provider/api/object-status";
import { Once } from "../../provider/api/once";
import type { DeploymentPausedReason } from "../../provider/deployment/arguments";
import { type DeclaredPause, holdsOf, stopOf } from "../../provider/deployment/holds";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { cleanerOf, cleanRun } from "../../provider/deployment-run/hide-secrets";
import { newestFirst, timeOf } from "../../provider/deployment-run/newest-first";
import type { RunResult } from "../../provider/deployment-run/result";
import { agents, environments } from "../../provider/kinds/table";
import { loadedKinds } from "../../provider/loaded-kinds";
import { ownerIn } from "../../provider/resource/kind/metadata";
import type { Properties } from "../../provider/resource/kind/program-values";
import { getRequest } from "../../provider/resource/kind/requests";
import { changedSince } from "../../provider/resource/read/read";
import { sealed } from "../../provider/resource/state/hidden-texts";
import type { Advisor } from "../advised";
import type { OpenSession } from "../cancel/open-sessions";
import { type CommandClient, eachOf } from "../client";
import { type ReadDeployment, scheduleIn } from "../deployments";
import { latenessMs, type MissedRuns, missedRuns } from "../runs/missed-runs";
import { neverBegan, pastRuns, recentRuns, resultWith, runsOfWindow, turnBeganAt } from "../runs/recent-runs";
import {
  failedInARow,
  isRowOpen,
  type LastFailure,
  lastFailureOf,
  type RunWithResult,
  type Tally,
  tallyOf,
} from "../runs/tally";
import { type Usual, usualIn } from "../runs/usual";
import type { StackDeployment } from "../stack";
import type { Since } from "../time";
import { growingCost } from "./growing-cost";
import { type LongSession, longestRun, longSessions, timeoutIn } from "./long-runs";
import type { Problem } from "./problem";
import { beganLate, unusualRuns } from "./unusual-run";
import { givenProblems, needsOlderGiven } from "./what-a-run-gave";

/** A deployment and its runs, as the service shows them. */
export interface DeploymentStatus {
  readonly id: string;
  readonly name: string | undefined;
  /** The label of its owner. */
  readonly owner: string | undefined;
  /** `active`, `paused` or `archived`; an archived deployment is `archived` whatever its status. */
  readonly status: string;
  readonly pausedReason: DeploymentPausedReason | undefined;
  readonly isScheduled: boolean;
  /** The time of the next run; undefined if the deployment does not run by itself now. */
  readonly nextRunAt: string | undefined;
  readonly lastRun: DeploymentRun | undefined;
  /** The result of the last run; undefined if it was not requested. */
  readonly lastResult: RunResult | undefined;
  readonly lastFailure: LastFailure;
  /** The numbers of runs since the given time; undefined without a time. */
  readonly since?: Tally;
  /** The newest runs that failed one after another, in the window and before it, the newest first; undefined without a time. */
  readonly failedInARow?: readonly RunWithResult[];
  /** What is usual in the week before the given time; undefined without a time. */
  readonly usual?: Usual;
  /** The runs since the given time with their results, newest first; undefined without a time. */
  readonly runsSince?: readonly RunWithResult[];
  /** The runs that should have come since the given time; undefined without a time, and if the deployment starts none by itself. */
  readonly missed?: MissedRuns | undefined;
  /** The runs since the given time and the ones that were read before them, newest first; undefined without a time. */
  readonly judged?: readonly RunWithResult[];
  /** The costs, times and gifts of the runs that are not as usual. */
  readonly unusual: readonly Problem[];
  /** The open sessions that are older than any run should be. */
  readonly long: readonly LongSession[];
  /** The sessions that work now. */
  readonly working: readonly string[];
  /** When the deployment, or its status, was changed last, in milliseconds. */
  readonly changedAt: number | undefined;
  /** The days since the last change of a deployment that a person paused. */
  readonly pausedDays: number | undefined;
  /** Who paused the deployment; `by the program`: the state of the stack says `paused: true`. */
  readonly pausedBy: "by hand" | "by the service" | "by the program" | undefined;
  /** The ids of the pauses of this package that hold the deployment. */
  readonly holds: readonly string[];
  /** The arguments, also those of its agent, that somebody has changed since the state of the stack recorded them. */
  readonly changed: readonly string[];
  /** True if the state records the deployment encrypted, so that nobody has compared it. */
  readonly isUncompared: boolean;
  /** True if the next run that the service shows should have come before now. */
  readonly isOverdue: boolean;
  /** The time zone of the schedule, if this version knows it. */
  readonly timezone: string | undefined;
  /** The agent; undefined if the service does not show it. */
  readonly agent: (Needed & { readonly version: number | undefined }) | undefined;
  readonly environment: Needed | undefined;
  /** True if a run that is done and said nothing makes the deployment unhealthy. */
  readonly isStrict: boolean;
  /** The command that says what is wrong, and so advises others. */
  readonly advisor: Advisor;
}

/** The questions about the runs of each deployment. */
export interface RunQuestions extends Advisor {
  readonly results: boolean;
  /** The time since which all runs are read; undefined for the last run only. */
  readonly since: Since | undefined;
  readonly strict: boolean;
  /** After this time an open session is a problem, whatever its deployment says. */
  readonly longestRunMs: number | undefined;
}

/** The deployment with its runs, its agent and its environment. */
export async function deploymentStatus(
  client: CommandClient,
  deployment: ReadDeployment,
  needed: NeededObjects,
  questions: RunQuestions,
  open: readonly OpenSession[],
  managed: Pick<StackDeployment, "isPaused" | "expectedArtifacts" | "recorded"> | undefined,
): Promise<DeploymentStatus> {
  const read = await runsOfDeployment(
    client,
    deployment,
    questions,
    await presentTurns(client, deployment, questions, open),
    managed?.expectedArtifacts,
  );
  const runs = await cleanRuns(client, deployment, read);
  const agent = await needed.find(agents, deployment.agent?.id);
  const environment = await needed.find(environments, deployment.environment_id);
  const shown = shownIn(deployment);
  return {
    ...shown,
    ...runs,
    ...shownPause(deployment, managed, client.moment()),
    changedAt: timeOf(deployment.archived_at ?? deployment.updated_at),
    working: open.map(({ id }) => id),
    changed: shown.status === "archived" ? [] : changedArguments(deployment, managed?.recorded, agent),
    isUncompared: shown.status !== "archived" && isSealed(managed?.recorded),
    isOverdue: Date.parse(shown.nextRunAt ?? "") < client.moment() - latenessMs,
    timezone: scheduleIn(deployment)?.timezone,
    agent: agent && { ...agent, version: deployment.agent?.version ?? undefined },
    environment,
    isStrict: questions.strict,
    advisor: questions,
  };
}

type Runs = Pick<
  DeploymentStatus,
  | "lastRun"
  | "lastResult"
  | "lastFailure"
  | "since"
  | "runsSince"
  | "judged"
  | "failedInARow"
  | "usual"
  | "missed"
  | "unusual"
  | "long"
>;

async function runsOfDeployment(
  client: CommandClient,
  deployment: ReadDeployment,
  questions: RunQuestions,
  open: readonly OpenSession[],
  expected: readonly string[] | undefined,
): Promise<Runs> {
  const now = client.moment();
  const since = questions.since?.(now);
  const recent = await recentRuns(client.forList(), deployment.id, since ?? Number.POSITIVE_INFINITY);
  const [lastRun] = recent.runs;
  if (since === undefined) {
    const last = lastRun && questions.results ? [await resultWith(client, lastRun)] : [];
    const limitMs = await limitOf(client, deployment, questions, open, undefined);
    const judged = neverBegan(last, limitMs, now);
    return {
      ...{ lastRun, lastResult: judged[0]?.result, lastFailure: recent.lastFailure },
      ...{
        unusual: expected === undefined ? [] : givenProblems(judged, expected),
        long: longSessions(open, limitMs, now),
      },
    };
  }
  const needsOlder = (runs: readonly RunWithResult[]) => isRowOpen(runs) || needsOlderGiven(runs);
  const read = await runsOfWindow(client, deployment.id, recent, since, needsOlder);
  const usual = usualIn(read.past, since);
  const limitMs = await limitOf(client, deployment, questions, open, usual);
  const runsSince = neverBegan(read.runs, limitMs, now);
  const judged = newestFirst([...runsSince, ...neverBegan(read.before, limitMs, now)], ({ run }) =>
    timeOf(run.createdAt),
  );
  const readFrom = recent.isPart ? timeOf(recent.runs.at(-1)?.createdAt) : undefined;
  return {
    ...{ lastRun, lastResult: judged[0]?.result, lastFailure: lastFailureOf(recent.lastFailure, runsSince) },
    ...{ since: tallyOf(runsSince.map(({ result }) => result)), runsSince, judged, usual },
    failedInARow: failedInARow(judged),
    unusual: [
      ...givenProblems(judged, expected),
      ...growingCost(runsSince, usual, since, now),
      ...unusualRuns(runsSince, usual),
      ...beganLate(recent.runs, scheduleIn(deployment)?.timezone ?? "UTC", since),
    ],
    long: longSessions(open, limitMs, now),
    missed: missedRuns(deployment, recent.runs, since, now, readFrom),
  };
}

/** How long a session of the deployment may be open. Asks what is usual only if a session is older than any limit without it. */
async function limitOf(
  client: CommandClient,
  deployment: ReadDeployment,
  questions: RunQuestions,
  open: readonly OpenSession[],
  known: Usual | undefined,
): Promise<number> {
  const now = client.moment();
  const set = limitSet(deployment, questions);
  const isAsked = known?.milliseconds === undefined && set === undefined && isAnyLong(open, set, now);
  const usual = isAsked ? usualIn(await pastRuns(client, deployment.id, now), now) : known;
  return longestRun(set, usual?.milliseconds);
}

/** Without the pause, which a report names in any case. */
function changedArguments(
  { reply }: ReadDeployment,
  recorded: Properties | undefined,
  agent: Needed | undefined,
): string[] {
  const own = changedIn("Deployment", recorded, reply).filter((name) => name !== "paused");
  return [...own, ...(agent?.changed ?? []).map((name) => `${name} of its agent`)];
}

/** What the service showed after the last write is encrypted as a whole if one member of it is a secret. */
function isSealed(recorded: Properties = {}): boolean {
  return Object.entries(recorded).some(([name, value]) => name.startsWith("__") && value === sealed);
}

function changedIn(kind: "Deployment" | "Agent", recorded: Properties | undefined, reply: unknown): string[] {
  return recorded === undefined ? [] : changedSince(loadedKinds[kind](), recorded, reply);
}

function limitSet({ metadata }: ReadDeployment, { longestRunMs }: RunQuestions): number | undefined {
  return longestRunMs ?? timeoutIn(metadata);
}

function isAnyLong(open: readonly OpenSession[], set: number | undefined, now: number): boolean {
  return open.some(({ startedAt = now }) => now - startedAt > longestRun(set, undefined));
}

/** The open sessions with the beginning of their present turns, which only those that seem to hang take a request for. */
async function presentTurns(
  client: CommandClient,
  deployment: ReadDeployment,
  questions: RunQuestions,
  open: readonly OpenSession[],
): Promise<readonly OpenSession[]> {
  const now = client.moment();
  const set = limitSet(deployment, questions);
  return eachOf(open, async (session) => {
    const { id, startedAt } = session;
    return startedAt === undefined || !isAnyLong([session], set, now)
      ? session
      : { ...session, startedAt: await turnBeganAt(client.forObject(), id, startedAt) };
  });
}

/** A later change of the paused deployment starts the count again: the service does not show when it was paused. */
function shownPause(deployment: ReadDeployment, state: DeclaredPause | undefined, now: number) {
  const changed = timeOf(deployment.updated_at);
  const by = deployment.archived_at == null ? stopOf(deployment, state) : "nobody";
  const pausedBy = pausedByWords[by];
  const isCounted = pausedBy === "by hand" && changed !== undefined;
  return {
    pausedBy,
    holds: by === "holds" ? holdsOf(deployment).map(({ id }) => id) : [],
    pausedDays: isCounted ? Math.max(Math.floor((now - changed) / dayMs), 0) : undefined,
  } as const;
}

const pausedByWords = {
  nobody: undefined,
  program: "by the program",
  service: "by the service",
  holds: "by hand",
  somebody: "by hand",
} as const;

/** The runs without secrets: an error may repeat a value of an environment variable. */
async function cleanRuns(client: CommandClient, { id, reply }: ReadDeployment, runs: Runs): Promise<Runs> {
  const { lastRun, lastResult, lastFailure } = runs;
  const { found, result } = lastFailure;
  const isClean = [lastRun, lastResult, found, result].every((one) => one?.error === undefined);
  const clean = isClean ? undefined : await cleanerOf(client.forObject(), id, reply);
  return {
    ...runs,
    lastRun: lastRun && cleanRun(lastRun, clean),
    lastResult: lastResult && cleanRun(lastResult, clean),
    lastFailure: {
      ...lastFailure,
      found: found && cleanRun(found, clean),
      ...(result === undefined ? {} : { result: cleanRun(result, clean) }),
    },
  };
}

function shownIn(deployment: ReadDeployment) {
  const { id, name, paused_reason: reason, schedule } = deployment;
  const status = deployment.archived_at == null ? (deployment.status ?? "") : "archived";
  return {
    id,
    name,
    status,
    pausedReason:
      reason == null
        ? undefined
        : { type: reason.type, error: reason.error == null ? undefined : { type: reason.error.type } },
    isScheduled: schedule != null,
    owner: ownerIn(deployment.metadata),
    // "Pause a deployment": a paused deployment shows the runs that it would have.
    nextRunAt: status === "active" ? schedule?.upcoming_runs_at?.[0] : undefined,
  };
}

/** An object that every run of a deployment needs. */
export interface Needed {
  readonly id: string;
  /** Undefined if the service does not say whether the object is archived. */
  readonly isArchived: boolean | undefined;
  /** In milliseconds; undefined if the object is not archived, or nobody knows since when. */
  readonly archivedAt?: number | undefined;
  /** The newest version of an agent; undefined if the service does not show it. */
  readonly newest?: number | undefined;
  /** The name at Qoder; undefined if the service does not show it. */
  readonly name?: string | undefined;
  /** The arguments of an agent of the stack that somebody has changed since the state recorded them. */
  readonly changed?: readonly string[];
}

const namedSchema = z.looseObject({ name: z.string().optional().catch(undefined) });

/** The agents and environments of the deployments. Many deployments share them, so each is read once. */
export class NeededObjects {
  readonly #asked = new Once<Omit<Needed, "id">>();

  /** `recorded`: the outputs of the agents of the stack, by their ids. */
  constructor(
    private readonly client: CommandClient,
    private readonly recorded: ReadonlyMap<string, Properties> = new Map(),
  ) {}

  async find({ collection }: { readonly collection: string }, id: string | undefined): Promise<Needed | undefined> {
    if (id === undefined) {
      return undefined;
    }
    return { id, ...(await this.#asked.of(id, () => this.#read(collection, id))) };
  }

  async #read(collection: string, id: string): Promise<Omit<Needed, "id">> {
    const status = await objectStatusOf(this.client.forObject(), getRequest({ collection }, id), id);
    const { error } = { error: undefined, ...status };
    // The token may have access to a deployment, but not to its agent or environment.
    if (error !== undefined && !(error instanceof QoderApiError && (error.status === 403 || error.status === 404))) {
      throw error;
    }
    if (status.is === "live") {
      const { name } = namedSchema.safeParse(status.object).data ?? {};
      const changed = changedIn("Agent", this.recorded.get(id), status.object);
      const newest = typeof status.version === "number" ? status.version : undefined;
      return { isArchived: false, name, newest, changed };
    }
    return status.is === "archived" ? { isArchived: true, archivedAt: timeOf(status.at) } : { isArchived: undefined };
  }
}
