import { z } from "zod";
import { type Field, identical, wholeValue } from "./field";

/** The name of an object, which every kind requires. */
export function nameField(schema: z.ZodType<string>): Field<string> {
  return wholeValue({
    wire: "name",
    leftOut: "refused",
    schema,
    recorded: z.string(),
    normal: identical,
    toWire: identical,
    fromWire: ({ name }) => name,
    meaning: { leftOut: "the Pulumi resource name", removed: "the Pulumi resource name", sameWhen: "equal" },
  });
}

interface Text {
  readonly wire: string;
  readonly schema: z.ZodType<string>;
  /** A member of every complete reply: beside it, an absent text means that there is none. */
  readonly shownWhileSet: string;
}

/** A text that may be empty, which is the same as none. */
export function textField({ wire, schema, shownWhileSet }: Text): Field<string> {
  return wholeValue({
    wire,
    leftOut: "cleared",
    schema,
    recorded: z.string(),
    // "Update an agent": the empty string clears. Public material disagrees on whether null does as well.
    cleared: "",
    empty: "",
    normal: identical,
    toWire: identical,
    shownWhileSet,
    fromWire: ({ [wire]: text }) => (typeof text === "string" && text !== "" ? text : undefined),
    meaning: { leftOut: "empty", removed: '`""`', sameWhen: '`""`, null and absent are one' },
  });
}
