import { z } from "zod";
import { secondText } from "../api/clock";
import { parseJson } from "../api/parse-json";
import { patience } from "../api/patience";
import { membersOf } from "../resource/kind/program-values";

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

/** The key of the metadata with the holds. It is no label: no argument, import or report has it. */
export const holdsKey = "pulumi-qoder-holds";
/** The id of a pause: `p-` and four hexadecimal digits. */
export const pauseId = /^p-[0-9a-f]{4}$/;
export const longestReason = 100;

const holdSchema = z.object({
  id: z.string(),
  /** `limits`: `limits --pause`; `program`: an `up` with `paused: true`. Left out: a person, with `pause`. */
  who: z.enum(["limits", "program"]).optional(),
  /** By the clock of the service (RFC 3339). */
  when: z.string(),
  /** The words of the person. */
  reason: z.string().optional(),
});

/** One reason for which a deployment is paused. The deployment runs again when nobody holds it. */
export type Hold = Readonly<z.infer<typeof holdSchema>>;

export const isOfPerson = ({ who }: Hold) => who === undefined;

/** The members of a deployment in a reply that say, beside its metadata, what stops it. */
interface Holdable {
  readonly status?: string | undefined;
  readonly paused_reason?: { readonly type: string } | null | undefined;
}

const metadataOf = (deployment: object) => membersOf(membersOf(deployment)["metadata"]);

/** The deployment in the state of a stack. */
export interface DeclaredPause {
  /** True if the program of the last `up`, or what a refresh found since, is `paused: true`. */
  readonly isPaused: boolean;
}

function allHolds(deployment: object): readonly Hold[] {
  const { value } = parseJson(String(metadataOf(deployment)[holdsKey]));
  return Array.isArray(value) ? value.flatMap((one) => holdSchema.safeParse(one).data ?? []) : [];
}

/** The holds of persons and of `limits`, the oldest first. */
export function holdsOf(deployment: object): readonly Hold[] {
  return allHolds(deployment).filter(({ who }) => who !== "program");
}

/**
 * What stops a deployment: the strongest reason that holds. `somebody`: a person by hand, or an `up` that found the deployment active.
 * `state`: what the state of the stack says; without it only the hold of a program shows that a program stops the deployment.
 */
export function stopOf(
  deployment: Holdable,
  state: DeclaredPause | undefined,
): "nobody" | "program" | "service" | "holds" | "somebody" {
  const paused = pausedBy(deployment.status, deployment.paused_reason?.type);
  if (paused === undefined) {
    return "nobody";
  }
  if (state?.isPaused ?? allHolds(deployment).some(({ who }) => who === "program")) {
    return "program";
  }
  return paused === "by the service" ? "service" : holdsOf(deployment).length > 0 ? "holds" : "somebody";
}

/** The holds that count: a deployment that is active has none but those of commands that are at work. `now`: the time of the service. */
function lastingHolds(deployment: Holdable, now: number): readonly Hold[] {
  const all = allHolds(deployment);
  return deployment.status === "active" ? all.filter(({ when }) => now - Date.parse(when) < patience.holdingMs) : all;
}

/** The metadata of an update. A null removes the key. */
export type HoldsPatch = Readonly<Record<typeof holdsKey, string | null>>;

/** "Conventions: schemas": a value has 512 characters, and the metadata 16 keys. Objects are settings of the service. */
const longestValue = 512;
const mostKeys = 16;
/** Its hold needs no change of another one: persons and `limits` leave room for it. */
const holdOfUp = (now: number): Hold => ({ id: "up", who: "program", when: secondText(now) });

/** The update that leaves these holds; undefined if they do not fit. The reasons give way first, beginning with the oldest one. */
function holdsPatch(holds: readonly Hold[]): HoldsPatch | undefined {
  const text = JSON.stringify(holds);
  const withUp = JSON.stringify([...holds.filter(({ who }) => who !== "program"), holdOfUp(0)]);
  if (holds.length === 0 || [...withUp].length <= longestValue) {
    return { [holdsKey]: holds.length === 0 ? null : text };
  }
  const given = holds.find(({ reason }) => reason !== undefined);
  return given && holdsPatch(holds.map((one) => (one === given ? { ...one, reason: undefined } : one)));
}

/** The update that adds this hold to those that count; or why it does not fit. */
export function withHold(deployment: Holdable, hold: Hold, now: number): HoldsPatch | { readonly problem: string } {
  const labels = Object.entries(metadataOf(deployment)).filter(
    ([key, value]) => key !== holdsKey && typeof value === "string",
  );
  if (labels.length >= mostKeys) {
    return { problem: "its labels leave no room for a hold" };
  }
  const others = lastingHolds(deployment, now).filter(({ id }) => id !== hold.id);
  return holdsPatch([...others, hold]) ?? { problem: `no further hold fits beside its ${others.length} holds` };
}

/** The update that removes the holds that no longer count, and those with these ids; undefined if there is none to remove. */
export function withoutHolds(deployment: Holdable, ended: readonly string[], now: number): HoldsPatch | undefined {
  const kept = lastingHolds(deployment, now).filter(({ id }) => !ended.includes(id));
  return kept.length === allHolds(deployment).length ? undefined : holdsPatch(kept);
}

/**
 * The update after a change of the status by an `up`; undefined if it needs none. `isChanged`: by this request. A program holds what was
 * paused or held before: nothing else there would show that the program stops it too.
 */
export function holdsAfterUp(
  action: string,
  deployment: Holdable,
  isChanged: boolean,
  now: number,
): HoldsPatch | undefined {
  const isHeld = metadataOf(deployment)[holdsKey] !== undefined;
  if (action !== "pause") {
    return isHeld ? holdsPatch([]) : undefined;
  }
  return isChanged && !isHeld ? undefined : holdsPatch([...holdsOf(deployment), holdOfUp(now)]);
}
