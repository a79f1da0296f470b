import { escaped } from "../../api/foreign-text";
import { redacted } from "../../api/redacted";
import type { Json, JsonObject } from "../../api/schema";
import { wireName } from "../fields/wire-case";
import type { ResourceKind } from "../kind";
import { withWordsForUnknown } from "../unknown";
import type { Change } from "../write/patch";
import { unknownNumber } from "./planned-arguments";

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
