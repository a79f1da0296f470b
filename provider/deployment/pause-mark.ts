import { createHash } from "node:crypto";
import { z } from "zod";
import { parseJson } from "../api/parse-json";
import { canonical } from "../resource/kind/idempotency";
import { isObject, membersOf, without } from "../resource/kind/program-values";

/**
 * Who paused a deployment with this status and this type of reason; undefined if it is not paused. A reason that this version
 * does not know counts as the service's: the preview reports such a pause and the provider never ends it.
 */
export function pausedBy(
  status: string | undefined,
  reason: string | undefined,
): "by hand" | "by the service" | undefined {
  if (status !== "paused") {
    return undefined;
  }
  return reason === undefined || reason === "manual" ? "by hand" : "by the service";
}

/**
 * The key of the metadata that an `up` with `paused: true` leaves at a deployment that was paused already: nothing else there changes,
 * and `pulumi-qoder resume` must know that a program stops it. The value has the time of the mark and the digest of the content.
 */
const programKey = "pulumi-qoder-paused";
/** The key of the metadata with the pause of `pulumi-qoder pause` or `limits --pause`. */
export const commandPausedKey = "pulumi-qoder-paused-by-command";

/** The marks of this package in the metadata. They are no labels: no argument, import, report or digest of the content has them. */
export const ownMarks: readonly string[] = [programKey, commandPausedKey];

/** The id of a pause: `p-` and four hexadecimal digits. */
export const pauseId = /^p-[0-9a-f]{4}$/;
/** "Conventions: schemas": a value has 512 characters. */
export const longestReason = 100;

const markSchema = z.object({
  pause: z.string().regex(pauseId),
  /** The time of the pause by the clock of the service (RFC 3339). */
  at: z.string(),
  /** `limits`: `limits --pause` paused it, which starts it again when its limit has room. */
  by: z.literal("limits").optional(),
  /** The words of the person who paused. */
  reason: z.string().optional(),
  /**
   * The proof of the pause, which the command adds after it: the deployment is as this write of the mark has left it. Without it the
   * pause was announced, and nobody knows whether it was done.
   */
  done: z.object({ updatedAt: z.string().optional(), withinS: z.number(), content: z.string() }).optional(),
});

/** What the mark of a command says about its pause. */
export type PauseMark = Readonly<z.infer<typeof markSchema>>;

/** The members of a deployment that say what stops it. `content`: the whole reply. */
export interface Markable {
  readonly status?: string | undefined;
  readonly paused_reason?: { readonly type: string } | null | undefined;
  readonly archived_at?: string | null | undefined;
  readonly updated_at?: string | undefined;
  readonly metadata?: unknown;
  readonly reply: unknown;
}

/** The deployment in the state of a stack. */
export interface DeclaredPause {
  /** True if the program of the last `up`, or what a refresh found since, is `paused: true`. */
  readonly isPaused: boolean;
  /** When the deployment had changed last, as the state records it. */
  readonly updatedAt: string | undefined;
}

/** What stops a deployment. */
export type Pause =
  /** Nothing: the deployment is active. */
  | { readonly by: "nobody" }
  | { readonly by: "service" }
  | { readonly by: "program" }
  /** `isProven`: nobody has touched the deployment since. Otherwise a person may have started and paused it, or the pause was cut off. */
  | { readonly by: "command"; readonly mark: PauseMark; readonly isProven: boolean }
  /** A person, or an `up` that found the deployment active. */
  | { readonly by: "somebody" };

export function markOf({ metadata }: Pick<Markable, "metadata">): PauseMark | undefined {
  return markSchema.safeParse(parseJson(String(membersOf(metadata)[commandPausedKey])).value).data;
}

/**
 * The one decision about what stops a deployment: the strongest reason that holds. `state`: what the state of the stack says; without it
 * only the mark of the program shows that a program stops the deployment.
 */
export function pauseIn(deployment: Markable, state: DeclaredPause | undefined): Pause {
  const paused = pausedBy(deployment.status, deployment.paused_reason?.type);
  if (paused === undefined) {
    return { by: "nobody" };
  }
  if (state?.isPaused ?? isMarkedByProgram(deployment)) {
    return { by: "program" };
  }
  const mark = markOf(deployment);
  const proof = mark && proofOf(mark, deployment, state);
  if (mark === undefined || proof === undefined || proof === "wrong") {
    return { by: paused === "by hand" ? "somebody" : "service" };
  }
  return { by: "command", mark, isProven: proof === "right" };
}

/**
 * Deployments have no version, and every change moves `updated_at` ("Update a deployment"). If it has moved since the mark and the content
 * is the same, the status must have changed, unless the mark of an `up` moved it. If the content has changed too, it was an `up` that the
 * state records, or nobody knows.
 */
function proofOf(mark: PauseMark, deployment: Markable, state: DeclaredPause | undefined): "right" | "wrong" | "none" {
  if (pausedBy(deployment.status, deployment.paused_reason?.type) !== "by hand") {
    return "wrong";
  }
  const { done } = mark;
  if (done === undefined) {
    return "none";
  }
  const { updated_at: now } = deployment;
  const moved = Date.parse(now ?? "") - Date.parse(done.updatedAt ?? "");
  if (now === done.updatedAt || (moved >= 0 && moved <= done.withinS * 1_000)) {
    return "right";
  }
  const markedAt = Date.parse(done.updatedAt ?? mark.at);
  const isByProgram = (programMark(deployment)?.at ?? Number.NEGATIVE_INFINITY) >= markedAt;
  const isSame = !isByProgram && contentOf(deployment) === done.content;
  if ((isSame && !(moved <= slowMs)) || hasRunSince(deployment, markedAt)) {
    return "wrong";
  }
  return !isSame && now !== undefined && state?.updatedAt === now ? "right" : "none";
}

