import { harmless } from "../api/terminal-text";
import { formatPath } from "./check/problems";
import type { ProgramChange } from "./kind";
import { type PlanRemark, planInfo } from "./plan-remark";

const mostLines = 20;
const longestLine = 100;

/** The lines in which two texts differ, as a person reads them in a remark: the first ones, cut to the width of a terminal. */
export function shownLines(before: string, after: string): string[] {
  const [old, wanted] = [before, after].map((text) => (text === "" ? [] : text.replace(/\n$/, "").split("\n")));
  const changed = changedLines(old ?? [], wanted ?? []);
  const more = changed.length > mostLines ? [`and ${changed.length - mostLines} more lines`] : [];
  return [...changed.slice(0, mostLines).map(clipped), ...more];
}

function clipped(line: string): string {
  return harmless(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
}

/** The table for longer texts would fill the memory. */
const mostCompared = 4_000_000;

/**
 * The lines that are in one of the two lists only, in the order of the texts: `- ` before what is gone, `+ ` before what is new. The
 * longest common lines stay. Between very long lists, equal lines count as common wherever they are.
 */
export function changedLines(before: readonly string[], after: readonly string[]): string[] {
  const length = Math.min(before.length, after.length);
  let start = 0;
  while (start < length && before[start] === after[start]) {
    start += 1;
  }
  let end = 0;
  while (end < length - start && before.at(-1 - end) === after.at(-1 - end)) {
    end += 1;
  }
  const [old, wanted] = [before, after].map((lines) => lines.slice(start, lines.length - end));
  if (old === undefined || wanted === undefined) {
    return [];
  }
  return old.length * wanted.length > mostCompared ? inOneOnly(old, wanted) : differing(old, wanted);
}

function inOneOnly(before: readonly string[], after: readonly string[]): string[] {
  const [old, wanted] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !wanted.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}

function differing(before: readonly string[], after: readonly string[]): string[] {
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

/**
 * The changed lines of texts that Pulumi shows as sorted maps, because all of their lines look like `key: value` (pulumi/pulumi
 * pkg/backend/display/object_diff.go). The arguments are in a form that a person may read.
 */
export function changedTextRemarks({ before, after }: Pick<ProgramChange, "before" | "after">): PlanRemark[] {
  const within = (old: unknown, wanted: unknown, path: readonly PropertyKey[]): PlanRemark[] => {
    if (typeof old === "string" && typeof wanted === "string") {
      return old !== wanted && isMap(old) && isMap(wanted)
        ? [{ ...planInfo("changed-lines", `${formatPath(path)}: the changed lines`), lines: shownLines(old, wanted) }]
        : [];
    }
    return typeof old === "object" && typeof wanted === "object" && old !== null && wanted !== null
      ? Object.entries(wanted).flatMap(([name, member]) =>
          within(Reflect.get(old, name), member, [...path, Array.isArray(wanted) ? Number(name) : name]),
        )
      : [];
  };
  return Object.keys(after).flatMap((name) => within(before[name], after[name], [name]));
}

function isMap(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.length > 1 && lines.every((line) => /^\s*[^\s:][^:]*:(\s|$)/.test(line));
}
