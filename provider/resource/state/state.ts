import { z } from "zod";
import { mayHaveActed, QoderError, reasonOf } from "../../api/errors";
import { argumentsIn } from "../compare/arguments";
import { isOlder } from "../compare/older";
import { baselineIn } from "../compare/views";
import type { Baseline, PriorState, ResourceKind } from "../kind/kind";
import { type BaseReply, recordedOutputs, serverOutputs } from "../kind/outputs";
import type { ArgumentParts } from "../kind/parts";
import type { Properties } from "../kind/program-values";

/**
 * Inputs that the program side adds. The engine hides names that start with two underscores, except where it draws a
 * difference property by property (pulumi/pulumi pkg/engine/detailedDiff.go).
 */
const hiddenInputsSchema = z.object({
  /**
   * The URN of the first declaration, or a text that an import wrote in its place: the seed of the idempotency key, and the
   * source of the name in messages.
   */
  __origin: z.string().optional().catch(undefined),
  /** `customTimeouts` of the resource in seconds: the engine does not hand them to a dynamic provider. */
  __timeouts: z
    .object({ create: z.number().optional(), update: z.number().optional(), delete: z.number().optional() })
    .optional()
    .catch(undefined),
  /** The `__name` of the outputs, while the recorded name is one that somebody gave to the object at Qoder. */
  __name: z.string().optional().catch(undefined),
  /** The places of the secrets in the arguments (`statePlaces`): the engine does not name them to a dynamic provider. */
  __secrets: z.array(z.string()).optional().catch(undefined),
  /** The labels that an object whose metadata the API cannot change got by `qoder:defaultMetadata`. */
  __defaultMetadata: z.array(z.string()).optional().catch(undefined),
});
type HiddenInputs = z.infer<typeof hiddenInputsSchema>;

/**
 * The unfinished part of the last write:
 *
 * | `__unfinished` | the last write | the next refresh returns | the next diff says |
 * |---|---|---|---|
 * | absent | is complete | inputs, if something differs | the differences |
 * | `create` | created the object and failed afterwards | inputs, so that the engine shows the rest | the differences |
 * | `update` | did a part of an update, or started a run with another end than the program asks for | no inputs | the differences |
 * | `update, refreshed` | as `update`, and a refresh followed; or a look-up | no inputs | that there is a change |
 *
 * If the refresh returns no inputs, the engine keeps the recorded ones with their marks of secrets. After a refresh the engine takes
 * the object for complete, so the next diff must report that an update is left.
 */
const unfinished = ["create", "update", "update, refreshed"] as const;

/** Outputs that only this package reads. */
const hiddenOutputsSchema = z.object({
  /**
   * A random text that distinguishes resources with the same origin: after a rename, a new resource under the old name has the
   * origin of the renamed one.
   */
  __entry: z.string().optional().catch(undefined),
  /** The name that the object has because the program gave none at the last write; absent if the program gave one. */
  __name: z.string().optional().catch(undefined),
  /** The name of the QoderProvider of the last write; absent for the stack's own account. */
  __account: z.string().optional().catch(undefined),
  /**
   * Distinguishes the token that created, imported, adopted or last updated the object (`AccountSettings`). A refresh keeps it: a token
   * that sees an object by mistake proves nothing.
   */
  __maker: z.string().optional().catch(undefined),
  __unfinished: z.enum(unfinished).optional().catch(undefined),
  /** The `Baseline`, as JSON. */
  __shown: z.string().optional().catch(undefined),
  /** The parts of arguments that a request without a usable answer carried; the state records their older values. */
  __open: z.record(z.string(), z.array(z.string()).readonly()).optional().catch(undefined),
});
type HiddenOutputs = z.infer<typeof hiddenOutputsSchema>;

/** The outputs of a read object that a program declares as it was found, without the mark of an unfinished write. */
export function complete({ __unfinished: _, ...outputs }: Properties): Properties {
  return outputs;
}

/** One call of the engine asks for the hidden values several times. */
function readOnce<Hidden>(read: (properties: Properties) => Hidden): (properties: Properties) => Hidden {
  const cache = new WeakMap<Properties, Hidden>();
  return (properties) => {
    const hidden = cache.get(properties) ?? read(properties);
    cache.set(properties, hidden);
    return hidden;
  };
}

