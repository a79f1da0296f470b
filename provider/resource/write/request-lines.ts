import { redacted } from "../../api/redacted";
import { asJson, type Json, type JsonObject } from "../../api/schema";
import { escaped } from "../../api/terminal-text";
import { type ApiRequest, requestLabel } from "../../api/transport";
import type { Change } from "../compare/changes";
import type { ResourceKind } from "../kind/kind";
import { isUnknown, type Properties, withWordsForUnknown } from "../kind/program-values";
import { isEmpty, wireName } from "../kind/wire-case";
import { holdsSecretText, readableValue, secretWord } from "../state/hidden-texts";

// A request in one line of a preview: `POST /path {...}`, with words in place of secrets and unknown values.

/** What the lines of the steps depend on besides the steps. */
export interface Context {
  readonly kind: ResourceKind;
  /** The id of the object, or a word in its place. */
  readonly id: string;
  readonly outputs: Properties;
  /** The arguments of the program, and the names of those that the preview does not know. */
  readonly wanted: Properties;
  readonly unknown: readonly string[];
  /** The recorded arguments of the object; none for a new one. */
  readonly before: Properties;
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

/** Replaces a value that only `up` will know. */
export const unknownWord = "[unknown]";

/** The changes without secrets, in the order of the arguments, and `[unknown]` for each argument in `unknown`. */
export function shownChanges(
  changes: readonly Change[],
  { before, kind, unknown, secretArguments }: Context,
): Change[] {
  // Two arguments may share a member of the body, which then stays an object.
  const members = [...changes.map(({ member }) => member), ...unknown.map((name) => kind.fields[name]?.wire)];
  const inPlaceOf = (member: string, word: string): Json =>
    members.filter((one) => one === member).length > 1 ? { [word]: word } : word;
  return Object.entries(kind.fields).flatMap(([argument, { wire: member, secretMembers = [] }]) => {
    if (member !== undefined && unknown.includes(argument)) {
      return [{ argument, member, value: inPlaceOf(member, unknownWord) }];
    }
    return changes
      .filter((change) => change.argument === argument)
      .map((change) => {
        // The body has the API names, and the other side of the difference those of the program, so an argument is secret as a whole.
        const isHidden = secretArguments.includes(argument) || holdsSecretText(before[argument], secretMembers);
        const value =
          isHidden && !isEmpty(change.value)
            ? inPlaceOf(change.member, secretWord)
            : asJson(readableValue(change.value, secretMembers.map(wireName)));
        return { ...change, value };
      });
  });
}

/** The body in one line, with words in place of secrets and unknown values. */
function bodyText(body: JsonObject, texts: Iterable<string>): string {
  const text = JSON.stringify(readableValue(body), (_, value: unknown) => {
    if (isUnknown(value)) {
      return unknownWord;
    }
    return typeof value === "string" ? redacted(withWordsForUnknown(value, unknownWord), texts) : value;
  });
  return escaped(text);
}
