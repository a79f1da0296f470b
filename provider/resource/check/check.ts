import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { JsonObject } from "../../api/schema";
import { argumentsIn, withThose } from "../compare/arguments";
import { createBody } from "../compare/changes";
import { isCoveredBy } from "../compare/replaced-places";
import type { Ledger } from "../engine/ledger";
import { type CommandSettings, commandSettings } from "../engine/settings";
import type { PlanRemark } from "../kind/diagnostics";
import type { Field } from "../kind/field";
import { argumentNames, type Problem, type ResourceKind, verbatimMembers } from "../kind/kind";
import {
  containsUnknown,
  isObject,
  type Properties,
  valueIn,
  withoutHidden,
  withoutNulls,
} from "../kind/program-values";
import { sameName } from "../read/same-name";
import { secretArguments, withWordsForSecrets } from "../state/hidden-texts";
import { hiddenInputs } from "../state/state";
import { adoptionRemarks } from "../write/adoption";
import { changedTextRemarks } from "./changed-lines";
import { formatPath, isNoData, memberNames, noData, problemsOf } from "./problems";
import { nearest } from "./suggestion";
import { textRemarks } from "./texts";

export interface CheckOutcome {
  readonly inputs: Properties;
  /** True if the state has this resource. */
  readonly exists: boolean;
  /** True if the resource is new and replaces no object. */
  readonly isNew: boolean;
  /** The mistakes; each starts with the path of its argument. */
  readonly failures: readonly string[];
  readonly remarks: readonly PlanRemark[];
  readonly before: Properties;
  /** The arguments among the inputs. */
  readonly wanted: Properties;
  /** The body of a create with the arguments of the program. */
  readonly body: JsonObject;
}

const nothingRead = { path: "", problems: [], remarks: [] };

/**
 * Checks the arguments of a program without network. Values that are unknown in the preview are checked in `up`. For a replacement the
 * engine calls `check` a second time, without old inputs.
 */
export function check(
  kind: ResourceKind,
  oldInputs: Properties,
  newInputs: Properties,
  isReplacement = false,
  command: Pick<CommandSettings, "source" | "replaceOnChanges" | "defaultName" | "secretPlaces"> = commandSettings({}),
): CheckOutcome {
  const { source = nothingRead, replaceOnChanges, defaultName } = command;
  const given = withRecordedName(withoutNulls(newInputs, verbatimMembers(kind)), oldInputs, defaultName);
  const exists = Object.keys(oldInputs).some((name) => name !== "__provider");
  const isNew = !exists && !isReplacement;
  // Most resources of a program have not changed. The rules still judge them, because another version may have other rules.
  const isUnchanged = isDeepStrictEqual(given, oldInputs);
  const before = argumentsIn(kind, oldInputs);
  const now = isUnchanged ? before : argumentsIn(kind, given);
  const body = createBody(kind, now);
  const isChanged = exists && !isUnchanged;
  const kept = isChanged ? keptSpellings(kind, [oldInputs, given], [before, now]) : [];
  const inputs = isChanged
    ? withoutNulls(withThose(withFirstOrigin(oldInputs, given), oldInputs, kept), verbatimMembers(kind))
    : given;
  const after = withThose(now, before, kept);
  // An argument that comes from an unreadable source is missing here; only the source is the mistake.
  const failures =
    source.problems.length > 0
      ? [...source.problems, ...unknownNames(kind, given).map(problemText)]
      : argumentFailures(kind, given, oldInputs, now, body);
  const outcome = { inputs, exists, isNew, failures, before, wanted: after, body };
  if (failures.length > 0) {
    return { ...outcome, remarks: [] };
  }
  const replaces = (argument: string) => isCoveredBy(replaceOnChanges, argument, oldInputs, inputs);
  const change = { before, after, inputs, replaces };
  const adoption = isNew ? adoptionRemarks(kind, inputs) : [];
  const own = kind.remarks?.change?.(change, new Date()) ?? [];
  const texts = textRemarks(kind, given, oldInputs, command);
  const shown = withWordsForSecrets(before, after, { marked: secretArguments(oldInputs, given), fields: kind.fields });
  const lines = exists ? changedTextRemarks(shown) : [];
  return { ...outcome, remarks: [...source.remarks, ...texts, ...adoption, ...own, ...lines] };
}

/** The outcome, with what the other declarations of the command show. */
export function checkAgainstSiblings(
  kind: ResourceKind,
  outcome: CheckOutcome,
  ledger: Ledger,
  urn: string,
  command: CommandSettings,
): CheckOutcome {
  const { failures, inputs, remarks } = outcome;
  const ofUsed =
    failures.length > 0 ? [] : (kind.remarks?.declared?.(inputs, ledger.finder(command), outcome.exists) ?? []);
  const shared = sameName(ledger, kind, urn, outcome);
  return {
    ...outcome,
    failures: [...failures, ...shared.failures],
    remarks: [...remarks, ...ofUsed, ...shared.remarks],
  };
}

/** The mistakes in the arguments, each starting with the path of the argument. `before`: the inputs of an existing object. */
export function argumentFailures(
  kind: ResourceKind,
  given: Properties,
  before: Properties = {},
  wanted = argumentsIn(kind, given),
  body = createBody(kind, wanted),
): string[] {
  const foreign = noData(withoutHidden(given));
  const problems = [
    ...unknownNames(kind, given),
    ...Object.entries(kind.fields).flatMap(([name, field]) => argumentProblems(field, name, given[name], before[name])),
  ].filter(({ path }) => !isNoData(valueIn(given, path)) && !path.some(isNoData));
  if (problems.length + foreign.length > 0) {
    return [...foreign, ...problems.map(problemText)];
  }
  return [...(kind.combinationProblems?.(wanted, given) ?? []).map(problemText), ...sizeFailures(kind, wanted, body)];
}

