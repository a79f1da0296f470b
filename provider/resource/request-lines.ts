import { redacted } from "../api/redacted";
import type { Json, JsonObject } from "../api/schema";
import { escaped } from "../api/terminal-text";
import { type ApiRequest, requestLabel } from "../api/transport";
import type { Change } from "./changes";
import { isEmpty, wireName } from "./fields/wire-case";
import type { ResourceKind } from "./kind";
import { type Properties, withWordsForUnknown } from "./program-values";

// A request in one line of a preview: `POST /path {...}`, with words in place of secrets and unknown values.

/** What the lines of the steps depend on besides the steps. */
export interface Context {
  readonly kind: ResourceKind;
  /** The id of the object, or a word in its place. */
  readonly id: string;
  readonly outputs: Properties;
  /** The arguments of the program, and the names of those that the preview does not know. */
  readonly wanted: Properties;
  readonly open: readonly string[];
  /** The folder from which the program read the files. */
  readonly folder: string | undefined;
  /** The arguments that hold secrets, and other texts that no line may show. */
  readonly secretArguments: readonly string[];
  readonly texts: Iterable<string>;
}

export function lineOf(request: ApiRequest, { kind: { upload }, folder, texts }: Context): string {
  const { body } = request;
  if (body === undefined) {
    return requestLabel(request);
  }
  return upload === undefined
    ? `${requestLabel(request)} ${bodyText(body, texts)}`
    : `${requestLabel(request)} as a form ${bodyText(upload.shown(body, folder), texts)}`;
}

/** Replaces an unknown number where a shape takes only a number. No argument has this value. */
export const unknownNumber = Number.MIN_SAFE_INTEGER;

/** Replaces a value that only `up` will know. */
export const unknownWord = "[unknown]";
const secretWord = "[secret]";

/** The changes without secrets, in the order of the arguments, and `[unknown]` for each argument in `open`. */
export function shownChanges(changes: readonly Change[], { kind, open, secretArguments }: Context): Change[] {
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
        const isHidden = secretArguments.includes(argument) && !isEmpty(change.value);
        const value = isHidden
          ? inPlaceOf(change.member, secretWord)
          : withoutMembers(change.value, secretMembers.map(wireName));
        return { ...change, value };
      });
  });
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
function bodyText(body: JsonObject, texts: Iterable<string>): string {
  const text = JSON.stringify(body, (_, value: unknown) => {
    if (typeof value === "string") {
      return redacted(withWordsForUnknown(value, unknownWord), texts);
    }
    return value === unknownNumber ? unknownWord : value;
  });
  return escaped(text);
}
