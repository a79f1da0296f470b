import { QoderError } from "../api/errors";
import { info, type Remark, warning } from "../api/remark";
import { creationTime } from "./age";
import { type PlanRemark, planWarning } from "./plan-remark";
import type { Properties } from "./program-values";
import { type SiblingPlace, Siblings } from "./siblings";
import { hiddenInputs, hiddenOutputs, pulumiName } from "./state";

/** A resource of the state. */
export interface Holder {
  /** What tells it from every other resource, also from one that was declared at the same place before it was renamed. */
  readonly entry: string;
  /** Where it was declared first; undefined for a state that was made by hand. */
  readonly origin: string | undefined;
  /** In words. */
  readonly description: string;
}

/** What the state had in the place of a resource when this run of the engine began. */
export interface Predecessor {
  readonly id: string;
  /** See `creationTime`. */
  readonly createdAt: number | undefined;
  /** All that the state had of it. */
  readonly properties: Properties;
}

type Status =
  | { readonly kind: "held"; readonly by: Holder }
  /** By a resource that adopts it and does not have it yet. */
  | { readonly kind: "claimed"; readonly by: Holder }
  /** Archived by this process, or found archived by it. */
  | { readonly kind: "archived"; readonly by?: Holder | undefined };

/**
 * Who of this stack holds which object, and so who may adopt, take or archive it. The engine runs one process for a command:
 * what this one met are resources of the same stack. Of the others the program may tell (`siblings`); what is not here is unknown,
 * not free.
 */
export class Ownership {
  readonly siblings = new Siblings();
  readonly #statuses = new Map<string, Status>();
  /**
   * By their URNs, present and first ones: what the program declares, and whether the state knows it. A state that was made by
   * hand names no first one.
   */
  readonly #declared = new Map<string | undefined, "new" | "existing">();
  /** The first URN of each resource that the state knows, by its present one. */
  readonly #firstUrns = new Map<string, string>();
  /** By first URNs. */
  readonly #predecessors = new Map<string, Predecessor>();
  /** The last of the works that wait for each other. */
  readonly #works = new Map<string, Promise<unknown>>();

  /** The program declares a resource at this URN, which was declared at `origin` first. */
  declare(urn: string, origin: string | undefined, isKnown: boolean, place?: SiblingPlace): void {
    this.siblings.declare(origin, place, isKnown);
    if (isKnown) {
      this.#declared.set(urn, "existing");
      this.#firstUrns.set(urn, origin ?? urn);
    }
    if (!this.#declared.has(origin)) {
      this.#declared.set(origin, "new");
    }
  }

  /**
   * Whether a create of this resource replaces an object. For `--replace` the engine hands over no old inputs and asks no diff: then
   * only the removal of the old object tells.
   */
  isReplacement(urn: string): boolean {
    const before = this.predecessor(urn);
    return this.#declared.get(urn) === "existing" || (before !== undefined && this.isArchived(before.id));
  }

  /** The state says that this resource manages it. Another one of which it says the same, if there is one. */
  seen(id: string, origin: string | undefined, resource: Holder): Holder | undefined {
    // A refresh compares every resource of the state, also one that left the program.
    if (!this.#declared.has(origin)) {
      return undefined;
    }
    const holder = this.holder(id);
    this.hold(id, resource);
    this.siblings.compared(origin);
    return holder?.entry === resource.entry ? undefined : holder;
  }

  /** The state has it in the place of the resource that was declared at `origin` first. */
  precede(origin: string | undefined, predecessor: Predecessor): void {
    if (origin !== undefined) {
      this.#predecessors.set(origin, predecessor);
    }
  }

  /** What a new object of the resource at this URN comes in the place of; undefined where nothing of that is known. */
  predecessor(urn: string): Predecessor | undefined {
    return this.#predecessors.get(this.#firstUrns.get(urn) ?? urn);
  }

  /** Works of one name are done one after the other: what one finds depends on what the others did. */
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

  /** Before the first wait: the engine creates resources at the same time, and removes others in the same run. */
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

  /** False if a resource of this stack is known to have the object, or had it when this run of the engine began. */
  mayTake(id: string): boolean {
    return !this.#statuses.has(id) && !this.siblings.has(id);
  }

  /**
   * Whether the service may repeat, to the key of what was declared at this origin first, the answer that it gave when it created the
   * object. Its answer to another key cannot name the object.
   */
  mayRepeat(id: string, origin: string): boolean {
    const holder = this.#statuses.get(id)?.by;
    return holder === undefined || holder.origin === undefined || holder.origin === origin;
  }

  /** Undefined when this resource may archive it. */
  mayArchive(id: string, resource: Holder): { readonly holder: Holder; readonly isClaim: boolean } | undefined {
    const status = this.#statuses.get(id);
    if (status === undefined || status.kind === "archived" || status.by.entry === resource.entry) {
      return undefined;
    }
    return { holder: status.by, isClaim: status.kind === "claimed" };
  }
}

/** The resource with these outputs. A state that was imported knows no entry, and one that was made by hand no origin. */
export function holderOf(fallback: string, outputs: Properties): Holder {
  const { __origin: origin } = hiddenInputs(outputs);
  const entry = hiddenOutputs(outputs).__entry ?? origin ?? fallback;
  const name = pulumiName(outputs);
  return { entry, origin, description: name === undefined ? "another resource" : `the resource "${name}"` };
}

export function predecessorOf(id: string, properties: Properties): Predecessor {
  return { id, createdAt: creationTime(properties["createdAt"]), properties };
}

export function sharedWarning(id: string, { description }: Holder): PlanRemark {
  return planWarning(
    "shared",
    `${description} of this stack manages ${id} too; take one of the two out of the state with \`pulumi state delete\` and out of the program`,
  );
}

/** Why a removal fails: another resource adopts the object, and that failed. */
export function claimError({ description }: Holder): QoderError {
  return new QoderError(
    `${description} was to take it over and does not have it; correct that resource and run \`pulumi up\` again`,
  );
}

/**
 * Why a removal archives nothing. After `--replace` the engine asks no diff, so the create of the replacement may have returned the
 * old object: both then have the same origin.
 */
export function leftRemark({ origin }: Holder, other: Holder): Remark {
  const left = `left as it is: ${other.description} manages it now`;
  return origin === undefined || origin !== other.origin
    ? info(left)
    : warning(
        `${left}. If it was to be replaced, the create returned the old one: run the same command again with the resource option deleteBeforeReplace: true`,
      );
}
