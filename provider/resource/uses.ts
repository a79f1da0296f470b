import { holderIn, type ResourceKind } from "./kind";
import { namedObjects } from "./named";
import type { Properties } from "./program-values";

interface Known {
  /** Returns the ids of the objects that the object names. Only a run asks for them. */
  readonly named: () => readonly string[];
  /** The time of the last known change, in milliseconds since the epoch, by the service's clock. */
  readonly changed: number;
}

/** The objects of this command: which others each of them uses, and when each changed last, as far as the state and the writes tell. */
export class Uses {
  readonly #known = new Map<string, Known>();

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
