import { requestLabel } from "../../api/transport";
import { withThose } from "../compare/arguments";
import type { PriorState, ResourceKind } from "../kind/kind";
import { wholeName } from "../kind/parts";
import { type Properties, without } from "../kind/program-values";
import { actionRequest } from "../kind/requests";
import type { UpdateStep } from "./step";

/** The step of the argument that no body carries. `unknown`: the arguments that a preview does not know. */
export function ownSteps(
  { ownRequest }: ResourceKind,
  prior: PriorState,
  wanted: Properties,
  unknown: readonly string[],
): readonly UpdateStep[] {
  if (ownRequest === undefined) {
    return [];
  }
  const { argument } = ownRequest;
  const isUnknown = unknown.includes(argument);
  const action = isUnknown ? undefined : ownRequest.action(prior, wanted, prior.unanswered?.[argument] !== undefined);
  if (action === undefined && !isUnknown) {
    return [];
  }
  const step: UpdateStep = {
    carries: { [argument]: [wholeName] },
    lines: ({ kind, id }) =>
      action === undefined
        ? [`perhaps another request, because ${argument} is not known yet`]
        : [requestLabel(actionRequest(kind, id, action))],
    async take(objects, written) {
      const { object, unanswered = {} } = written;
      const reply = action === undefined ? {} : await ownRequest.send(objects, object.id, action, prior.outputs);
      return { ...written, object: { ...object, ...reply }, unanswered: without(unanswered, [argument]) };
    },
    left: ({ recorded, unanswered }) => ({ recorded, unanswered: { ...unanswered, [argument]: [wholeName] } }),
  };
  return [step];
}

/** The arguments right after a create, which carries no such argument. */
export function asCreated({ ownRequest }: ResourceKind, wanted: Properties): Properties {
  return { ...wanted, ...ownRequest?.whenCreated };
}

/** The arguments right after an update, which carries no such argument either. */
export function asUpdated({ ownRequest }: ResourceKind, applied: Properties, wanted: Properties): Properties {
  return withThose(wanted, applied, ownRequest === undefined ? [] : [ownRequest.argument]);
}
