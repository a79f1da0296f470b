import { QoderError } from "../api/errors";
import { argumentsIn } from "./arguments";
import { same } from "./fields/field";
import { findUnlessGone, type Remembered } from "./gone";
import type { ResourceKind } from "./kind";
import type { Objects } from "./objects";
import { type BaseReply, recordedOutputs, toldOutputs } from "./outputs";
import type { Properties } from "./program-values";
import { hiddenOutputs } from "./unfinished";

/**
 * The object as it is, or undefined when it is gone: archived is for ever. Of what was started undefined says no more than that the
 * service shows it no longer.
 */
export async function refresh<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
  remembered: Remembered<Arguments>,
): Promise<Reply | undefined> {
  if (objects.kind.start !== undefined) {
    return objects.find(id);
  }
  const object = await findUnlessGone(objects, id, remembered);
  return object?.archived_at == null ? object : undefined;
}

/** Whether nothing of which a difference is made is other than the state knows it. */
export function isAsRecorded<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  kind: ResourceKind<Arguments, Outputs, Reply>,
  object: Reply,
  held: Partial<Arguments>,
  properties: Properties,
): boolean {
  const compared = (outputs: Partial<Outputs>) => kind.compared(outputs);
  return (
    hiddenOutputs(properties).__inputs === undefined &&
    same(held, argumentsIn(kind, properties)) &&
    same(compared(toldOutputs(kind, object)), compared(recordedOutputs(kind, properties)))
  );
}

/** For `QoderDeployment.get` and its like: an absent one is an error, as the engine takes an empty answer for an empty resource (pulumi issue 16886). */
export async function get<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
): Promise<Reply> {
  const object = await objects.find(id);
  if (object === undefined) {
    throw new QoderError(`there is no ${objects.kind.noun} ${id} that this token can see`);
  }
  return object;
}
