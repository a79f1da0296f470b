import { z } from "zod";
import type { Field } from "./field";

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
