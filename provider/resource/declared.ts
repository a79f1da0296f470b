import type { JsonObject } from "../api/schema";
import { type NamedKind, nameInUrn } from "../kinds/table";
import type { DiffOutcome } from "./diff";
import type { Subject } from "./engine/answer";
import type { Command } from "./engine/command";
import { same } from "./fields/comparison";
import { identityOf, type Known, type ResourceKind } from "./kind";
import { type PlanRemark, planInfo, planWarning } from "./plan-remark";
import { commonInputs, containsUnknown, type Properties, valueIn, withWordsForUnknown } from "./program-values";
import { hiddenInputs, hiddenOutputs } from "./state";
import { endSteps } from "./write/steps";

/** A declaration of this command, with the parts that the check takes out of the inputs. */
interface Declaration {
  /** The class of the resource, such as `QoderAgent`. */
  readonly label: string;
  /** The present URN, after the organization if the program knows it. */
  readonly urn: string;
  /** The inputs of the program. */
  readonly given: Properties;
  /** The inputs that the check returned. */
  readonly inputs: Properties;
  /** True if these equal the recorded ones: `diff` gets the old outputs only and cannot compare inputs. */
  readonly isUnchanged: boolean;
  readonly command: Command;
}

/**
 * Finds the declaration of the object that an argument names; undefined if this command does not declare it, or has not met its id.
 * A preview does not know the id of a new object. The declaration is then found if it is the only one of its kind, among those that the
 * program uses for the arguments if the program says so.
 */
export type FindDeclaration = (kind: NamedKind, id: unknown) => Found | undefined;

interface Found {
  readonly name: string;
  readonly inputs: Properties;
  /** The names of the arguments that hold secrets. */
  readonly secrets: readonly string[];
}

type Call = Pick<Subject, "operation" | "properties">;

/**
 * The declarations of this command, by present URNs. After the check, the engine names a resource by its inputs or outputs only. These
 * hold the first URN, which a resource that was renamed with `aliases` shares with a new one under its old name. The inputs distinguish
 * the two, and after the diff also the entry of the state.
 */
export class Declared {
  readonly #present = new Map<string, Declaration>();
  /** By first URNs, then by present ones. */
  readonly #byFirst = new Map<string, Map<string, Declaration>>();
  /** The present URNs by the entries of the state that diffs have shown, and the other way round. */
  readonly #urns = new Map<string | undefined, string>();
  readonly #entries = new Map<string, string>();
  /** The present URNs by the ids of the objects, as far as the calls of the command have shown them. */
  readonly #objects = new Map<unknown, string>();
  /** The objects of `.get()`, by their ids: the program reads them and declares nothing. */
  readonly #read = new Map<unknown, Found>();

  declare(declaration: Declaration): void {
    const { urn, inputs } = declaration;
    const { __origin: first = "" } = hiddenInputs(inputs);
    this.#byFirst.set(first, (this.#byFirst.get(first) ?? new Map()).set(urn, declaration));
    this.#present.set(urn, declaration);
  }

  /** The declarations that a call of the engine may be about: one, none as in a refresh, or several with equal inputs. */
  #of({ operation, properties }: Call): readonly Declaration[] {
    const { __origin: origin = "" } = hiddenInputs(properties);
    const present = this.#present.get(origin);
    // The engine checks and creates without old inputs, so these two calls hold the present URN.
    if (present !== undefined && (operation === "check" || operation === "create")) {
      return [present];
    }
    const { __entry: entry } = hiddenOutputs(properties);
    const met = this.#urns.get(entry);
    const candidates = [...(this.#byFirst.get(origin)?.values() ?? [])].filter(({ urn }) =>
      met === undefined ? entry === undefined || !this.#entries.has(urn) : urn === met,
    );
    const equal =
      candidates.length > 1 ? candidates.filter(({ inputs }) => same(asGiven(inputs), asGiven(properties))) : [];
    return equal.length > 0 ? equal : candidates;
  }

  /** The declaration that a call of the engine is about; undefined if this command does not declare the resource. */
  of(call: Call): Declaration | undefined {
    return this.#of(call)[0];
  }

  /** As `of`, for a diff, which also shows the id and the entry of the state. */
  ofDiff(call: Call, id: string, olds: Properties): Declaration | undefined {
    const { __entry: entry } = hiddenOutputs(olds);
    const declaration = this.of(call);
    if (declaration !== undefined) {
      this.has(declaration, id);
    }
    if (entry !== undefined && declaration !== undefined) {
      this.#urns.set(entry, declaration.urn);
      this.#entries.set(declaration.urn, entry);
    }
    return declaration;
  }

  /** Records which object a declaration has. */
  has({ urn }: Pick<Declaration, "urn">, id: string): void {
    this.#objects.set(id, urn);
  }

  /** Records what `.get()` read. */
  hasRead(id: string, found: Omit<Found, "secrets">): void {
    this.#read.set(id, { ...found, secrets: [] });
  }

