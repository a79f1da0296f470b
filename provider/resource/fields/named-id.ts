import { z } from "zod";

/** What a message says of a kind of object that arguments name. */
interface Nameable {
  readonly noun: string;
  readonly label: string;
  readonly idPrefix: string;
  /** The function that finds one by its name; absent where programs have none. */
  readonly lookUp?: string;
}

/** The id of an object that an argument names: of a resource the program's side puts its id here, or its URN if it is of another kind. */
export function namedId(kind: Nameable): z.ZodType<string> {
  const id = new RegExp(`^${kind.idPrefix}[A-Za-z0-9_-]+$`);
  return z.string().superRefine((value, context) => {
    const message = resourceProblem(kind, value) ?? (id.test(value) ? undefined : idProblem(kind));
    if (message !== undefined) {
      context.addIssue({ code: "custom", message });
    }
  });
}

/** The same where no page says how the ids look. */
export function namedText(kind: Nameable): z.ZodType<string> {
  return z
    .string()
    .min(1)
    .superRefine((value, context) => {
      const message = resourceProblem(kind, value);
      if (message !== undefined) {
        context.addIssue({ code: "custom", message });
      }
    });
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

function one(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
