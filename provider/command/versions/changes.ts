import { z } from "zod";
import { same } from "../../resource/fields/comparison";
import type { Properties } from "../../resource/program-values";

/** A changed argument of an agent. */
export interface Change {
  readonly argument: string;
  /** Null for an argument that the version does not have. */
  readonly before: unknown;
  readonly after: unknown;
  /** The difference, a line each: `- ` before what is gone, `+ ` before what is new. */
  readonly lines: readonly string[];
}

/** The arguments in which two versions of an agent differ. */
export function changesOf(before: Properties, after: Properties): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((argument) => {
    const [old = null, now = null] = [before[argument], after[argument]];
    return same(old, now) ? [] : [{ argument, before: old, after: now, lines: changedLines(parts(old), parts(now)) }];
  });
}

const skill = z.looseObject({ skillId: z.string(), version: z.unknown() });

/** The parts of a value that change by themselves: the lines of a text, the elements of a list. */
function parts(value: unknown): string[] {
  if (value === null) {
    return [];
  }
  if (typeof value === "string") {
    return value.split("\n");
  }
  return Array.isArray(value) ? value.map(partText) : [JSON.stringify(value)];
}

function partText(element: unknown): string {
  const { skillId, version } = skill.safeParse(element).data ?? {};
  return skillId === undefined ? JSON.stringify(element) : `${skillId} ${version == null ? "newest" : String(version)}`;
}

/** The lines that are in one of the two lists only, in the order of the texts: the longest common lines stay. */
function changedLines(before: readonly string[], after: readonly string[]): string[] {
  const common = commonLines(before, after);
  const changed: string[] = [];
  for (let [i, j] = [0, 0]; i < before.length || j < after.length; ) {
    const isCommon = before[i] === after[j];
    const isGone = i < before.length && (j >= after.length || common(i + 1, j) >= common(i, j + 1));
    changed.push(...(isCommon ? [] : [isGone ? `- ${before[i]}` : `+ ${after[j]}`]));
    i += isCommon || isGone ? 1 : 0;
    j += isCommon || !isGone ? 1 : 0;
  }
  return changed;
}

/** The number of lines that the ends of the two lists, from these places on, have in common in the same order. */
function commonLines(before: readonly string[], after: readonly string[]): (i: number, j: number) => number {
  const counts = before.map(() => after.map(() => 0));
  const at = (i: number, j: number) => counts[i]?.[j] ?? 0;
  for (const [i, row] of [...counts.entries()].reverse()) {
    for (const j of [...row.keys()].reverse()) {
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  return at;
}
