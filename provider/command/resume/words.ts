import type { PausedEntry, ReceiptContent } from "../pause/receipt";
import { counted, shown } from "../pause/words";
import { printable } from "../terminal";
import type { Decision } from "./plan";

/** The plan of the command, for the person who confirms it. */
export function planText(
  decisions: readonly Decision[],
  { finishedAt, deployments, sessions }: ReceiptContent,
): string {
  const starts = decisions.filter((decision) => "start" in decision);
  const left = decisions.filter((decision) => "leave" in decision);
  const before = deployments.filter(({ state }) => state === "paused before");
  const ended = sessions.filter(({ state }) => state === "ended").length;
  const texts = [
    ...(finishedAt === null ? ["The pause of this receipt did not come to its end"] : []),
    `To start: ${counted(starts.length, "deployment")}${starts.length === 0 ? "" : ":"}`,
    ...starts.map(({ entry }) => `  ${shown(entry)}`),
    ...(left.length === 0 ? [] : [`Left alone: ${counted(left.length, "deployment")}:`]),
    ...left.map(({ entry, leave }) => `  ${shown(entry)}: ${printable(leave)}`),
    ...(before.length === 0 ? [] : [`Paused before, and left as they are: ${counted(before.length, "deployment")}:`]),
    ...before.map((entry) => `  ${shown(entry)}`),
    ...(ended === 0 ? [] : [`Not started again: ${counted(ended, "session")} that the pause cancelled`]),
  ];
  return texts.map((text) => `${text}\n`).join("");
}

export function questionText(count: number): string {
  return `Start ${counted(count, "deployment")} again?`;
}

export function problemText({ entry, problem }: { readonly entry: PausedEntry; readonly problem: string }): string {
  return `Not started: ${shown(entry)}: ${printable(problem)}\n`;
}
