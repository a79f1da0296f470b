import { counted, waitText } from "../../provider/api/clock";
import type { UnreadObject } from "../scope";
import type { Sink } from "../terminal";
import { lines, printable, shown } from "../words";
import { doing, type OpenSession } from "./open-sessions";
import type { PauseRecord, Progress } from "./pause-and-cancel";
import type { AccountPlan, PausedEntry } from "./plan";

/** The plan of the command, for the person who confirms it. */
export function planText(plans: readonly AccountPlan[], cancel: boolean): string {
  const deployments = plans.flatMap((plan) => plan.deployments);
  const shownIn = (wanted: PausedEntry["state"]) => deployments.filter(({ state }) => state === wanted).map(shown);
  const names = new Map(deployments.map((entry) => [entry.id, entry]));
  const sessionLine = ({ id, deploymentId = "", does }: OpenSession) =>
    `${printable(id)} of ${shown(names.get(deploymentId) ?? { id: deploymentId })}: ${doing[does]}`;
  const strangers = plans.flatMap((plan) => plan.strangers);
  return lines([
    ...listed("To pause", "deployment", shownIn("pause")),
    ...(cancel
      ? listed(
          "To cancel",
          "session",
          plans.flatMap(({ sessions }) => sessions.map(sessionLine)),
        )
      : []),
    ...listedIfAny("Paused by an earlier `pulumi-qoder pause`", "deployment", shownIn("paused")),
    ...listedIfAny("Paused before, and left as they are", "deployment", shownIn("paused before")),
    ...listedIfAny("Archived, and never run again", "deployment", shownIn("archived")),
    ...listedIfAny(
      "Left alone, as no deployment started them",
      "session",
      strangers.map(({ id, does }) => `${printable(id)}: ${doing[does]}`),
    ),
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

export function questionText(toPause: number, sessions: number, cancel: boolean): string {
  const work = [
    ...(toPause > 0 ? [`pause ${counted(toPause, "deployment")}`] : []),
    ...(cancel ? [`cancel ${counted(sessions, "session")} and any that start meanwhile`] : []),
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

/** What the command did, and how to start the deployments again. `selection`: the arguments that select them. */
export function doneText(record: PauseRecord, selection: string): string {
  const paused = record.in("paused");
  const sessions = [...record.sessions.values()];
  const ended = sessions.filter(({ isEnded }) => isEnded).length;
  const cancelled = sessions.length === 0 ? "" : `, and ${counted(ended, "session")} ended`;
  const again = paused.length === 0 ? "" : ` To start these again: npx pulumi-qoder resume ${printable(selection)}`;
  const unmarked = paused.filter((entry) => entry.unmarked !== undefined);
  return lines([
    `${counted(paused.length, "deployment")} paused${cancelled}.${again}`,
    ...listedIfAny(
      "Paused without a mark, so that `resume` does not know them",
      "deployment",
      unmarked.map((entry) => `${shown(entry)}: ${printable(entry.unmarked ?? "")}`),
    ),
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