  finder({ uses }: Pick<Command, "uses">): FindDeclaration {
    return ({ label }, id) => {
      const candidates = [...this.#present.values()].filter(
        (one) => one.label === label && (uses === undefined || uses.includes(one.urn)),
      );
      const unknown = candidates.length === 1 ? candidates[0] : undefined;
      const found = containsUnknown(id) ? unknown : this.#present.get(this.#objects.get(id) ?? "");
      return found === undefined
        ? this.#read.get(id)
        : { name: nameInUrn(found.urn), inputs: found.inputs, secrets: found.command.secrets };
    };
  }

  /** The names of the arguments that hold secrets in any declaration of this command. */
  get secretNames(): ReadonlySet<string> {
    return new Set([...this.#present.values()].flatMap(({ command }) => command.secrets));
  }

  /** The arguments that hold secrets; undefined if this command does not declare the resource, as in a refresh. */
  secretArguments(call: Call): readonly string[] | undefined {
    const all = this.#of(call);
    return all.length === 0 ? undefined : all.flatMap(({ command }) => command.secrets);
  }
}

/** The inputs without what a call adds: the code of the provider, and in the plugin the time limit. */
export function asGiven({ __provider: _, __timeouts: _limits, ...inputs }: Properties): Properties {
  return inputs;
}

export function declarationRemarks(
  kind: ResourceKind,
  id: string,
  // A refresh may call the diff without a check: then the resource has no declaration.
  declaration: Declaration | undefined,
  { olds, news, known }: { readonly olds: Properties; readonly news: Properties; readonly known: Known },
  outcome: Pick<DiffOutcome, "replaces" | "changed">,
  account: string | undefined,
): PlanRemark[] {
  if (declaration === undefined) {
    return [];
  }
  const { given, command } = declaration;
  const isCovered = (name: string) => isCoveredBy(command.replaceOnChanges, name, olds, news);
  const isReplaced = outcome.replaces.length > 0 || outcome.changed.some(isCovered);
  return [
    ...ignoredAdoption(kind, id, commonInputs(given).adopt),
    ...accountRemarks(id, hiddenOutputs(olds).__account, account),
    ...(isReplaced && !command.retainOnDelete ? endRemarks(kind, id, known, outcome.replaces.length > 0) : []),
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

function endRemarks(kind: ResourceKind, id: string, known: Known, isAskedByKind: boolean): PlanRemark[] {
  const end = endSteps(kind, known.arguments).find((step) => step.do === "end");
  if (end === undefined || (isAskedByKind && (kind.replacement ?? kind.replaces) !== undefined)) {
    return [];
  }
  return [
    planWarning(
      "replacement",
      `is replaced: ${id} is ${end.isDeleted ? "deleted" : "archived"} and cannot be restored, and another ${kind.noun} takes its place`,
    ),
  ];
}

/**
 * True if the resource option `replaceOnChanges` covers the change of an argument. A path leads to an argument or to a value
 * inside it, and `*` means any member (pulumi/pulumi sdk/go/common/resource/property_path.go).
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
  /** The present URNs of the resources, by kind and name, and the kind and name of each. */
  readonly #urns = new Map<string, Set<string>>();
  readonly #names = new Map<string, string>();

  /** A failure if the service refuses the second resource of that name, so that `up` would fail after the first one. */
  met(kind: ResourceKind, urn: string, body: JsonObject): { remarks: PlanRemark[]; failures: string[] } {
    const name = nameAtQoder(kind, body);
    const none = { remarks: [], failures: [] };
    if (name === undefined || urn === "") {
      return none;
    }
    const key = JSON.stringify([kind.label, name]);
    const [first, second] = this.#urns.get(key) ?? [];
    const other = first === urn ? second : first;
    const before = this.#names.get(urn);
    if (before !== key) {
      this.#urns.get(before ?? "")?.delete(urn);
      this.#names.set(urn, key);
      this.#urns.set(key, (this.#urns.get(key) ?? new Set()).add(urn));
    }
    if (other === undefined) {
      return none;
    }
    const shared = `the same name at Qoder as the resource "${nameInUrn(other)}" of this program: "${name}"`;
    return kind.hasUniqueNames
      ? {
          ...none,
          failures: [
            `name: has ${shared}. The service refuses a second live ${kind.noun} of that name: give one of the two another name`,
          ],
        }
      : { ...none, remarks: [sharedName(kind, shared)] };
  }
}

/** The name at Qoder; undefined if the kind has no names, or if the name is unknown in the preview. */
export function nameAtQoder(kind: ResourceKind, body: JsonObject): string | undefined {
  // A credential has no name: its target distinguishes it from the others in its vault.
  const name = kind.within === undefined ? identityOf(kind, body) : undefined;
  return name === undefined || withWordsForUnknown(name, "") !== name ? undefined : name;
}

function sharedName({ hasFreeNames }: ResourceKind, shared: string): PlanRemark {
  return hasFreeNames
    ? planInfo("same-name", `has ${shared}. The service takes both, but nobody can tell them apart by that name`)
    : planWarning(
        "same-name",
        `has ${shared}. The service may refuse the second one, and no look-up by that name can tell the two apart`,
      );
}
