import type * as pulumi from "@pulumi/pulumi";
import { QoderError } from "../api/errors";
import { warning } from "../api/remark";
import { argumentsIn, describedArguments, ownedArguments, shownArguments } from "./arguments";
import { type Baseline, baselineIn, completed, shownAfterWrite, withheld, withSent } from "./baseline";
import { same } from "./fields/comparison";
import { findUnlessGone, type Remembered, rememberedIn } from "./gone";
import type { ResourceKind } from "./kind";
import type { Objects } from "./objects";
import { type BaseReply, recordedOutputs, toldOutputs } from "./outputs";
import type { Properties } from "./program-values";
import { type HiddenOutputs, hiddenInputs, hiddenOutputs, shownOutput, stateOf } from "./state";

/**
 * What the engine is answered of the object: its state, and inputs where these differ from what the state has. `warnings` looks at
 * what the object names.
 */
export async function read(
  objects: Objects,
  id: string,
  properties: Properties,
  warnings: (held: Properties) => Promise<readonly string[]>,
): Promise<pulumi.dynamic.ReadResult> {
  const { client, kind } = objects;
  const recorded = argumentsIn(kind, properties);
  // `.get()` starts without any.
  if (Object.keys(recorded).length === 0) {
    const found = await withEnd(objects, await get(objects, id), undefined, {});
    const described = describedArguments(kind, found);
    // A program may have asked to keep any output of a look-up as a secret.
    const looked = withheld(shownAfterWrite(kind, found, described), () => false);
    const shown = shownOutput(looked, false);
    const props = stateOf(kind, found, described, {}, { __inputs: "stale", ...shown });
    return { id, props, inputs: described };
  }
  const shown = await refresh(objects, id, rememberedIn(kind, properties));
  if (shown === undefined) {
    return kind.start === undefined ? { id: "" } : { id, props: properties };
  }
  const now = await withEnd(objects, shown, recorded, recordedOutputs(kind, properties));
  const before = hiddenOutputs(properties);
  const { __entry, __inputs } = before;
  const { held, baseline, isGuarded } = liveArguments(objects, now, recorded, before);
  for (const text of await warnings(held)) {
    await client.remark(warning(text));
  }
  const hidden = { __entry, ...shownOutput(baseline, isGuarded) };
  if (__inputs === "kept" || __inputs === "stale") {
    return { id, props: stateOf(kind, now, held, properties, { ...hidden, __inputs: "stale" }, properties) };
  }
  const props = stateOf(kind, now, held, properties, hidden, properties);
  // An argument that left the program while nothing was to be sent is still among the outputs. Inputs made of these would
  // bring it back, so there are none while everything is as it was recorded.
  return __inputs === undefined && same(held, recorded) && hasComparedOutputs(kind, now, properties)
    ? { id, props }
    : { id, props, inputs: { ...held, ...hiddenInputs(properties) } };
}

/**
 * The object as it is, or undefined when it is gone: archived is for ever. Of what was started undefined says no more than that the
 * service shows it no longer.
 */
async function refresh(objects: Objects, id: string, remembered: Remembered): Promise<BaseReply | undefined> {
  if (objects.kind.start !== undefined) {
    return objects.find(id);
  }
  const object = await findUnlessGone(objects, id, remembered);
  return object?.archived_at == null ? object : undefined;
}

/** With what it came to, where it was started and somebody asks for that. */
async function withEnd(
  { client, kind }: Objects,
  object: BaseReply,
  recorded: Properties | undefined,
  outputs: Properties,
): Promise<BaseReply> {
  return (await kind.start?.ending?.look({ client, object, outputs }, recorded)) ?? object;
}

/** The arguments as the service holds them, and the baseline from then on. */
function liveArguments(
  { kind, secretArguments }: Objects,
  object: BaseReply,
  recorded: Properties,
  hidden: HiddenOutputs,
): { readonly held: Properties; readonly baseline: Baseline; readonly isGuarded: boolean } {
  const before = baselineIn(hidden);
  const isGuarded = before !== undefined && hidden.__unguarded === undefined;
  if (before !== undefined && hidden.__open === undefined) {
    const held = ownedArguments(kind, object, recorded, before);
    const changed = Object.keys(kind.fields).filter((name) => !same(held[name], recorded[name]));
    const baseline = isGuarded ? withSent(kind, completed(kind, before, object, held), recorded, changed) : before;
    return { held, baseline, isGuarded };
  }
  const held =
    hidden.__open === undefined
      ? ownedArguments(kind, object, recorded, undefined)
      : shownArguments(kind, object, recorded, before);
  const looked = shownAfterWrite(kind, object, held);
  const isStorable = (name: string) =>
    kind.fields[name]?.secretMembers !== undefined || (kind.namesSecrets === true && !secretArguments.includes(name));
  return { held, baseline: isGuarded ? looked : withheld(looked, isStorable), isGuarded };
}

/** Whether no output of which a difference is made is other than the state knows it. */
function hasComparedOutputs(kind: ResourceKind, object: BaseReply, properties: Properties): boolean {
  return same(kind.compared?.(toldOutputs(kind, object)), kind.compared?.(recordedOutputs(kind, properties)));
}

/** For `QoderDeployment.get` and its like: an absent one is an error, as the engine takes an empty answer for an empty resource (pulumi issue 16886). */
async function get(objects: Objects, id: string): Promise<BaseReply> {
  const object = await objects.find(id);
  if (object === undefined) {
    throw new QoderError(`there is no ${objects.kind.noun} ${id} that this token can see`);
  }
  return object;
}
