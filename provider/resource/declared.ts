import type { JsonObject } from "../api/schema";
import type { DiffOutcome } from "./diff";
import { identityOf, type Known, type ResourceKind } from "./kind";
import type { Declaration, Ledger } from "./ledger";
import { type PlanRemark, planInfo, planWarning } from "./plan-remark";
import { commonInputs, containsUnknown, type Properties, withWordsForUnknown } from "./program-values";
import { replacementRemarks } from "./replacement";
import { hiddenOutputs } from "./state";

export function declarationRemarks(
  kind: ResourceKind,
  id: string,
  // A refresh may call the diff without a check: then the resource has no declaration.
  declaration: Declaration | undefined,
  values: { readonly olds: Properties; readonly news: Properties; readonly known: Known },
  outcome: DiffOutcome,
  account: string | undefined,
): PlanRemark[] {
  if (declaration === undefined) {
    return [];
  }
  const { given } = declaration;
  return [
    ...ignoredAdoption(kind, id, commonInputs(given).adopt),
    ...accountRemarks(id, hiddenOutputs(values.olds).__account, account),
    ...replacementRemarks(kind, id, declaration, values, outcome),
  ];
}

function ignoredAdoption({ noun }: ResourceKind, id: string, adopt: string | undefined): PlanRemark[] {
  return adopt === undefined || adopt === id || containsUnknown(adopt)
    ? []
    : [
        planWarning(
          "adopt",
          `adopt: "${adopt}" is ignored, as this resource has ${id} already. Take adopt out of the program; to take over ${adopt} as well, declare a resource of its own for that ${noun}`,
        ),
      ];
}

/** Another account would be another place for the object, and nothing moves it there. Old states do not name their account. */
function accountRemarks(id: string, recorded: string | undefined, account: string | undefined): PlanRemark[] {
  const given = account === undefined ? "the account of the stack" : `the QoderProvider "${account}"`;
  return recorded === undefined || recorded === account
    ? []
    : [
        planWarning(
          "account",
          `${id} is in the account of the QoderProvider "${recorded}", and the program now gives ${given}, which moves nothing. Restore the provider, or give this resource another name, so that ${id} ends there and another one is created here. If both are one account, \`pulumi refresh\` records the new provider`,
        ),
      ];
}

/** The warning about another resource of this command with the same name at Qoder. One process serves one account. */
export function sameNameRemarks(kind: ResourceKind, urn: string, body: JsonObject, ledger: Ledger): PlanRemark[] {
  const name = nameAtQoder(kind, body);
  const other = name === undefined || urn === "" ? undefined : ledger.withSameName(urn, kind, name);
  return name === undefined || other === undefined ? [] : [sharedName(kind, name, other.split("::").at(-1) ?? "")];
}

/** The name at Qoder; undefined if the kind has no names, or if the name is unknown in the preview. */
export function nameAtQoder(kind: ResourceKind, body: JsonObject): string | undefined {
  // A credential has no name: its target distinguishes it from the others in its vault.
  const name = kind.within === undefined ? identityOf(kind, body) : undefined;
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
