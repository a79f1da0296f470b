import { z } from "zod";
import type { BaseReply } from "../outputs";
import { type Field, identical, wholeValue } from "./field";

/** The name of an object, which every kind requires. */
export function nameField<Outputs, Reply extends BaseReply>(schema: z.ZodType<string>): Field<string, Outputs, Reply> {
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

interface Text<Reply> {
  readonly wire: string;
  readonly schema: z.ZodType<string>;
  /** A member of every complete reply: beside it, an absent text means that there is none. */
  readonly shownWhileSet: string;
  readonly told: (reply: Reply) => string | null | undefined;
}

/** A text that may be empty, which is the same as none. */
export function textField<Outputs, Reply extends BaseReply>({
  wire,
  schema,
  shownWhileSet,
  told,
}: Text<Reply>): Field<string, Outputs, Reply> {
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
    fromWire: (reply) => told(reply) || undefined,
    meaning: { leftOut: "empty", removed: '`""`', sameWhen: '`""`, null and absent are one' },
  });
}
