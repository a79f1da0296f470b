import { QoderApiError, QoderError } from "../../api/errors";
import type { ResourceKind } from "../kind";
import type { BaseReply } from "../outputs";
import type { Change } from "./patch";

// Public material does not say whether null clears a member, so the answer is believed only when it shows it.
function cleared<Arguments>(changes: readonly Change<Arguments>[]): Change<Arguments>[] {
  return changes.filter(({ value }) => value === null);
}

// A member that cannot be checked is believed.
function isCleared<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  { fields }: ResourceKind<Arguments, Outputs, Reply>,
  { argument }: Change<Arguments>,
  reply: Reply,
): boolean | undefined {
  const check = fields[argument].isCleared;
  return check === undefined ? true : check(reply);
}

/** Whether the reply leaves open if a value that was to go is gone. */
export function isClearingUntold<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  kind: ResourceKind<Arguments, Outputs, Reply>,
  changes: readonly Change<Arguments>[],
  reply: Reply,
): boolean {
  return cleared(changes).some((change) => isCleared(kind, change, reply) === undefined);
}

interface KeptValues<Arguments> {
  readonly names: readonly (keyof Arguments)[];
  readonly error: QoderError;
}

/** The values that were to go and are not proved to be gone; undefined when there are none. */
export function keptValues<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  kind: ResourceKind<Arguments, Outputs, Reply>,
  changes: readonly Change<Arguments>[],
  reply: Reply,
): KeptValues<Arguments> | undefined {
  const unproven = cleared(changes).filter((change) => isCleared(kind, change, reply) !== true);
  if (unproven.length === 0) {
    return undefined;
  }
  const isKept = unproven.some((change) => isCleared(kind, change, reply) === false);
  const doubt = isKept ? "but kept the value" : "but does not show whether the value is gone";
  const reason = `the API took ${unproven.map(({ member }) => `${member}: null`).join(", ")} ${doubt}`;
  return {
    names: unproven.map(({ argument }) => argument),
    error: new QoderError(`${reason}. ${replaceAdvice(kind, unproven)}`),
  };
}

/** Only where the null is meant: a replacement archives first, and what else was refused would be refused again. */
export function withReplaceAdvice<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  kind: ResourceKind<Arguments, Outputs, Reply>,
  error: unknown,
  changes: readonly Change<Arguments>[],
): unknown {
  if (!(error instanceof QoderApiError) || error.status !== 400) {
    return error;
  }
  const nulls = cleared(changes);
  const { param, serverMessage } = error;
  const isAlone = nulls.length === changes.length;
  const isMeant = ({ member }: Change<Arguments>) =>
    param === undefined ? isAlone || serverMessage.includes(member) : param.split(".")[0] === member;
  const refused = nulls.filter(isMeant);
  return refused.length > 0 ? new QoderError(`${error.message}. ${replaceAdvice(kind, refused)}`) : error;
}

function replaceAdvice<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  { fields, noun }: ResourceKind<Arguments, Outputs, Reply>,
  changes: readonly Change<Arguments>[],
): string {
  const names = changes.map(({ argument }) => `"${argument}"`).join(", ");
  const others = changes.flatMap(({ argument }) => fields[argument].insteadOfRemoval ?? []);
  return [
    `To remove it, replace the ${noun}: set the resource option replaceOnChanges: [${names}] and run \`pulumi up\` again, which archives this one for ever and creates another; take the option out afterwards, as it replaces the ${noun} with every change of the argument`,
    ...others,
  ].join(". ");
}
