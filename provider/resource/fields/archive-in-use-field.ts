import { z } from "zod";
import type { Field } from "./field";

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
