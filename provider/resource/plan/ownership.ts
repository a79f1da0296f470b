import { QoderError } from "../../api/errors";
import { info, type Remark, warning } from "../../api/remark";
import type { Compared, Ledger, Owner, Predecessor } from "../engine/ledger";
import { type PlanRemark, planWarning } from "../kind/diagnostics";
import { endOf, type ResourceKind } from "../kind/kind";

/** The warning about `other`, a resource that has the same object. An object that no request removes needs none. */
export function sharedRemarks({ kind, id, prior, other }: Compared): PlanRemark[] {
  return other === undefined || endOf(kind, prior.arguments) === undefined
    ? []
    : [
        planWarning(
          "shared",
          `${other.description} of this stack manages ${id} too: remove one of the two resources with \`pulumi state delete\`, and from the program`,
        ),
      ];
}

/**
 * The reason why a removal archives nothing: another resource manages the object. Undefined if the object ends. Throws if another
 * resource adopts the object and does not have it yet.
 */
export function leftRemark(
  kind: ResourceKind,
  { id, prior }: Predecessor,
  self: Owner,
  ledger: Ledger,
): Remark | undefined {
  const other = endOf(kind, prior.arguments) !== undefined ? ledger.mayArchive(id, self) : undefined;
  if (other === undefined) {
    return undefined;
  }
  const { description, origin } = other.owner;
  if (other.isClaim) {
    throw new QoderError(
      `${description} should adopt this object, but its create failed, so nothing was archived.\nCorrect that resource, then run \`pulumi up\` again`,
    );
  }
  const left = `left as it is: ${description} manages it now`;
  // After `--replace`, which calls no diff, the create of the replacement may have returned the old object.
  return self.origin === undefined || self.origin !== origin
    ? info(left)
    : warning(
        `${left}. If you asked for a replacement, the service returned the old object: repeat the command with the resource option deleteBeforeReplace: true`,
      );
}
