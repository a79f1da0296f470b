import { QoderError } from "../api/errors";
import { info, type Remark, warning } from "../api/remark";
import { holderIn, type Known, type ResourceKind } from "./kind";
import { namedObjects } from "./named";
import { type PlanRemark, planWarning } from "./plan-remark";
import type { Properties } from "./program-values";
import { hiddenInputs, hiddenOutputs, pulumiName } from "./state";
import { endSteps } from "./write/steps";

/** A resource of the state. */
export interface Holder {
  /** Distinguishes the resource from every other one, also from a renamed one that had the same URN. */
  readonly entry: string;
  /** The URN of the first declaration; undefined in a state that somebody wrote by hand. */
  readonly origin: string | undefined;
  readonly description: string;
}

/** The object that a resource had when this command began. */
export interface Predecessor {
  readonly id: string;
  readonly known: Known;
}

type Status =
  | { readonly kind: "held"; readonly by: Holder }
  /** The resource adopts the object and does not have it yet. */
  | { readonly kind: "claimed"; readonly by: Holder }
  /** This process archived the object, or found it archived. */
  | { readonly kind: "archived"; readonly by?: Holder | undefined };

/**
 * The owner of each object among the resources of the stack: it decides which resource may adopt, take or archive the object. The engine
 * runs one process for a command, so all resources that this process meets are of one stack. With `--target` it meets only the targets:
 * an object that is missing here may still have an owner.
 */
export class Ownership {
  readonly uses = new Uses();
  readonly #statuses = new Map<string, Status>();
  /** The URNs of the declared resources, and whether the state has them. */
  readonly #declared = new Map<string, "new" | "existing">();
  /** By URNs. */
  readonly #predecessors = new Map<string, Predecessor>();
  /** The end of each queue, by its name. */
  readonly #works = new Map<string, Promise<unknown>>();

  /** Records that the program declares a resource at this URN. The second check of a replacement knows no old inputs. */
  declare(urn: string, isKnown: boolean): void {
    if (isKnown || !this.#declared.has(urn)) {
      this.#declared.set(urn, isKnown ? "existing" : "new");
    }
  }

  /**
   * True if a create of this resource replaces an object. For `--replace` the engine sends no old inputs and calls no diff; then only
   * the removal of the old object shows the replacement.
   */
  isReplacement(urn: string): boolean {
    const before = this.predecessor(urn);
    return this.#declared.get(urn) === "existing" || (before !== undefined && this.isArchived(before.id));
  }

  /** Records that this resource manages the object, and returns another recorded owner if there is one. */
  seen(id: string, resource: Holder): Holder | undefined {
    const holder = this.holder(id);
    this.hold(id, resource);
    return holder?.entry === resource.entry ? undefined : holder;
  }

  /** Records the object of the resource at this URN. */
  setPredecessor(urn: string, predecessor: Predecessor): void {
    this.#predecessors.set(urn, predecessor);
  }

  /** The object that a new one of this resource replaces; undefined if this process knows none. */
  predecessor(urn: string): Predecessor | undefined {
    return this.#predecessors.get(urn);
  }

  /** Runs work in a queue: works with the same name run one after the other, because each depends on the results of the others. */
  async alone<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const last = this.#works.get(name) ?? Promise.resolve();
    const own = last.then(work);
    const settled = own.catch(() => {});
    this.#works.set(name, settled);
    return own;
  }

  hold(id: string, by: Holder): void {
    this.#statuses.set(id, { kind: "held", by });
  }

  /** Claims an object for a resource. Call it before the first wait: the engine creates and removes other resources meanwhile. */
  claim(id: string, by: Holder): void {
    this.#statuses.set(id, { kind: "claimed", by });
  }

  archived(id: string, by?: Holder): void {
    this.#statuses.set(id, { kind: "archived", by: by ?? this.#statuses.get(id)?.by });
  }

  holder(id: string): Holder | undefined {
    const status = this.#statuses.get(id);
    return status === undefined || status.kind === "archived" ? undefined : status.by;
  }

  isArchived(id: string): boolean {
    return this.#statuses.get(id)?.kind === "archived";
  }

  /** False if a resource of this stack has or claims the object, or had it in this command. */
  mayTake(id: string): boolean {
    return !this.#statuses.has(id);
  }

  /**
   * True if the service may name this object in a repeated answer to the key of this origin. An answer to another key cannot name it.
   */
  mayRepeat(id: string, origin: string): boolean {
    const holder = this.#statuses.get(id)?.by;
    return holder === undefined || holder.origin === undefined || holder.origin === origin;
  }

  /** The other owner; undefined if this resource may archive the object. */
  mayArchive(id: string, resource: Holder): { readonly holder: Holder; readonly isClaim: boolean } | undefined {
    const status = this.#statuses.get(id);
    if (status === undefined || status.kind === "archived" || status.by.entry === resource.entry) {
      return undefined;
    }
    return { holder: status.by, isClaim: status.kind === "claimed" };
  }
}

