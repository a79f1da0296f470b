import { largest } from "../../api/extremes";
import { type NamedKind, nameInUrn } from "../../kinds/table";
import { type PriorState, parentIn, type ResourceKind } from "../kind/kind";
import { containsUnknown, type Properties, same } from "../kind/program-values";
import { type FindDeclaration, type FoundDeclaration, namedObjects } from "../kind/references";
import { hiddenInputs, hiddenOutputs, pulumiName } from "../state/state";
import type { Subject } from "./answer";
import type { CommandSettings } from "./settings";

/** A declaration of this command, with the parts that the check takes out of the inputs. */
export interface Declaration {
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
  /** The arguments in which the program or the state marks a secret. */
  readonly secretArguments: readonly string[];
  readonly command: CommandSettings;
}

/** A resource of the state, as the owner of an object. */
export interface Owner {
  /** Distinguishes the resource from every other one, also from a renamed one that had the same URN. */
  readonly entry: string;
  /** The URN of the first declaration; undefined in a state that somebody wrote by hand. */
  readonly origin: string | undefined;
  readonly description: string;
}

/** The object that a resource had when this command began. */
export interface Predecessor {
  readonly id: string;
  readonly prior: PriorState;
}

export interface DiffOutcome {
  readonly changes: boolean;
  /** The arguments that differ, or may differ because a value is unknown. */
  readonly changed: readonly string[];
  readonly replaces: readonly string[];
  /** Those of the changed ones that the resource option `replaceOnChanges` covers. */
  readonly covered: readonly string[];
  /** True if a replacement removes the old object before it creates the new one. */
  readonly deleteBeforeReplace: boolean;
  /** The arguments of the program. */
  readonly wanted: Properties;
}

/** A resource of the state beside its declaration. */
export interface Compared {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly prior: PriorState;
  /** The recorded outputs, and the inputs of the program. */
  readonly olds: Properties;
  readonly news: Properties;
  /** Undefined in a refresh, which may call the diff without a check. */
  readonly declaration: Declaration | undefined;
  /** Another resource that has the same object. */
  readonly other: Owner | undefined;
  /** The name of the QoderProvider; undefined for the stack's own account. */
  readonly account: string | undefined;
  readonly outcome: DiffOutcome;
}

interface ResourceFacts {
  declaration?: Declaration;
  /** True if no check has shown recorded inputs. */
  isNew?: boolean;
  predecessor?: Predecessor;
  /** The entry of the state, as soon as a diff has shown it. */
  entry?: string;
  /** The name at Qoder, with the class. */
  name?: string;
}

interface ObjectFacts {
  /** "claimed": the resource adopts the object and does not have it yet. "archived": by this process, or found so. */
  status?: { readonly is: "owned" | "claimed" | "archived"; readonly by: Owner | undefined };
  /** The present URN of its declaration. */
  urn?: string;
  /** What `.get()` read: the program declares nothing. */
  read?: FoundDeclaration;
  /** Returns the ids of the objects that the object names. Only a run asks for them. */
  named?: () => readonly string[];
  /** The time of the last known change, in milliseconds since the epoch, by the service's clock. */
  changed?: number;
}

type Call = Pick<Subject, "operation" | "properties">;

/**
 * What a command knows of the resources of the stack and of their objects. It decides which resource may adopt, take or archive an
 * object. The engine runs one process for a command and an account. With `--target` the process meets only the targets: an object that
 * is missing here may still have an owner.
 *
 * After the check, the engine names a resource by its inputs or outputs only. These hold the first URN, which a resource that was renamed
 * with `aliases` shares with a new one under its old name. The inputs distinguish the two, and after the diff also the entry of the state.
 */
