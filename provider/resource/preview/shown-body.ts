import type { z } from "zod";
import { escaped } from "../../api/foreign-text";
import { redacted } from "../../api/redacted";
import type { Json, JsonObject } from "../../api/schema";
import type { CheckOutcome } from "../check/check";
import { wireName } from "../fields/members";
import type { ResourceKind } from "../kind";
import { containsUnknown, mapMembers, type Properties, withWordsForUnknown } from "../program-values";
import type { Change } from "../write/plan";

/** Replaces an unknown number where a shape takes only a number. No argument has this value. */
const unknownNumber = Number.MIN_SAFE_INTEGER;

interface PartlyKnown {
  /** The arguments. An unknown value inside them is a sentinel of the engine, or `unknownNumber`. */
  readonly known: Properties;
  /** The names of arguments whose shape is unknown too. */
  readonly open: readonly string[];
}

export type Declared = Pick<CheckOutcome, "inputs" | "wanted">;

export function wantedInPreview({ fields }: ResourceKind, { inputs, wanted }: Declared): PartlyKnown {
  const known: Record<string, unknown> = { ...wanted };
  const open: string[] = [];
  for (const [name, { recorded, leftOut }] of Object.entries(fields)) {
    const given = inputs[name];
    if (known[name] === undefined && containsUnknown(given)) {
      const { issues = [] } = recorded.safeParse(given).error ?? {};
      known[name] = recorded.safeParse(withUnknownNumbers(given, issues)).data;
      open.push(...(known[name] === undefined && leftOut !== "ignored" ? [name] : []));
    }
  }
  return { known, open };
}

/** The value with `unknownNumber` in place of each sentinel where an issue asks for a number. */
function withUnknownNumbers(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof value === "string") {
    return containsUnknown(value) && issues.some(isAboutNumber) ? unknownNumber : value;
  }
  return mapMembers(value, (member, name) => withUnknownNumbers(member, issuesWithin(issues, name)));
}

function isAboutNumber(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0 && issue.expected === "number";
}

/** The issues of a member, with paths that start inside it. */
function issuesWithin(issues: readonly z.core.$ZodIssue[], member: string): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    const [step, ...path] = issue.path;
    if (step !== undefined) {
      return String(step) === member ? [{ ...issue, path }] : [];
    }
    return issue.code === "invalid_union" ? issuesWithin(issue.errors.flat(), member) : [];
  });
}

/** Replaces a value that only `up` will know. */
export const unknownWord = "[unknown]";
const secretWord = "[secret]";

/** The values that no line may show. */
export interface Secrets {
  /** The arguments that hold secrets. */
  readonly arguments: readonly string[];
  readonly texts: Iterable<string>;
}

/** The changes without secrets, in the order of the arguments, and `[unknown]` for each argument in `open`. */
export function shownChanges(
  kind: ResourceKind,
  changes: readonly Change[],
  open: readonly string[],
  secrets: Secrets,
): Change[] {
  // Two arguments may share a member of the body, which then stays an object.
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

/** The body in one line, with words in place of secrets and unknown values. */
export function bodyText(body: JsonObject, { texts }: Secrets): string {
  const text = JSON.stringify(body, (_, value: unknown) => {
    if (typeof value === "string") {
      return redacted(withWordsForUnknown(value, unknownWord), texts);
    }
    return value === unknownNumber ? unknownWord : value;
  });
  return escaped(text);
}
