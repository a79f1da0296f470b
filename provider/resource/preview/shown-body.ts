import type { z } from "zod";
import { escaped } from "../../api/foreign-text";
import { redacted } from "../../api/redacted";
import type { Json, JsonObject } from "../../api/schema";
import { wireName } from "../fields/members";
import type { ResourceKind } from "../kind";
import { containsUnknown, type Properties, withoutNulls, withWordsForUnknown } from "../program-values";
import type { Change } from "../write/plan";

/** Stands for a number that is not known yet, where a shape takes nothing but a number. No argument has it for a value. */
const unknownNumber = Number.MIN_SAFE_INTEGER;

/** The arguments of a program as far as a preview knows them. */
interface PartlyKnown {
  /** What is not known in them is a sentinel of the engine, or `unknownNumber`. */
  readonly known: Properties;
  /** Those of which not even the shape is known. */
  readonly open: readonly string[];
}

export function wantedInPreview(kind: ResourceKind, inputs: Properties): PartlyKnown {
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

/** In place of what only the `up` will know. */
export const unknownWord = "[unknown]";
const secretWord = "[secret]";

/** What no line may show. */
export interface Secrets {
  /** The arguments that hold secrets. */
  readonly arguments: readonly string[];
  readonly texts: Iterable<string>;
}

/** The changes as a line may show them, and among them, in their places, those of arguments that are open. */
export function shownChanges(
  kind: ResourceKind,
  changes: readonly Change[],
  open: readonly string[],
  secrets: Secrets,
): Change[] {
  // Two arguments may share a member of the body.
  const members = [...changes.map(({ member }) => member), ...open.map((name) => kind.fields[name]?.wire)];
  const inPlaceOf = (member: string, word: string): Json =>
    members.filter((one) => one === member).length > 1 ? { [word]: word } : word;
  return Object.entries(kind.fields).flatMap(([argument, { wire: member, secretMembers = [] }]) => {
    if (member !== undefined && open.includes(argument)) {
      return [{ argument, member, value: inPlaceOf(member, unknownWord) }];
    }
    return changes
      .filter((change) => change.argument === argument)
      .map((change) => {
        const isHidden = secrets.arguments.includes(argument) && !isEmpty(change.value);
        const value = isHidden
          ? inPlaceOf(change.member, secretWord)
          : withoutMembers(change.value, secretMembers.map(wireName));
        return { ...change, value };
      });
  });
}

function isEmpty(value: Json): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function withoutMembers(value: Json, names: readonly string[]): Json {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((element) => withoutMembers(element, names));
  }
  const members = Object.entries(value).map(([name, member]) => [
    name,
    names.includes(name) && member !== null ? secretWord : withoutMembers(member, names),
  ]);
  return Object.fromEntries(members);
}

/** The body as it is sent, in one line. */
export function bodyText(body: JsonObject, { texts }: Secrets): string {
  const text = JSON.stringify(body, (_, value: unknown) => {
    if (typeof value === "string") {
      return redacted(withWordsForUnknown(value, unknownWord), texts);
    }
    return value === unknownNumber ? unknownWord : value;
  });
  return escaped(text);
}