/**
 * The resource with these outputs. An imported state has no entry, and a state that somebody wrote by hand no origin. `urn`: its present
 * URN, if this command declares it.
 */
export function holderOf(fallback: string, outputs: Properties, urn?: string): Holder {
  const { __origin: origin } = hiddenInputs(outputs);
  const entry = hiddenOutputs(outputs).__entry ?? origin ?? fallback;
  const name = pulumiName(urn === undefined ? outputs : { __origin: urn });
  return { entry, origin, description: name === undefined ? "another resource" : `the resource "${name}"` };
}

/** The warning about `other`, a resource that has the same object. An object that no request removes needs none. */
export function sharedRemarks(kind: ResourceKind, id: string, known: Known, other: Holder | undefined): PlanRemark[] {
  return other === undefined || endSteps(kind, known.arguments).length === 0
    ? []
    : [
        planWarning(
          "shared",
          `${other.description} of this stack manages ${id} too: remove one of the two resources with \`pulumi state delete\`, and from the program`,
        ),
      ];
}

/** Why a removal fails: another resource adopts the object, and that failed. */
export function claimError({ description }: Holder): QoderError {
  return new QoderError(
    `${description} should adopt this object, but its create failed, so nothing was archived.\nCorrect that resource, then run \`pulumi up\` again`,
  );
}

/**
 * The reason why a removal archives nothing. After `--replace`, which calls no diff, the create of the replacement may have returned the
 * old object: then both have the same origin.
 */
export function leftRemark({ origin }: Holder, other: Holder): Remark {
  const left = `left as it is: ${other.description} manages it now`;
  return origin === undefined || origin !== other.origin
    ? info(left)
    : warning(
        `${left}. If you asked for a replacement, the service returned the old object: repeat the command with the resource option deleteBeforeReplace: true`,
      );
}

interface KnownUse {
  /** Returns the ids of the objects that the object names. Only a run asks for them. */
  readonly named: () => readonly string[];
  /** The time of the last known change, in milliseconds since the epoch, by the service's clock. */
  readonly changed: number;
}

/** The objects of this command: which others each of them uses, and when each changed last, as far as the state and the writes tell. */
class Uses {
  readonly #known = new Map<string, KnownUse>();

  /** Records an object as the state has it. */
  recorded(kind: ResourceKind, id: string, { updatedAt, createdAt, ...values }: Properties): void {
    const changed = Date.parse(String(updatedAt ?? createdAt));
    this.#record(kind, id, values, Number.isNaN(changed) ? Number.NEGATIVE_INFINITY : changed);
  }

  /** Records that this command writes the object: no run of an earlier command is newer than that. */
  written(kind: ResourceKind, id: string, values: Properties): void {
    this.#record(kind, id, values, Number.POSITIVE_INFINITY);
  }

  #record(kind: ResourceKind, id: string, values: Properties, changed: number): void {
    // What uses a vault uses its credentials, so their changes are changes of the vault.
    const holder = holderIn(kind, values);
    const user = holder ?? id;
    const before = this.#known.get(user);
    const ofValues = () => namedObjects(kind.named ?? [], values).map((one) => one.id);
    const named = holder === undefined ? ofValues : (before?.named ?? (() => []));
    this.#known.set(user, { named, changed: Math.max(before?.changed ?? changed, changed) });
  }

  /** The time of the last known change of these objects and of all that they use. */
  lastChange(ids: readonly string[]): number {
    const used = new Set(ids);
    // The loop also visits the members that it adds.
    for (const id of used) {
      for (const named of this.#known.get(id)?.named() ?? []) {
        used.add(named);
      }
    }
    return Math.max(...[...used].map((id) => this.#known.get(id)?.changed ?? Number.NEGATIVE_INFINITY));
  }
}
