import { argumentOutputs, argumentsIn } from "./arguments";
import type { Baseline } from "./baseline";
import type { ResourceKind } from "./kind";
import { type BaseReply, serverOutputs } from "./outputs";
import type { Properties } from "./program-values";
import { type HiddenOutputs, hiddenInputs } from "./unfinished";
import { PartialFailure } from "./write/partial-failure";

/**
 * What was applied, as the program says it, and what the service computes. What else somebody changed since the last
 * refresh is not taken in here: the engine draws differences between inputs only, so an update would send what no preview
 * showed.
 */
export function stateOf(
  kind: ResourceKind,
  object: BaseReply,
  held: Properties,
  inputs: Properties,
  hidden: HiddenOutputs,
  olds: Properties = {},
): Properties {
  const told = kind.reply.safeParse(object).data;
  const computed = told === undefined ? olds : serverOutputs(kind, told, olds);
  return { ...argumentOutputs(kind, held), ...computed, ...hiddenInputs(inputs), ...hidden };
}

/** Absent for a state of before, until a refresh has read the object. */
export function shownOutput(
  baseline: Baseline | undefined,
  isGuarded = true,
): Pick<HiddenOutputs, "__shown" | "__unguarded"> {
  return baseline === undefined
    ? {}
    : { __shown: JSON.stringify(baseline), ...(isGuarded ? {} : { __unguarded: true }) };
}

/** The error, with what is to be recorded where it leaves an object behind. */
export function withState(
  kind: ResourceKind,
  error: unknown,
  inputs: Properties,
  hidden: HiddenOutputs,
  olds: Properties = {},
): unknown {
  if (!(error instanceof PartialFailure)) {
    return error;
  }
  const { object, held, baseline } = error.standing;
  const open = error.isOpen ? ({ __open: true } as const) : {};
  const known = { ...hidden, ...open, ...shownOutput(baseline) };
  return error.withProperties(stateOf(kind, object, argumentsIn(kind, held), inputs, known, olds));
}
