import { counted, waitText } from "../../provider/api/clock";
import type { PauseMark } from "../../provider/deployment/pause-mark";
import { advised } from "../advised";
import type { UnreadObject } from "../scope";
import type { Selected } from "../selection";
import type { Sink } from "../terminal";
import { lines, printable, shown } from "../words";
import { pauseText } from "./mark";
import { doing, type OpenSession } from "./open-sessions";
import type { PauseRecord, Progress } from "./pause-and-cancel";
import { type AccountPlan, earlierPauses, type PausedEntry } from "./plan";

/** The plan of the command, for the person who confirms it. */
export function planText(plans: readonly AccountPlan[], selected: Selected, now: number): string {
  const deployments = plans.flatMap((plan) => plan.deployments);
  const shownIn = (wanted: PausedEntry["state"]) => deployments.filter(({ state }) => state === wanted).map(shown);
  return lines([
    ...listed("To pause", "deployment", deployments.filter(({ state }) => state === "pause").map(pauseRow)),
    ...listedIfAny("Paused by an earlier `pulumi-qoder pause`", "deployment", shownIn("paused")),
    ...listedIfAny("To start those again", "pause", pauseRows(earlierPauses(plans), selected, now)),
    ...listedIfAny("Paused before, and left as they are", "deployment", shownIn("paused before")),
    ...listedIfAny("Archived, and never run again", "deployment", shownIn("archived")),
  ]);
}

function pauseRow(entry: PausedEntry): string {
  const isPaused = entry.read.status === "paused";
  return `${shown(entry)}${isPaused ? ": paused, but `limits --resume` would start it" : ""}`;
}

/** A row for each pause, with the command that ends it. */
export function pauseRows(
  pauses: ReturnType<typeof earlierPauses>,
  selected: Pick<Selected, "selection" | "workspace">,
  now: number,
): string[] {
  return pauses.map(
    ({ mark, count }) =>
      `${pauseText(mark, now)}: ${counted(count, "deployment")}; ${advised("resume", [mark.pause], selected)}`,
  );
}

/** The sessions that the command is going to cancel. */
export function sessionsText(plans: readonly AccountPlan[]): string {
  const names = new Map(plans.flatMap((plan) => plan.deployments).map((entry) => [entry.id, entry]));
  const sessionLine = ({ id, deploymentId = "", does }: OpenSession) =>
    `${printable(id)} of ${shown(names.get(deploymentId) ?? { id: deploymentId })}: ${doing[does]}`;
  const rows = plans.flatMap(({ sessions }) => sessions.map(sessionLine));
  const strangers = plans.flatMap((plan) => plan.strangers).map(({ id, does }) => `${printable(id)}: ${doing[does]}`);
  return lines([
    ...listed("To cancel", "session", rows),
    ...listedIfAny("Left alone, as no deployment started them", "session", strangers),
  ]);
}

/** A title with the number of rows, and the rows. */
export function listed(title: string, noun: string, rows: readonly string[]): string[] {
  const head = `${title}: ${counted(rows.length, noun)}`;
  return [rows.length === 0 ? head : `${head}:`, ...rows.map((row) => `  ${row}`)];
}

export function listedIfAny(title: string, noun: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : listed(title, noun, rows);
}

/** `sessions`: the number of the sessions to cancel; undefined if the command reads them after the pause. */
export function questionText(toPause: number, sessions: number | undefined, cancel: boolean): string {
  const open = sessions === undefined ? "their sessions" : counted(sessions, "session");
  const work = [
    ...(toPause > 0 ? [`pause ${counted(toPause, "deployment")}`] : []),
    ...(cancel ? [`cancel ${open} and any that start meanwhile`] : []),
  ].join(", and ");
  return `${work.charAt(0).toUpperCase()}${work.slice(1)}?`;
}

/** The deployments and sessions that were not read, paused or ended; empty if there are none. */
export function problemsText(
  plans: readonly AccountPlan[],
  unknown: readonly UnreadObject[],
  record: PauseRecord,
): string {
  const unread = [...unknown, ...plans.flatMap((plan) => plan.unread)];
  return lines([
    ...plans.flatMap(({ cutOff }) =>
      cutOff === undefined
        ? []
        : [`Not all deployments were read, and the others are not paused: ${printable(cutOff)}`],
    ),
    ...unread.map((one) => `Not paused: ${shown({ id: one.id, name: one.name })}: ${printable(one.reason)}`),
    ...record
      .in("done")
      .filter(({ unmarked }) => unmarked !== undefined)
      .map((entry) => `Paused without a mark: ${shown(entry)}: ${printable(entry.unmarked ?? "")}`),
    ...record.in("failed").map((entry) => `Not paused: ${shown(entry)}: ${printable(entry.problem ?? "")}`),
    ...new Set(plans.flatMap(({ gaps }) => [...gaps].map((gap) => `Not read: ${printable(gap)}`))),
    ...[...record.sessions.values()]
      .filter(({ problem }) => problem !== undefined)
      .map(
        ({ id, deploymentId, problem }) =>
          `Not ended: ${printable(id)} of ${printable(deploymentId)}: ${printable(problem ?? "")}`,
      ),
  ]);
}

/** What the command did, and the one command that starts exactly these deployments again. */
export function doneText(record: PauseRecord, pause: PauseMark, selected: Selected): string {
  const paused = record.in("done");
  const sessions = [...record.sessions.values()];
  const ended = sessions.filter(({ isEnded }) => isEnded).length;
  const cancelled = sessions.length === 0 ? "" : `, and ${counted(ended, "session")} ended`;
  const unmarked = paused.filter((entry) => entry.unmarked !== undefined).map(({ id }) => id);
  const targets = [...(unmarked.length < paused.length ? [pause.pause] : []), ...unmarked];
  const again = paused.length === 0 ? "" : ` To start these again: ${advised("resume", targets, selected)}`;
  return lines([
    `${counted(paused.length, "deployment")} paused${cancelled}.${again}`,
    ...(record.lookedMs === undefined
      ? []
      : [
          `A run that started before the pause may still begin a session: --timeout ended the look for them after ${waitText(record.lookedMs)}`,
        ]),
  ]);
}

/** One line that the command overwrites on a terminal; a log shows only the result. */
export function progressTo(sink: Sink, toPause: number): Progress {
  const done = { paused: 0, cancelled: 0 };
  return (what) => {
    done[what] += 1;
    const cancelled = done.cancelled === 0 ? "" : `, cancelled ${done.cancelled}`;
    sink.overwrite(`Paused ${done.paused} of ${toPause}${cancelled}`);
  };
}
