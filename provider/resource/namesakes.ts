import { argumentsIn } from "./arguments";
import { identityOf, type ResourceKind } from "./kind";
import { type PlanRemark, planInfo, planWarning } from "./plan-remark";
import { type Properties, withWordsForUnknown } from "./program-values";
import { createBody } from "./write/plan";

/**
 * Finds two resources of one command that have the same name at Qoder. One process serves one account, so both are of the same account.
 */
export class Namesakes {
  /** The names by the label of the kind and the present URN of the resource. */
  readonly #names = new Map<string, Map<string, string>>();

  remarks(kind: ResourceKind, urn: string, inputs: Properties): PlanRemark[] {
    const name = nameOf(kind, inputs);
    if (name === undefined || urn === "") {
      return [];
    }
    const ofKind = this.#names.get(kind.label) ?? new Map<string, string>();
    this.#names.set(kind.label, ofKind);
    const other = [...ofKind].find(([declared, one]) => declared !== urn && one === name)?.[0];
    ofKind.set(urn, name);
    return other === undefined ? [] : [sharedName(kind, name, other.split("::").at(-1) ?? "")];
  }
}

/** The name at Qoder; undefined if the kind has no names, or if the name is unknown in the preview. */
function nameOf(kind: ResourceKind, inputs: Properties): string | undefined {
  // A credential has no name: its target distinguishes it from the others in its vault.
  const name = kind.within === undefined ? identityOf(kind, createBody(kind, argumentsIn(kind, inputs))) : undefined;
  return name === undefined || withWordsForUnknown(name, "") !== name ? undefined : name;
}

function sharedName({ noun, hasUniqueNames, hasFreeNames }: ResourceKind, name: string, other: string): PlanRemark {
  const shared = `has the same name at Qoder as the resource "${other}" of this program: "${name}"`;
  if (hasUniqueNames) {
    return planWarning(
      "same-name",
      `${shared}. The service refuses a second live ${noun} of that name: give one of the two another name`,
    );
  }
  return hasFreeNames
    ? planInfo("same-name", `${shared}. The service takes both, but nobody can tell them apart by that name`)
    : planWarning(
        "same-name",
        `${shared}. The service may refuse the second one, and no look-up by that name can tell the two apart`,
      );
}
