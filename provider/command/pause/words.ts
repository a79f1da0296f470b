import type { Unknown } from "../scope";
import { jsonText, printable } from "../terminal";
import type { OpenSession } from "./open-sessions";
import type { AccountPlan } from "./plan";
import type { PausedEntry, ReceiptContent } from "./receipt";

export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

export function shown({ id, name }: { readonly id: string; readonly name: string | null | undefined }): string {
  return name == null ? printable(id) : `${printable(id)} ${jsonText(name)}`;
}

export interface Counts {
  readonly toPause: readonly PausedEntry[];
  readonly sessions: readonly OpenSession[];
}

export function countsOf(plans: readonly AccountPlan[]): Counts {
  return {
    toPause: plans.flatMap(({ deployments }) => deployments.filter(({ state }) => state === "to pause")),
    sessions: plans.flatMap(({ sessions }) => sessions),
  };
}

/** The plan of the command, for the person who confirms it. */
export function planText(plans: readonly AccountPlan[], cancel: boolean): string {
  const { toPause, sessions } = countsOf(plans);
  const deployments = plans.flatMap((plan) => plan.deployments);
  const [ours, before] = (["paused", "paused before"] as const).map((wanted) =>
    deployments.filter(({ state }) => state === wanted),
  );
  const names = new Map(deployments.map((entry) => [entry.id, entry]));
  const sessionLine = ({ id, deploymentId = "", does }: OpenSession) =>
    `  ${printable(id)} of ${shown(names.get(deploymentId) ?? { id: deploymentId, name: undefined })}: ${doing[does]}`;
  const strangers = plans.flatMap((plan) => plan.strangers);
  return lines([
    ...listed(
      `To pause: ${counted(toPause.length, "deployment")}`,
      toPause.map((entry) => `  ${shown(entry)}`),
    ),
    ...(cancel ? listed(`To cancel: ${counted(sessions.length, "session")}`, sessions.map(sessionLine)) : []),
    ...part("Paused by the same command, which was interrupted", ours ?? []),
    ...part("Paused before, and left as they are", before ?? []),
    ...listedIf(
      `Left alone, as no deployment started them: ${counted(strangers.length, "session")}`,
      strangers.map(({ id, does }) => `  ${printable(id)}: ${doing[does]}`),
    ),
  ]);
}

const doing: Readonly<Record<OpenSession["does"], string>> = {
  running: "it runs",
  rescheduling: "the service tries it again",
  waiting: "it waits for somebody",
  new: "it has not begun",
};

function part(title: string, entries: readonly PausedEntry[]): string[] {
  return listedIf(
    `${title}: ${counted(entries.length, "deployment")}`,
    entries.map((entry) => `  ${shown(entry)}`),
  );
}

function listed(title: string, rows: readonly string[]): string[] {
  return [rows.length === 0 ? title : `${title}:`, ...rows];
}

function listedIf(title: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : listed(title, rows);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

export function questionText({ toPause, sessions }: Counts, cancel: boolean): string {
  const work = [
    ...(toPause.length > 0 ? [`pause ${counted(toPause.length, "deployment")}`] : []),
    ...(cancel ? [`cancel ${counted(sessions.length, "session")} and any that start meanwhile`] : []),
  ].join(", and ");
  return `${work.charAt(0).toUpperCase()}${work.slice(1)}?`;
}

/** The deployments and sessions that were not read, paused or ended; empty if there are none. */
export function problemsText(
  plans: readonly AccountPlan[],
  unknown: readonly Unknown[],
  { deployments, sessions }: Pick<ReceiptContent, "deployments" | "sessions">,
): string {
  const unread = [...unknown, ...plans.flatMap((plan) => plan.unread)];
  return lines([
    ...plans.flatMap(({ cutOff }) =>
      cutOff === undefined ? [] : [`Not all deployments were read: ${printable(cutOff)}`],
    ),
    ...unread.map((one) => `Not paused: ${shown({ id: one.id, name: one.name })}: ${printable(one.reason)}`),
    ...deployments
      .filter(({ state }) => state === "failed" || state === "pausing")
      .map((entry) => `Not paused: ${shown(entry)}: ${printable(entry.problem ?? "")}`),
    ...sessions
      .filter(({ state }) => state === "goes on")
      .map(
        ({ id, deploymentId, problem }) =>
          `Not ended: ${printable(id)} of ${printable(deploymentId)}: ${printable(problem ?? "")}`,
      ),
  ]);
}

export function doneText({ deployments, sessions }: ReceiptContent, file: string): string {
  const paused = deployments.filter(({ state }) => state === "paused").length;
  const ended = sessions.filter(({ state }) => state === "ended").length;
  const cancelled = sessions.length === 0 ? "" : `, and ${counted(ended, "session")} ended`;
  return `${counted(paused, "deployment")} paused${cancelled}. To start these again: npx pulumi-qoder resume ${file}\n`;
}
