/** The owner of an object. Requests with a token of another account, or for another workspace, get 404. */
export interface Owner {
  account: string;
  workspace: string;
}

interface Owned {
  readonly id: string;
  readonly owner: Owner;
}

/** Objects of one kind, in the order of their creation. */
export class OwnedStore<Item extends Owned> {
  readonly #items = new Map<string, Item>();

  add(item: Item): Item {
    this.#items.set(item.id, item);
    return item;
  }

  find(owner: Owner, id: string): Item | undefined {
    const item = this.#items.get(id);
    return item !== undefined && isSameOwner(item.owner, owner) ? item : undefined;
  }

  /** The object of any account, for the console. Throws if there is none. */
  require(id: string): Item {
    const item = this.#items.get(id);
    if (item === undefined) throw new Error(`there is no ${id}`);
    return item;
  }

  remove(id: string): void {
    this.require(id);
    this.#items.delete(id);
  }

  all(): Item[] {
    return [...this.#items.values()];
  }

  newestFirst(owner: Owner): Item[] {
    return this.all()
      .filter((item) => isSameOwner(item.owner, owner))
      .reverse();
  }
}

export function isSameOwner(one: Owner, other: Owner): boolean {
  return one.account === other.account && one.workspace === other.workspace;
}