function problemText({ path, reason }: Problem): string {
  return `${formatPath(path)}: ${reason}`;
}

function unknownNames(kind: ResourceKind, given: Properties): Problem[] {
  return Object.keys(withoutHidden(given))
    .filter((name) => !Object.hasOwn(kind.fields, name))
    .map((name) => ({ path: [name], reason: `is not an argument of a ${kind.label}; ${insteadOf(kind, name)}` }));
}

/** The members of CustomResourceOptions, of the types of @pulumi/pulumi, that people write among the arguments. */
const resourceOptions: readonly string[] = [
  ...["additionalSecretOutputs", "aliases", "customTimeouts", "deleteBeforeReplace", "deletedWith", "dependsOn"],
  ...["hideDiffs", "ignoreChanges", "import", "parent", "protect", "provider", "replaceOnChanges"],
  ...["replacementTrigger", "replaceWith", "retainOnDelete", "transformations", "transforms"],
];

/**
 * The remedy for a name that is no argument: the place of a resource option, the argument usually meant by the name, an argument with a
 * similar name, or all arguments.
 */
function insteadOf(kind: ResourceKind, name: string): string {
  if (resourceOptions.includes(name)) {
    return "it is a resource option, and belongs in the third parameter, the options (in YAML in `options`)";
  }
  const { insteadOf: usual = {}, written = argumentNames(kind) } = kind;
  const near = nearest(name, written);
  const meant = Object.hasOwn(usual, name) ? usual[name] : undefined;
  return meant ?? (near === undefined ? `the arguments are ${written.join(", ")}` : `did you mean ${near}?`);
}

function argumentProblems(field: Field, name: string, value: unknown, before: unknown): Problem[] {
  const { leftOut, schema } = field;
  if (value === undefined) {
    return leftOut === "refused" ? [{ path: [name], reason: "is missing" }] : [];
  }
  const parsed = schema.safeParse(value, { reportInput: true, error: () => "" });
  if (parsed.success) {
    return [];
  }
  return parsed.error.issues
    .filter((issue) => issue.code === "unrecognized_keys" || !containsUnknown(valueIn(value, issue.path)))
    .filter((issue) => !isUnshownSecret(field, issue, before))
    .flatMap((issue) => problemsOf(issue, [name], schema));
}

/**
 * True if the recorded inputs lack the secret too. An import leaves secrets out, because no reply shows them, and for
 * `ignoreChanges` the engine passes the recorded inputs in place of the declared ones (pulumi/pulumi
 * pkg/resource/deploy/step_generator.go, `processIgnoreChanges`).
 */
function isUnshownSecret({ schema, secretMembers }: Field, issue: z.core.$ZodIssue, before: unknown): boolean {
  const member = String(issue.path.at(-1));
  const place = issue.path.slice(0, -1);
  const parent = valueIn(before, place);
  return (
    isObject(parent) &&
    issue.code === "invalid_type" &&
    issue.input === undefined &&
    secretMembers?.includes(member) === true &&
    parent[member] == null &&
    memberNames(schema, place, parent).includes(member)
  );
}

/** The arguments whose values mean the same: the check keeps their old spellings, so that a preview shows only what an update sends. */
function keptSpellings(
  kind: ResourceKind,
  inputs: readonly Properties[],
  [before = {}, now = {}]: readonly Properties[],
): string[] {
  return argumentNames(kind).filter(
    (name) =>
      !inputs.some((one) => containsUnknown(one[name])) &&
      kind.fields[name]?.meansTheSame?.(before[name], now[name]) === true,
  );
}

/**
 * The inputs with the recorded name if the program gives none (`argument`): an object keeps its name under another default, such as
 * another Pulumi name, another name of autonaming or that of another door. A name of somebody else is no recorded one. For
 * `ignoreChanges` the engine passes the recorded input.
 */
function withRecordedName(given: Properties, oldInputs: Properties, argument: string | undefined): Properties {
  const { __name: name = argument && oldInputs[argument] } = hiddenInputs(oldInputs);
  return argument === undefined || typeof name !== "string" || given[argument] === oldInputs[argument]
    ? given
    : { ...given, [argument]: name };
}

/** Keeps the origin of the first declaration, also under an alias: a preview would show a new origin as a change. */
function withFirstOrigin(oldInputs: Properties, given: Properties): Properties {
  const { __origin: _, ...others } = given;
  const { __origin } = hiddenInputs(oldInputs);
  return __origin === undefined ? others : { ...others, __origin };
}

const bytesInMb = 1024 * 1024;
// "Conventions: overview": the API cuts off a longer body, and then refuses it as invalid JSON.
const mostMb = 4;

/** A mistake that names the largest argument, if all arguments together exceed the size of a request. */
function sizeFailures(kind: ResourceKind, given: Properties, body: JsonObject): string[] {
  const mb = bytesOf(body) / bytesInMb;
  if (mb <= mostMb) {
    return [];
  }
  const [largest] = argumentNames(kind).toSorted((one, other) => bytesOf(given[other]) - bytesOf(given[one]));
  return [`${largest}: makes a request of ${Math.ceil(mb * 100) / 100} MB; the API takes up to ${mostMb} MB`];
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}
