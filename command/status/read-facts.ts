import { z } from "zod";
import { dayMs } from "../../provider/api/clock";
import { QoderApiError } from "../../provider/api/errors";
import { objectStatusOf } from "../../provider/api/object-status";
import { Once } from "../../provider/api/once";
import { type DeclaredPause, holdsOf, stopOf } from "../../provider/deployment/holds";
import { cleanerOf, cleanRun } from "../../provider/deployment-run/hide-secrets";
import { newestFirst, timeOf } from "../../provider/deployment-run/newest-first";
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
import { latenessMs, missedRuns } from "../runs/missed-runs";
import { neverBegan, pastRuns, recentRuns, resultWith, runsOfWindow, turnBeganAt } from "../runs/recent-runs";
import { isRowOpen, lastFailureOf, type RunWithResult, tallyOf } from "../runs/tally";
import { type Usual, usualIn } from "../runs/usual";
import type { StackDeployment } from "../stack";
import type { Since } from "../time";
import type { DeploymentFacts, Needed } from "./facts";
import { longestRun, timeoutIn } from "./long-runs";
import { needsOlderGiven } from "./what-a-run-gave";

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
export async function readFacts(
  client: CommandClient,
  deployment: ReadDeployment,
  needed: NeededObjects,
  questions: RunQuestions,
  open: readonly OpenSession[],
  managed: Pick<StackDeployment, "isPaused" | "expectedArtifacts" | "recorded"> | undefined,
): Promise<DeploymentFacts> {
  const turns = await presentTurns(client, deployment, questions, open);
  const runs = await cleanRuns(client, deployment, await runsOfDeployment(client, deployment, questions, turns));
  const agent = await needed.find(agents, deployment.agent?.id);
  const environment = await needed.find(environments, deployment.environment_id);
  const shown = shownIn(deployment);
  return {
    ...shown,
    ...runs,
    ...shownPause(deployment, managed, client.moment()),
    changedAt: timeOf(deployment.archived_at ?? deployment.updated_at),
    changed: shown.status === "archived" ? [] : changedArguments(deployment, managed?.recorded, agent),
    isUncompared: shown.status !== "archived" && isSealed(managed?.recorded),
    isOverdue: Date.parse(shown.nextRunAt ?? "") < client.moment() - latenessMs,
    timezone: scheduleIn(deployment)?.timezone ?? "UTC",
    expectedArtifacts: managed?.expectedArtifacts,
    agent: agent && { ...agent, version: deployment.agent?.version ?? undefined },
    environment,
    isStrict: questions.strict,
    advisor: questions,
  };
}

async function runsOfDeployment(
  client: CommandClient,
  deployment: ReadDeployment,
  questions: RunQuestions,
  open: readonly OpenSession[],
) {
  const now = client.moment();
  const from = questions.since?.(now);
  const recent = await recentRuns(client.forList(), deployment.id, from ?? Number.POSITIVE_INFINITY);
  const [lastRun] = recent.runs;
  const needsOlder = (runs: readonly RunWithResult[]) => isRowOpen(runs) || needsOlderGiven(runs);
  const last = async () => (lastRun && questions.results ? [await resultWith(client, lastRun)] : []);
  const read =
    from === undefined
      ? { runs: [], before: await last(), past: [] }
      : await runsOfWindow(client, deployment.id, recent, from, needsOlder);
  const usual = usualIn(read.past, from ?? now);
  const longestMs = await limitOf(client, deployment, questions, open, usual);
  const runsSince = neverBegan(read.runs, longestMs, now);
  const judged = newestFirst([...runsSince, ...neverBegan(read.before, longestMs, now)], ({ run }) =>
    timeOf(run.createdAt),
  );
  const readFrom = recent.isPart ? timeOf(recent.runs.at(-1)?.createdAt) : undefined;
  return {
    ...{ now, from, open, longestMs, lastRun, runsSince, judged, usual, recent: recent.runs },
    lastResult: judged[0]?.result,
    lastFailure: lastFailureOf(recent.lastFailure, runsSince),
    ...(from === undefined
      ? {}
      : {
          since: tallyOf(runsSince.map(({ result }) => result)),
          missed: missedRuns(deployment, recent.runs, from, now, readFrom),
        }),
  };
}

type Runs = Awaited<ReturnType<typeof runsOfDeployment>>;

/** How long a session of the deployment may be open. Asks what is usual only if a session is older than any limit without it. */
async function limitOf(
  client: CommandClient,
  deployment: ReadDeployment,
  questions: RunQuestions,
  open: readonly OpenSession[],
  known: Usual,
): Promise<number> {
  const now = client.moment();
  const set = limitSet(deployment, questions);
  const isAsked = known.milliseconds === undefined && set === undefined && isAnyLong(open, set, now);
  const usual = isAsked ? usualIn(await pastRuns(client, deployment.id, now), now) : known;
  return longestRun(set, usual.milliseconds);
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