/** The service has recorded the write of a mark within this time: a command that is cut off then leaves a time before it. */
const slowMs = 62_000;

function programMark({
  metadata,
}: Markable): { readonly at: number; readonly content: string | undefined } | undefined {
  const text = membersOf(metadata)[programKey];
  const [time = "", content] = String(text).split(" ");
  return text === undefined ? undefined : { at: Date.parse(time), content };
}

/** The same rule for the mark of an `up`. A mark of an earlier version has no digest: it holds until the deployment has run. */
function isMarkedByProgram(deployment: Markable): boolean {
  const mark = programMark(deployment);
  if (mark === undefined || hasRunSince(deployment, mark.at)) {
    return false;
  }
  const isTouched = Date.parse(deployment.updated_at ?? "") > mark.at + slowMs;
  return mark.content === undefined || !isTouched || contentOf(deployment) !== mark.content;
}

const runSchema = z.looseObject({ schedule: z.looseObject({ last_run_at: z.string() }) });

/** A paused deployment does not run, so a run since then shows that somebody has started it. */
function hasRunSince({ reply }: Markable, moment: number): boolean {
  return Date.parse(runSchema.safeParse(reply).data?.schedule.last_run_at ?? "") > moment;
}

/** The metadata of an update. A null removes the key. */
export type MarkPatch = Readonly<Record<string, string | null>>;

function marksIn({ metadata }: Markable): string[] {
  return ownMarks.filter((key) => membersOf(metadata)[key] !== undefined);
}

function removed(keys: readonly string[]): MarkPatch {
  return Object.fromEntries(keys.map((key) => [key, null]));
}

/** A pause of another command that was announced this short ago may be at work. */
const atWorkMs = 600_000;

/**
 * The update after which no mark says what does not hold: one that was disproved is removed, and one of a deployment that somebody has
 * touched loses its proof, which a later `up` would seem to restore. Undefined if every mark holds. `now`: the time of the service.
 * `ended`: the pause that the command has ended.
 */
export function tidied(
  deployment: Markable,
  state: DeclaredPause | undefined,
  now: number,
  ended?: string,
): MarkPatch | undefined {
  const held = marksIn(deployment);
  if (held.length === 0 || deployment.archived_at != null) {
    return undefined;
  }
  const mark = markOf(deployment);
  const isActive = deployment.status === "active";
  if (mark === undefined) {
    return isActive ? removed(held) : undefined;
  }
  const isAnnounced = mark.done === undefined && now - Date.parse(mark.at) < atWorkMs;
  if (isActive && isAnnounced && mark.pause !== ended) {
    return undefined;
  }
  const { done, ...announced } = mark;
  const proof = proofOf(mark, deployment, state);
  return proof === "right" || (proof === "none" && done === undefined)
    ? undefined
    : withMark(deployment, proof === "wrong" ? undefined : announced, state, now);
}

/** The update that writes this mark of a command, or removes it, and renews the mark of a program that holds. */
export function withMark(
  deployment: Markable,
  mark: PauseMark | undefined,
  state: DeclaredPause | undefined,
  now: number,
): MarkPatch {
  const isProgram = pauseIn(deployment, state).by === "program";
  return {
    [commandPausedKey]: mark === undefined ? null : JSON.stringify(mark),
    ...(programMark(deployment) === undefined ? {} : { [programKey]: isProgram ? programText(deployment, now) : null }),
  };
}

/** The update after a change of the status by an `up`; undefined if it needs none. `isChanged`: by this request. */
export function markOfUp(action: string, deployment: Markable, isChanged: boolean, now: number): MarkPatch | undefined {
  if (action === "pause") {
    return isChanged ? undefined : { [programKey]: programText(deployment, now) };
  }
  const held = marksIn(deployment);
  return held.length === 0 ? undefined : removed(held);
}

function programText(deployment: Markable, now: number): string {
  return `${new Date(now).toISOString()} ${contentOf(deployment)}`;
}

/** "Conventions: schemas": 16 keys. The mark of a command leaves one for the mark of an `up`. Objects are settings of the service. */
const mostKeys = 15;

/** False if the labels of the deployment leave no room for the mark of a command. */
export function hasRoom({ metadata }: Pick<Markable, "metadata">): boolean {
  const labels = Object.entries(membersOf(metadata)).filter(
    ([key, value]) => !ownMarks.includes(key) && typeof value === "string",
  );
  return labels.length < mostKeys;
}

/** The members that the service sets by itself, or that a pause or this package changes. */
const passing = {
  deployment: ["status", "paused_reason", "updated_at"],
  schedule: ["upcoming_runs_at", "last_run_at"],
  // `metadata.cas_config.stats` counts runs ("Create a deployment", June 2026).
  metadata: ["cas_config", ...ownMarks],
} as const;

/** A digest of the declared content of a deployment. */
export function contentOf({ reply }: Pick<Markable, "reply">): string {
  const deployment = without(membersOf(reply), passing.deployment);
  const { schedule, metadata } = deployment;
  const lasting = {
    ...deployment,
    schedule: isObject(schedule) ? without(schedule, passing.schedule) : schedule,
    metadata: without(membersOf(metadata), passing.metadata),
  };
  return createHash("sha256").update(canonical(lasting)).digest("hex").slice(0, 16);
}
