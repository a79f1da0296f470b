import { Commented } from "../resource/fields/generated";
import type { Properties } from "../resource/program-values";

/**
 * A reference to an agent at a version, with a comment if this is not the newest version. `moving` returns the text that a
 * program writes to move to the newest version.
 */
export function withNewest(
  reference: { readonly id: unknown; readonly version?: unknown },
  id: string,
  { version: newest }: Properties,
  moving: (called: string) => string,
): unknown {
  const { version } = reference;
  return typeof newest === "number" && typeof version === "number" && version < newest
    ? new Commented(
        reference,
        (called) => `The newest version of this agent is ${newest}; \`${moving(called(id))}\` would move to it.`,
      )
    : reference;
}
