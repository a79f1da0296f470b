import { z } from "zod";
import { checkedText } from "./field";

interface Nameable {
  readonly noun: string;
  readonly label: string;
  readonly idPrefix: string;
  /** The function with which a program finds such an object by its name; absent if there is none. */
  readonly lookUp?: string;
}

/** The id of a named object. For a resource, the program side passes its id, or its URN if it is of another kind. */
export function namedId(kind: Nameable): z.ZodType<string> {
  const id = new RegExp(`^${kind.idPrefix}[A-Za-z0-9_-]+$`);
  return checkedText((value) => resourceProblem(kind, value) ?? (id.test(value) ? undefined : idProblem(kind)));
}

/** As `namedId`, for a kind whose form of ids no page documents. */
export function namedText(kind: Nameable): z.ZodType<string> {
  return checkedText((value) => resourceProblem(kind, value), z.string().min(1));
}

function resourceProblem({ noun, label }: Nameable, value: string): string | undefined {
  const [, type, name] = /^urn:pulumi:[^:]*::[^:]*::(?:.*\$)?(.*?)::(.*)$/.exec(value) ?? [];
  return type === undefined
    ? undefined
    : `is the resource "${name}" of the type ${type.replace("pulumi-nodejs:dynamic/", "")}, not ${one(noun)}; give a ${label}, or the id of ${one(noun)}`;
}

function idProblem({ noun, label, idPrefix, lookUp }: Nameable): string {
  const remedy = lookUp === undefined ? "its id" : `look one up by its name: await ${lookUp}({ name: "..." })`;
  return `is not the id of ${one(noun)}: ${idPrefix} and letters, digits, _ or -; give the ${label} itself, or ${remedy}`;
}

/** The noun with its article: `an agent`. */
export function one(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
