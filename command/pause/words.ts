import { counted, waitText } from "../../provider/api/clock";
import { type Hold, holdsOf } from "../../provider/deployment/holds";
import type { Known } from "../act";
import { advised } from "../advised";
import { openRows } from "../cancel/open-sessions";
import type { CancelRecord, SessionsOf } from "../cancel/sessions";
import type { Selected } from "../selection";
import { listed, listedIfAny, printable, shown } from "../words";
import { pauseRows, type ToPause } from "./hold";

/** The plan of the command, for the person who confirms it. */
export function planLines(items: readonly ToPause[], { who }: Pick<Hold, "who">, selected: Selected, now: number) {
  const shownIn = (wanted: ToPause["state"]) =>
    items.filter(({ state }) => state === wanted).map(({ deployment }) => shown(deployment));
  const others = items
    .filter(({ state }) => state === "held by others")
    .flatMap(({ deployment }) => holdsOf(deployment));
  const own = who === "limits" ? "`limits --pause`" : "this pause";
  return [
    ...listed("To pause", "deployment", shownIn("runs")),
    ...listedIfAny(`Paused already, and held by ${own} too from now on`, "deployment", shownIn("held by others")),
    ...listedIfAny("Earlier pauses of those, which stay", "pause", pauseRows(others, selected, now)),
    ...listedIfAny(`Held by ${own} already`, "deployment", shownIn("held")),
    ...listedIfAny("Paused before, and left as they are", "deployment", shownIn("paused before")),
    ...listedIfAny("Archived, and never run again", "deployment", shownIn("archived")),
  ];
}

/** The sessions that the command is going to cancel. */
export function sessionLines(open: readonly SessionsOf[], all: readonly Known[]): string[] {
  const names = all.map(({ deployment }) => deployment);
  const [ours, strangers] = [open.flatMap((one) => one.sessions), open.flatMap((one) => one.strangers)];
  return [
    ...listed("To cancel", "session", openRows(ours, names)),
    ...listedIfAny("Left alone, as no deployment started them", "session", openRows(strangers, [])),
  ];
}

export function questionText(todo: readonly ToPause[], cancel: boolean): string {
  const runs = todo.filter(({ state }) => state === "runs").length;
  const work = [
    ...(runs > 0 ? [`pause ${counted(runs, "deployment")}`] : []),
    ...(todo.length > runs ? [`hold ${counted(todo.length - runs, "paused deployment")} too`] : []),
    ...(cancel ? ["cancel their sessions and any that start meanwhile"] : []),
  ].join(", and ");
  return `${work.charAt(0).toUpperCase()}${work.slice(1)}?`;
}

/** What the command did, and the one command that undoes exactly this. */
export function doneLines(
  tried: readonly ToPause[],
  { ended, sessions, lookedMs }: CancelRecord,
  hold: Hold,
  selected: Selected,
) {
  const acted = tried.filter(({ does }) => does === "act");
  const paused = acted.filter(({ state }) => state === "runs");
  const heldToo = acted.filter(({ state, isHeld }) => state !== "runs" && isHeld).length;
  const counts = [
    `${counted(paused.length, "deployment")} paused`,
    ...(heldToo > 0 ? [`${counted(heldToo, "paused one")} held too`] : []),
    ...(sessions.size > 0 ? [`${counted(ended, "session")} ended`] : []),
  ].join(", and ");
  const unheld = paused.filter(({ isHeld }) => !isHeld).map(({ deployment }) => deployment.id);
  const targets = [...(tried.some(({ isHeld }) => isHeld) ? [hold.id] : []), ...unheld];
  const again = targets.length === 0 ? "" : ` To start these again: ${advised("resume", targets, selected)}`;
  return [
    `${counts}.${again}`,
    ...(lookedMs === undefined
      ? []
      : [
          `A run that started before the pause may still begin a session: --timeout ended the look for them after ${waitText(lookedMs)}`,
        ]),
  ];
}

/** The deployments whose hold did not fit, or was refused. */
export function unheldLines(tried: readonly ToPause[]): string[] {
  return tried.flatMap(({ does, state, deployment, reason }) =>
    does === "act" && reason !== undefined
      ? [`${state === "runs" ? "Paused without a hold" : "Not held"}: ${shown(deployment)}: ${printable(reason)}`]
      : [],
  );
}
