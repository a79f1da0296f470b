import { type DeclaredPause, type Hold, holdsOf, isOfPerson, stopOf } from "../../provider/deployment/holds";
import { livePause } from "../../provider/deployment/paused";
import type { Decision, Known } from "../act";
import { outOfUse, type ReadDeployment } from "../deployments";
import { holdText } from "../pause/hold";

/** A deployment that `resume` has read, with its decision. */
export interface ToResume extends Known, Decision {
  /** True if the deployment starts: nothing else stops it. */
  readonly starts?: boolean;
  readonly ended: readonly Hold[];
  readonly others: readonly Hold[];
  /** Why a hold stays that the command wanted to take off. */
  readonly kept?: string | undefined;
}

/** What the command line says of a deployment. */
export interface Wish {
  readonly by: "command" | "service";
  /** True if the command line names the deployment: then a pause by hand ends too that no program declares. */
  readonly isGiven: boolean;
  /** The holds that end are those of these pauses; without a pause, those of persons. */
  readonly pauses: readonly string[];
  /** The command that the text advises, with these targets. */
  advised(targets: readonly string[], ...options: readonly string[]): string;
  readonly now: number;
}

export const declaredPause =
  "a program stops it with `paused: true`; set `paused: false` and run `pulumi up` to start it";

/** What a person and a program stopped, no other one starts: a deployment starts if nobody holds it any more. */
export function whatToResume(known: Known, state: DeclaredPause | undefined, wish: Wish): ToResume {
  const { deployment } = known;
  const holds = holdsOf(deployment);
  const { pauses, isGiven } = wish;
  const isEnded = (hold: Hold) => (pauses.length > 0 ? pauses.includes(hold.id) : isOfPerson(hold));
  const ended = wish.by === "service" ? [] : holds.filter(isEnded);
  const others = holds.filter((hold) => !ended.includes(hold));
  const item = { ...known, ended, others };
  const stop = deployment.archived_at == null ? stopOf(deployment, state) : "archived";
  const isMeant = wish.by === "service" ? livePause(deployment) === "by the service" : isGiven || ended.length > 0;
  if (!isMeant && (pauses.length > 0 || wish.by === "service" || stop === "nobody" || stop === "archived")) {
    return { ...item, does: "nothing" };
  }
  const reason = whyNot(deployment, stop, item, wish);
  const isLeft = reason !== undefined && (ended.length === 0 || stop === "nobody" || stop === "archived");
  return isLeft ? { ...item, does: "leave", reason } : { ...item, does: "act", reason, starts: reason === undefined };
}

/** Why the deployment does not start; undefined if it does. */
function whyNot(
  deployment: ReadDeployment,
  stop: ReturnType<typeof stopOf> | "archived",
  { ended, others }: Pick<ToResume, "ended" | "others">,
  { by, isGiven, advised, now }: Wish,
): string | undefined {
  const { id } = deployment;
  const [other] = others;
  switch (stop) {
    case "archived":
      return ended.length > 0 ? "it has been archived since" : outOfUse(deployment);
    case "nobody":
      return ended.length > 0 ? "somebody has started it since" : (outOfUse(deployment) ?? "nobody has paused it");
    case "program":
      return declaredPause;
    case "service":
      if (by === "command") {
        return `the service paused it (${serviceReason(deployment)}); \`${advised([id], "--paused-by-service")}\` starts it`;
      }
      break;
    case "somebody":
      return isGiven ? undefined : `\`pulumi-qoder pause\` did not pause it; \`${advised([id])}\` starts it`;
  }
  return other && `${holdText(other, now)} holds it; \`${advised([other.id])}\` ends that`;
}

/** The reason of a pause by the service. */
export function serviceReason({ paused_reason: reason }: ReadDeployment): string {
  return reason?.error?.type ?? reason?.type ?? "no reason";
}
