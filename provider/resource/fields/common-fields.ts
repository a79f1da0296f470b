import { z } from "zod";
import { type Field, identical, wholeValue } from "./field";

/** The name of an object, which every kind requires. */
export function nameField(schema: z.ZodType<string>): Field<string> {
  return {
    schema,
    ...wholeValue({
      wire: "name",
      leftOut: "refused",
      recorded: z.string(),
      normal: identical,
      toWire: identical,
      fromWire: ({ name }) => name,
      meaning: { leftOut: "the Pulumi resource name", removed: "the Pulumi resource name", sameWhen: "equal" },
    }),
  };
}

interface Text {
  readonly wire: string;
  readonly schema: z.ZodType<string>;
  /** A member of every complete reply: beside it, an absent text means that there is none. */
  readonly shownWhileSet: string;
}

/** A text that may be empty, which is the same as none. */
export function textField({ wire, schema, shownWhileSet }: Text): Field<string> {
  return {
    schema,
    ...wholeValue({
      wire,
      leftOut: "cleared",
      recorded: z.string(),
      // "Update an agent": the empty string clears. Public material disagrees on whether null does as well.
      cleared: "",
      empty: "",
      normal: identical,
      toWire: identical,
      shownWhileSet,
      fromWire: ({ [wire]: text }) => (typeof text === "string" && text !== "" ? text : undefined),
      meaning: { leftOut: "empty", removed: '`""`', sameWhen: '`""`, null and absent are one' },
    }),
  };
}

function idWithPrefix(prefix: string, thing: string): z.ZodType<string> {
  return z
    .string()
    .regex(new RegExp(`^${prefix}[A-Za-z0-9_-]+$`), `is not the id of ${thing}: ${prefix} and letters, digits, _ or -`);
}

export const agentId = idWithPrefix("agent_", "an agent");
export const deploymentId = idWithPrefix("dep_", "a deployment");
export const environmentId = idWithPrefix("env_", "an environment");
export const vaultId = idWithPrefix("vault_", "a vault");

/** The id of an existing object to take over. It counts at creation only, and never makes a difference by itself. */
export function adoptField(id: z.ZodType<string>, whenLeftOut: string): Field<string> {
  return {
    wire: undefined,
    leftOut: "ignored",
    schema: id,
    recorded: z.string(),
    change: () => undefined,
    read: (_, asked) => asked,
    describe: () => undefined,
    meansTheSame: () => true,
    meaning: { leftOut: whenLeftOut, removed: "ignored after create", sameWhen: "always" },
  };
}

/** Whether a removal archives what live objects name. It is kept in the state alone, and counts from the next `up` on. */
export function archiveInUseField(): Field<boolean> {
  return {
    wire: undefined,
    leftOut: "untouched",
    isLocal: true,
    schema: z.boolean(),
    recorded: z.boolean(),
    change: () => undefined,
    read: (_, asked) => asked,
    describe: () => undefined,
    meaning: {
      leftOut: "`false`: a removal is refused while a live deployment names it",
      removed: "`false`",
      sameWhen: "equal; kept in the state, never sent",
    },
  };
}
