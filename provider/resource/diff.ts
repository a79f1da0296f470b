import type { Remark } from "../api/remark";
import { argumentsIn, only } from "./arguments";
import { argumentNames, type ResourceKind } from "./kind";
import { type BaseReply, recordedOutputs } from "./outputs";
import { changesBetween } from "./patch";
import { containsUnknown } from "./unknown";

export interface DiffOutcome {
  readonly changes: boolean;
  /** The arguments whose change makes a new object. */
  readonly replaces: readonly string[];
  readonly remarks: readonly Remark[];
}

/** Whether an update would send anything. Pure: everything it needs is in the state and in the program. */
export function diff<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  kind: ResourceKind<Arguments, Outputs, Reply>,
  properties: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
): DiffOutcome {
  const names = argumentNames(kind);
  const unknown = names.filter((name) => containsUnknown(inputs[name]));
  const known = names.filter((name) => !unknown.includes(name));
  const outputs = recordedOutputs(kind, properties);
  const recorded = { arguments: only(argumentsIn(kind, properties), known), outputs };
  const wanted = only(argumentsIn(kind, inputs), known);
  const changes =
    unknown.some((name) => kind.fields[name].leftOut !== "ignored") ||
    changesBetween(kind, recorded, wanted).length > 0 ||
    kind.statusChange?.wanted(recorded, wanted) !== undefined;
  const replaces = kind.replaces?.(recorded.arguments, wanted) ?? [];
  return { changes, replaces, remarks: kind.stateRemarks?.(outputs) ?? [] };
}
