import type { Field } from "../kind/field";
import { pathOf } from "../kind/parts";
import { same } from "../kind/program-values";

/** A value of the state, and the one of the program. */
export type StateAndProgram = readonly [recorded: unknown, wanted: unknown];

/**
 * True if an update sends this secret: the program has another value than the state, or gives another version, with which it asks for
 * the same value again. No reply shows a secret, so a change at Qoder sends none. A token of `resources` is a part of a list, and a list that
 * differs in anything is sent as a whole.
 */
export function isSecretSent(secret: StateAndProgram, version: StateAndProgram): boolean {
  const [, asked] = version;
  return !same(...secret) || (asked !== undefined && !same(...version));
}

/**
 * True if the service uses this part of an argument once and replaces it, as it does with a refresh token. A second request with the same
 * value could put a dead secret back, so after a lost answer only the program sends it again.
 */
export function worksOnce({ usedOnce = [] }: Pick<Field, "usedOnce">, part: string): boolean {
  return usedOnce.length > 0 && usedOnce.includes(pathOf(part).at(-1) ?? "");
}
