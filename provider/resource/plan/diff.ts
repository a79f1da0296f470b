import { engineUrn } from "../../kinds/table";
import { argumentsIn, only } from "../compare/arguments";
import { carriedParts, changesBetween } from "../compare/changes";
import { argumentOf, isCoveredBy, removesFirst, replacedPlaces } from "../compare/replaced-places";
import { onceText, partsOnce } from "../compare/unanswered";
import type { Compared, DiffOutcome } from "../engine/ledger";
import { type PlanRemark, planInfo, planWarning } from "../kind/diagnostics";
import { argumentNames, type PriorState, type ResourceKind } from "../kind/kind";
import { containsUnknown, type Properties, same, without } from "../kind/program-values";
import { accountRemarks } from "../read/account-proof";
import { unmarkedPlaces } from "../state/hidden-texts";
import { ignoredAdoption } from "../write/adoption";
import { changeSteps } from "../write/update";
import { sharedRemarks } from "./ownership";
import { replacementRemarks } from "./replacement";

/**
 * The differences between recorded and wanted arguments. Sends no request: the state and the program decide. `olds`: the recorded outputs.
 */
export function diff(
  kind: ResourceKind,
  prior: PriorState,
  inputs: Properties,
  olds: Properties = {},
  replaceOnChanges: readonly string[] = [],
): DiffOutcome {
  const { arguments: applied } = prior;
  const names = argumentNames(kind);
  const unknown = names.filter((name) => containsUnknown(inputs[name]));
  const certain = names.filter((name) => !unknown.includes(name));
  const recorded = { ...prior, arguments: only(applied, certain) };
  const all = argumentsIn(kind, inputs);
  const wanted = only(all, certain);
  const replaces = [
    ...new Set(replacedPlaces(kind, recorded.arguments, wanted).map(argumentOf)),
    ...names.filter((name) => unknown.includes(name) && kind.fields[name]?.replaces),
  ];
  const steps = changeSteps(kind, recorded, wanted);
  const changed = [
    ...replaces,
    ...unknown.filter((name) => kind.fields[name]?.leftOut !== "ignored"),
    ...steps.flatMap(({ carries }) => Object.keys(carries)),
    ...certain.filter((name) => kind.fields[name]?.isLocal && !same(recorded.arguments[name], wanted[name])),
  ];
  const deleteBeforeReplace = removesFirst(kind, recorded.arguments, wanted);
  const covered = changed.filter((name) => isCoveredBy(replaceOnChanges, name, olds, inputs));
  return { changes: changed.length > 0, changed, replaces, covered, deleteBeforeReplace, wanted: all };
}

function stateRemarks({ kind, id, prior, news, declaration, outcome }: Compared): readonly PlanRemark[] {
  if (outcome.replaces.length > 0) {
    return [];
  }
  const unknown = argumentNames(kind).filter((name) => containsUnknown(news[name]));
  const urn = engineUrn(declaration?.urn ?? "");
  return kind.remarks?.state?.(prior.outputs, without(outcome.wanted, unknown), { id, urn }) ?? [];
}

/** Says for which secrets of the program the state keeps the plain text, as it does for a value that was recorded before its mark. */
function plainRemarks({ declaration, olds, outcome }: Compared): readonly PlanRemark[] {
  const places = outcome.replaces.length > 0 ? [] : unmarkedPlaces(declaration, olds);
  const alone = outcome.changes ? "" : " and sends no request";
  const text = `${places.join(", ")}: the state keeps the plain text of this secret; \`pulumi up\` encrypts it there${alone}`;
  return places.length === 0 ? [] : [planInfo("plain-secret", text)];
}

const subjects = [
  unansweredRemarks,
  stateRemarks,
  plainRemarks,
  sharedRemarks,
  ignoredAdoption,
  accountRemarks,
  replacementRemarks,
];

/** What each subject says of the comparison, in the order of a preview. */
export function comparedRemarks(compared: Compared): readonly PlanRemark[] {
  return subjects.flatMap((subject) => subject(compared));
}

function unansweredRemarks({ kind, prior, news, outcome }: Compared): PlanRemark[] {
  const { unanswered = {} } = prior;
  const names = Object.keys(kind.fields).filter(
    (name) => unanswered[name] !== undefined && !containsUnknown(news[name]),
  );
  const sent = names.length === 0 ? [] : changesBetween(kind, prior, outcome.wanted);
  const carried = new Map(sent.map((change) => [change.argument, carriedParts(kind, change)]));
  const left = names.map((name) => {
    const once = partsOnce(kind, name, unanswered[name]).filter((part) => !carried.get(name)?.includes(part));
    return { name, once, isSent: once.length < (unanswered[name]?.length ?? 0) };
  });
  const again = left.filter(({ isSent }) => isSent).map(({ name }) => name);
  const said = `sends ${again.join(", ")} again: the outcome of the last update is unknown`;
  return [
    ...(again.length === 0 ? [] : [planInfo("sent-again", said)]),
    ...left.flatMap(({ name, once }) =>
      once.length === 0
        ? []
        : [planWarning("sent-again", `${onceText(kind, name, once)}. It may have arrived with the last update`)],
    ),
  ];
}
