import { argumentsIn, only } from "./arguments";
import { same } from "./fields/comparison";
import { argumentNames, type Known, type ResourceKind } from "./kind";
import type { PlanRemark } from "./plan-remark";
import { containsUnknown, type Properties } from "./program-values";
import { argumentOf, removesFirst, replacedPlaces } from "./replacement";
import { changeSteps, changesIn } from "./write/steps";

export interface DiffOutcome {
  readonly changes: boolean;
  /** The arguments that differ, or may differ because a value is unknown. */
  readonly changed: readonly string[];
  readonly replaces: readonly string[];
  /** True if a replacement removes the old object before it creates the new one. */
  readonly deleteBeforeReplace: boolean;
  readonly remarks: readonly PlanRemark[];
  /** The arguments of the program. */
  readonly wanted: Properties;
}

/** The differences between recorded and wanted arguments. Sends no request: the state and the program decide. */
export function diff(kind: ResourceKind, { arguments: applied, outputs }: Known, inputs: Properties): DiffOutcome {
  const names = argumentNames(kind);
  const unknown = names.filter((name) => containsUnknown(inputs[name]));
  const known = names.filter((name) => !unknown.includes(name));
  const recorded = { arguments: only(applied, known), outputs };
  const all = argumentsIn(kind, inputs);
  const wanted = only(all, known);
  const replaces = [
    ...new Set(replacedPlaces(kind, recorded.arguments, wanted).map(argumentOf)),
    ...names.filter((name) => unknown.includes(name) && kind.fields[name]?.replaces),
  ];
  const steps = changeSteps(kind, recorded, wanted);
  const changed = [
    ...replaces,
    ...unknown.filter((name) => kind.fields[name]?.leftOut !== "ignored"),
    ...changesIn(steps).map(({ argument }) => argument),
    ...steps.flatMap((step) => (step.do === "status" ? [step.argument] : [])),
    ...known.filter((name) => kind.fields[name]?.isLocal && !same(recorded.arguments[name], wanted[name])),
  ];
  const deleteBeforeReplace = removesFirst(kind, recorded.arguments, wanted);
  const remarks = kind.stateRemarks?.(outputs, wanted) ?? [];
  return { changes: changed.length > 0, changed, replaces, deleteBeforeReplace, remarks, wanted: all };
}
