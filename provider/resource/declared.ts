import { argumentsIn } from "./arguments";
import type { DiffOutcome } from "./diff";
import type { Command } from "./engine/command";
import { same } from "./fields/comparison";
import { identityOf, type ResourceKind } from "./kind";
import { type PlanRemark, planInfo, planWarning } from "./plan-remark";
import { commonInputs, containsUnknown, type Properties, valueIn, withWordsForUnknown } from "./program-values";
import { hiddenOutputs } from "./state";
import { createBody } from "./write/plan";

/** The parts of a declaration that the check takes out of the inputs, so that the engine does not pass them to the diff. */
interface Declaration {
  readonly adopt: string | undefined;
  readonly options: Pick<Command, "replaceOnChanges" | "retainOnDelete" | "secrets">;
}

/** The declarations of this command, by first URNs, for the diff: the check knows neither the id nor the differences. */
export class Declared {
  readonly #declarations = new Map<string | undefined, Declaration>();

  declare(origin: string | undefined, given: Properties, options: Declaration["options"]): void {
    this.#declarations.set(origin, { adopt: commonInputs(given).adopt, options });
  }

  /** The arguments that hold secrets; undefined if this command does not declare the resource, as in a refresh. */
  secretArguments(origin: string | undefined): readonly string[] | undefined {
    return this.#declarations.get(origin)?.options.secrets;
  }

  remarks(
    kind: ResourceKind,
    id: string,
    origin: string | undefined,
    { olds, news }: { readonly olds: Properties; readonly news: Properties },
    outcome: Pick<DiffOutcome, "replaces" | "changed">,
    account: string | undefined,
  ): PlanRemark[] {
    const declaration = this.#declarations.get(origin);
    // A refresh may call the diff without a check: then the resource has no declaration.
    if (declaration === undefined) {
      return [];
    }
    const { adopt, options } = declaration;
    const isCovered = (name: string) => isCoveredBy(options.replaceOnChanges, name, olds, news);
    const isReplaced = outcome.replaces.length > 0 || outcome.changed.some(isCovered);
    return [
      ...ignoredAdoption(kind, id, adopt),
      ...accountRemarks(id, hiddenOutputs(olds).__account, account),
      ...(isReplaced && !options.retainOnDelete ? endRemarks(kind, id, olds, outcome.replaces.length > 0) : []),
    ];
  }
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

function endRemarks(kind: ResourceKind, id: string, olds: Properties, isAskedByKind: boolean): PlanRemark[] {
  if (kind.start !== undefined || (isAskedByKind && (kind.replacement ?? kind.replaces) !== undefined)) {
    return [];
  }
  const end = kind.deletes?.(argumentsIn(kind, olds)) === true ? "deleted" : "archived";
  return [
    planWarning(
      "replacement",
      `is replaced: ${id} is ${end}, which is for ever, and another ${kind.noun} takes its place`,
    ),
  ];
}

/**
 * True if the resource option `replaceOnChanges` covers the change of an argument. A path leads to an argument or to a value
 * inside it, and `*` stands for any member (pulumi/pulumi sdk/go/common/resource/property_path.go).
 */
export function isCoveredBy(
  paths: readonly string[],
  argument: string,
  before: Properties,
  after: Properties,
): boolean {
  return paths.some((path) => {
    const parts = path.split(/[.[\]"]+/).filter((part) => part !== "");
    const [first, ...inner] = parts;
    const known = inner.slice(0, inner.indexOf("*") === -1 ? inner.length : inner.indexOf("*"));
    return (
      (first === "*" || first === argument) &&
      !same(valueIn(before[argument], known) ?? null, valueIn(after[argument], known) ?? null)
    );
  });
}

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
