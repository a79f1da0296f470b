import { z } from "zod";
import { changedLines } from "../resource/changed-lines";
import { same } from "../resource/fields/comparison";
import type { Properties } from "../resource/program-values";

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
