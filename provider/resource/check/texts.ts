import type { CommandSettings } from "../engine/settings";
import { type PlanRemark, planWarning } from "../kind/diagnostics";
import type { ResourceKind } from "../kind/kind";
import { type Properties, valueIn } from "../kind/program-values";
import { secretIn } from "../state/leaked-secrets";
import { hiddenInputs } from "../state/state";
import { formatPath } from "./problems";

/** A text of a program, or the name of a member, that the program does not mark as a secret. */
interface Text {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/**
 * Warns of texts that the program probably does not mean: a secret that it does not mark, because the state keeps it in plain text, and a
 * new text with what a template leaves for a missing value. `before`: the inputs of an existing object.
 */
export function textRemarks(
  kind: Pick<ResourceKind, "fields" | "nameArgument">,
  given: Properties,
  before: Properties,
  command: Pick<CommandSettings, "secretPlaces">,
): PlanRemark[] {
  const texts = textsIn(kind, given, command);
  const isNew = ({ path, text }: Text) => valueIn(before, path) !== text;
  return [
    ...texts.flatMap(({ path, text }) => plainSecret(formatPath(path), text)),
    ...texts
      .filter(isNew)
      .flatMap(({ path, text }) => [
        ...unfilled(formatPath(path), text),
        ...(path.length === 1 && path[0] === kind.nameArgument ? spaced(formatPath(path), text) : []),
      ]),
  ];
}

/** The texts in the arguments. A member whose name looks like a secret gives its name alone, and none of the texts below it. */
function textsIn(
  { fields }: Pick<ResourceKind, "fields">,
  given: Properties,
  { secretPlaces }: Pick<CommandSettings, "secretPlaces">,
): Text[] {
  // An import has no program that names the places: its file has them.
  const secret = secretPlaces.length > 0 ? secretPlaces.map(formatPath) : (hiddenInputs(given).__secrets ?? []);
  const within = (value: unknown, path: readonly PropertyKey[], hidden: readonly string[]): Text[] => {
    if (secret.includes(formatPath(path))) {
      return [];
    }
    if (typeof value !== "object" || value === null) {
      return typeof value === "string" ? [{ path, text: value }] : [];
    }
    return Object.entries(value).flatMap(([name, member]) => {
      const next = [...path, Array.isArray(value) ? Number(name) : name];
      return secretIn(name) !== undefined || hidden.includes(name)
        ? [{ path, text: name }]
        : within(member, next, hidden);
    });
  };
  return Object.entries(fields).flatMap(([name, { secretMembers = [] }]) => within(given[name], [name], secretMembers));
}

function plainSecret(place: string, text: string): PlanRemark[] {
  const what = secretIn(text);
  const remedy = 'write config.requireSecret("...") or pulumi.secret(...), or give it in a QoderVaultCredential';
  return what === undefined
    ? []
    : [
        planWarning(
          "plain-secret",
          `${place}: contains what looks like ${what}, which the state keeps in plain text; ${remedy}`,
        ),
      ];
}

/** Warns of a token with a line break, which no header of a request can hold. `members`: those with tokens, at any depth. */
export function brokenTokens(place: string, value: unknown, members: readonly string[]): PlanRemark[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) => {
    const inner = formatPath([place, Array.isArray(value) ? Number(name) : name]);
    return members.includes(name) && typeof member === "string" && /[\r\n]/.test(member)
      ? [planWarning("likely-mistake", `${inner}: has a line break, and no header of a request can hold one`)]
      : brokenTokens(inner, member, members);
  });
}

/**
 * What a template writes in place of a value that is missing or no text. Between quotes, before another word, and behind a comparison, a
 * comma or a word such as "is", a person means the word itself: prompts are about code, too.
 */
const leftovers =
  /(?<!["'`])(?<![!=]=\s*|,\s*)(?<!\b(?:and|are|be|is|not|null|or|returns?)\s)(?:\bundefined\b(?!\s+\w)|\[object Object\])(?!["'`])/;

function unfilled(place: string, text: string): PlanRemark[] {
  const [found] = leftovers.exec(text) ?? [];
  return found === undefined
    ? []
    : [
        planWarning(
          "likely-mistake",
          `${place}: contains "${found}", as a template writes a value that is missing or no text`,
        ),
      ];
}

function spaced(place: string, text: string): PlanRemark[] {
  return text === text.trim()
    ? []
    : [planWarning("likely-mistake", `${place}: has spaces around it, which the name at Qoder then has, too`)];
}
