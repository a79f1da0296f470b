import { z } from "zod";
import { mayHaveActed, QoderError, reasonOf } from "../api/errors";
import { argumentOutputs, argumentsIn } from "./arguments";
import type { Baseline } from "./baseline";
import type { ResourceKind } from "./kind";
import { type BaseReply, serverOutputs } from "./outputs";
import type { Properties } from "./program-values";

/**
 * Inputs that the program side adds. The engine hides names that start with two underscores, except where it draws a
 * difference property by property (pulumi/pulumi pkg/engine/detailedDiff.go).
 */
const hiddenInputsSchema = z.object({
  /**
   * The URN under which the resource was declared first, or what an import gave in its place: the seed of the idempotency
   * key, and the name in messages.
   */
  __origin: z.string().optional().catch(undefined),
  /** `customTimeouts` of the resource in seconds: the engine does not hand them to a dynamic provider. */
  __timeouts: z
    .object({ create: z.number().optional(), update: z.number().optional(), delete: z.number().optional() })
    .optional()
    .catch(undefined),
  /** The arguments that hold secrets, for messages: the engine does not tell a dynamic provider. */
  __secrets: z.array(z.string()).optional().catch(undefined),
});
export type HiddenInputs = z.infer<typeof hiddenInputsSchema>;

/**
 * Outputs that only this package reads. What became of the last write:
 *
 * | `__inputs` | `__open` | after | the next refresh answers | the next update | the next diff |
 * |---|---|---|---|---|---|
 * | | | a write that was done | with inputs where something differs | starts from the state | compares |
 * | `told` | maybe | a create that was done in part | with inputs, so that the engine draws the rest | as `__open` says | compares |
 * | `kept` | maybe | an update that was done in part, or may have been; a start whose end is not as it was asked for | without inputs; `stale` from then on | as `__open` says | compares |
 * | `stale` | | that refresh, or a look-up | without inputs | starts from the state | says that there is a change |
 *
 * Without inputs the engine keeps those that it has, with their marks of secrets. It takes what a refresh answers for
 * finished, so after a kept update the diff must say that there is something left.
 * Where `__open` is set, nobody knows what the last write did: the recorded arguments are what it may have done, and the next
 * update reads first.
 */
const hiddenOutputsSchema = z.object({
  /**
   * Tells the resource from every other one of the stack that may come to the same object: after a rename, a new resource
   * under the old name has the same origin.
   */
  __entry: z.string().optional().catch(undefined),
  __inputs: z.enum(["kept", "stale", "told"]).optional().catch(undefined),
  __open: z.literal(true).optional().catch(undefined),
  /** See `Baseline`. */
  __shown: z.string().optional().catch(undefined),
  /**
   * A read wrote `__shown`, and no declaration of this version has told the engine yet that `__shown` may be a secret. It holds
   * nothing then that may be one.
   */
  __unguarded: z.literal(true).optional().catch(undefined),
});
export type HiddenOutputs = z.infer<typeof hiddenOutputsSchema>;

export function hiddenInputs(properties: unknown): HiddenInputs {
  return hiddenInputsSchema.safeParse(properties).data ?? {};
}

export function hiddenOutputs(properties: unknown): HiddenOutputs {
  return hiddenOutputsSchema.safeParse(properties).data ?? {};
}

/** The Pulumi name of the resource, as it was declared first: the last part of its URN. */
export function pulumiName(properties: unknown): string | undefined {
  return hiddenInputs(properties).__origin?.split("::").pop();
}

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
  const computed = serverOutputs(kind, object, olds);
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

/** What was started came to its end, and not as the program asks for it: nothing but another one changes that. */
export class FinalFailure extends QoderError {
  override readonly name = "FinalFailure";
}

/** What is known of an object that stands although not all that was asked for was done. */
export interface Standing {
  readonly object: BaseReply;
  /** The arguments that are applied by now. */
  readonly held: object;
  readonly baseline: Baseline | undefined;
}

/**
 * The object stands, but not all that was asked for was done, or it is open what was. What is known of it must reach the
 * state.
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";

  constructor(
    readonly standing: Standing,
    override readonly cause: unknown,
    /** Nobody knows whether the last request had its effect. */
    readonly isOpen: boolean = mayHaveActed(cause),
    /** The outputs to record. */
    readonly properties: Readonly<Record<string, unknown>> = {},
  ) {
    super(reasonOf(cause));
  }

  withProperties(properties: Readonly<Record<string, unknown>>): PartialFailure {
    return new PartialFailure(this.standing, this.cause, this.isOpen, properties);
  }
}
