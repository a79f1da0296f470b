import type { z } from "zod";
import type { ResourceKind } from "../kind";
import { type Properties, withoutNulls } from "../program-values";
import { containsUnknown } from "../unknown";

/** Stands for a number that is not known yet, where a shape takes nothing but a number. No argument has it for a value. */
export const unknownNumber = Number.MIN_SAFE_INTEGER;

/** The arguments of a program as far as a preview knows them. */
interface PlannedArguments {
  /** What is not known in them is a sentinel of the engine, or `unknownNumber`. */
  readonly known: Properties;
  /** Those of which not even the shape is known. */
  readonly open: readonly string[];
}

export function plannedArguments(kind: ResourceKind, inputs: Properties): PlannedArguments {
  const given = withoutNulls(inputs, kind.verbatim);
  const known: Record<string, unknown> = {};
  const open: string[] = [];
  for (const [name, { recorded, leftOut }] of Object.entries(kind.fields)) {
    const value = recorded.safeParse(given[name]);
    const { data } = value.success ? value : recorded.safeParse(withUnknownNumbers(given[name], value.error.issues));
    if (data !== undefined) {
      known[name] = data;
    } else if (containsUnknown(given[name]) && leftOut !== "ignored") {
      open.push(name);
    }
  }
  return { known, open };
}

/** The value with a number in place of each sentinel that these issues take exception to. */
function withUnknownNumbers(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof value === "string") {
    return containsUnknown(value) && issues.some(isAboutNumber) ? unknownNumber : value;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const members = Object.entries(value).map(([name, member]) => [
    name,
    withUnknownNumbers(member, issuesWithin(issues, name)),
  ]);
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
}

function isAboutNumber(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0 && issue.expected === "number";
}

/** The issues of a member, with their paths from there on. */
function issuesWithin(issues: readonly z.core.$ZodIssue[], member: string): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    const [step, ...path] = issue.path;
    if (step !== undefined) {
      return String(step) === member ? [{ ...issue, path }] : [];
    }
    return issue.code === "invalid_union" ? issuesWithin(issue.errors.flat(), member) : [];
  });
}
