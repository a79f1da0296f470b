import { QoderError } from "../api/errors";
import { info, type Remark, warning } from "../api/remark";
import type { Known, ResourceKind } from "./kind";
import type { Owner } from "./ledger";
import { type PlanRemark, planWarning } from "./plan-remark";
import { endSteps } from "./write/steps";

/** The warning about `other`, a resource that has the same object. An object that no request removes needs none. */
export function sharedRemarks({
  kind,
  id,
  known,
  other,
}: {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly known: Known;
  readonly other: Owner | undefined;
}): PlanRemark[] {
  return other === undefined || endSteps(kind, known.arguments).length === 0
    ? []
    : [
        planWarning(
          "shared",
          `${other.description} of this stack manages ${id} too; take one of the two out of the state with \`pulumi state delete\` and out of the program`,
        ),
      ];
}

/** Why a removal fails: another resource adopts the object, and that failed. */
export function claimError({ description }: Owner): QoderError {
  return new QoderError(
    `${description} was to take it over and does not have it; correct that resource and run \`pulumi up\` again`,
  );
}

/**
 * The reason why a removal archives nothing. After `--replace`, which calls no diff, the create of the replacement may have returned the
 * old object: then both have the same origin.
 */
export function leftRemark({ origin }: Owner, other: Owner): Remark {
  const left = `left as it is: ${other.description} manages it now`;
  return origin === undefined || origin !== other.origin
    ? info(left)
    : warning(
        `${left}. If it was to be replaced, the create returned the old one: run the same command again with the resource option deleteBeforeReplace: true`,
      );
}
