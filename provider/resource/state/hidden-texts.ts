import { isObject, mapMembers, type Properties, secretSignature, signature } from "../kind/program-values";
import { isEmpty } from "../kind/wire-case";
import { secretIn } from "./leaked-secrets";
import { hiddenInputs } from "./state";

/** Replaces a secret in everything that a person reads. */
export const secretWord = "[secret]";

type Place = readonly (string | number)[];

export function isSecret(value: unknown): value is Properties {
  return isObject(value) && value[signature] === secretSignature;
}

export function holdsSecret(value: unknown): boolean {
  return isSecret(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret));
}

/** In place of a value that the state holds encrypted: no row of a kind reads a symbol. */
export const sealed = Symbol("sealed");

export function secretPlaces(value: unknown, path: (string | number)[]): (string | number)[][] {
  if (isSecret(value) || typeof value !== "object" || value === null) {
    return isSecret(value) ? [path] : [];
  }
  return Object.entries(value).flatMap(([name, member]) =>
    secretPlaces(member, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

/**
 * The places of secrets in the form of the state: "environmentVariables.KEY". A list with a secret element counts as a whole, because
 * its elements may move; the engine marks outputs in the same way (pulumi/pulumi pkg/resource/plugin/provider_plugin.go,
 * `annotateSecrets`).
 */
export function statePlaces(places: readonly Place[]): string[] {
  const untilList = (place: Place) =>
    place.slice(
      0,
      [...place, 0].findIndex((step) => typeof step === "number"),
    );
  return [...new Set(places.map((place) => untilList(place).join(".")))].sort();
}

/** The arguments in which one of these inputs or outputs has a secret of the program. */
export function secretArguments(...sides: readonly Properties[]): string[] {
  return [...new Set(sides.flatMap((side) => hiddenInputs(side).__secrets ?? []).map(argumentIn))];
}

function argumentIn(place: string): string {
  return place.replace(/[.].*/s, "");
}

/**
 * The places that the program marks as secrets and that the recorded outputs keep in plain text; none for a resource that this command
 * does not declare.
 */
export function unmarkedPlaces(
  { inputs }: { readonly inputs: Properties } = { inputs: {} },
  outputs: Properties,
): string[] {
  const { __secrets: marked = [] } = hiddenInputs(outputs);
  const { __secrets: wanted = [] } = hiddenInputs(inputs);
  const isMarked = (place: string) => marked.some((one) => place === one || place.startsWith(`${one}.`));
  return wanted.filter((place) => inputs[argumentIn(place)] != null && !isMarked(place));
}

/** What is secret in both sides of a difference. */
interface Secrets {
  /** The arguments that the program or the state marks as secrets. */
  readonly marked: readonly string[];
  /** The rows of the kind, for the members that are always secret. */
  readonly fields?: Readonly<Record<string, { readonly secretMembers?: readonly string[] | undefined }>>;
}

/**
 * Both sides of a difference as a person may read them. A difference is as secret as the more secret of its two sides: `[secret]` takes
 * the place of a value if either side is marked as a secret, is a member that is always secret, or looks like a secret.
 */
export function withWordsForSecrets(before: Properties, after: Properties, { marked, fields = {} }: Secrets) {
  const side = (own: Properties, other: Properties) =>
    Object.fromEntries(
      Object.entries(own).map(([name, value]) => [
        name,
        marked.includes(name) ? masked(value) : readableValue(value, fields[name]?.secretMembers, other[name]),
      ]),
    );
  return { before: side(before, after), after: side(after, before) };
}

/** A value as a person may read it. `other`: the value on the other side of the difference. */
export function readableValue(value: unknown, secretMembers: readonly string[] = [], other?: unknown): unknown {
  if (looksSecret(value) || looksSecret(other)) {
    return masked(value);
  }
  if (!isObject(value)) {
    return mapMembers(value, (element, place) => readableValue(element, secretMembers, memberOf(other, place)));
  }
  const members = Object.entries(value).map(([name, member]) => [
    looksSecret(name) ? secretWord : name,
    secretMembers.includes(name) ? masked(member) : readableValue(member, secretMembers, memberOf(other, name)),
  ]);
  return Object.fromEntries(members);
}

/** True if a text in the value looks like a secret, apart from the members that are always secret. */
export function holdsSecretText(value: unknown, secretMembers: readonly string[] = []): boolean {
  return typeof value === "object" && value !== null
    ? Object.entries(value).some(
        ([name, member]) =>
          !secretMembers.includes(name) && (looksSecret(name) || holdsSecretText(member, secretMembers)),
      )
    : looksSecret(value);
}

function looksSecret(value: unknown): boolean {
  return typeof value === "string" && secretIn(value) !== undefined;
}

/** The removal of a secret is none. */
function masked(value: unknown): unknown {
  return isEmpty(value) ? value : secretWord;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