export const hiddenInputs = readOnce<HiddenInputs>((properties) => hiddenInputsSchema.safeParse(properties).data ?? {});

export const hiddenOutputs = readOnce<HiddenOutputs>(
  (properties) => hiddenOutputsSchema.safeParse(properties).data ?? {},
);

/** The object with these outputs, as the state holds it. */
export function priorStateIn(kind: ResourceKind, properties: Properties): PriorState {
  const hidden = hiddenOutputs(properties);
  return {
    arguments: argumentsIn(kind, properties),
    outputs: recordedOutputs(kind, properties),
    // A diff, the most frequent call, needs none.
    get baseline() {
      return baselineIn(hidden);
    },
    unanswered: hidden.__open,
  };
}

/** The Pulumi name of the resource, as it was declared first: the last part of its URN. */
export function pulumiName(properties: Properties): string | undefined {
  return hiddenInputs(properties).__origin?.split("::").pop();
}

/**
 * The outputs to record: the set arguments, as the program writes them, and the values that the service computes. A foreign change since
 * the last refresh does not enter the state here: an update would then send a change that no preview showed. An argument that is gone
 * becomes null: for an absent output, an `up` gives the program its own value (pulumi/pulumi sdk/nodejs/runtime/resource.ts).
 */
export function stateOf(
  kind: ResourceKind,
  object: BaseReply,
  recorded: Properties,
  inputs: Properties,
  hidden: HiddenOutputs,
  olds: Properties = {},
): Properties {
  const held = Object.keys(kind.fields).filter((name) => olds[name] !== undefined);
  const all = { ...Object.fromEntries(held.map((name) => [name, null])), ...recorded };
  const isNew = isShown(object) && !isOlder(kind, object, recordedOutputs(kind, olds));
  const outputs = isNew ? serverOutputs(kind, object, olds) : asRecorded(kind, olds);
  return { ...all, ...outputs, ...hiddenInputs(inputs), ...hidden };
}

/** True if a reply shows the object; false for an object of which only the id is known, because no request was answered. */
function isShown(object: BaseReply): boolean {
  return Object.keys(object).length > 1;
}

function asRecorded({ outputs }: ResourceKind, olds: Properties): Properties {
  return Object.fromEntries(Object.keys(outputs).map((name) => [name, olds[name] ?? null]));
}

/** The outputs of the baseline and of what is unanswered. */
export function shownMemory(
  baseline: Baseline | undefined,
  unanswered: ArgumentParts = {},
): Pick<HiddenOutputs, "__shown" | "__open"> {
  return {
    ...(baseline === undefined ? {} : { __shown: JSON.stringify(baseline) }),
    ...(Object.keys(unanswered).length === 0 ? {} : { __open: { ...unanswered } }),
  };
}

/** The error, with the state to record if the write leaves an object behind. `write` names the write that failed. */
export function withState(
  kind: ResourceKind,
  error: unknown,
  inputs: Properties,
  write: "create" | "update",
  { __account, __entry, __maker, __name }: HiddenOutputs,
  olds: Properties = {},
): unknown {
  if (!(error instanceof PartialFailure)) {
    return error;
  }
  const { object, recorded, baseline, unanswered } = error.written;
  const hidden = { __account, __entry, __maker, __name, __unfinished: write, ...shownMemory(baseline, unanswered) };
  return error.withProperties(stateOf(kind, object, recorded, inputs, hidden, olds));
}

/** The run ended in another way than the program asks for, and only another run can change that. */
export class FinalFailure extends QoderError {
  override readonly name = "FinalFailure";
}

/** An object after a write. */
export interface Written {
  readonly object: BaseReply;
  /** The arguments that the object holds by now, for the state. */
  readonly recorded: Properties;
  readonly baseline: Baseline | undefined;
  readonly unanswered?: ArgumentParts | undefined;
}

/** A write failed, or its answer was lost, and the object exists: the known facts must reach the state. */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";

  constructor(
    readonly written: Written,
    override readonly cause: unknown,
    /** True if nobody knows whether the service did the last request. */
    readonly mayBeDone: boolean = mayHaveActed(cause),
    readonly properties: Properties = {},
  ) {
    super(reasonOf(cause));
  }

  withProperties(properties: Properties): PartialFailure {
    return new PartialFailure(this.written, this.cause, this.mayBeDone, properties);
  }
}
