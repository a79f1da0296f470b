import { isObject } from "./parse";

/** The place of a member in a reply: names of members, and indexes of lists. */
export type MemberPath = readonly (string | number)[];

interface MemberChange {
  readonly path: MemberPath;
  readonly value: unknown;
}

/**
 * The changes of single members, also of members that the service fills in and no body can carry. They are stored with the
 * fields of an object, so that each version of an agent has its own.
 */
export class MemberChanges {
  readonly #changes = new WeakMap<object, readonly MemberChange[]>();

  add(fields: object, change: MemberChange): void {
    this.#changes.set(fields, [...this.#of(fields), change]);
  }

  clear(fields: object): void {
    this.#changes.delete(fields);
  }

  /** Drops the changes of members that the write replaces. */
  keep(before: object, after: object, patch: object): void {
    const kept = this.#of(before).filter(({ path }) => !isCarried(path, patch));
    this.#changes.set(after, kept);
  }

  /** Applies the changes to a reply. A reply may lack the place of a change. */
  show(fields: object, reply: unknown): void {
    for (const { path, value } of this.#of(fields)) changeMember(reply, path, value);
  }

  #of(fields: object): readonly MemberChange[] {
    return this.#changes.get(fields) ?? [];
  }
}

/** True if the patch replaces the member: a write replaces each field as a whole, and `metadata` key by key. */
function isCarried([field = "", key = ""]: MemberPath, patch: object): boolean {
  const given = new Map<string | number, unknown>(Object.entries(patch));
  if (given.get(field) === undefined) return false;
  const value = given.get(field);
  return field !== "metadata" || !isObject(value) || key in value;
}

/** Changes the member, and returns false if the value has no such place. */
export function changeMember(holder: unknown, [member, ...rest]: MemberPath, value: unknown): boolean {
  if (rest.length > 0) return changeMember(memberOf(holder, member), rest, value);
  if (Array.isArray(holder) && typeof member === "number") {
    holder[member] = structuredClone(value);
  } else if (isObject(holder) && member !== undefined) {
    holder[member] = structuredClone(value);
  } else {
    return false;
  }
  return true;
}

function memberOf(holder: unknown, member: string | number | undefined): unknown {
  if (Array.isArray(holder) && typeof member === "number") return holder[member];
  return isObject(holder) && member !== undefined ? holder[member] : undefined;
}
