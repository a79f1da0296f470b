import { QoderApiError, QoderError } from "../../api/errors";
import { comparedWith } from "../baseline";
import type { ResourceKind } from "../kind";
import type { BaseReply } from "../outputs";
import type { Change, Patch } from "./plan";

/** A change that the service answered with success and whose reply does not prove that it was made. */
interface Kept extends Change {
  /** True if the reply shows the old value; false if it does not show whether the value is gone. */
  readonly isShown: boolean;
}

/**
 * The changes that the reply disproves or leaves open. The API's documents do not say whether null clears a member, so a removal
 * counts only if the reply shows it. A member that no reply shows counts as changed.
 */
export function keptValues({ fields }: ResourceKind, { changes, applied, wanted }: Patch, reply: BaseReply): Kept[] {
  return changes.flatMap((change) => {
    const { argument, value } = change;
    const field = fields[argument];
    if (field === undefined) {
      return [];
    }
    if (value === null) {
      const isCleared = field.isCleared === undefined || field.isCleared(reply);
      return isCleared ? [] : [{ ...change, isShown: isCleared === false }];
    }
    const before = applied.arguments[argument];
    const compared = comparedWith(field, before, applied.baseline, argument);
    const isShown = field.isKept?.(reply, before, wanted[argument], compared) ?? false;
    return isShown ? [{ ...change, isShown }] : [];
  });
}

export function keptError(kind: ResourceKind, kept: readonly Kept[]): QoderError {
  const removed = kept.filter(({ value }) => value === null);
  const changed = kept.filter(({ value }) => value !== null).map(({ member }) => member);
  const doubt = removed.some(({ isShown }) => isShown)
    ? "but kept the value"
    : "but does not show whether the value is gone";
  return new QoderError(
    [
      ...(removed.length === 0
        ? []
        : [
            `the API took ${removed.map(({ member }) => `${member}: null`).join(", ")} ${doubt}`,
            replaceAdvice(kind, removed),
          ]),
      ...(changed.length === 0
        ? []
        : [
            `the API answered the change of ${changed.join(", ")} with success but still shows the old value`,
            `The state keeps the old value, so the next \`pulumi up\` sends the change again; if the ${kind.noun} still keeps the old value then, ask Qoder`,
          ]),
    ].join(". "),
  );
}

/** Advises a replacement only if the service refused the null: it would refuse any other value of the new object again. */
export function withReplaceAdvice(kind: ResourceKind, error: unknown, changes: readonly Change[]): unknown {
  if (!(error instanceof QoderApiError) || error.status !== 400) {
    return error;
  }
  const nulls = changes.filter(({ value }) => value === null);
  const { param, serverMessage } = error;
  const isAlone = nulls.length === changes.length;
  const isMeant = ({ member }: Change) =>
    param === undefined ? isAlone || serverMessage.includes(member) : param.split(".")[0] === member;
  const refused = nulls.filter(isMeant);
  return refused.length > 0 ? new QoderError(`${error.message}. ${replaceAdvice(kind, refused)}`) : error;
}

function replaceAdvice({ fields, noun }: ResourceKind, changes: readonly Change[]): string {
  const names = changes.map(({ argument }) => `"${argument}"`).join(", ");
  const others = changes.flatMap(({ argument }) => fields[argument]?.insteadOfRemoval ?? []);
  return [
    `To remove it, replace the ${noun}: set the resource option replaceOnChanges: [${names}] and run \`pulumi up\` again, which permanently archives this one and creates another; take the option out afterwards, because it replaces the ${noun} with every change of the argument`,
    ...others,
  ].join(". ");
}