export class Ledger {
  /** By present URNs. */
  readonly #resources = new Map<string, ResourceFacts>();
  /** By first URNs, then by present ones. */
  readonly #byFirst = new Map<string, Map<string, Declaration>>();
  /** The present URNs by the entries of the state that diffs have shown. */
  readonly #byEntry = new Map<string | undefined, string>();
  /** By names with their classes, then by present URNs: a function that returns true if the command gives the resource this name. */
  readonly #byName = new Map<string, Map<string, () => boolean>>();
  /** By ids. */
  readonly #objects = new Map<unknown, ObjectFacts>();
  /** The end of each queue, by its name. */
  readonly #queues = new Map<string, Promise<unknown>>();
  #uploads = 0;

  #resource(urn: string): ResourceFacts {
    const facts = this.#resources.get(urn) ?? {};
    this.#resources.set(urn, facts);
    return facts;
  }

  #object(id: string): ObjectFacts {
    const facts = this.#objects.get(id) ?? {};
    this.#objects.set(id, facts);
    return facts;
  }

  /** Records a declaration. `exists`: true if the state has the resource. The second check of a replacement knows no old inputs. */
  declare(declaration: Declaration, exists: boolean): void {
    const { urn, inputs } = declaration;
    const { __origin: first = "" } = hiddenInputs(inputs);
    this.#byFirst.set(first, (this.#byFirst.get(first) ?? new Map()).set(urn, declaration));
    const resource = this.#resource(urn);
    resource.declaration = declaration;
    resource.isNew = !exists && resource.isNew !== false;
  }

  /**
   * Records the name at Qoder of the resource at this URN, and returns the URN of another one with the same name. `isTaken`: true if the
   * command gives the name to one of the two. Computed only for a name that two resources have, because each check comes here.
   */
  withSameName(
    urn: string,
    kind: ResourceKind,
    name: string,
    isTaken: () => boolean,
  ): { readonly other: string; readonly isTaken: boolean } | undefined {
    const key = JSON.stringify([kind.label, name]);
    const resource = this.#resource(urn);
    this.#byName.get(resource.name ?? key)?.delete(urn);
    resource.name = key;
    const others = this.#byName.get(key) ?? new Map<string, () => boolean>();
    const [[other, isOtherTaken] = []] = others;
    this.#byName.set(key, others.set(urn, isTaken));
    return other === undefined ? undefined : { other, isTaken: isTaken() || isOtherTaken?.() === true };
  }

  /** Records what a diff shows. Returns the declaration, none in a refresh, and another recorded owner of the object if there is one. */
  compared(
    kind: ResourceKind,
    call: Call,
    { id, prior }: Predecessor,
    olds: Properties,
  ): { readonly declaration?: Declaration | undefined; readonly other?: Owner | undefined } {
    const { updatedAt, createdAt, ...values } = olds;
    // "Create a skill version": the number of a version is the time of its creation, which no `updated_at` of the state shows.
    const times = [Date.parse(String(updatedAt ?? createdAt)), kind.upload?.versions?.madeAt(prior.outputs) ?? 0];
    this.#changed(kind, id, values, largest(times.filter((time) => !Number.isNaN(time))));
    const declaration = this.of(call);
    if (declaration === undefined) {
      return {};
    }
    const { urn } = declaration;
    const { __entry: entry } = hiddenOutputs(olds);
    const resource = this.#resource(urn);
    resource.predecessor = { id, prior };
    if (entry !== undefined) {
      resource.entry = entry;
      this.#byEntry.set(entry, urn);
    }
    const [owner, self] = [this.owner(id), ownerOf(id, olds, urn)];
    this.has(urn, id, self);
    return { declaration, other: owner?.entry === self.entry ? undefined : owner };
  }

  /** Records which object the resource at this URN has. */
  has(urn: string, id: string, by: Owner): void {
    const object = this.#object(id);
    object.urn = urn;
    object.status = { is: "owned", by };
  }

  /** Records what a refresh found: it is what a `--replace` ends, for which the engine calls no diff. */
  hasRefreshed({ properties }: Call, predecessor: Predecessor): void {
    const { __origin: first } = hiddenInputs(properties);
    if (first !== undefined) {
      this.#resource(first).predecessor = predecessor;
    }
  }

  /** Records what `.get()` read. */
  hasRead(id: string, found: Omit<FoundDeclaration, "secrets">): void {
    this.#object(id).read = { ...found, secrets: [] };
  }

  /** Records that this command writes the object: no run of an earlier command is newer than that. */
  written(kind: ResourceKind, id: string, values: Properties): void {
    this.#changed(kind, id, values, Number.POSITIVE_INFINITY);
  }

  #changed(kind: ResourceKind, id: string, values: Properties, changed: number): void {
    // What uses a vault uses its credentials, so their changes are changes of the vault.
    const parent = parentIn(kind, values);
    const object = this.#object(parent ?? id);
    if (parent === undefined) {
      object.named = () => namedObjects(kind.named ?? [], values).map((one) => one.id);
    }
    object.changed = Math.max(object.changed ?? changed, changed);
  }

  /** The time of the last known change of these objects and of all that they use. */
  lastChange(ids: readonly string[]): number {
    const used = new Set(ids);
    // The loop also visits the members that it adds.
    for (const id of used) {
      for (const named of this.#objects.get(id)?.named?.() ?? []) {
        used.add(named);
      }
    }
    return largest([...used].flatMap((id) => this.#objects.get(id)?.changed ?? []));
  }

  /** The declarations that a call of the engine may be about: one, none as in a refresh, or several with equal inputs. */
  #of({ operation, properties }: Call): readonly Declaration[] {
    const { __origin: origin = "" } = hiddenInputs(properties);
    const present = this.#resources.get(origin)?.declaration;
    // The engine checks and creates without old inputs, so these two calls hold the present URN.
    if (present !== undefined && (operation === "check" || operation === "create")) {
      return [present];
    }
    const { __entry: entry } = hiddenOutputs(properties);
    const met = this.#byEntry.get(entry);
    const candidates = [...(this.#byFirst.get(origin)?.values() ?? [])].filter(({ urn }) =>
      met === undefined ? entry === undefined || this.#resource(urn).entry === undefined : urn === met,
    );
    const equal =
      candidates.length > 1 ? candidates.filter(({ inputs }) => same(asGiven(inputs), asGiven(properties))) : [];
    return equal.length > 0 ? equal : candidates;
  }

  /** The declaration that a call of the engine is about; undefined if this command does not declare the resource. */
  of(call: Call): Declaration | undefined {
    return this.#of(call)[0];
  }

  get #declarations(): readonly Declaration[] {
    return [...this.#resources.values()].flatMap(({ declaration }) => declaration ?? []);
  }

  finder({ uses }: Pick<CommandSettings, "uses">): FindDeclaration {
    const ofKind = ({ label }: NamedKind) => this.#declarations.filter((one) => one.label === label);
    const found = ({ urn, inputs, secretArguments, isUnchanged, command }: Declaration): FoundDeclaration => ({
      name: nameInUrn(urn),
      inputs,
      secrets: secretArguments,
      isChanging: !isUnchanged,
      find: this.finder({ uses: command?.uses }),
    });
    const find = (kind: NamedKind, id: unknown) => {
      const { urn = "", read } = this.#objects.get(id) ?? {};
      const [first, second] = containsUnknown(id)
        ? ofKind(kind).filter((one) => uses === undefined || uses.includes(one.urn))
        : [this.#resources.get(urn)?.declaration];
      return first === undefined || second !== undefined ? read : found(first);
    };
    return Object.assign(find, { all: (kind: NamedKind) => ofKind(kind).map(found) });
  }

  /** The arguments that hold secrets in any declaration of the kind. */
  secretsOf({ label }: Pick<NamedKind, "label">): readonly string[] {
    return this.#declarations.flatMap((one) => (one.label === label ? one.secretArguments : []));
  }

  /** The arguments that hold secrets in the declaration of the resource; none in a refresh, which declares nothing. */
  secretArguments(call: Call): readonly string[] {
    return this.#of(call).flatMap((one) => one.secretArguments);
  }

  /**
   * True if a create of this resource replaces an object. For `--replace` the engine sends no old inputs and calls no diff; then only
   * the removal of the old object shows the replacement.
   */
  isReplacement(urn: string): boolean {
    const { isNew, predecessor } = this.#resources.get(urn) ?? {};
    return isNew === false || (predecessor !== undefined && this.isArchived(predecessor.id));
  }

  /** The object that a new one of this resource replaces; undefined if this process knows none. */
  predecessor(urn: string): Predecessor | undefined {
    const { predecessor } = this.#resources.get(urn) ?? {};
    const { urn: owner = urn } = this.#objects.get(predecessor?.id) ?? {};
    // A refresh finds a renamed resource under its first URN, which another resource may have now.
    return owner === urn ? predecessor : undefined;
  }

  /** Records that this command removed the object. For `--replace` the engine calls no diff, which would record the predecessor. */
  removed(call: Call, predecessor: Predecessor, by: Owner): void {
    const declaration = this.of(call);
    if (declaration !== undefined) {
      this.#resource(declaration.urn).predecessor = predecessor;
    }
    this.archived(predecessor.id, by);
  }

  /** Claims an object for a resource. Call it before the first wait: the engine creates and removes other resources meanwhile. */
  claim(id: string, by: Owner): void {
    this.#object(id).status = { is: "claimed", by };
  }

  archived(id: string, by?: Owner): void {
    const object = this.#object(id);
    object.status = { is: "archived", by: by ?? object.status?.by };
  }

  owner(id: string): Owner | undefined {
    const { status } = this.#objects.get(id) ?? {};
    return status?.is === "archived" ? undefined : status?.by;
  }

  isArchived(id: string): boolean {
    return this.#objects.get(id)?.status?.is === "archived";
  }

  /** False if a resource of this stack has or claims the object, or had it in this command. */
  mayTake(id: string): boolean {
    return this.#objects.get(id)?.status === undefined;
  }

  /**
   * True if the service may name this object in a repeated answer to the key of this origin. An answer to another key cannot name it.
   */
  mayRepeat(id: string, origin: string): boolean {
    const { by } = this.#objects.get(id)?.status ?? {};
    return by?.origin === undefined || by.origin === origin;
  }

  /** The other owner; undefined if this resource may archive the object. */
  mayArchive(id: string, resource: Owner): { readonly owner: Owner; readonly isClaim: boolean } | undefined {
    const { status } = this.#objects.get(id) ?? {};
    return status?.by === undefined || status.is === "archived" || status.by.entry === resource.entry
      ? undefined
      : { owner: status.by, isClaim: status.is === "claimed" };
  }

  /** Runs work that holds files in memory, few at a time: a zip, with the data from which it is made, takes three times their size. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#uploads += 1;
    return this.alone(`upload ${this.#uploads % mostUploads}`, work);
  }

  /** Runs work in a queue: works with the same name run one after the other, because each depends on the results of the others. */
  async alone<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const own = (this.#queues.get(name) ?? Promise.resolve()).then(work);
    const settled = own.catch(() => {});
    this.#queues.set(name, settled);
    return own;
  }
}

/**
 * The resource with these outputs. An imported state has no entry, and a state that somebody wrote by hand no origin. `urn`: its present
 * URN, if this command declares it.
 */
export function ownerOf(fallback: string, outputs: Properties, urn?: string): Owner {
  const { __origin: origin } = hiddenInputs(outputs);
  const entry = hiddenOutputs(outputs).__entry ?? origin ?? fallback;
  const name = pulumiName(urn === undefined ? outputs : { __origin: urn });
  return { entry, origin, description: name === undefined ? "another resource" : `the resource "${name}"` };
}

const mostUploads = 4;

/** The inputs without what a call adds: the code of the provider, and in the plugin the time limit. */
export function asGiven({ __provider: _, __timeouts: _limits, ...inputs }: Properties): Properties {
  return inputs;
}
