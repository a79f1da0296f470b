import { z } from "zod";
import { diagnosticKinds } from "./diagnostics";
import { checkedText, type Field, identical, wholeValue } from "./field";

export function nameField(schema: z.ZodType<string>, wire: string = "name"): Field<string> {
  return {
    schema,
    ...wholeValue({
      wire,
      leftOut: "refused",
      recorded: z.string(),
      normal: identical,
      toWire: identical,
    }),
  };
}

interface Text {
  readonly wire: string;
  readonly schema: z.ZodType<string>;
}

/** An argument with a text. The empty text and no text mean the same. */
export function textField({ wire, schema }: Text): Field<string> {
  return {
    schema,
    ...wholeValue({
      wire,
      leftOut: "cleared",
      recorded: z.string(),
      // "Update an agent": the empty string clears the text. Public pages disagree on whether null clears it too.
      cleared: "",
      empty: "",
      normal: identical,
      toWire: identical,
    }),
  };
}

/** The id of an object of the kind. */
export function idOf({ noun, idPrefix }: { readonly noun: string; readonly idPrefix: string }): z.ZodType<string> {
  const form = `${idPrefix} and letters, digits, _ or -`;
  return z.string().regex(new RegExp(`^${idPrefix}[A-Za-z0-9_-]+$`), `is not the id of ${one(noun)}: ${form}`);
}

/** An argument that no request carries and no reply shows: the state keeps the wanted value. */
export function keptValue<Value>(schema: z.ZodType<Value>): Field<Value> {
  return {
    wire: undefined,
    leftOut: "untouched",
    schema,
    recorded: schema,
    change: () => undefined,
    describe: () => undefined,
  };
}

/** The id of an existing object to take over. The id counts only in a create, so a change of it is no difference. */
export function adoptField(id: z.ZodType<string>): Field<string> {
  return {
    ...keptValue(id),
    leftOut: "ignored",
    recorded: z.string(),
    meansTheSame: () => true,
  };
}

const acknowledged = z.array(z.enum(diagnosticKinds));

/** The kinds of remarks that a preview leaves out for the resource. A change of the list is no difference. */
export const acknowledgeField: Field<z.infer<typeof acknowledged>> = {
  ...keptValue(acknowledged),
  leftOut: "ignored",
  meansTheSame: () => true,
};

/** An argument that only the state keeps. A new value counts from the next `up` on. */
export function localValue<Value>(schema: z.ZodType<Value>): Field<Value> {
  return { ...keptValue(schema), isLocal: true };
}

/** True if a removal archives the object although live objects name it. */
export const archiveInUseField = localValue(z.boolean());

/** True if a removal permanently deletes the object. */
export const deleteOnDestroyField = localValue(z.boolean());

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
function one(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
