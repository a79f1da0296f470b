import { diffArrays } from "diff";
import { harmless } from "../../api/terminal-text";
import { type PlanRemark, planInfo } from "../kind/diagnostics";
import type { ProgramChange } from "../kind/kind";
import { formatPath } from "./problems";

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

/** More changes would take too long to order: the time grows with their square. */
const mostOrdered = 2_000;

/**
 * The lines that are in one of the two lists only, in the order of the texts: `- ` before what is gone, `+ ` before what is new. The
 * longest common lines stay. Between very different lists, equal lines count as common wherever they are.
 */
export function changedLines(before: readonly string[], after: readonly string[]): string[] {
  const parts = diffArrays([...before], [...after], { maxEditLength: mostOrdered });
  return parts === undefined
    ? inOneOnly(before, after)
    : parts.flatMap(({ added, removed, value }) =>
        added || removed ? value.map((line) => `${added ? "+" : "-"} ${line}`) : [],
      );
}

function inOneOnly(before: readonly string[], after: readonly string[]): string[] {
  const [old, wanted] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !wanted.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
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
